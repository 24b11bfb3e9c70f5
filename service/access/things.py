"""Whose a thing is: a file, a job, an import, an account, an approval, looked up by its id before a view sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, select

from service.access.approving import visible
from service.access.matrix import Action
from service.access.principal import Principal
from service.access.routes import Thing
from service.access.scope import Scope
from service.store.accounts import find_account
from service.store.belonging import find_belonging
from service.store.errors import NotFoundError
from service.store.tables import documents
from service.store.tokens import find_approval

Test = Callable[[Connection, str, Principal, Scope], bool]


def require_thing(connection: Connection, thing: Thing, identity: str, principal: Principal, scope: Scope) -> None:
    """Stop when a thing is not within a person's reach.

    Raises:
        NotFoundError: it is not, or there is no such thing; which of both is not told.
    """
    if principal.is_desk:
        return  # the view says what is not there
    if not _TESTS[thing](connection, identity, principal, scope):
        raise NotFoundError


def _thing(kind: str) -> Test:
    def test(connection: Connection, identity: str, _principal: Principal, scope: Scope) -> bool:
        return scope.covers(find_belonging(connection, kind, identity))

    return test


def _document(connection: Connection, identity: str, _principal: Principal, scope: Scope) -> bool:
    there = connection.scalar(select(documents.c.id).where(documents.c.id == identity)) is not None
    return scope.covers(find_belonging(connection, "document", identity)) and there


def _made(kind: str) -> Test:
    def test(connection: Connection, identity: str, principal: Principal, _scope: Scope) -> bool:
        thing = find_belonging(connection, kind, identity)
        return thing is not None and thing.account_id == principal.id

    return test


def _unit_import(connection: Connection, identity: str, principal: Principal, _scope: Scope) -> bool:
    is_approver = principal.right(Action.USERS_AND_UNITS).approves
    return is_approver or _made("unit-import")(connection, identity, principal, _scope)


def _account(connection: Connection, identity: str, _principal: Principal, scope: Scope) -> bool:
    account = find_account(connection, identity)
    return account is not None and scope.covers_unit(account.unit_id)


def _approval(connection: Connection, identity: str, principal: Principal, _scope: Scope) -> bool:
    approval = find_approval(connection, identity)
    return approval is not None and visible(connection, principal, approval)


_TESTS: Mapping[Thing, Test] = {
    Thing.DOCUMENT: _document,
    Thing.JOB: _thing("job"),
    Thing.PACK: _thing("pack"),
    Thing.IMPORT: _made("import"),
    Thing.UNIT_IMPORT: _unit_import,
    Thing.ACCOUNT: _account,
    Thing.APPROVAL: _approval,
}
