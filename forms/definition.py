"""The definition of a form, edition by edition: the one description from which all else is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from forms.fieldtypes.base import FieldType


class Layout(StrEnum):
    """A roster has many persons a document, a card exactly one."""

    ROSTER = "roster"
    CARD = "card"


class Requirement(StrEnum):
    """R required, C required under a condition that a rule states, O optional."""

    REQUIRED = "R"
    CONDITIONAL = "C"
    OPTIONAL = "O"


class Sensitivity(StrEnum):
    """Class of personal information; drives masking, logs and exports."""

    GENERAL = "general"
    IMPORTANT = "important"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    ``label`` is the official one and ``synonyms`` are others seen in the wild; both are matched after
    :func:`forms.labels.normalise_label`. ``ambiguous`` are labels that may mean this field but need a person's word.
    ``group`` is the parent head of a two-level head. ``suffix`` follows the value in running text (``人``, ``个月``).
    ``width_mm`` is the printed column width, ``hint`` the 填表说明 of the field, ``clause`` its source.
    """

    key: str
    label: str
    type: FieldType
    required: Requirement = Requirement.OPTIONAL
    synonyms: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    group: str = ""
    suffix: str = ""
    width_mm: float | None = None
    hint: str = ""
    clause: str = ""
    example: str = ""
    sensitivity: Sensitivity = Sensitivity.GENERAL
    calculated: str = ""
    """How the program can work the value out (``ordinal``, ``months``, ``age``, ``count``); empty when it cannot."""


@dataclass(frozen=True, slots=True)
class Combined:
    """A label that holds several fields in one cell, and the way to take them apart.

    ``split`` is ``period`` (自…至…, two days), ``unit-post`` (单位及职务), ``birth-age`` (出生年月(岁)),
    ``school-major`` or ``education-major``. ``printed`` says that the official template itself has this cell.
    """

    keys: tuple[str, ...]
    label: str
    split: str
    synonyms: tuple[str, ...] = ()
    printed: bool = False


@dataclass(frozen=True, slots=True)
class OpinionBox:
    """A named box to be signed and stamped. ``parts`` are the kinds that must be in it.

    ``same_as`` names the box that excuses this one when both units are the same (同单位意见). ``unit_field`` is the
    field that says whose seal belongs here, or ``unit_names`` lists the offices whose seal may.
    """

    key: str
    label: str
    parts: tuple[str, ...]
    synonyms: tuple[str, ...] = ()
    required: Requirement = Requirement.REQUIRED
    same_as: str = ""
    unit_field: str = ""
    unit_names: tuple[str, ...] = ()
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """A figure of the totals row: how ``key`` is worked out over the rows (``count`` or ``sum:<row key>``)."""

    key: str
    label: str
    how: str


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """A form of one edition.

    ``header`` are the fields around the grid (above and below it), ``fields`` those of a person. ``folder`` is where
    the definition and its official file stand.
    """

    form: str
    edition: str
    number: int
    title: str
    layout: Layout
    template: str
    folder: Path
    fields: tuple[Field, ...]
    header: tuple[Field, ...] = ()
    combined: tuple[Combined, ...] = ()
    boxes: tuple[OpinionBox, ...] = ()
    totals: tuple[Total, ...] = ()
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    landscape: bool = True
    copies: int = 3
    clause: str = ""
    printed: tuple[str, ...] = ()
    """Texts of cells that the official file prints and that name no field: labels of what this form does not ask."""
    options: dict[str, bool] = field(default_factory=dict)
    """Switches of the edition, for example ``leader_layer`` (both layers of district leaders on attachment-4)."""

    @property
    def template_path(self) -> Path:
        """The official file."""
        return self.folder / self.template

    @property
    def file_format(self) -> str:
        """``docx`` or ``xlsx``: what the official file is."""
        return self.template_path.suffix.lstrip(".").lower()

    def field(self, key: str) -> Field | None:
        """The person's field of that key."""
        return next((item for item in self.fields if item.key == key), None)

    def header_field(self, key: str) -> Field | None:
        """The header or footer field of that key."""
        return next((item for item in self.header if item.key == key), None)
