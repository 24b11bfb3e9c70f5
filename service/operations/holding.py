"""A returned file in people's hands: where it is on its way, what it says now, and the one way to change that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from forms.checking import check_document, merge_findings
from forms.errors import FormServiceError
from forms.finding import Finding
from forms.plain import extraction_from_plain, extraction_to_plain, finding_to_plain
from forms.record import Extraction, Origin
from forms.rules.base import CheckedDocument
from forms.rules.registry import rule_of
from service.audit.noting import note_changes
from service.operations.campaigns import with_campaign
from service.operations.checking import check_settings
from service.operations.merging import KEPT
from service.operations.row_numbers import Origins, RowStep, moved, origins_of, row_steps
from service.runtime import Runtime
from service.store.campaigns import Campaign, find_campaign
from service.store.database import Database
from service.store.documents import DELETED, StoredDocument, find_document, find_fetched, find_light
from service.store.errors import NotFoundError
from service.store.parts import NOW, keep_whole
from service.store.records import keep_findings
from service.store.submissions import Change, add_changes, change_submission, history_of, open_submission

EDGES: dict[str, frozenset[str]] = {
    "read": frozenset({"review"}),
    "partial": frozenset({"review"}),
    "failed": frozenset({"review"}),
    "review": frozenset({"accepted", "returned"}),
    "accepted": frozenset({"superseded"}),
    "returned": frozenset({"superseded"}),
}
"""Where a document may go from each state; nowhere from ``received`` (the reading moves it) and ``superseded``."""
SETTLED = frozenset({"accepted", "returned", "superseded", DELETED})
SETTLED_BY = frozenset({"form", "person"})
"""Who named a document's unit when it is a unit of the list, by its full name."""
CORRECTABLE = frozenset({"returned", "accepted"})
"""States of a document that a corrected one may take the place of."""
STATES = {
    "received": "等待读取",
    "read": "已读取",
    "partial": "部分读取",
    "failed": "未能读取",
    "review": "审核中",
    "accepted": "已接收",
    "returned": "已退回补正",
    "superseded": "已被新件替代",
    DELETED: "已删除",
}
_MARK = re.compile(r"^documents\[(\d+)\]\.marks\.([a-z_]+)\.([a-z]+)$")


class WrongStateError(FormServiceError):
    """A step that the document's state does not allow."""

    code = "wrong-state"
    zh = "文件现在的状态是“{state_zh}”,不能{step_zh}"
    en = "The document is {state}; it cannot be {step_en}"


class StaleVersionError(FormServiceError):
    """Somebody else has changed the document since the caller looked at it; nothing was changed."""

    code = "stale-version"
    zh = "别人已改动此文件(现在是第 {version} 版),本次未保存;请刷新后核对再改"
    en = "Somebody has changed the document since (it is at version {version}); nothing was saved"


class VersionNeededError(FormServiceError):
    """A change of what a person entered, without saying which version of it was seen."""

    code = "version-needed"
    zh = "要改的内容已由人工填过({path}),请写明所看到的版本(version 或 If-Match)"
    en = "A person entered this value ({path}); say which version you saw (version or If-Match)"


@dataclass
class Held:
    """A document with what was read, what it says now, and the marks that a person entered (item, box, kind).

    ``campaign`` is the one that it belongs to, whose year and rules it is checked by; ``row_steps`` are the rows that
    people added and took out since it was read.
    """

    document: StoredDocument
    read: list[Extraction]
    now: list[Extraction]
    marks: set[tuple[int, str, str]] = field(default_factory=set)
    campaign: Campaign | None = None
    row_steps: list[RowStep] = field(default_factory=list)

    @property
    def identity(self) -> str:
        """The document's id."""
        return self.document.id

    def require(self, version: int | None) -> None:
        """Stop when the caller saw another version.

        Raises:
            StaleVersionError: somebody was faster.
        """
        if version is not None and version != self.document.version:
            raise StaleVersionError(version=self.document.version)

    def require_edge(self, target: str, step_zh: str, step_en: str) -> list[Change]:
        """The moves that lead to a state, through ``review`` where nobody took the document up yet.

        Raises:
            WrongStateError: none does.
        """
        stage = self.document.stage
        way = [target] if target in EDGES.get(stage, ()) else ["review", target]
        moves: list[Change] = []
        for step in way:
            if step not in EDGES.get(stage, ()):
                raise wrong_state(self.document.stage, step_zh, step_en)
            moves.append(Change("", "moved", "", stage, step))
            stage = step
        return moves


