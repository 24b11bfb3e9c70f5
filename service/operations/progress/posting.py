"""Letters to all units concerned as one zip: work for a job, made in batches, one letter a unit."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from tempfile import TemporaryFile
from typing import IO, Any

from service.access.scope import EVERYTHING, Scope
from service.operations.belonging import made_by_caller
from service.operations.making import CHUNK, LARGEST_RESULT
from service.operations.progress.board import Board, Wanted, board_of, rows_wanted
from service.operations.progress.law import State
from service.operations.progress.letters import NobodyToRemindError, Sender, late_letter_docx, letter_name
from service.operations.progress.people import people_letter_docx
from service.operations.progress.reminders import LABELS, AskedList, Reminders, reminders_of
from service.runtime import Runtime
from service.store.jobs import add_job
from service.store.progress import unit_lines
from writers.letters.reminding import Topic
from writers.packing.fixed import fixed_pdf
from writers.rendering import to_pdf

LETTERS_JOB = "progress-letters"
LATE = "late"
"""The letters to the units that are late; every other list is a :class:`Topic`."""
LATE_LABEL = "催报函"
LARGEST_SAID = 64 * 1024
BATCH = 20
"""Letters that are converted in one run."""
_STAMP = (1980, 1, 1, 0, 0, 0)
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class AskedLetters:
    """Which letters are wanted: the list, the campaign, the day, who writes; ``as_format`` is ``docx`` or ``pdf``."""

    list: str
    campaign: str
    days: int
    as_format: str
    sender: Sender


def queue_letters(runtime: Runtime, asked: AskedLetters, wanted: Wanted, scope: Scope = EVERYTHING) -> str:
    """A job that makes the letters to all units that need one, of those within reach; returns its id.

    Who signs and whom to ask is kept as a blob, for job rows carry no personal data.

    Raises:
        NotFoundError: there is no such campaign.
        NobodyToRemindError: no unit needs one.
    """
    units = _units(runtime, asked, wanted, scope)
    if not units:
        raise NobodyToRemindError
    sender = asked.sender
    said = json.dumps({"signed": list(sender.signed), "contact": sender.contact}, ensure_ascii=False)
    arguments = {
        "list": asked.list,
        "campaign": asked.campaign,
        "days": asked.days,
        "as": asked.as_format,
        "data": runtime.blobs.put([said.encode("utf-8")], LARGEST_SAID).sha256,
        "day": sender.day.isoformat(),
        "until": sender.until.isoformat(),
        "units": units,
        "reach": None if scope.everything else sorted(scope.units),
    }
    with runtime.database.transaction() as connection:
        job = add_job(connection, LETTERS_JOB, arguments, len(units))
        made_by_caller(connection, "job", job)
    return job


def _units(runtime: Runtime, asked: AskedLetters, wanted: Wanted, scope: Scope) -> list[str]:
    board = board_of(runtime, asked.campaign, asked.sender.day, scope)
    rows = rows_wanted(board, wanted)
    if asked.list == LATE:
        return [row.unit.id for row in rows if row.cells_in([State.LATE])]
    people = AskedList(Topic(asked.list), asked.campaign, asked.sender.day, asked.days)
    concerned = set(reminders_of(runtime, people, scope).unit_ids)
    return [row.unit.id for row in rows if row.unit.id in concerned]


def make_letters(runtime: Runtime, arguments: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """The letters of a job as a zip in the store; a unit that needs none any more gets none."""
    as_format, units = str(arguments["as"]), list(arguments["units"])
    day = dt.date.fromisoformat(arguments["day"])
    said = json.loads(runtime.blobs.read(arguments["data"]))
    sender = Sender(tuple(said["signed"]), said["contact"], day, dt.date.fromisoformat(arguments["until"]))
    letters = list(_letters(runtime, arguments, sender, frozenset(units)))
    label = LATE_LABEL if arguments["list"] == LATE else LABELS[Topic(arguments["list"])]
    with TemporaryFile() as target:
        _zip(target, letters, as_format, tell)
        target.seek(0)
        blob = runtime.blobs.put(iter(lambda: target.read(CHUNK), b""), LARGEST_RESULT)
    name = f"{label}_{day.isoformat()}_{len(letters)}份.zip"
    return {"file": name, "sha256": blob.sha256, "size": blob.size, "letters": len(letters)}


def _letters(
    runtime: Runtime, arguments: Mapping[str, Any], sender: Sender, units: frozenset[str]
) -> Iterator[tuple[str, bytes]]:
    """Name and Word file of each letter, in the order of the list of units."""
    scope, campaign = Scope(units=units), str(arguments["campaign"])
    if arguments["list"] == LATE:
        reach = arguments["reach"]
        seen = EVERYTHING if reach is None else Scope(units=frozenset(reach))
        yield from _late_letters(runtime, board_of(runtime, campaign, sender.day, seen), units, sender)
        return
    topic = Topic(arguments["list"])
    found = reminders_of(runtime, AskedList(topic, campaign, sender.day, int(arguments["days"])), scope)
    with runtime.database.reading() as connection:
        names = [(unit.id, unit.name) for unit in unit_lines(connection) if unit.id in units]
    for identity, name in names:
        own = _of_unit(found, identity)
        if own.people:
            yield letter_name(LABELS[topic], name), people_letter_docx(runtime, own, name, sender)


def _late_letters(runtime: Runtime, board: Board, units: frozenset[str], sender: Sender) -> Iterator[tuple[str, bytes]]:
    for row in board.late_rows():
        if row.unit.id not in units:
            continue
        yield letter_name(LATE_LABEL, row.unit.name), late_letter_docx(runtime, board, row, sender)


def _of_unit(found: Reminders, identity: str) -> Reminders:
    return replace(found, found=[item for item in found.people if item.row.unit_id == identity])


def _zip(target: IO[bytes], letters: Sequence[tuple[str, bytes]], as_format: str, tell: Tell) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for start in range(0, len(letters), BATCH):
            tell(start, len(letters), "生成")
            batch = letters[start : start + BATCH]
            contents = [content for _, content in batch]
            if as_format == "pdf":
                contents = [fixed_pdf(made) for made in to_pdf([(content, "docx") for content in contents])]
            for number, ((name, _), content) in enumerate(zip(batch, contents, strict=True), start=start + 1):
                archive.writestr(zipfile.ZipInfo(f"{number:03d}_{name}.{as_format}", _STAMP), content)
    tell(len(letters), len(letters), "生成")
