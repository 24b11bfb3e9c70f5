"""``service admin campaigns``: the rounds of handing in: list, add, change."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from service.cli.units import data_option
from service.cli.units import opened as _runtime
from service.operations.campaigns import CampaignAsked, campaigns_of, change, due_from_plain, new_campaign
from service.operations.sources import read_json_file
from service.runtime import Runtime
from service.store.errors import NotFoundError

Command = Callable[..., None]


@click.group()
def campaigns() -> None:
    """Rounds of handing in: their year, dates, forms due and rules."""


def _said(command: Command) -> Command:
    """The options in which a campaign is described."""
    for option in (
        click.option("--title", default=None, help="its name"),
        click.option("--self-check", "self_check_on", default=None, metavar="YYYY-MM-DD", help="first day, 20 July"),
        click.option("--hand-in", "hand_in_by", default=None, metavar="YYYY-MM-DD", help="last day, 31 August"),
        click.option("--packs", default=None, metavar="F,L,S1,X", help="rule packs in force"),
        click.option("--due", type=click.Path(path_type=Path), default=None, help="JSON: kind of unit, form, when"),
        click.option("--current/--not-current", default=None, help="whether uploads belong to it"),
        data_option,
    ):
        command = option(command)
    return command


@campaigns.command("list")
@data_option
def show(data: Path | None) -> None:
    """List the campaigns, one JSON object a line, the latest year first."""
    with _runtime(data) as runtime:
        for item in campaigns_of(runtime):
            _print(item)


@campaigns.command("add")
@click.option("--year", type=int, default=None, help="this year where none is given")
@_said
def add(year: int | None, data: Path | None, **said: Any) -> None:  # noqa: ANN401  # one an option
    """Enter a campaign; what is not said is as the plan has it."""
    with _runtime(data) as runtime:
        _print(new_campaign(runtime, _asked(runtime, year, said)))


@campaigns.command("change")
@click.argument("campaign")
@click.option("--year", type=int, default=None, help="another year")
@click.option("--state", type=click.Choice(["open", "closed"]), default=None, help="open it again, or close it")
@_said
def alter(campaign: str, year: int | None, state: str | None, data: Path | None, **said: Any) -> None:  # noqa: ANN401  # as above
    """Change the CAMPAIGN of that id, name or year."""
    with _runtime(data) as runtime:
        _print(change(runtime, _called(runtime, campaign), _asked(runtime, year, {**said, "state": state})))


def _called(runtime: Runtime, name: str) -> str:
    found = [
        str(item["id"]) for item in campaigns_of(runtime) if name in (item["id"], item["title"], str(item["year"]))
    ]
    if len(found) != 1:
        raise NotFoundError(pointer=name)
    return found[0]


def _asked(runtime: Runtime, year: int | None, said: dict[str, Any]) -> CampaignAsked:
    packs, due = said.pop("packs"), said.pop("due")
    chosen = None if packs is None else frozenset(part.strip().upper() for part in packs.split(",") if part.strip())
    owed = None if due is None else due_from_plain(read_json_file(due), runtime.catalogue)
    return CampaignAsked(year, packs=chosen, due=owed, **said)


def _print(item: dict[str, Any]) -> None:
    click.echo(json.dumps(item, ensure_ascii=False))
