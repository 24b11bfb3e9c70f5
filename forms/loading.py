"""Reads ``definition.toml`` strictly: every fault is found and named with file and place, and all come at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from forms.definition import (
    Combined,
    Field,
    FormDefinition,
    Layout,
    OpinionBox,
    Requirement,
    Sensitivity,
    Total,
)
from forms.errors import DefinitionError
from forms.fieldtypes.base import FieldType
from forms.fieldtypes.registry import make_type
from forms.loadchecks import check_names, check_references
from forms.tomlcheck import TomlChecker

FILE_NAME = "definition.toml"

_SPLITS = ("period", "unit-post", "birth-age", "school-major", "education-major")
_PARTS = ("opinion", "signature", "seal", "date")
_CALCULATED = ("", "ordinal", "months", "age", "count")
_REQUIRED = {"form", "edition", "number", "title", "layout", "template", "field"}
_OPTIONAL = {"aliases", "landscape", "copies", "clause", "notes", "printed", "options"} | {
    "header",
    "combined",
    "box",
    "total",
}
_FIELD_TEXTS = ("group", "suffix", "hint", "example", "clause")
_FIELD_OPTIONAL = {
    *_FIELD_TEXTS,
    "type_options",
    "required",
    "synonyms",
    "ambiguous",
    "width_mm",
    "sensitivity",
    "calculated",
}
_KEY_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
_OFFICIAL_FORMATS = (".docx", ".xlsx")

_Choice = TypeVar("_Choice", bound=StrEnum)


def load_definition(folder: Path) -> FormDefinition:
    """The definition in ``folder`` (``templates/<form>/<edition>``).

    Raises:
        DefinitionError: the file is missing or wrong; ``detail["faults"]`` lists every fault, one a line.
    """
    definition, faults = read_definition(folder)
    if definition is None or faults:
        raise DefinitionError(faults="\n".join(faults))
    return definition


def read_definition(folder: Path) -> tuple[FormDefinition | None, list[str]]:
    """The definition with the faults found; ``None`` where the file cannot be read at all."""
    path = folder / FILE_NAME
    checker = TomlChecker("/".join(path.parts[-4:]))
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        checker.fault("", "没有这个文件")
        return None, checker.faults
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        checker.fault("", f"不是合法的 TOML:{error}")
        return None, checker.faults
    return _definition_of(data, folder, checker)


def definition_of(data: dict[str, Any], folder: Path) -> tuple[FormDefinition, list[str]]:
    """The definition that is about to be written to ``folder``, with the faults found."""
    return _definition_of(data, folder, TomlChecker(FILE_NAME))


def _definition_of(data: dict[str, Any], folder: Path, checker: TomlChecker) -> tuple[FormDefinition, list[str]]:
    definition = _Reader(checker).definition(data, folder)
    check_names(definition, checker)
    check_references(definition, checker)
    return definition, checker.faults


class _Reader:
    """Turns the tables of one file into the types of :mod:`forms.definition`, noting every fault."""

    def __init__(self, checker: TomlChecker) -> None:
        self._checker = checker

    def definition(self, data: dict[str, Any], folder: Path) -> FormDefinition:
        check = self._checker
        check.keys(data, "", required=_REQUIRED, optional=_OPTIONAL)
        self._check_folder(data, folder)
        if not data.get("field"):
            check.fault("field", "至少要有一个 [[field]]")
        options = check.table(data, "options", "")
        return FormDefinition(
            form=check.text(data, "form", "", filled=True),
            edition=check.text(data, "edition", "", filled=True),
            number=check.integer(data, "number", "", 1),
            title=check.text(data, "title", "", filled=True),
            layout=self._choice(data, "layout", "", Layout, Layout.ROSTER),
            template=self._template(data),
            folder=folder,
            fields=tuple(self._field(item, place) for item, place in check.tables(data, "field", "")),
            header=tuple(self._field(item, place) for item, place in check.tables(data, "header", "")),
            combined=tuple(self._combined(item, place) for item, place in check.tables(data, "combined", "")),
            boxes=tuple(self._box(item, place) for item, place in check.tables(data, "box", "")),
            totals=tuple(self._total(item, place) for item, place in check.tables(data, "total", "")),
            aliases=check.texts(data, "aliases", ""),
            notes=check.texts(data, "notes", ""),
            printed=check.texts(data, "printed", ""),
            landscape=check.flag(data, "landscape", "", default=True),
            copies=check.integer(data, "copies", "", 3),
            clause=check.text(data, "clause", ""),
            options={key: check.flag(options, key, "options", default=False) for key in options},
        )

    def _check_folder(self, data: dict[str, Any], folder: Path) -> None:
        for key, name in (("form", folder.parent.name), ("edition", folder.name)):
            if key in data and data[key] != name:
                self._checker.fault(key, f"应与文件夹名 {name} 相同")

    def _template(self, data: dict[str, Any]) -> str:
        name = self._checker.text(data, "template", "", filled=True)
        if name and (Path(name).name != name or Path(name).suffix.lower() not in _OFFICIAL_FORMATS):
            self._checker.fault("template", "应为同一文件夹中的 .docx 或 .xlsx 文件名")
        return name

    def _field(self, item: dict[str, Any], place: str) -> Field:
        check = self._checker
        check.keys(item, place, required={"key", "label", "type"}, optional=_FIELD_OPTIONAL)
        field_type = self._type(item, place)
        example = check.text(item, "example", place)
        if example and any(fault.severity == "error" for fault in field_type.read(example).faults):
            faults = ";".join(fault.message for fault in field_type.read(example).faults)
            check.fault(f"{place}.example", f"示例本身有误:{faults}")
        return Field(
            key=self._key(item, place),
            label=check.text(item, "label", place, filled=True),
            type=field_type,
            required=self._choice(item, "required", place, Requirement, Requirement.OPTIONAL),
            synonyms=check.texts(item, "synonyms", place),
            ambiguous=check.texts(item, "ambiguous", place),
            group=check.text(item, "group", place),
            suffix=check.text(item, "suffix", place),
            width_mm=self._width(item, place),
            hint=check.text(item, "hint", place),
            clause=check.text(item, "clause", place),
            example=example,
            sensitivity=self._choice(item, "sensitivity", place, Sensitivity, Sensitivity.GENERAL),
            calculated=self._one_of(item, "calculated", place, _CALCULATED),
        )

    def _type(self, item: dict[str, Any], place: str) -> FieldType:
        name = self._checker.text(item, "type", place, "text", filled=True)
        options = self._checker.table(item, "type_options", place)
        try:
            return make_type(name, options)
        except ValueError as error:
            self._checker.fault(f"{place}.type", str(error))
            return make_type("text")

    def _combined(self, item: dict[str, Any], place: str) -> Combined:
        check = self._checker
        check.keys(item, place, required={"label", "keys", "split"}, optional={"synonyms", "printed"})
        return Combined(
            keys=check.texts(item, "keys", place),
            label=check.text(item, "label", place, filled=True),
            split=self._one_of(item, "split", place, _SPLITS),
            synonyms=check.texts(item, "synonyms", place),
            printed=check.flag(item, "printed", place, default=False),
        )

    def _box(self, item: dict[str, Any], place: str) -> OpinionBox:
        check = self._checker
        optional = {"synonyms", "required", "same_as", "unit_field", "unit_names", "clause"}
        check.keys(item, place, required={"key", "label", "parts"}, optional=optional)
        parts = check.texts(item, "parts", place)
        if wrong := [part for part in parts if part not in _PARTS]:
            check.fault(f"{place}.parts", f"只能是 {'、'.join(_PARTS)},不能是 {'、'.join(wrong)}")
        if "parts" in item and (not parts or len(set(parts)) < len(parts)):
            check.fault(f"{place}.parts", "不能为空,也不能重复")
        return OpinionBox(
            key=self._key(item, place),
            label=check.text(item, "label", place, filled=True),
            parts=parts,
            synonyms=check.texts(item, "synonyms", place),
            required=self._choice(item, "required", place, Requirement, Requirement.REQUIRED),
            same_as=check.text(item, "same_as", place),
            unit_field=check.text(item, "unit_field", place),
            unit_names=check.texts(item, "unit_names", place),
            clause=check.text(item, "clause", place),
        )

    def _total(self, item: dict[str, Any], place: str) -> Total:
        check = self._checker
        check.keys(item, place, required={"key", "label", "how"})
        how = check.text(item, "how", place, filled=True)
        if how and how != "count" and not how.startswith("sum:"):
            check.fault(f"{place}.how", "应为 count 或 sum:<键>")
        return Total(self._key(item, place), check.text(item, "label", place, filled=True), how)

    def _key(self, item: dict[str, Any], place: str) -> str:
        key = self._checker.text(item, "key", place, filled=True)
        if key and (not _KEY_CHARACTERS.issuperset(key) or not key[0].isalpha()):
            self._checker.fault(f"{place}.key", "键由小写字母、数字和下划线组成,以字母开头")
        return key

    def _width(self, item: dict[str, Any], place: str) -> float | None:
        width = item.get("width_mm")
        if width is None:
            return None
        if isinstance(width, bool) or not isinstance(width, int | float) or width <= 0:
            self._checker.fault(f"{place}.width_mm", "应为正数(毫米)")
            return None
        return float(width)

    def _choice(self, item: dict[str, Any], key: str, place: str, kind: type[_Choice], default: _Choice) -> _Choice:
        allowed = [member.value for member in kind]
        return kind(self._one_of(item, key, place, allowed, default.value))

    def _one_of(
        self, item: dict[str, Any], key: str, place: str, allowed: Iterable[str], default: str | None = None
    ) -> str:
        words = list(allowed)
        fallback = words[0] if default is None else default
        value = item.get(key, fallback)
        if value not in words:
            self._checker.fault(f"{place}.{key}" if place else key, f"应为 {'、'.join(filter(None, words))} 之一")
            return fallback
        return str(value)
