"""The first page: a unit sees what it owes and what came back, a department its units, the district the whole board.

Each figure leads to its rows. A start without data explains the first steps.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from flask import render_template

from forms.ledger import LEDGER
from service.access.matrix import Action, Role
from service.access.principal import Principal, current_principal
from service.access.scope import Scope
from service.api.access import current_scope, may, scope_for
from service.api.context import runtime
from service.operations.campaigns import campaigns_of
from service.operations.holding import STATES
from service.operations.progress.board import Board, Row, board_of
from service.operations.progress.charts import Figures, describe, states_of
from service.operations.progress.law import LABELS, ORDER, State
from service.operations.progress.plain import cell_to_plain, figures
from service.operations.records import list_findings
from service.store.progress import FileLine, files_of_unit
from service.store.records import FindingQuery
from service.store.waiting import count_waiting
from service.web.blueprints import page_blueprint
from service.web.navigation import MORE, shown

blueprint = page_blueprint("home_pages", __name__)
MOST_LATE, MOST_FAULTS, MOST_FILES, MOST_UNITS = 8, 6, 8, 40
TONES = {
    State.LATE: "bad",
    State.DUE: "warn",
    State.RETURNED: "bad",
    State.RECEIVED: "busy",
    State.IN_REVIEW: "busy",
    State.ACCEPTED: "good",
    State.NOT_DUE: "quiet",
}


@blueprint.get("/")
def home() -> str:
    """What the caller has to do, and where everything stands."""
    current_scope()
    principal = current_principal()
    if not may(Action.TOTALS):
        return render_template("home_other.html", entries=shown(MORE), role=principal.role)
    with runtime().database.reading() as connection:
        totals = scope_for(connection, Action.TOTALS)
        files = scope_for(connection, Action.SEE_FILE)
        waiting = count_waiting(connection, files.within("document")) if may(Action.EDIT) else 0
    board = board_of(runtime(), "", None, totals)
    common = {**_common(board), **_lately(files), "waiting": waiting}
    own = _own_row(board, principal)
    if principal.role is Role.LIAISON:
        return render_template("home_unit.html", **common, **_unit(own, board, files))
    if principal.role is Role.DEPARTMENT:
        below = [row for row in board.rows if own is None or row.unit.id != own.unit.id]
        rows = [(row, _cells(row)) for row in below[:MOST_UNITS]]
        return render_template(
            "home_department.html", **common, **_unit(own, board, files), below=rows, units=len(below)
        )
    return render_template("home_district.html", **common, first=_first_steps(board, common), **_drawn(board))


def _common(board: Board) -> dict[str, Any]:
    late = board.late_rows()
    return {
        "board": board,
        "left": (board.round.dates.hand_in_by - board.day).days,
        "numbers": {form: f"附件{runtime().catalogue.find(form).number}" for form in board.forms},
        "titles": {form: runtime().catalogue.find(form).title for form in board.forms},
        "figures": figures(board.rows),
        "order": ORDER,
        "labels": LABELS,
        "tones": {state.value: tone for state, tone in TONES.items()},
        "late": [
            (row, [cell_to_plain(cell) | {"form": cell.form} for cell in row.cells_in([State.LATE])])
            for row in late[:MOST_LATE]
        ],
        "late_units": len(late),
        "states": STATES,
    }


def _lately(scope: Scope) -> dict[str, Any]:
    """The latest files, and what is wrong in files."""
    if not may(Action.SEE_FILE):
        return {"files": [], "faults": {"total": 0, "findings": []}}
    parts = runtime()
    return {
        "files": parts.listing.newest(parts.database, MOST_FILES, scope=scope),
        "faults": list_findings(parts, FindingQuery(severity="error"), MOST_FAULTS, 0, scope),
    }


def _late(row: Row) -> list[dict[str, Any]]:
    return [{**cell_to_plain(cell), "form": cell.form} for cell in row.cells_in([State.LATE])]


def _own_row(board: Board, principal: Principal) -> Row | None:
    return next((row for row in board.rows if row.unit.id == principal.unit_id), None)


def _cells(row: Row) -> list[tuple[str, dict[str, Any]]]:
    return [(form, cell_to_plain(cell)) for form, cell in row.cells.items()]


def _unit(own: Row | None, board: Board, files: Scope) -> dict[str, Any]:
    """What a unit owes, and what came back to it."""
    if own is None:
        return {"own": None, "cells": [], "returned": []}
    return {"own": own, "cells": _cells(own), "returned": _returned(own, board, files)}


def _returned(own: Row, board: Board, files: Scope) -> list[FileLine]:
    if not files.covers_unit(own.unit.id):
        return []
    with runtime().database.reading() as connection:
        lines = files_of_unit(connection, board.round.place(frozenset({own.unit.id})), 200)
    return [line for line in lines if line.state == "returned"]


def _first_steps(board: Board, common: dict[str, Any]) -> list[tuple[str, str, str, bool]] | None:
    """What to do first (title, why, where, whether it is done), until something of a known unit can have come."""
    has_files = bool(common["files"])
    if has_files and board.rows:
        return None
    has_campaign = any(one.get("state") == "open" for one in campaigns_of(runtime()))
    units = "/units/import" if may(Action.USERS_AND_UNITS) else ""
    who = "" if units else "（由系统管理员办理）"
    return [
        ("导入单位名录" + who, "有了名录，才知道谁该报什么、印章和全称对不对得上。", units, bool(board.rows)),
        ("建立工作批次" + who, "定下自查日、截止日和各类单位要报的表。", "/campaigns", has_campaign),
        ("下载空白表或预填表，发给各单位", "也可以让单位直接在网页里填写。", "/forms", False),
        ("上传收回来的表", "Word、Excel、PDF、扫描件、手机照片都可以，先存好原件再读。", "/upload", has_files),
        (
            "核对、接收或退回",
            "只看没有把握的地方；退回时自动生成补正通知书。",
            "/review" if has_files else "/help",
            False,
        ),
    ]


def _drawn(board: Board) -> dict[str, Any]:
    chart: Figures = states_of(board)
    return {"chart": chart, "told": describe(chart), "links": _links(board)}


def _links(board: Board) -> Callable[[int, str], str]:
    """The address of the units behind a figure of the chart."""
    states = {label: state.value for state, label in LABELS.items()}

    def link(place: int, series: str) -> str:
        asked = {"under": board.groups[place].top.id, "state": states[series]}
        return f"/progress?{urlencode(asked)}#units"

    return link


@blueprint.app_template_filter("form_names")
def form_names(forms: Iterable[str]) -> str:
    """What a file was read as, in short: 附件1、附件4, or 台账."""
    return "、".join("台账" if form == LEDGER else form.replace("attachment-", "附件") for form in forms)


@blueprint.app_template_filter("day")
def day(seconds: float) -> str:
    """A moment as month, day and time of the office."""
    return dt.datetime.fromtimestamp(seconds).strftime("%m-%d %H:%M")  # noqa: DTZ006  # the office's own clock