def wrong_state(stage: str, step_zh: str, step_en: str) -> WrongStateError:
    """The error of a step that the state does not allow."""
    return WrongStateError(state=stage, state_zh=STATES[stage], step_zh=step_zh, step_en=step_en)


def hold(connection: Connection, identity: str) -> Held:
    """The document, for a look or a change in this transaction.

    Raises:
        NotFoundError: there is none.
    """
    document = find_document(connection, identity)
    if document is None:
        raise NotFoundError
    return _held(document, _campaign_of(connection, document), _steps_of(connection, document))


def hold_apart(database: Database, identity: str) -> Held:
    """The document for a look, opened once the database is free again for who writes.

    Raises:
        NotFoundError: there is none.
    """
    with database.reading() as connection:
        found = find_fetched(connection, identity)
        if found is None:
            return hold(connection, identity)
        document, fetched = found
        campaign, steps = _campaign_of(connection, document), history_of(connection, identity)
    read, now = fetched.opened()
    document = replace(document, reading={**(document.reading or {}), "documents": read}, content=now)
    return _held(document, campaign, steps if now is not None else [])


def _campaign_of(connection: Connection, document: StoredDocument) -> Campaign | None:
    return find_campaign(connection, document.campaign_id) if document.campaign_id else None


def _steps_of(connection: Connection, document: StoredDocument) -> list[Mapping[str, Any]]:
    return [] if document.content is None else history_of(connection, document.id)


def _held(document: StoredDocument, campaign: Campaign | None, steps: Sequence[Mapping[str, Any]]) -> Held:
    as_read = (document.reading or {}).get("documents", [])
    read = [extraction_from_plain(item) for item in as_read]
    now = read if document.content is None else [extraction_from_plain(item) for item in document.content]
    return Held(document, list(read), list(now), _marks_entered(steps), campaign, row_steps(steps))


def _marks_entered(steps: Iterable[Mapping[str, Any]]) -> set[tuple[int, str, str]]:
    matches = [_MARK.match(step["path"]) for step in steps if step["action"] == "entered"]
    return {(int(match[1]), match[2], match[3]) for match in matches if match}


def rechecked(held: Held, item: int, runtime: Runtime, settled: frozenset[str] = frozenset()) -> Extraction:
    """A document with its findings made anew.

    Those of the rules are for what it says now, those of reading for what nobody entered since. ``settled`` are paths
    whose conflicts a person has just decided.
    """
    now = held.now[item]
    read = held.read[item] if item < len(held.read) else now
    definition = runtime.catalogue.readable(now.record.form, now.record.edition)
    settings = with_campaign(runtime.settings, held.campaign)
    by_rules = {
        (found.code, found.path)
        for found in check_document(CheckedDocument(read.record, definition), check_settings(settings, [read.record]))
    }
    entered = _entered_paths(held, item)
    readers = moved([found for found in read.findings if not _is_of_rules(found, by_rules)], _places(held, item))
    kept = [found for found in readers if found.path not in entered]
    kept += [found for found in now.findings if found.code in KEPT and found.path not in settled]
    checked = check_document(CheckedDocument(now.record, definition), check_settings(settings, [now.record]))
    return replace(now, findings=merge_findings(kept, checked))


def origins(held: Held, item: int) -> Origins:
    """Where each row of a form stood when it was read."""
    count = len(held.read[item].record.rows) if item < len(held.read) else len(held.now[item].record.rows)
    return origins_of(held.row_steps, item, count)


