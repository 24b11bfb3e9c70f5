"""A list of units on its way into the tree: read in the fenced child, previewed, then taken whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forms.errors import FormServiceError
from forms.finding import Severity
from forms.plain import finding_to_plain
from parsers import worksheets
from parsers.errors import ParseCrashedError
from parsers.fence import Answer, Fence
from parsers.readers.legacy import BESIDE, TARGETS
from parsers.sniffing import FileFormat
from parsers.tools.converter import Converter
from service.audit.noting import note_units
from service.operations.belonging import made_by_caller
from service.operations.unit_planning import Plan, plan_units
from service.operations.unit_rows import UnitList, read_list
from service.operations.units import masked, office_day
from service.runtime import Runtime
from service.store.blobs import Blob
from service.store.errors import NotFoundError
from service.store.units import Unit, add_unit_import, all_units, find_unit_import, keep_units, set_taken

_LIST = "list"


class UnitImportRefusedError(FormServiceError):
    """A list of units that has errors, was confirmed before, or whose preview no longer holds. Nothing was changed."""

    code = "units-import-refused"
    zh = "名录未导入,没有改动任何内容:{reason_zh}"
    en = "The list of units was not imported and nothing was changed: {reason_en}"


@dataclass(frozen=True, slots=True)
class UnitImport:
    """A list of units that was handed in, and what it would do to the tree of this moment."""

    id: str
    name: str
    plan: Plan


def take_unit_import(runtime: Runtime, name: str, blob: Blob) -> UnitImport:
    """Read a stored list of units and keep what it says under an id. The tree is not changed.

    Raises:
        DocumentError: the file cannot be read, or is no workbook.
        UnusableDataError: no list of units is in it.
    """
    with runtime.blobs.opened(blob.sha256) as path:
        listed = _read(runtime.fence, path, name)
    with runtime.database.transaction() as connection:
        plan = plan_units(listed, all_units(connection), office_day())
        content = {_LIST: listed.to_plain()}
        values = {"sha256": blob.sha256, "name": name, "content": content, "plan_hash": plan.digest}
        identity = add_unit_import(connection, **values)
        made_by_caller(connection, "unit-import", identity)
        return UnitImport(identity, name, plan)


def confirm_unit_import(runtime: Runtime, identity: str) -> UnitImport:
    """Do what the preview of a list showed, all of it in one transaction.

    Raises:
        NotFoundError: there is no such list.
        UnitImportRefusedError: it has errors, was confirmed before, or the tree has changed since its preview.
    """
    with runtime.database.transaction() as connection:
        stored = find_unit_import(connection, identity)
        if stored is None:
            raise NotFoundError
        known = all_units(connection)
        plan = plan_units(UnitList.from_plain(stored.content[_LIST]), known, office_day())
        if stored.taken_at is not None:
            raise UnitImportRefusedError(reason_zh="这份表已经导入过", reason_en="it was imported before")
        if plan.digest != stored.plan_hash:
            raise UnitImportRefusedError(
                reason_zh="预览之后名录有了变动,请重新上传再看一次预览",
                reason_en="the directory has changed since the preview; upload the list again",
            )
        if not plan.is_good:
            raise UnitImportRefusedError(reason_zh="表中有错误,改好后重新上传", reason_en="it has errors")
        keep_units(connection, [change.after for change in plan.changes if change.action != "same"], _by_id(known))
        set_taken(connection, identity)
        note_units(connection, identity, sum(change.action != "same" for change in plan.changes))
    return UnitImport(identity, stored.name, plan)


def _by_id(units: Iterable[Unit]) -> dict[str, Unit]:
    return {unit.id: unit for unit in units}


def preview_of(taken: UnitImport) -> dict[str, Any]:
    """What a list would do: how many units are new and changed, each difference, and each fault by row and column."""
    plan = taken.plan
    actions = [change.action for change in plan.changes]
    errors = sum(finding.severity is Severity.ERROR for finding in plan.findings)
    return {
        "id": taken.id,
        "file": taken.name,
        "can_confirm": plan.is_good,
        "new": actions.count("new"),
        "changed": actions.count("changed"),
        "same": actions.count("same"),
        "kept": plan.kept,
        "errors": errors,
        "findings": [finding_to_plain(finding) for finding in plan.findings],
        "changes": [
            {
                "name": change.after.name,
                "action": change.action,
                "differences": [
                    {"label": label, "before": masked(before), "after": after}
                    for label, before, after in change.differences
                ],
            }
            for change in plan.changes
            if change.action != "same"
        ],
    }


def _read(fence: Fence, path: Path, name: str) -> UnitList:
    answer = _plain(fence.submit(worksheets.TASK, path, name, {}).result())
    if answer.get("todo") == "convert":
        with Converter() as converter:
            done = converter.convert(path, TARGETS[FileFormat(answer["format"])]).result()
            if done.path is None:
                raise done.fault or ParseCrashedError(pointer=name)
            answer = _plain(fence.submit(worksheets.TASK, path, name, {}, beside={BESIDE: done.path}).result())
    try:
        return read_list(answer["sheets"])
    except (KeyError, TypeError, ValueError, AttributeError) as fault:  # a child's answer may be the file's own writing
        raise ParseCrashedError(pointer=name) from fault


def _plain(answer: Answer) -> Mapping[str, Any]:
    if answer.fault is not None:
        raise answer.fault
    if answer.plain is None:
        raise ParseCrashedError
    return answer.plain
