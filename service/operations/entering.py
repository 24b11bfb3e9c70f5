"""What a person enters: the place it is for, and its value in the normal form of the field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from forms.definition import Field, FormDefinition
from forms.errors import FormServiceError
from forms.fieldtypes.registry import make_type
from forms.finding import Severity
from forms.illegal import illegal_characters, illegal_finding
from forms.plain import entry_to_plain, mark_to_plain
from forms.record import Entry, Extraction, Mark, MarkKind, Origin, Record

MOST_ENTRIES = 2000
LONGEST_TEXT = 2000
LONGEST_NAME = 60
LONGEST_REASON = 500
LONGEST_PATH = 200
EXCUSES = frozenset({"/", "同单位意见"})
"""Written into a box, these say that nothing is needed there."""
ANYBODY = "人工"
"""Who did it, where nobody said."""

_PATH = re.compile(
    r"^(?:documents\[(?P<item>\d{1,6})\]\.)?"
    r"(?:header\.(?P<header>[a-z_]+)|records\[(?P<row>\d{1,6})\]\.(?P<key>[a-z_]+)|"
    r"marks\.(?P<box>[a-z_]+)\.(?P<kind>opinion|signature|seal|date))$"
)


class EntryInvalidError(FormServiceError):
    """A value that its field cannot hold, or a place that the document does not have; nothing was changed."""

    code = "entry-invalid"
    zh = "填入的内容不能采用,全部未改:{places_zh}"
    en = "What was entered cannot be taken; nothing was changed: {places_en}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: the document in the file, and a header field, a person's field, or a mark."""

    item: int
    header: str | None = None
    row: int | None = None
    key: str | None = None
    box: str | None = None
    kind: MarkKind | None = None

    @property
    def inner(self) -> str:
        """The path in its own document, as findings have it."""
        if self.header is not None:
            return f"header.{self.header}"
        if self.box is not None and self.kind is not None:
            return f"marks.{self.box}.{self.kind.value}"
        return f"records[{self.row}].{self.key}"

    @property
    def path(self) -> str:
        """The path in the file."""
        return f"documents[{self.item}].{self.inner}"


