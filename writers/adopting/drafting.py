"""A blank → its draft: the file with tags, the definition, what was found and what not. Nothing is tried yet.

Made in a fenced child, for the blank comes from outside; a draft crosses the border as plain data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lxml import etree

from forms.definition import Field, FormDefinition, OpinionBox, Requirement
from forms.loading import definition_of
from parsers.readers.package import parse_xml
from parsers.readers.sheetstyles import S
from parsers.readers.wordtext import W
from writers.adopting.defining import Wishes, definition_for, prepared, toml_of
from writers.adopting.foreigntags import without_foreign_tags
from writers.adopting.model import Found, How, Place, Scope, Unknown
from writers.adopting.printedwords import printed_words
from writers.adopting.sheettagging import SheetTagger
from writers.adopting.spotting import Spotter, labelled_but_without_room
from writers.adopting.wordtagging import WordTagger
from writers.archive import read_parts_of
from writers.errors import BlankUnknownError

_MOST_NAMED = 5
_FAIR_SHARE = 1 / 2
"""Of the fields that must be filled; registers and applications of other offices have up to two fifths of them."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A field or box of the form that the blank has no room for. ``printed`` says that its label does stand there."""

    scope: Scope
    key: str
    label: str
    required: bool
    printed: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What one blank gave. ``content`` is the file with its tags, ``toml`` the text of its definition."""

    content: bytes
    format: str
    toml: str
    places: tuple[Place, ...]
    missing: tuple[Missing, ...]
    unknown: tuple[Unknown, ...]
    remarks: tuple[str, ...]

    def to_plain(self) -> dict[str, Any]:
        """All but the content, for JSON."""
        return {
            "format": self.format,
            "toml": self.toml,
            "places": [asdict(place) for place in self.places],
            "missing": [asdict(one) for one in self.missing],
            "unknown": [asdict(one) for one in self.unknown],
            "remarks": list(self.remarks),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any], content: bytes) -> Draft:
        """The inverse of :meth:`to_plain`.

        Raises:
            KeyError, TypeError, ValueError: the data has another shape.
        """
        places = [
            Place(
                **{
                    **one,
                    "scope": Scope(one["scope"]),
                    "how": How(one["how"]),
                    "tags": tuple(one["tags"]),
                    "doubts": tuple(one["doubts"]),
                }
            )
            for one in plain["places"]
        ]
        missing = [Missing(**{**one, "scope": Scope(one["scope"])}) for one in plain["missing"]]
        unknown = [Unknown(**one) for one in plain["unknown"]]
        remarks = tuple(map(str, plain["remarks"]))
        name = "xlsx" if plain["format"] == "xlsx" else "docx"
        return cls(content, name, str(plain["toml"]), tuple(places), tuple(missing), tuple(unknown), remarks)


def template_name(definition: FormDefinition, file_format: str) -> str:
    """What the official file of an edition is called."""
    return f"附件{definition.number}.{file_format}"


def draft_of(content: bytes, file_format: str, base: FormDefinition, edition: str, wishes: Wishes) -> Draft:
    """The draft of a new edition.

    Args:
        content: the blank.
        file_format: ``docx`` or ``xlsx``.
        base: the edition whose fields are looked for.
        edition: what the new one will be called.
        wishes: labels and extra fields that a person has decided on.

    Raises:
        BlankUnknownError: the form's labels are not in the file.
        DefinitionError: a wish that fits no field.
        DocumentError: the file cannot be read.
    """
    plain, known = prepared(base, edition, wishes)
    content, foreign = without_foreign_tags(content, file_format)
    tagger = WordTagger(content) if file_format == "docx" else SheetTagger(content)
    found = Spotter(tagger.document, known).spot()
    if not any(place.scope is Scope.FIELD for place in found.places):
        raise BlankUnknownError(form=known.title)
    tagged, failed = tagger.tagged(found)
    missing = tuple(_missing(known, found, labelled_but_without_room(tagger.document, known, known.fields)))
    landscape = _is_landscape(content, file_format)
    made = definition_for(plain, known, found, template_name(base, file_format), landscape=landscape)
    definition, _ = definition_of(made, known.folder)
    if words := printed_words(tagger.document, definition, found):
        made["printed"] = words
    named = "、".join(foreign[:_MOST_NAMED]) + (f"等 {len(foreign)} 种" if len(foreign) > _MOST_NAMED else "")
    taken = (f"去掉了原有的模板标记：{named}",) if foreign else ()
    remarks = (*_unlike(known, found), *taken, *found.remarks, *failed)
    return Draft(tagged, file_format, toml_of(made), tuple(found.places), missing, tuple(found.unknown), remarks)


def _unlike(definition: FormDefinition, found: Found) -> Iterator[str]:
    """What is said first of a file that has neither the form's title nor half of the labels that must be filled.

    Every form of persons has some of them: a person must say whether it is this form at all.
    """
    required = [item for item in definition.fields if item.required is Requirement.REQUIRED]
    placed = sum(found.place(Scope.FIELD, item.key) is not None for item in required)
    if not found.title and placed < len(required) * _FAIR_SHARE:
        yield (
            f"这个文件像是另一种表：没有“{definition.title}”的标题，必填的 {len(required)} 栏里只认出 {placed} 栏；"
            "确认前请核对是不是这张表的新版"
        )


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


def _is_landscape(content: bytes, file_format: str) -> bool:
    """How the first page of a blank lies."""
    parts = read_parts_of(content)
    if file_format == "docx":
        size = next(parse_xml(parts["word/document.xml"]).iter(f"{W}pgSz"), None)
        if size is None:
            return False
        return size.get(f"{W}orient") == "landscape" or _number(size, f"{W}w") > _number(size, f"{W}h")
    sheets = [name for name in parts if name.startswith("xl/worksheets/sheet")]
    setup = next((one for name in sorted(sheets) for one in parse_xml(parts[name]).iter(f"{S}pageSetup")), None)
    return setup is None or setup.get("orientation") != "portrait"


def _number(element: etree._Element, name: str) -> int:
    return int(float(element.get(name) or "0"))
