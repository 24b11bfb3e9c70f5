from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from forms.catalogue import Catalogue
from forms.errors import UnusableDataError
from forms.loading import load_definition
from service.cli.main import _run
from service.operations.packs.asked import Asked, Options, PackIncompleteError
from service.operations.packs.making import PackMaker
from service.operations.packs.offices import Office, make_cards, plain_marks
from service.operations.packs.parts import PassingParts
from service.operations.packs.plain import contents_of_data
from service.operations.packs.prints import cards_sheet
from service.settings import Settings
from tests.service.making import data_of
from tests.writers.adopting.blanks import card
from writers.adopting.defining import Wishes
from writers.adopting.drafting import draft_of

PLAIN = Options(pdf=False)


def make(data: Any, options: Options = PLAIN) -> bytes:
    contents = contents_of_data(data, "data.json", Catalogue.load(), Settings(), Asked(options=options))
    target = io.BytesIO()
    PackMaker(contents, Office(PassingParts(), plain_marks), lambda *_: None).make(target)
    return target.getvalue()


def names(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()


@pytest.mark.parametrize("shape", ["one", "list", "forms"])
def test_a_form_a_list_of_forms_and_an_object_of_forms(shape: str) -> None:
    one = data_of("attachment-2")
    data = {"one": one, "list": [one], "forms": {"forms": [one]}}[shape]
    assert "12_附件2_编外用工清退汇总表.xlsx" in names(make(data))


def test_the_same_data_gives_the_same_bytes() -> None:
    data = {"forms": [data_of("attachment-2"), data_of("attachment-3")], "unit": "区试验局"}
    options = Options(pdf=False, with_errors=True)
    assert make(data, options) == make(data, options)


def test_rosters_of_several_units_become_one() -> None:
    one = data_of("attachment-2")
    other = json.loads(json.dumps(one))
    other["header"]["unit"] = "海州区第二试验局"
    for number, row in enumerate(other["records"]):
        row |= {"unit": "海州区第二试验局", "name": f"王{'甲乙丙丁戊己庚辛'[number % 8]}"}
    content = make([one, other], Options(pdf=False, with_errors=True))
    assert sum("附件2" in name for name in names(content)) == 1
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        listed = json.loads(archive.read("manifest.json"))
    form = next(item for item in listed["files"] if item["kind"] == "form")
    assert len(form["sources"]) == 2


def test_open_errors_stop_it_and_stand_on_the_cover_when_it_is_made_all_the_same() -> None:
    data = data_of("attachment-2")
    data["records"][0]["id_number"] = "320799199001011231"
    with pytest.raises(PackIncompleteError):
        make(data)
    content = make(data, Options(pdf=False, with_errors=True))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        with zipfile.ZipFile(io.BytesIO(archive.read("00_封面.docx"))) as cover:
            assert "本报送包不完整" in cover.read("word/document.xml").decode()
        assert json.loads(archive.read("manifest.json"))["open_errors"] > 0


def test_something_beside_the_forms_is_refused() -> None:
    with pytest.raises(UnusableDataError):
        make({"forms": [data_of("attachment-2")], "secret": 1})


def test_the_command_ends_with_its_code_and_leaves_no_half_file(tmp_path: Path, capsys: Any) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(data_of("attachment-2")), encoding="utf-8")
    spoiled = data_of("attachment-2")
    spoiled["records"][0]["id_number"] = "320799199001011231"
    bad.write_text(json.dumps(spoiled), encoding="utf-8")
    out = tmp_path / "包.zip"
    assert _run(["pack", "--data", str(bad), "--no-pdf", "--out", str(out)]) == 1
    assert "错误未改" in capsys.readouterr().err
    assert list(tmp_path.glob("包*")) == []
    assert _run(["pack", "--data", str(good), "--no-pdf", "--out", str(out)]) == 0
    assert capsys.readouterr().out.strip() == str(out)
    assert _run(["pack", "--data", str(good), "--all", "--out", str(out)]) == 2
    assert _run(["pack", "--data", str(good), "--recipient", "谁", "--out", str(out)]) == 2


def test_approval_forms_of_an_edition_in_excel_are_each_a_file(tmp_path: Path) -> None:
    base = Catalogue.load().find("attachment-4")
    folder = tmp_path / "attachment-4" / "r2"
    folder.mkdir(parents=True)
    draft = draft_of(card(1, "xlsx").content, "xlsx", base, "r2", Wishes({}, {}))
    (folder / "附件4.xlsx").write_bytes(draft.content)
    (folder / "definition.toml").write_text(draft.toml, encoding="utf-8")
    catalogue = Catalogue(
        (load_definition(folder), *(one for one in Catalogue.load().definitions if one.form != base.form))
    )
    data = data_of("attachment-4")
    asked = Asked(options=Options(pdf=False, with_errors=True))
    contents = contents_of_data(data, "data.json", catalogue, Settings(), asked)
    target = io.BytesIO()
    PackMaker(contents, Office(PassingParts(), plain_marks), lambda *_: None).make(target)
    files = [name for name in names(target.getvalue()) if name.startswith("14_附件4_") and name.endswith(".xlsx")]
    assert len(files) == len(data["records"])
    cards = [make_cards(Office(PassingParts(), plain_marks), [one]) for one in contents.cards[:1]]
    sheets = [cards_sheet(one) for one in cards]
    assert [(sheet.format, sheet.documents) for sheet in sheets] == [("xlsx", 1)]
