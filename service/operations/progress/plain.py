"""The board as JSON, a page of units at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.operations.progress.board import Board, Cell, Group, Row, Sums, Wanted, rows_wanted
from service.operations.progress.law import LABELS, State
from service.store.progress import UnitLine


def board_to_plain(board: Board, wanted: Wanted, limit: int, offset: int) -> dict[str, Any]:
    """Days, sums of all units that one sees, sums by unit in charge, and one page of the units that are wanted."""
    found = rows_wanted(board, wanted)
    return {
        "campaign": board.round.campaign_id or None,
        "title": board.round.title,
        "day": board.day.isoformat(),
        "self_check_on": board.round.dates.self_check_on.isoformat(),
        "hand_in_by": board.round.dates.hand_in_by.isoformat(),
        "states": {state.value: LABELS[state] for state in State},
        "sums": sums_to_plain(board.sums),
        "figures": figures(board.rows),
        "supervising": [_group(group) for group in board.groups],
        "without_unit": {"files": board.loose.files, "accepted_forms": board.loose.forms},
        "without_form": board.loose.unread,
        "total": len(found),
        "limit": limit,
        "offset": offset,
        "units": [row_to_plain(row) for row in found[offset : offset + limit]],
    }


def figures(rows: Sequence[Row]) -> dict[str, int]:
    """How many units there are, how many have all that they owe accepted, and how many have a form that is late."""
    late = sum(1 for row in rows if row.cells_in([State.LATE]))
    return {"units": len(rows), "complete": sum(row.is_done for row in rows), "late": late}


def sums_to_plain(sums: Sums) -> dict[str, dict[str, int]]:
    """Form → state → units."""
    return {form: {state.value: count for state, count in states.items()} for form, states in sums.items()}


def _group(group: Group) -> dict[str, Any]:
    return {"unit": unit_to_plain(group.top), **figures(group.rows), "sums": sums_to_plain(group.sums)}


def unit_to_plain(unit: UnitLine) -> dict[str, Any]:
    """A unit, as lists name it."""
    return {"id": unit.id, "name": unit.name, "kind": unit.kind.value, "kind_label": unit.kind.label}


def row_to_plain(row: Row) -> dict[str, Any]:
    """A unit with its forms."""
    forms: Mapping[str, Any] = {form: cell_to_plain(cell) for form, cell in row.cells.items()}
    return {"unit": unit_to_plain(row.unit), "supervising": unit_to_plain(row.top), "forms": forms}


def cell_to_plain(cell: Cell) -> dict[str, Any]:
    """One form of one unit: ``needed`` and ``missing`` are people on loan for whom one is owed."""
    is_of_loans = cell.duty.needed is not None
    return {
        "state": cell.state.value,
        "label": label_of(cell),
        "why": cell.duty.reason if cell.state is State.NOT_DUE else "",
        "zero": cell.state is State.ACCEPTED and cell.pile.is_zero,
        "people": cell.pile.people,
        "files": {
            "received": cell.pile.received,
            "in_review": cell.pile.review,
            "returned": cell.pile.returned,
            "accepted": cell.pile.accepted,
        },
        "needed": cell.duty.needed if is_of_loans else None,
        "missing": cell.duty.missing if is_of_loans else None,
        "last_day": cell.last_day.isoformat(),
        "days_late": cell.days_late,
        "came_late": cell.came_late,
        "first_on": cell.pile.first_on.isoformat() if cell.pile.first_on else None,
    }


def label_of(cell: Cell) -> str:
    """The state in a clerk's words, with what belongs to it."""
    word = LABELS[cell.state]
    if cell.state is State.LATE:
        word = f"逾期{cell.days_late}天"
        if cell.pile.returned:
            word += "（退回未补）"
    elif cell.state is State.ACCEPTED and cell.pile.is_zero:
        word = "零报告"
    if cell.came_late:
        word += "（迟交）"
    if cell.duty.needed and cell.state is not State.NOT_DUE:
        word += f" {cell.duty.needed - cell.duty.missing}/{cell.duty.needed}"
    return word
