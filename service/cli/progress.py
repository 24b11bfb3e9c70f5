"""``service admin progress``: who has not handed in what, a line each."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from service.cli.units import data_option
from service.cli.units import opened as _runtime
from service.operations.progress.board import Board, Row, Wanted, board_of, rows_wanted, top_called
from service.operations.progress.law import LABELS, ORDER, State
from service.operations.progress.plain import cell_to_plain, figures
from service.runtime import Runtime

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_ANY = "all"


@click.command("progress")
@click.option("--campaign", default="", help="its id, name or year; the current one where none is given")
@click.option("--day", type=_DAY, default=None, metavar="YYYY-MM-DD", help="judge as of that day, today by default")
@click.option("--form", default="", help="only this form")
@click.option(
    "--state",
    type=click.Choice([_ANY, *(state.value for state in State)]),
    default=State.LATE.value,
    help="units with a form in this state; late by default",
)
@click.option("--under", default="", metavar="UNIT", help="only under this unit in charge: its id or full name")
@data_option
def progress(  # one an option
    *, campaign: str, day: dt.datetime | None, form: str, state: str, under: str, data: Path | None
) -> None:
    """Print the units that are late, and with what, one JSON object a line; the sums go to standard error."""
    with _runtime(data) as runtime:
        board = board_of(runtime, campaign, day.date() if day else None)
        chosen = runtime.catalogue.find(form).form if form else ""
        asked = State(state) if state != _ANY else None
        for row in rows_wanted(board, Wanted(chosen, asked, top_called(board, under))):
            click.echo(json.dumps(_line(row, chosen, asked), ensure_ascii=False))
        _tell(runtime, board)


def _line(row: Row, form: str, state: State | None) -> dict[str, object]:
    cells = [cell for cell in row.cells.values() if (not form or cell.form == form)]
    return {
        "unit": row.unit.name,
        "kind": row.unit.kind.value,
        "supervising": row.top.name,
        "liaison": row.unit.liaison,
        "forms": {cell.form: cell_to_plain(cell) for cell in cells if state is None or cell.state is state},
    }


def _tell(runtime: Runtime, board: Board) -> None:
    last, counted = board.round.dates.hand_in_by, figures(board.rows)
    head = f"{board.round.title},{last.isoformat()} 前报送,按 {board.day.isoformat()} 看:{counted['units']} 个单位,"
    click.echo(f"{head}全部接收 {counted['complete']},有逾期 {counted['late']}", err=True)
    for form in board.forms:
        said = [f"{LABELS[state]} {count}" for state in ORDER if (count := board.sums[form][state])]
        click.echo(f"附件{runtime.catalogue.find(form).number}:{'、'.join(said) or '没有单位'}", err=True)
