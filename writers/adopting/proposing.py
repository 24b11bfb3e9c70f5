"""A blank official file → a proposed edition: the file with its tags, its definition, what is unsure, what fails.

Nothing is installed here. A proposal is a folder that people look through, change in Word or Excel where they like,
and confirm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from forms.definition import Field, FormDefinition, OpinionBox, Requirement
from forms.loading import FILE_NAME, load_definition
from parsers.readers.package import parse_xml
from parsers.readers.sheetstyles import S
from parsers.readers.wordtext import W
from writers.adopting.defining import Wishes, definition_for, prepared, toml_of
from writers.adopting.describing import readme_of
from writers.adopting.model import Found, Place, Scope, Unknown
from writers.adopting.sheettagging import SheetTagger
from writers.adopting.spotting import Spotter, labelled_but_without_room
from writers.adopting.trying import Trial, try_edition
from writers.adopting.wordtagging import WordTagger
from writers.archive import read_parts_of
from writers.errors import BlankUnknownError


@dataclass(frozen=True, slots=True)
class Missing:
    """A field or box of the form that the blank has no room for. ``printed`` says that its label does stand there."""

    scope: Scope
    key: str
    label: str
    required: bool
    printed: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed edition in ``folder`` (``…/<form>/<edition>``), and all that a person should know of it."""

    folder: Path
    definition: FormDefinition
    places: tuple[Place, ...]
    missing: tuple[Missing, ...]
    unknown: tuple[Unknown, ...]
    remarks: tuple[str, ...]
    trial: Trial

    @property
    def doubtful(self) -> tuple[Place, ...]:
        """The places that a person must look at."""
        return tuple(place for place in self.places if place.doubts or not place.sure)

    @property
    def is_usable(self) -> bool:
        """Whether it fills and reads back."""
        return not self.trial.faults


@dataclass(frozen=True, slots=True)
class BlankFile:
    """A blank that has passed the gate, as docx or xlsx. ``name`` is what it was called, ``sha256`` its own hash."""

    content: bytes
    format: str
    name: str
    sha256: str


def propose(
    blank: BlankFile, base: FormDefinition, edition: str, root: Path, wishes: Wishes, others: Sequence[FormDefinition]
) -> Proposal:
    """Make a proposal below ``root``; what stood in its folder before is written over.

    Args:
        blank: the official file.
        base: the edition whose fields are looked for.
        edition: what the new one will be called.
        root: where ``<form>/<edition>`` is made.
        wishes: labels and extra fields that a person has decided on.
        others: the editions that exist already.

    Raises:
        BlankUnknownError: the form's labels are not in the file.
        DefinitionError: a wish that fits no field.
        DocumentError: the file cannot be read.
    """
    plain, known = prepared(base, edition, wishes)
    tagger = WordTagger(blank.content) if blank.format == "docx" else SheetTagger(blank.content)
    found = Spotter(tagger.document, known).spot()
    content, failed = tagger.tagged(found)
    found.remarks.extend(failed)
    if not any(place.scope is Scope.FIELD for place in found.places):
        raise BlankUnknownError(form=known.title)
    missing = tuple(_missing(known, found, labelled_but_without_room(tagger.document, known, known.fields)))
    folder = root / base.form / edition
    folder.mkdir(parents=True, exist_ok=True)
    template = f"附件{base.number}.{blank.format}"
    made = definition_for(plain, found, template, landscape=_is_landscape(blank))
    (folder / template).write_bytes(content)
    (folder / FILE_NAME).write_text(toml_of(made), encoding="utf-8")
    definition = load_definition(folder)
    trial = try_edition(definition, others)
    places, unknown, remarks = tuple(found.places), tuple(found.unknown), (*found.remarks, *trial.remarks)
    proposal = Proposal(folder, definition, places, missing, unknown, remarks, trial)
    (folder / "README.md").write_text(readme_of(proposal, blank.name, blank.sha256, base), encoding="utf-8")
    return proposal


def look_again(folder: Path, others: Sequence[FormDefinition]) -> Proposal:
    """A proposal that people have changed by hand, tried again.

    Raises:
        DefinitionError: its definition is wrong.
    """
    definition = load_definition(folder)
    return Proposal(folder, definition, (), (), (), (), try_edition(definition, others))


def _missing(definition: FormDefinition, found: Found, printed: set[str]) -> Iterator[Missing]:
    scopes: tuple[tuple[Scope, tuple[Field, ...] | tuple[OpinionBox, ...]], ...] = (
        (Scope.HEADER, definition.header),
        (Scope.FIELD, definition.fields),
        (Scope.BOX, definition.boxes),
    )
    for scope, items in scopes:
        for item in items:
            if found.place(scope, item.key) is None:
                is_required = item.required is Requirement.REQUIRED
                group = item.group if isinstance(item, Field) else ""
                label = f"{group}/{item.label}" if group else item.label
                yield Missing(scope, item.key, label, is_required, scope is Scope.FIELD and item.key in printed)


def _is_landscape(blank: BlankFile) -> bool:
    """How the first page of a blank lies."""
    parts = read_parts_of(blank.content)
    if blank.format == "docx":
        size = next(parse_xml(parts["word/document.xml"]).iter(f"{W}pgSz"), None)
        if size is None:
            return False
        return size.get(f"{W}orient") == "landscape" or _number(size, f"{W}w") > _number(size, f"{W}h")
    sheets = [name for name in parts if name.startswith("xl/worksheets/sheet")]
    setup = next((one for name in sorted(sheets) for one in parse_xml(parts[name]).iter(f"{S}pageSetup")), None)
    return setup is None or setup.get("orientation") != "portrait"


def _number(element: etree._Element, name: str) -> int:
    text = element.get(name) or "0"
    return int(float(text))
