"""Records of one edition written and read in another one, both ways: nothing is lost, what has no place is told."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from forms.record import Record
from parsers.extracting import extract
from parsers.readers import docx as docx_reader
from parsers.readers import xlsx as xlsx_reader
from tests.writers.adopting.blanks import CATALOGUE, Blank, card, roster
from tests.writers.adopting.test_adopting import written
from tests.writers.filling_data import record_of
from writers.adopting.defining import Wishes
from writers.adopting.drafting import draft_of
from writers.adopting.inventing import Inventor
from writers.filling import FilledForm, fill
from writers.moving import LEFT_OUT

EXTRA = "户籍所在地"


def adopted(number: int, blank: Blank, folder: Path, *, wanted: bool) -> FormDefinition:
    """An edition made of a blank; with the column that only it has, or without it."""
    base = CATALOGUE.find(f"附件{number}")
    wishes = Wishes({}, {EXTRA: "text"} if wanted and number != 4 else {})  # the form of one person
    return written(draft_of(blank.content, blank.format, base, "r2", wishes), base, folder)


def returned(made: FilledForm, *editions: FormDefinition) -> Record:
    """What is read of a filled file when all editions are known."""
    read = docx_reader.read_bytes if made.format == "docx" else xlsx_reader.read_bytes
    (found,) = extract(read(made.content), Catalogue(editions[:1], editions[1:]))
    doubted = {key for row in found.record.rows for key, entry in row.items() if entry.review}
    assert doubted <= {one.path.rpartition(".")[2] for one in found.findings}, (
        "a doubt (实有 for 实有人数) has its reason"
    )
    return found.record


def values(record: Record, definition: FormDefinition) -> list[dict[str, object]]:
    """What a record says of persons, as far as that edition has it; what is not stated is left out."""
    keys = {item.key for item in definition.fields if not item.calculated}
    return [{key: one.value for key, one in row.items() if key in keys and not one.is_blank} for row in record.rows]


def told(made: FilledForm, part: str = "records") -> set[str]:
    """The keys that a filled file says it has no place for."""
    return {one.path.rpartition(".")[2] for one in made.findings if one.code == LEFT_OUT and one.path.startswith(part)}


CASES = [(4, "docx"), (1, "docx"), (2, "xlsx"), (3, "xlsx"), (5, "xlsx")]


@pytest.mark.parametrize(("number", "file_format"), CASES)
@pytest.mark.parametrize("seed", [3, 8])
def test_a_record_goes_into_an_adopted_edition_and_back(
    number: int, file_format: str, seed: int, tmp_path: Path
) -> None:
    base = CATALOGUE.find(f"附件{number}")
    blank = card(seed) if number == 4 else roster(seed, number, file_format)  # as above
    other = adopted(number, blank, tmp_path, wanted=False)
    record = record_of(base.form, 1 if number == 4 else 5, seed)  # as above
    first = returned(fill(base, record), base, other)
    assert (first.edition, values(first, base)) == ("r1", values(record, base))
    there = fill(other, first)
    lost = {key for row in values(first, base) for key in row} - {item.key for item in other.fields}
    assert told(there) == lost
    stated = {key for key, one in first.header.items() if not one.is_blank}
    assert told(there, "header") == stated - {item.key for item in other.header}
    second = returned(there, other, base)
    assert (second.edition, values(second, base)) == ("r2", values(first, other))
    back = fill(base, second)
    assert told(back) == set()
    assert values(returned(back, base, other), base) == values(first, other)
    assert values(first, base) == values(record, base), "the record itself keeps what the other edition lacks"


@pytest.mark.parametrize(("number", "file_format"), CASES[1:])
def test_what_only_the_new_edition_has_is_told_and_kept_by_the_record(
    number: int, file_format: str, tmp_path: Path
) -> None:
    base = CATALOGUE.find(f"附件{number}")
    other = adopted(number, roster(number, number, file_format), tmp_path, wanted=True)
    inventor = Inventor(random.Random(number))  # noqa: S311  # invented people, not secrets
    record = Record(base.form, "r2", {}, tuple(inventor.row(other, set()) for _ in range(4)))
    read = returned(fill(other, record), other, base)
    assert values(read, other) == values(record, other)
    assert all("extra_1" in row for row in values(read, other))
    made = fill(base, read)
    assert told(made) == {"extra_1"}
    assert sum(one.code == LEFT_OUT for one in made.findings) == len(read.rows), "each of them, not the first alone"
    again = returned(made, base, other)
    assert values(again, base) == values(read, base)
    merged = replace(read, rows=tuple({**row, **new} for row, new in zip(read.rows, again.rows, strict=True)))
    assert values(merged, other) == values(record, other)
