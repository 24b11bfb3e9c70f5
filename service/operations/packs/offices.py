"""The forms of a pack as official files: rosters whole, approval forms many together, each kept once it is made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from forms.definition import FormDefinition
from forms.errors import FormServiceError
from forms.finding import Severity
from forms.plain import record_to_plain
from service.operations.issuing import IssueRegister
from service.operations.packs.contents import PackCard, PackForm
from service.operations.packs.parts import Files, Parts, part_key
from writers.filling import FilledForm, FillJob, Purpose, fill_many
from writers.packing.manifest import Problem
from writers.printing import new_document_id

TOGETHER = 150
"""Approval forms made, kept and printed as one part: so many that more than one process is worth its start."""
META = "meta.json"

MarkOf = Callable[[str], str]
"""The id of the print mark of what is made from that key; an empty one prints none."""


@dataclass(frozen=True)
class Office:
    """What makes official files: finished parts, the ids of print marks, and where those are entered."""

    parts: Parts
    mark_of: MarkOf
    register: IssueRegister | None = None

    def kept(self, forms: Iterator[FilledForm]) -> Iterator[FilledForm]:
        """The forms, entered as handed out where they bear a mark."""
        return self.register.kept(forms, Purpose.FINAL) if self.register is not None else forms


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster made: its file, the id of its print mark (empty without one), and how many rows it has."""

    key: str
    definition: FormDefinition
    content: bytes
    mark: str
    rows: int


@dataclass(frozen=True, slots=True)
class Cards:
    """Approval forms made together: the forms, their files and ids; those that could not be made are left out."""

    key: str
    cards: tuple[PackCard, ...]
    contents: tuple[bytes, ...]
    marks: tuple[str, ...]
    problems: tuple[Problem, ...]


def identity_of(definition: FormDefinition) -> list[str]:
    """What a form's files depend on: its id, edition, definition and official file."""
    stamps = tuple(path.stat().st_mtime_ns for path in _sources(definition))
    return [definition.form, definition.edition, _hash_of(_sources(definition), stamps)]


def _sources(definition: FormDefinition) -> tuple[Path, ...]:
    return (definition.folder / "definition.toml", definition.template_path)


@lru_cache(maxsize=64)
def _hash_of(paths: tuple[Path, ...], _stamps: tuple[int, ...]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def make_roster(office: Office, form: PackForm) -> tuple[Roster, tuple[Problem, ...]]:
    """A roster as its official file.

    Raises:
        FormServiceError: it cannot be filled or proved.
    """
    definition = form.definition
    key = part_key("roster", form=identity_of(definition), record=record_to_plain(form.record))
    mark = office.mark_of(key)
    key = part_key("roster-marked", of=key, mark=mark)
    ending = definition.file_format
    files = office.parts.find(key)
    if files is None:
        made = _fill_roster(office, form, mark)
        files = {f"form.{ending}": made.content, META: json.dumps(_errors(made)).encode()}
        office.parts.keep(key, files)
    told = _problems(f"附件{definition.number}", json.loads(files[META]))
    return Roster(key, definition, files[f"form.{ending}"], mark, len(form.record.rows)), told


def _fill_roster(office: Office, form: PackForm, mark: str) -> FilledForm:
    job = FillJob(form.definition, form.record, print_mark=bool(mark), document_id=mark or None)
    forms = fill_many((job,))
    return next(iter(office.kept(forms) if mark else forms))


def _errors(made: FilledForm) -> list[list[str]]:
    """What had to be said of a file while it was made and is an error."""
    return [[item.code, item.message] for item in made.findings if item.severity is Severity.ERROR]


def _problems(what: str, errors: Sequence[Sequence[str]]) -> tuple[Problem, ...]:
    return tuple(Problem(what, code, message) for code, message in errors)


def make_cards(office: Office, cards: Sequence[PackCard]) -> Cards:
    """Approval forms of one edition as official files; one that cannot be made costs no other."""
    definition = cards[0].definition
    records = [record_to_plain(card.record) for card in cards]
    keys = [part_key("card", form=identity_of(definition), record=record) for record in records]
    marks = [office.mark_of(key) for key in keys]
    key = part_key("cards", of=keys, marks=marks)
    files = office.parts.find(key)
    if files is None:
        files = _fill_cards(office, cards, marks)
        office.parts.keep(key, files)
    meta: list[dict[str, Any]] = json.loads(files[META])
    good = [number for number, item in enumerate(meta) if item["made"]]
    problems = [
        Problem(f"附件{definition.number}({cards[number].person})", code, message, _document(cards[number]))
        for number, item in enumerate(meta)
        for code, message in item["errors"]
    ]
    return Cards(
        key,
        tuple(cards[number] for number in good),
        tuple(files[_name(number, definition)] for number in good),
        tuple(marks[number] for number in good),
        tuple(problems),
    )


def _document(card: PackCard) -> str:
    return str(card.sources[0]["document"]) if card.sources else ""


def together_of(definition: FormDefinition) -> int:
    """How many approval forms are made, kept and printed as one part: those in Word are joined for printing."""
    return TOGETHER if definition.file_format == "docx" else 1


def _name(number: int, definition: FormDefinition) -> str:
    return f"{number:04d}.{definition.file_format}"


def _fill_cards(office: Office, cards: Sequence[PackCard], marks: Sequence[str]) -> Files:
    jobs = [
        FillJob(card.definition, card.record, print_mark=bool(mark), document_id=mark or None)
        for card, mark in zip(cards, marks, strict=True)
    ]
    made: list[FilledForm | FormServiceError]
    try:
        made = list(fill_many(jobs))
    except FormServiceError:
        made = [_one(job) for job in jobs]
    good = [item for item in made if isinstance(item, FilledForm)]
    if any(marks):
        list(office.kept(iter(good)))
    files: Files = {}
    meta = []
    for number, item in enumerate(made):
        if isinstance(item, FilledForm):
            files[_name(number, cards[number].definition)] = item.content
            meta.append({"made": True, "errors": _errors(item)})
        else:
            meta.append({"made": False, "errors": [[item.code, item.message_zh]]})
    return {**files, META: json.dumps(meta).encode()}


def _one(job: FillJob) -> FilledForm | FormServiceError:
    try:
        return next(iter(fill_many((job,))))
    except FormServiceError as fault:
        return fault


def plain_marks(key: str) -> str:
    """The id of a print mark made from the content alone, where no installation has a secret."""
    return new_document_id(key)
