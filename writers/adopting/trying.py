"""Whether a new edition can be used: filled with made-up records of every kind, printed, and read back.

Every filled file is proved by the filling itself (``writers.proving``); here it is also read as a stranger's file,
with all editions known, and must come out as this one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from forms.catalogue import Catalogue
from forms.definition import Field, FormDefinition, Layout, Requirement
from forms.errors import FormServiceError
from forms.record import Mark, MarkKind, Record
from parsers.extracting import extract
from parsers.readers import docx as docx_reader
from parsers.readers import xlsx as xlsx_reader
from writers.adopting.inventing import Inventor
from writers.errors import OutputCheckFailedError
from writers.filling import FilledForm, FillJob, Purpose, fill, fill_many
from writers.fitting import CONTINUED
from writers.proving import differences_of
from writers.tags import Tag
from writers.template import compile_template

NO_PDF = "这一版不能生成 PDF,只用 Word、Excel 文件"
_ROUNDS = 10
_ROWS = (1, 3, 25)
_BLANK_SHARE = 0.3
_OPINION = "同意办理"
_WHO = frozenset({"name", "id_number"})
"""What every person has; a row without them is nobody's."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What trying an edition gave. ``faults`` forbid it; ``remarks`` a person should know."""

    faults: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    filled: FilledForm | None = None
    """One form with every field filled."""
    blank: FilledForm | None = None


def try_edition(
    definition: FormDefinition, others: Sequence[FormDefinition], *, seed: int = 1, on_paper: bool = True
) -> Trial:
    """Fill and read back.

    Args:
        definition: the new edition.
        others: the editions that a returned file may also be of.
        seed: of the made-up records.
        on_paper: make PDF files too, which takes LibreOffice some seconds.
    """
    try:
        template = compile_template(definition)
    except FormServiceError as fault:
        return Trial((fault.message_zh,))
    faults: dict[str, str] = {}
    remarks: list[str] = []
    filled: FilledForm | None = None
    for name, record in _records(definition, template.tags, seed):
        try:
            made = fill(definition, record, print_mark=name == "全部填写")
        except FormServiceError as fault:
            faults.setdefault(_gist(fault), f"{name}:{fault.message_zh}")
            continue
        filled = filled or made
        remarks.extend(_as_a_stranger(definition, others, made))
    blank = _printed(definition, template.tags, seed, (faults, remarks)) if on_paper else None
    if blank is not None:
        remarks.extend(f"空表打印时:{one.message}" for one in blank.findings if one.code == CONTINUED)
    return Trial(tuple(faults.values()), tuple(dict.fromkeys(remarks)), filled, blank)


def _printed(
    definition: FormDefinition, tags: frozenset[Tag], seed: int, said: tuple[dict[str, str], list[str]]
) -> FilledForm | None:
    """The blank form; it and a full one are also made as PDF.

    A PDF that does not read back (a sheet without lines, or whose columns run over several pages) forbids PDF files of
    this edition, each of which is proved when it is made, and nothing else: faults and remarks are ``said``.
    """
    faults, remarks = said
    full = next(record for _, record in _records(definition, tags, seed))
    empty = Record(definition.form, definition.edition)
    blank: FilledForm | None = None
    jobs = (
        ("空表", (FillJob(definition, empty, Purpose.BLANK),)),
        ("PDF", (FillJob(definition, empty, Purpose.BLANK, "pdf"), FillJob(definition, full, Purpose.FINAL, "pdf"))),
    )
    for name, group in jobs:
        try:
            made = list(fill_many(group))
        except OutputCheckFailedError as fault:
            if name == "PDF":
                remarks.append(f"这一版不能生成 PDF,只用 Word、Excel 文件(表格无框线,或一行印不进一页):{_gist(fault)}")
            else:
                faults.setdefault(_gist(fault), f"{name}:{fault.message_zh}")
            continue
        except FormServiceError as fault:
            faults.setdefault(_gist(fault), f"{name}:{fault.message_zh}")
            continue
        blank = blank or made[0]
    return blank


def _gist(fault: FormServiceError) -> str:
    """What makes two faults the same for a person: the field that came back otherwise."""
    text = str(fault.detail.get("differences", fault.message_zh))
    return text.split(":", 1)[0]


def _records(definition: FormDefinition, tags: frozenset[Tag], seed: int) -> Iterator[tuple[str, Record]]:
    """Made-up records: everything filled, blanks here and there, only what must be there, other lengths."""
    inventor = Inventor(random.Random(seed))  # noqa: S311 - invented people, not secrets
    rows = (1,) if definition.layout is Layout.CARD else _ROWS
    full = _record(definition, inventor, rows[len(rows) // 2], 0.0)
    yield "全部填写", replace(full, marks=_marks(definition, tags))
    for number in range(_ROUNDS):
        share = (0.0, _BLANK_SHARE, 0.9)[number % 3]
        record = _record(definition, inventor, rows[number % len(rows)], share)
        yield f"第{number + 1}份试填", replace(record, marks=_marks(definition, tags) if number % 2 else ())


def _record(definition: FormDefinition, inventor: Inventor, count: int, blank_share: float) -> Record:
    shared = _together(definition)
    rows = []
    for _ in range(count):
        blanks = {
            item.key for item in definition.fields if inventor.dice.random() < blank_share and _may_be_blank(item)
        }
        for group in shared:
            if blanks.intersection(group):
                blanks.update(group)
        rows.append(inventor.row(definition, blanks - _WHO))
    header = {
        item.key: inventor.entry(item)
        for item in definition.header
        if item.calculated != "count" and not (inventor.dice.random() < blank_share and _may_be_blank(item))
    }
    return Record(definition.form, definition.edition, header, tuple(rows))


def _together(definition: FormDefinition) -> list[tuple[str, ...]]:
    """Fields that share a cell without anything printed between them: one alone could not be told from the other."""
    return [pair.keys for pair in definition.combined if pair.printed and pair.split not in ("period", "birth-age")]


def _may_be_blank(item: Field) -> bool:
    return item.required is not Requirement.REQUIRED or item.type.name != "ordinal"


def _marks(definition: FormDefinition, tags: frozenset[Tag]) -> tuple[Mark, ...]:
    """An opinion, a name and a day in every box that has room for them."""
    marks = []
    for box in definition.boxes:
        for kind, text, value in (
            (MarkKind.OPINION, _OPINION, None),
            (MarkKind.SIGNATURE, "周海棠", None),
            (MarkKind.DATE, "", "2026-08-20"),
        ):
            if Tag("box", box.key, kind.value) in tags:
                marks.append(Mark(box.key, kind, present=True, text=text, value=value))
    return tuple(marks)


def _as_a_stranger(definition: FormDefinition, others: Sequence[FormDefinition], made: FilledForm) -> Iterator[str]:
    """Read a filled file with all editions known; what comes out must be this edition with the same values."""
    read = docx_reader.read_bytes if made.format == "docx" else xlsx_reader.read_bytes
    catalogue = Catalogue((definition,), tuple(others))
    found = extract(read(made.content), catalogue)
    if len(found) != 1 or found[0].record.form != definition.form:
        yield "不指定是哪张表时,认不出这一版填好的文件"
        return
    edition = found[0].record.edition
    if edition != definition.edition and made.record is not None:
        other = next(item for item in others if item.edition == edition)
        kept = {item.key for item in other.fields}
        rows = tuple({key: entry for key, entry in row.items() if key in kept} for row in made.record.rows)
        differences = list(differences_of(other, replace(made.record, rows=rows), found[0]))
        if differences:
            yield f"没有套印标记的文件会按 {edition} 版读取,与填入的不同:{differences[0]}"
