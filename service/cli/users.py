"""``service admin users``: accounts from the machine's own terminal, where its administrator stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from service.access import managing
from service.access.lockout import unlock
from service.access.managing import NewAccount
from service.access.matrix import Role
from service.access.principal import DESK
from service.audit.chain import record
from service.audit.events import Action as AuditAction
from service.audit.events import AuditEvent
from service.operations.belonging import unit_of_name
from service.operations.units import units_of
from service.runtime import Runtime, open_runtime
from service.settings import read_settings
from service.store.accounts import Account, account_named
from service.store.errors import NotFoundError

TERMINAL = "终端"
"""Who acts here, in the audit chain."""
data_option = click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), default=None, help="data folder of the installation"
)
password_option = click.option("--password", prompt="密码 / password", hide_input=True, confirmation_prompt=True)


@contextmanager
def _runtime(data: Path | None, act: str = "", about: str = "") -> Iterator[Runtime]:
    """The installation. ``act`` is the command where it changes something; it is written down before it is done."""
    settings = read_settings()
    runtime = open_runtime(replace(settings, data_dir=(data or settings.data_dir).resolve()))
    try:
        if act:
            asked = AuditEvent(AuditAction.ACCOUNT, "account", about, details={"command": act}, who=TERMINAL)
            with runtime.database.transaction() as connection:
                record(connection, asked)
        yield runtime
    finally:
        runtime.close()


@click.group()
def users() -> None:
    """Accounts: the first one, list, make, reset, unlock, disable."""


@users.command("first")
@click.option("--token", prompt="一次性令牌 / token", help="the one-time token that the first start printed")
@click.option("--name", required=True, help="name to sign in with")
@click.option("--title", required=True, help="the person's name")
@password_option
@data_option
def first(token: str, name: str, title: str, password: str, data: Path | None) -> None:
    """Make the first system administrator; from then on everybody signs in."""
    with _runtime(data, "first", name) as runtime:
        asked = NewAccount(name, title, Role.SYSTEM)
        _show(managing.make_first(runtime.database, runtime.settings, token, asked, password))


@users.command("token")
@data_option
def token(data: Path | None) -> None:
    """Print a new one-time token for the first account; the one of before ends. Nothing where there are accounts."""
    with _runtime(data, "token") as runtime:
        made = managing.first_token(runtime.database)
    if made is None:
        click.echo("已有账号,不再需要 / there are accounts already", err=True)
        return
    click.echo(made)


@users.command("list")
@data_option
def list_users(data: Path | None) -> None:
    """List the accounts, one JSON object a line."""
    with _runtime(data) as runtime:
        found = managing.accounts_in(runtime.database, DESK)
    for account in found:
        _show(account)


@users.command("add")
@click.option("--name", required=True, help="name to sign in with")
@click.option("--title", required=True, help="the person's name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--unit", default="", help="full name of the unit")
@click.option("--certificate", default="", help="whom a trusted proxy names as the holder of the client certificate")
@data_option
def add(name: str, title: str, role: str, unit: str, certificate: str, data: Path | None) -> None:  # options
    """Make an account; prints the one-time token with which its person sets a password."""
    with _runtime(data, "add", name) as runtime:
        unit_id = unit_of_name(units_of(runtime.database), unit)
        if unit and unit_id is None:
            raise NotFoundError(pointer=unit)
        asked = NewAccount(name, title, Role(role), unit_id, certificate or None)
        account, link = managing.create(runtime.database, replace(runtime.settings, second_person=False), DESK, asked)
    _show(account, link=link)


@users.command("reset")
@click.argument("name")
@data_option
def reset(name: str, data: Path | None) -> None:
    """Print a one-time token with which the person sets a new password; sessions and tokens end at once."""
    with _runtime(data, "reset", name) as runtime:
        click.echo(managing.reset(runtime.database, DESK, _named(runtime, name).id))


@users.command("unlock")
@click.argument("name")
@data_option
def unlock_user(name: str, data: Path | None) -> None:
    """Forget failures to sign in."""
    with _runtime(data, "unlock", name) as runtime, runtime.database.transaction() as connection:
        unlock(connection, name)


@users.command("disable")
@click.argument("name")
@data_option
def disable(name: str, data: Path | None) -> None:
    """Close an account; its sessions and tokens end at once."""
    _set(name, data, {"state": "disabled"})


@users.command("enable")
@click.argument("name")
@data_option
def enable(name: str, data: Path | None) -> None:
    """Open it again."""
    _set(name, data, {"state": "active"})


@users.command("forget-second-factor")
@click.argument("name")
@data_option
def forget_second_factor(name: str, data: Path | None) -> None:
    """Forget the second factor of somebody who lost the telephone; it must be enrolled anew."""
    _set(name, data, {"second_factor": None})


def _set(name: str, data: Path | None, wanted: dict[str, Any]) -> None:
    with _runtime(data, " ".join(f"{key}={value}" for key, value in wanted.items()), name) as runtime:
        _show(managing.change(runtime.database, DESK, _named(runtime, name).id, wanted))


def _named(runtime: Runtime, name: str) -> Account:
    with runtime.database.transaction() as connection:
        account = account_named(connection, name)
    if account is None:
        raise NotFoundError(pointer=name)
    return account


def _show(account: Account, **more: object) -> None:
    names = ("id", "name", "title", "role", "unit_id", "state")
    click.echo(json.dumps({**{name: getattr(account, name) for name in names}, **more}, ensure_ascii=False))
