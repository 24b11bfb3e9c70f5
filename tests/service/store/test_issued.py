"""What was handed out is known again, and what cannot be kept stops no form."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from forms.fieldmap import FieldMap, PrintedCell, PrintedField, PrintedGrid, PrintedLine, PrintedPage
from forms.record import Entry, Record
from parsers.issued import MAP_FILE, PRINT_FILE
from service.operations.issuing import IssueRegister, find_register, open_register
from service.settings import Settings
from writers.filling import FilledForm, Purpose

ID = "0123456789AB"
BOX = (10.0, 20.0, 110.5, 40.25)
RECORD = Record("attachment-4", "r1", rows=({"name": Entry("郑辰晨", "郑辰晨")},))
CELL = PrintedCell(0, 1, 1, 1, BOX, "郑辰晨")
PAGE = PrintedPage(595.3, 841.9, (PrintedGrid(1, 2, BOX, (CELL,)),), (PrintedLine("标题", BOX),))
MAP = FieldMap(ID, "attachment-4", "r1", (PAGE,), (PrintedField("records[0].name", 0, BOX, "郑辰晨", "郑辰晨"),))
PRINTED = FilledForm("表.pdf", b"%PDF-1.7 as printed", "pdf", ID, (), RECORD, MAP)


@pytest.fixture
def register(tmp_path: Path) -> IssueRegister:
    made = open_register(Settings(data_dir=tmp_path / "data", reserve_mib=1))
    assert made is not None
    return made


def test_a_print_is_found_and_lent_by_its_id(register: IssueRegister, tmp_path: Path) -> None:
    assert list(register.kept([PRINTED], Purpose.PREFILLED)) == [PRINTED]
    found = register.find(ID)
    assert found is not None
    assert (found.record, found.field_map, found.purpose, found.format) == (RECORD, MAP, "prefilled", "pdf")
    assert register.lend(ID, tmp_path)
    assert (tmp_path / PRINT_FILE).read_bytes() == PRINTED.content
    assert FieldMap.from_plain(json.loads((tmp_path / MAP_FILE).read_text(encoding="utf-8"))) == MAP


def test_an_office_file_is_remembered_and_not_lent(register: IssueRegister, tmp_path: Path) -> None:
    office = replace(PRINTED, name="表.docx", format="docx", field_map=None)
    list(register.kept([office], Purpose.FINAL))
    found = register.find(ID)
    assert found is not None
    assert found.print_sha256 is None
    assert not register.lend(ID, tmp_path)


@pytest.mark.parametrize("wanted", ["ZZZZZZZZZZZZ", "", "../../../..", "0123456789ab"])
def test_no_other_id_leads_anywhere(register: IssueRegister, tmp_path: Path, wanted: str) -> None:
    list(register.kept([PRINTED], Purpose.FINAL))
    assert not register.lend(wanted, tmp_path)


def test_a_document_made_again_takes_the_place_of_the_first(register: IssueRegister) -> None:
    list(register.kept([PRINTED], Purpose.PREFILLED))
    list(register.kept([PRINTED], Purpose.FINAL))
    found = register.find(ID)
    assert found is not None
    assert found.purpose == "final"


def test_a_print_that_the_store_has_lost_is_not_lent(register: IssueRegister, tmp_path: Path) -> None:
    list(register.kept([PRINTED], Purpose.FINAL))
    found = register.find(ID)
    assert found is not None
    assert found.print_sha256 is not None
    register.blobs.path(found.print_sha256).unlink()
    assert not register.lend(ID, tmp_path)


def test_forms_come_out_where_nothing_can_be_kept(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder", encoding="utf-8")
    assert open_register(Settings(data_dir=blocked / "data")) is None


def test_a_full_disk_stops_no_form(tmp_path: Path) -> None:
    made = open_register(Settings(data_dir=tmp_path, reserve_mib=1 << 40))
    assert made is not None
    assert list(made.kept([PRINTED], Purpose.FINAL)) == [PRINTED]
    assert made.find(ID) is None


def test_reading_makes_no_data_folder(tmp_path: Path) -> None:
    assert find_register(Settings(data_dir=tmp_path / "none")) is None
    assert not (tmp_path / "none").exists()