@dataclass(frozen=True, slots=True)
class Entered:
    """One value that a person enters.

    ``as_written`` takes a value that is wrong because the paper says so; only one that checking will go on telling.
    """

    path: str
    value: object
    reason: str = ""
    as_written: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a value cannot be taken."""

    path: str
    zh: str
    en: str


def refusal(faults: Sequence[Fault]) -> EntryInvalidError:
    """The one error for all that cannot be taken."""
    return EntryInvalidError(
        pointer=faults[0].path,
        places_zh=";".join(f"{fault.path} {fault.zh}" for fault in faults[:20]),
        places_en="; ".join(f"{fault.path} {fault.en}" for fault in faults[:20]),
    )


def place_of(path: str, count: int) -> Place | Fault:
    """The place of a path in a file of ``count`` documents; a path that names none means the only one."""
    match = _PATH.match(path)
    if match is None:
        return Fault(path[:LONGEST_PATH], "不是可以填写的位置", "is no place for a value")
    if match["item"] is None and count != 1:
        return Fault(path, f"文件里有 {count} 份表,请写明 documents[n].", f"the file has {count} documents, name one")
    item = int(match["item"] or 0)
    if item >= count:
        return Fault(path, f"文件里只有 {count} 份表", f"the file has {count} documents")
    if match["header"]:
        return Place(item, header=match["header"])
    if match["box"]:
        return Place(item, box=match["box"], kind=MarkKind(match["kind"]))
    return Place(item, row=int(match["row"]), key=match["key"])


_ROW = re.compile(r"^(?:documents\[(?P<item>\d{1,6})\]\.)?records\[(?P<row>\d{1,6})\]$")


def row_place_of(path: str, count: int) -> tuple[int, int] | Fault:
    """The form and the number of the row that a path names, in a file of ``count`` documents."""
    match = _ROW.match(path)
    if match is None:
        return Fault(path[:LONGEST_PATH], "不是一行的位置", "is no place of a row")
    if match["item"] is None and count != 1:
        return Fault(path, f"文件里有 {count} 份表,请写明 documents[n].", f"the file has {count} documents, name one")
    item = int(match["item"] or 0)
    if item >= count:
        return Fault(path, f"文件里只有 {count} 份表", f"the file has {count} documents")
    return item, int(match["row"])


def enter(found: Extraction, definition: FormDefinition, place: Place, given: Entered) -> Extraction | Fault:
    """The extraction with the value in its place, made by a person and sure; or why it cannot be taken."""
    record = found.record
    if place.box is not None:
        changed = _with_mark(record, definition, place, given)
    elif place.header is not None:
        field = definition.header_field(place.header)
        made = _entry(field, record.header.get(place.header), place, given)
        changed = made if isinstance(made, Fault) else replace(record, header={**record.header, place.header: made})
    else:
        changed = _with_person(record, definition, place, given)
    return changed if isinstance(changed, Fault) else replace(found, record=changed)


def seen_at(found: Extraction, place: Place) -> dict[str, object] | None:
    """The ENTRY or mark at a place as JSON; ``None`` where nothing stands."""
    record = found.record
    if place.box is not None:
        mark = next((item for item in record.marks if item.key == place.box and item.kind is place.kind), None)
        return None if mark is None else mark_to_plain(mark)
    entry = entry_at(record, place)
    return None if entry is None else entry_to_plain(entry)


def entry_at(record: Record, place: Place) -> Entry | None:
    """The entry at a place of a value."""
    if place.header is not None:
        return record.header.get(place.header)
    if place.row is not None and place.key is not None and place.row < len(record.rows):
        return record.rows[place.row].get(place.key)
    return None


def with_entry(record: Record, place: Place, entry: Entry) -> Record:
    """The record with another entry at a place of a value."""
    if place.header is not None:
        return replace(record, header={**record.header, place.header: entry})
    rows = list(record.rows)
    if place.row is not None and place.key is not None:
        rows[place.row] = {**rows[place.row], place.key: entry}
    return replace(record, rows=tuple(rows))


def _with_person(record: Record, definition: FormDefinition, place: Place, given: Entered) -> Record | Fault:
    if place.row is None or place.row >= len(record.rows):
        return Fault(place.path, f"表中只有 {len(record.rows)} 行", f"there are {len(record.rows)} rows")
    made = _entry(definition.field(place.key or ""), entry_at(record, place), place, given)
    return made if isinstance(made, Fault) else with_entry(record, place, made)


def _entry(field: Field | None, before: Entry | None, place: Place, given: Entered) -> Entry | Fault:
    value = given.value
    if field is None:
        return Fault(place.path, "本表没有这一项", "is no field of this form")
    if not isinstance(value, str | int | float):
        return Fault(place.path, "应为文本、数字、true 或 false", "is to be a text, a number, true or false")
    if isinstance(value, str) and (len(value) > LONGEST_TEXT or illegal_finding(value, place.path)):
        return Fault(place.path, "过长或含非法字符", "is too long or has illegal characters")
    reading = field.type.read(value)
    faults = [fault for fault in reading.faults if fault.severity is Severity.ERROR]
    checked = () if reading.value in (None, "") else field.type.check(reading.value)
    faults += [fault for fault in checked if fault.severity is Severity.ERROR and fault not in faults]
    is_good = reading.settled and not faults
    if reading.value is None or not (is_good or (given.as_written and checked)):
        said = "、".join(fault.message for fault in faults) or "不能确定是哪个值"
        return Fault(place.path, f"“{field.label}”{said}", "is not a value of this field")
    return Entry(
        reading.value,
        reading.text or field.type.write(reading.value),
        reading.code,
        Origin.HUMAN,
        None,
        review=False,
        region=before.region if before is not None else None,
    )


def _with_mark(record: Record, definition: FormDefinition, place: Place, given: Entered) -> Record | Fault:
    box = next((item for item in definition.boxes if item.key == place.box), None)
    kind = place.kind
    if box is None or kind is None:
        return Fault(place.path, "本表没有这个签章栏", "is no box of this form")
    before = next((item for item in record.marks if item.key == box.key and item.kind is kind), None)
    if before is None and kind.value not in box.parts:
        return Fault(place.path, "这一栏没有这一项", "is no part of this box")
    base = before or Mark(box.key, kind, present=False)
    made = _mark(base, place, given.value)
    if isinstance(made, Fault):
        return made
    marks = tuple(made if item is before else item for item in record.marks)
    return replace(record, marks=marks if before is not None else (*marks, made))


def _mark(base: Mark, place: Place, value: object) -> Mark | Fault:
    sure = replace(base, confidence=None, review=False, excused=False)
    if isinstance(value, bool):
        if base.kind is MarkKind.DATE and value:
            return Fault(place.path, "应写明日期,没有日期的写 false", "is to be the day, or false")
        return replace(sure, present=value, text=base.text if value else "", value=None)
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or illegal_characters(value):
        return Fault(place.path, "应为 true、false 或文本", "is to be true, false or a text")
    text = value.strip()
    if text in EXCUSES:
        return replace(sure, present=False, text=text, value=None, unit=None, excused=True)
    if base.kind is MarkKind.SEAL:
        return replace(sure, present=bool(text), text=text, unit=text or None)
    if base.kind is not MarkKind.DATE:
        return replace(sure, present=bool(text), text=text)
    reading = make_type("day").read(text)
    if text and (not reading.settled or not isinstance(reading.value, str) or reading.faults):
        return Fault(place.path, "不是确定的日期", "is no certain day")
    return replace(sure, present=bool(text), text=text, value=str(reading.value) if text else None)


def entered_of(data: object) -> list[Entered] | Fault:
    """The entries of a request's ``entries``: objects with ``path``, ``value`` and perhaps ``reason``."""
    if not isinstance(data, list) or not data or len(data) > MOST_ENTRIES:
        return Fault("entries", f"应为 1 至 {MOST_ENTRIES} 项的列表", f"is to be a list of 1 to {MOST_ENTRIES} items")
    taken: list[Entered] = []
    for number, item in enumerate(data):
        made = _entered(item, f"entries[{number}]")
        if isinstance(made, Fault):
            return made
        taken.append(made)
    return taken


def _entered(item: object, where: str) -> Entered | Fault:
    if not isinstance(item, Mapping) or not {"path", "value"} <= item.keys() <= {*Entered.__slots__}:
        return Fault(where, "应有 path、value(可有 reason、as_written)", "is to have path and value")
    path, reason, as_written = item["path"], item.get("reason", ""), item.get("as_written", False)
    if not isinstance(path, str) or not isinstance(reason, str) or not isinstance(as_written, bool):
        return Fault(where, "path、reason 应为文本,as_written 应为 true 或 false", "has a member of the wrong kind")
    if illegal_characters(path) or illegal_characters(reason) or len(reason) > LONGEST_REASON:
        return Fault(where, "过长或含非法字符", "is too long or has illegal characters")
    if as_written and not reason.strip():
        return Fault(where, "as_written 须写明 reason", "needs a reason for as_written")
    return Entered(path, item["value"], reason.strip(), as_written)
