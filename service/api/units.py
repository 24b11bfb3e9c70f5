"""The district's units: listed or as a tree, and imported from a workbook: preview, then confirm."""

from __future__ import annotations

from flask import Blueprint, Response, request

from service.access.approving import require_second
from service.access.principal import current_principal
from service.api.access import current_scope
from service.api.context import answer_file, answer_json, json_body, runtime, text_parameter
from service.api.errors import BadRequestError
from service.api.imports import receive_workbook
from service.operations.unit_importing import confirm_unit_import, preview_of, take_unit_import
from service.operations.unit_workbook import WORKBOOK_NAME, make_units_workbook
from service.operations.units import UnitFilter, units_in_reach, units_of, units_to_plain
from service.store.units import LABELS, UnitKind

blueprint = Blueprint("units", __name__)
TRUTHS = {"true": True, "1": True, "false": False, "0": False, "": False}


@blueprint.get("/units")
def show_units() -> Response:
    """The units that are asked for, flat or as a tree. Mobile numbers are masked."""
    every = units_of(runtime().database)
    wanted = asked_filter()
    is_tree = _truth("tree")
    found = units_in_reach(every, wanted, current_scope(), below=is_tree)
    return answer_json({"total": len(found), "units": units_to_plain(found, every, tree=is_tree)})


def asked_filter() -> UnitFilter:
    """What the query of the current request asks for.

    Raises:
        BadRequestError: there is no such kind.
    """
    return UnitFilter(_kind(), request.args.get("parent", "").strip(), request.args.get("text", "").strip())


def _kind() -> UnitKind | None:
    text = request.args.get("kind", "").strip()
    known = {**{kind.value: kind for kind in UnitKind}, **{label: kind for kind, label in LABELS.items()}}
    if text and text not in known:
        words = "、".join(f"{kind.value}({label})" for kind, label in LABELS.items())
        kinds = ", ".join(kind.value for kind in UnitKind)
        raise BadRequestError(name="kind", reason_zh=f"可用值:{words}", reason_en=f"one of {kinds}")
    return known.get(text)


def _truth(name: str) -> bool:
    text = request.args.get(name, "").strip().lower()
    if text not in TRUTHS:
        raise BadRequestError(name=name, reason_zh="应为 true 或 false", reason_en="true or false is needed")
    return TRUTHS[text]


@blueprint.get("/units/import-workbook")
def download_workbook() -> Response:
    """An .xlsx to type into, empty or with the units that are known."""
    scope = current_scope()
    units = units_of(runtime().database) if _truth("current") else ()
    units = tuple(unit for unit in units if scope.covers_unit(unit.id))
    return answer_file(make_units_workbook(units), WORKBOOK_NAME)


@blueprint.post("/units/import")
def start_import() -> Response:
    """The workbook back in: what it would change and what is wrong with it. Nothing is changed by this."""
    parts = runtime()
    return answer_json(preview_of(take_unit_import(parts, *receive_workbook(parts))))


@blueprint.post("/units/import/<uuid:identity>/confirm")
def confirm_import(identity: object) -> Response:
    """Do what the preview showed, all of it or nothing."""
    body = json_body("approval") if request.content_length else {}
    require_second_for_units(str(identity), text_parameter(body, "approval", ""))
    return answer_json(preview_of(confirm_unit_import(runtime(), str(identity))))


def require_second_for_units(identity: str, approval: str) -> None:
    """Stop a change of the unit tree that the security administrator has not approved, where there is one.

    Raises:
        ApprovalNeededError, ApprovalInvalidError: there is no approval of this import.
    """
    parts = runtime()
    with parts.database.transaction() as connection:
        by = current_principal()
        require_second(connection, parts.settings, by, "units-import", {"import": identity}, approval)