def _places(held: Held, item: int) -> dict[int, int]:
    """Where each row that was read stands now."""
    return {old: new for new, old in enumerate(origins(held, item)) if old is not None}


def _is_of_rules(found: Finding, by_rules: set[tuple[str, str]]) -> bool:
    rule = rule_of(found.code)
    if rule is None:
        return False
    return (not rule.is_of_values and rule.pack != "F") or (found.code, found.path) in by_rules


def _entered_paths(held: Held, item: int) -> set[str]:
    record = held.now[item].record
    header = {f"header.{key}" for key, entry in record.header.items() if entry.origin is Origin.HUMAN}
    rows = {
        f"records[{number}].{key}"
        for number, row in enumerate(record.rows)
        for key, entry in row.items()
        if entry.origin is Origin.HUMAN
    }
    return header | rows | {f"marks.{box}.{kind}" for number, box, kind in held.marks if number == item}


def save(connection: Connection, held: Held, who: str, steps: Iterable[Change], **columns: Any) -> None:  # noqa: ANN401  # columns of the table
    """Keep what a document says now, its findings and the steps that led there, one version on.

    A step without a name is ``who``'s; the last move among them gives the new state.
    """
    content = [extraction_to_plain(item) for item in held.now]
    if held.document.is_split:
        keep_whole(connection, held.identity, NOW, content)
        move(connection, held, who, steps, checked_version=None, **columns)
    else:
        move(connection, held, who, steps, content=content, **columns)
    index_findings(connection, held.document, held.now)


def move(connection: Connection, held: Held, who: str, steps: Iterable[Change], **columns: Any) -> None:  # noqa: ANN401  # as above
    """Enter steps that change nothing of what a document says, or whose change is written already; one version on."""
    taken = [step if step.who else replace(step, who=who) for step in steps]
    open_submission(connection, held.identity)
    if states := [step.after for step in taken if step.action == "moved"]:
        columns["state"] = states[-1]
    change_submission(connection, held.identity, **columns)
    add_changes(connection, held.identity, taken)
    note_changes(connection, held.identity, taken)


def require_same(connection: Connection, held: Held) -> None:
    """Stop when a document was changed since it was looked at.

    Raises:
        NotFoundError, StaleVersionError, WrongStateError: it is gone, says something else, or is in another state.
    """
    now = find_light(connection, held.identity)
    if now is None:
        raise NotFoundError
    if now.version != held.document.version:
        raise StaleVersionError(version=now.version)
    if now.stage != held.document.stage:
        raise wrong_state(now.stage, "继续这一步", "taken further by this step")


def index_findings(connection: Connection, document: StoredDocument, now: Sequence[Extraction]) -> None:
    """Enter a document's findings for ``GET /findings``."""
    keep_findings(
        connection,
        document.id,
        (
            (number, item.record.form, unit_named(document, item), finding_to_plain(finding))
            for number, item in enumerate(now)
            for finding in item.findings
        ),
    )


def unit_named(document: StoredDocument, found: Extraction) -> str:
    """Whose form it is: the unit that was settled on, else the one that the form names, else the sender's."""
    if document.unit and document.unit_from in SETTLED_BY:
        return document.unit
    row = found.record.rows[0] if found.record.rows else {}
    for entry in (found.record.header.get("unit"), row.get("borrowing_unit")):
        if entry is not None and not entry.is_blank and not entry.review:
            return str(entry.value)
    return document.unit or ""


def require_correctable(connection: Connection, identity: str) -> None:
    """Stop when an upload names a document that it cannot take the place of.

    Raises:
        NotFoundError: there is no such document.
        WrongStateError: it was neither returned nor accepted.
    """
    stage = hold(connection, identity).document.stage
    if stage not in CORRECTABLE:
        raise wrong_state(stage, "被补正件替代", "corrected")
