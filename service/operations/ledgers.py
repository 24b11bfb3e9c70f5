"""What people confirm of a ledger's columns: checked, used for a file, remembered for a unit and its head row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from forms.catalogue import Catalogue
from forms.errors import FormServiceError, UnusableDataError
from forms.ledger import LEDGER
from forms.plain import extraction_from_plain
from forms.record import ColumnChoice, ColumnStatus, Extraction
from parsers.ledger.mapping import is_joint
from parsers.ledger.options import Columns, LedgerOptions, Remembered, columns_from_plain, head_key, path_key
from service.access.matrix import Action
from service.opening import has_database, open_database
from service.operations.belonging import made_by_caller, require_reach
from service.operations.documents import READ_JOB
from service.operations.holding import SETTLED, wrong_state
from service.operations.sources import read_json_file
from service.runtime import Runtime
from service.settings import Settings
from service.store.documents import StoredDocument, find_document, set_job, set_unit
from service.store.errors import NotFoundError
from service.store.jobs import add_job
from service.store.mappings import forget_mappings, keep_mapping, known_mappings

LONGEST_HEAD = 200
_KEPT = frozenset({ColumnStatus.KNOWN, ColumnStatus.GIVEN, ColumnStatus.REMEMBERED, ColumnStatus.LEFT_OUT})


class NoLedgerError(FormServiceError):
    """Columns were confirmed of a document that was not read as a ledger, or whose unit is not known."""

    code = "no-ledger"
    zh = "不能确认栏目:{reason_zh}"
    en = "The columns cannot be confirmed: {reason_en}"


def columns_of_json(data: object, catalogue: Catalogue | None = None) -> Columns:
    """The columns that a person names: head text → key, several keys joined by ``+``, ``null`` to leave a column out.

    The keys are those of the ledger in ``catalogue``; without one, in the catalogue of the program.

    Raises:
        UnusableDataError: another shape, or a key that no ledger has.
    """
    definition = (catalogue or Catalogue.load()).readable(LEDGER)
    if not isinstance(data, Mapping) or not data:
        raise _unusable("", "应为“表头文字: 键”的 JSON 对象", "expected an object of head text and key")
    for label, keys in data.items():
        if not isinstance(label, str) or not path_key(label.split("/")) or len(label) > LONGEST_HEAD:
            raise _unusable(str(label)[:40], "不是表头文字", "no head text")
        if keys is not None and not isinstance(keys, str):
            raise _unusable(label, "应为键或 null", "expected a key or null")
    columns = columns_from_plain(data)
    for label, found in columns.items():
        if found and not is_joint(found, definition):
            raise _unusable(label, f"没有“{'+'.join(found)}”这一项", f"there is no key {'+'.join(found)}")
    return columns


def columns_of_file(path: Path) -> Columns:
    """The columns of a mapping file.

    Raises:
        UnusableDataError: no JSON in UTF-8, another shape, or a key that no ledger has.
    """
    return columns_of_json(read_json_file(path))


def _unusable(pointer: str, reason_zh: str, reason_en: str) -> UnusableDataError:
    return UnusableDataError(
        pointer=pointer or None, pointer_text=pointer or "$", reason_zh=reason_zh, reason_en=reason_en
    )


def remembered_of(settings: Settings) -> tuple[Remembered, ...]:
    """What this installation remembers; nothing where it has no data folder yet."""
    if not has_database(settings):
        return ()
    try:
        database = open_database(settings)
        try:
            with database.transaction() as connection:
                return known_mappings(connection)
        finally:
            database.close()
    except OperationalError:
        return ()


def forget_unit(settings: Settings, unit: str) -> int:
    """Forget all that is remembered for a unit; returns how many head rows that were."""
    if not has_database(settings):
        return 0
    database = open_database(settings)
    try:
        with database.transaction() as connection:
            return forget_mappings(connection, unit)
    finally:
        database.close()


def remember_all(settings: Settings, extractions: Sequence[Extraction], unit: str, columns: Columns) -> list[str]:
    """Remember what was confirmed for each ledger of a reading; returns the units it was remembered for."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings)
    units: list[str] = []
    try:
        with database.transaction() as connection:
            for found in extractions:
                owner = unit or unit_of(found)
                if found.record.form == LEDGER and owner:
                    keep_mapping(connection, owner, head_of(found.columns), confirmed(found.columns, columns))
                    units.append(owner)
    finally:
        database.close()
    return units


def options_for(document: StoredDocument, runtime: Runtime) -> LedgerOptions:
    """What is known of a stored ledger before it is read."""
    if document.form_hint != LEDGER:
        return LedgerOptions()
    with runtime.database.transaction() as connection:
        return LedgerOptions(document.unit or "", None, known_mappings(connection))


def confirm(runtime: Runtime, identity: str, columns: Columns, unit: str) -> dict[str, Any]:
    """Remember the columns of a stored ledger for its unit, and have it read again.

    Raises:
        NotFoundError: there is no such document.
        NoLedgerError: it was not read as a ledger, or nobody said whose it is.
        WrongStateError: it was accepted, returned or superseded.
    """
    with runtime.database.transaction() as connection:
        document = find_document(connection, identity)
        if document is None:
            raise NotFoundError
        if document.stage in SETTLED:
            raise wrong_state(document.stage, "重新读取", "read again")
        found = [extraction_from_plain(item) for item in (document.reading or {}).get("documents", [])]
        ledgers = [one for one in found if one.record.form == LEDGER]
        if not ledgers:
            raise NoLedgerError(reason_zh="此文件没有按台账读取", reason_en="the document was not read as a ledger")
        heads = {label for one in ledgers for label in head_of(one.columns).split("|")}
        owner = unit or document.unit or next(filter(None, map(unit_of, ledgers)), "")
        if not owner:
            raise NoLedgerError(reason_zh="不知道是哪个单位的台账,请给出 unit", reason_en="name the unit")
        if unknown := next((label for label in columns if label not in heads), None):
            raise NoLedgerError(reason_zh=f"表头里没有“{unknown}”", reason_en=f"there is no head {unknown}")
        require_reach(connection, Action.EDIT, owner)
        for one in ledgers:
            keep_mapping(connection, owner, head_of(one.columns), confirmed(one.columns, columns))
        set_unit(connection, identity, owner)
        job = add_job(connection, READ_JOB, {"document_id": identity})
        made_by_caller(connection, "job", job)
        set_job(connection, identity, job)
    return {"id": identity, "unit": owner, "job": job, "columns": len(columns)}


def unit_of(found: Extraction) -> str:
    """The unit that the ledger names for certain."""
    entry = found.record.header.get("unit")
    return str(entry.value) if entry is not None and entry.value and not entry.review else ""


def head_of(choices: Sequence[ColumnChoice]) -> str:
    """The head row in the form under which a mapping is remembered."""
    return head_key([choice.label.split("/") for choice in choices])


def confirmed(choices: Sequence[ColumnChoice], columns: Columns) -> Columns:
    """What a person said, and what was sure without being asked."""
    sure = {path_key(one.label.split("/")): one.keys for one in choices if one.status in _KEPT}
    return {**sure, **columns}
