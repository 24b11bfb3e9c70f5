"""Kinds of values that a person goes through one after another, across documents: all identity numbers, all days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from forms.catalogue import Catalogue
from forms.definition import Field, FormDefinition
from forms.errors import FormServiceError
from forms.ledger import LEDGER
from service.store.waiting import MARKS

KINDS: Mapping[str, str] = {
    "id": "身份证号",
    "name": "姓名",
    "date": "日期",
    "phone": "电话",
    "unit": "单位名称",
    "choice": "选项",
    "number": "数字",
    "text": "其他文字",
    MARKS: "签章",
}
"""Name of each kind, in the order in which a desk offers them."""
NUMBERS = frozenset({"id", "phone"})
"""Kinds whose values lists never show whole."""
_OF_TYPE: Mapping[str, str] = {
    "id_number": "id",
    "credit_code": "unit",
    "name": "name",
    "unit": "unit",
    "day": "date",
    "month": "date",
    "phone": "phone",
    "integer": "number",
    "money": "number",
    "ordinal": "number",
    "coded": "choice",
    "yes_no": "choice",
    "compensation": "choice",
}


class KindUnknownError(FormServiceError):
    """No kind of values has that name."""

    code = "kind-unknown"
    zh = "没有“{name}”这一类"
    en = "There is no kind of values called {name}"


def kind_of(field: Field) -> str:
    """The kind of a field's values."""
    return _OF_TYPE.get(field.type.name, "text")


def what_of(form: str, key: str) -> str:
    """A field as the store counts by it."""
    return f"{form}/{key}"


def fields_of(catalogue: Catalogue, kind: str) -> frozenset[str]:
    """All fields of a kind, as the store counts by them.

    Raises:
        KindUnknownError: there is no such kind.
    """
    if kind not in KINDS:
        raise KindUnknownError(name=kind[:40])
    return frozenset(what for what, known in by_field(catalogue).items() if known == kind)


def by_field(catalogue: Catalogue) -> Mapping[str, str]:
    """The kind of every field of every edition that can be read."""
    definitions = (catalogue.readable(LEDGER), *catalogue.definitions)
    found = {what_of(one.form, field.key): kind_of(field) for one in definitions for field in _fields(one)}
    return {**found, MARKS: MARKS}


def _fields(definition: FormDefinition) -> Iterator[Field]:
    yield from definition.header
    yield from definition.fields
