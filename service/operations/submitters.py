"""Long work is done with the right of whoever asked for it, as it is when the work begins (requirement B4)."""

from __future__ import annotations

from service.access.errors import ForbiddenError
from service.access.matrix import Action, Role
from service.access.principal import Principal
from service.access.scope import scope_of
from service.store.accounts import find_account
from service.store.belonging import find_belonging
from service.store.database import Database


def require_submitter(database: Database, job_id: str, action: Action, document_id: str | None = None) -> None:
    """Stop a job whose submitter has been disabled since, or may no longer do this, or not with that file.

    What nobody signed in for was asked for at the local desk, which may do everything.

    Raises:
        ForbiddenError: see above.
    """
    with database.reading() as connection:
        made = find_belonging(connection, "job", job_id)
        if made is None or made.account_id is None:
            return
        account = find_account(connection, made.account_id)
        if account is None or account.state != "active":
            raise ForbiddenError
        principal = Principal(account.id, account.title, Role(account.role), account.unit_id)
        if not principal.right(action).is_given:
            raise ForbiddenError
        if document_id is None:
            return
        thing = find_belonging(connection, "document", document_id)
        scope = scope_of(connection, principal, action)
        if not (scope.everything or scope.covers_unit(thing.unit_id if thing else None)):
            raise ForbiddenError
