"""Of several editions of a form the one that a document is of is read, whichever is in use."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from forms.catalogue import CHOICES, TEMPLATES, Catalogue
from forms.definition import FormDefinition
from forms.errors import DefinitionError, UnknownFormError
from parsers.document import Document, Grid, Page, PrintMark
from parsers.editions import fitting
from parsers.extracting import extract
from parsers.making import sheet_cell
from parsers.readers import xlsx
from tests.parsers.building import HEAD_2, HEADER, TITLE_2, person_2, workbook

BASE = Catalogue.load().find("attachment-2")


def renamed(edition: str, **labels: str) -> FormDefinition:
    """The form in another edition, some fields of it under other labels."""
    fields = tuple(replace(item, label=labels.get(item.key, item.label)) for item in BASE.fields)
    return replace(BASE, edition=edition, fields=fields)


def with_labels(*labels: str, mark: PrintMark | None = None) -> Document:
    cells = tuple(sheet_cell(0, place, label, None, "") for place, label in enumerate(labels))
    return Document("xlsx", (Page(0, (Grid(1, len(cells), cells),), print_mark=mark),))


@pytest.mark.parametrize("used", [0, 1])
def test_the_labels_tell_the_edition(used: int) -> None:
    editions = (BASE, renamed("r2", post="从事岗位", note="其他说明"))
    catalogue = Catalogue((editions[used],), (editions[1 - used],))
    assert fitting(with_labels("姓名", "岗位", "备注"), catalogue).definitions == (editions[0],)
    assert fitting(with_labels("姓名", "从事岗位", "其他说明"), catalogue).definitions == (editions[1],)
    assert fitting(with_labels("姓名"), catalogue).definitions == (editions[used],)


def test_a_print_mark_tells_it_before_any_label() -> None:
    other = renamed("r2", post="从事岗位")
    catalogue = Catalogue((BASE,), (other,))
    mark = PrintMark("JAJTFZZPV5DM", 0, "attachment-2", "r2")
    assert fitting(with_labels("姓名", "岗位", mark=mark), catalogue).definitions == (other,)
    lost = PrintMark("JAJTFZZPV5DM", 0, "attachment-2", "r7")
    assert fitting(with_labels("姓名", "岗位", mark=lost), catalogue).definitions == (BASE,)


def test_two_editions_are_no_rivals_when_a_file_is_recognised_by_its_labels() -> None:
    lines = (HEADER, HEAD_2, person_2(1, "张明远"), person_2(2, "李晓云"))
    catalogue = Catalogue(Catalogue.load().definitions, (renamed("r2", post="从事岗位"),))
    (found,) = extract(xlsx.read_bytes(workbook(lines)), catalogue)
    assert (found.record.form, found.record.edition) == ("attachment-2", "r1")
    titled = ((TITLE_2,), *lines[:1], tuple("从事岗位" if word == "岗位" else word for word in HEAD_2), *lines[2:])
    (found,) = extract(xlsx.read_bytes(workbook(titled)), catalogue)
    assert found.record.edition == "r2"
    assert found.record.rows[0]["post"].value == "保安"


def test_an_installation_adds_editions_and_says_which_is_used(tmp_path: Path) -> None:
    own = Catalogue.load()
    assert Catalogue.with_editions(None) is own
    assert Catalogue.with_editions(tmp_path) is own
    folder = tmp_path / "attachment-2" / "r2"
    shutil.copytree(TEMPLATES / "attachment-2" / "r1", folder)
    text = (folder / "definition.toml").read_text(encoding="utf-8").replace('edition = "r1"', 'edition = "r2"')
    (folder / "definition.toml").write_text(text, encoding="utf-8")
    (tmp_path / CHOICES).write_text('withdrawn = []\n[use]\n"attachment-4" = "r1"\n', encoding="utf-8")
    catalogue = Catalogue.with_editions(tmp_path)
    assert [item.edition for item in catalogue.definitions] == ["r1"] * 5
    assert catalogue.find("附件2", "r2").folder == folder
    assert [item.edition for item in catalogue.editions if item.number == 2] == ["r1", "r2"]
    (tmp_path / CHOICES).write_text('[use]\n"attachment-2" = "r2"\n', encoding="utf-8")
    used = Catalogue.with_editions(tmp_path)
    assert used.find("附件2").edition == "r2"
    assert used.find("附件2", "r1").edition == "r1"


def test_a_damaged_edition_costs_only_those_who_use_it(tmp_path: Path) -> None:
    folder = tmp_path / "attachment-2" / "r2"
    folder.mkdir(parents=True)
    (folder / "definition.toml").write_text("[[[", encoding="utf-8")
    (tmp_path / CHOICES).write_text('[use]\n"attachment-4" = "r1"\n', encoding="utf-8")
    catalogue = Catalogue.with_editions(tmp_path)
    assert catalogue.damaged == ("attachment-2/r2",)
    assert [item.edition for item in catalogue.definitions] == ["r1"] * 5
    with pytest.raises(UnknownFormError):
        catalogue.find("附件2", "r2")
    (tmp_path / CHOICES).write_text('[use]\n"attachment-2" = "r2"\n', encoding="utf-8")
    with pytest.raises(DefinitionError):
        Catalogue.with_editions(tmp_path)
