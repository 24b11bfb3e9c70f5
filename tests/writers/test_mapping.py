"""The field map of a filled PDF: every value, and where it stands on paper."""

from __future__ import annotations

import json
from functools import lru_cache

import pytest

from forms.catalogue import Catalogue
from forms.errors import UnusableDataError
from forms.fieldmap import FieldMap
from forms.intake import take_in
from samples.records import make_records
from writers.filling import FilledForm, Purpose, fill


@lru_cache
def filled(form: str, purpose: Purpose = Purpose.FINAL) -> FilledForm:
    intake = take_in(make_records(form, 1 if form == "attachment-4" else 12, 31), Catalogue.load())[0]
    return fill(intake.definition, intake.record, purpose=purpose, as_format="pdf")


def map_of(form: str, purpose: Purpose = Purpose.FINAL) -> FieldMap:
    found = filled(form, purpose).field_map
    assert found is not None
    return found


@pytest.mark.parametrize("form", ["attachment-4", "attachment-5"])
def test_every_value_printed_has_its_cell_and_its_text(form: str) -> None:
    record, printed = filled(form).record, map_of(form)
    assert record is not None
    by_path = {item.path: item for item in printed.fields}
    wanted = {f"header.{key}": entry for key, entry in record.header.items()}
    wanted |= {f"records[{n}].{key}": entry for n, row in enumerate(record.rows) for key, entry in row.items()}
    for path, entry in wanted.items():
        if entry.value in (None, ""):
            continue
        item = by_path[path]
        assert item.value == entry.value
        left, top, right, bottom = item.box
        page = printed.pages[item.page]
        assert 0 <= left < right <= page.width
        assert 0 <= top < bottom <= page.height


def test_a_value_in_a_cell_is_found_by_the_cell() -> None:
    printed = map_of("attachment-5")
    names = [item for item in printed.fields if item.path.endswith("].name")]
    assert len(names) == 12
    for item in names:
        cells = [cell for grid in printed.pages[item.page].grids for cell in grid.cells if cell.box == item.box]
        assert [cell.text for cell in cells] == [item.text]
        assert item in printed.fields_at(item.page, item.box)


def test_texts_keep_the_blanks_that_were_asked_for() -> None:
    record, printed = filled("attachment-4").record, map_of("attachment-4")
    assert record is not None
    for key, entry in record.rows[0].items():
        if isinstance(entry.value, str) and " " in entry.value:
            assert next(item for item in printed.fields if item.path == f"records[0].{key}").value == entry.value


def test_the_map_survives_json() -> None:
    printed = map_of("attachment-5")
    assert FieldMap.from_plain(json.loads(json.dumps(printed.to_plain()))) == printed


def test_a_map_of_another_shape_is_refused() -> None:
    plain = map_of("attachment-4").to_plain()
    plain["fields"][0][1] = 0
    with pytest.raises(UnusableDataError):
        FieldMap.from_plain(plain)


def test_an_office_file_has_its_record_and_no_map() -> None:
    intake = take_in(make_records("attachment-4", 1, 31), Catalogue.load())[0]
    made = fill(intake.definition, intake.record)
    assert made.field_map is None
    assert made.record is not None
    assert made.record.rows[0]["name"].value == intake.record.rows[0]["name"].value
