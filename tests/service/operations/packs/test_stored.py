from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pikepdf
import pypdfium2
import pytest
from sqlalchemy import delete, select

from parsers.tools import sandbox
from parsers.tools.office_profile import make_profile
from service.operations.packs.asked import Asked, Options, PackIncompleteError, Recipient
from service.operations.packs.contents import PackScan
from service.operations.packs.parts import PassingParts
from service.operations.packs.scans import draw_scans
from service.operations.packs.stored import contents_now, pack_of_store
from service.runtime import Runtime, open_runtime
from service.settings import Settings
from service.store.pack_tables import pack_parts
from service.store.tables import documents
from tests.parsers import hostile
from tests.parsers.readers.test_ofd import page_part, parts_of, text
from tests.service.operations.packs.district import IDS, UNITS, make_district

FORCED = Options(with_errors=True, pdf=False)
TOWN = Asked(unit_id=IDS["town"], options=FORCED)


@dataclass(frozen=True)
class Made:
    content: bytes
    told: list[tuple[int, int, str]]
    problems: list[str]

    @property
    def names(self) -> list[str]:
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            return archive.namelist()

    def read(self, name: str) -> bytes:
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            return archive.read(name)

    @property
    def manifest(self) -> Any:
        return json.loads(self.read("manifest.json"))


def make(runtime: Runtime, asked: Asked) -> Made:
    target = io.BytesIO()
    told: list[tuple[int, int, str]] = []
    made = pack_of_store(runtime, asked, target, lambda *now: told.append(now))
    return Made(target.getvalue(), told, [item.what for item in made.problems])


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    runtime = open_runtime(Settings(data_dir=tmp_path_factory.mktemp("packs") / "data", reserve_mib=1, readers=1))
    make_district(runtime)
    yield runtime
    runtime.close()


@pytest.fixture(scope="module")
def town(district: Runtime) -> Made:
    return make(district, TOWN)


def test_everything_is_in_it_in_order(town: Made) -> None:
    assert town.problems == []
    heads = list(dict.fromkeys(name.split("/")[0] for name in town.names))
    assert heads == [
        "00_封面.docx",
        "01_目录.docx",
        "02_报送函.docx",
        "11_附件1_借用人员备案表.docx",
        "11_附件1_盖章原件",
        "12_附件2_编外用工清退汇总表.xlsx",
        "12_附件2_盖章原件",
        "13_附件3_编外用工保留人员汇总表.xlsx",
        "13_附件3_盖章原件",
        "14_附件4_借用人员审批表",
        "14_附件4_盖章原件",
        "15_附件5_编外用工备案花名册.xlsx",
        "15_附件5_盖章原件",
        "20_总结报告.docx",
        "21_核查报告.docx",
        "22_汇总小计表.xlsx",
        "manifest.json",
    ]
    done = [item[0] for item in town.told]
    assert done == sorted(done)
    assert town.told[-1][0] == town.told[-1][1]


def test_every_file_is_listed_with_its_hash(town: Made) -> None:
    listed = {item["path"]: item for item in town.manifest["files"]}
    assert [*listed, "manifest.json"] == town.names
    for path, item in listed.items():
        content = town.read(path)
        assert (item["sha256"], item["size"]) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (town.manifest["made_with_errors"], town.manifest["complete"]) == (False, True)


def test_rows_of_the_unit_and_of_those_under_it_are_in_one_form(town: Made, district: Runtime) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(town.read("12_附件2_编外用工清退汇总表.xlsx"))).worksheets[0]
    words = "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    assert UNITS["town"][0] in words
    assert UNITS["station"][0] in words
    people = [row["name"].value for row in contents_now(district, TOWN).forms[1].record.rows]
    assert len(people) == 5
    assert all(str(name) in words for name in people)


def test_scans_stand_behind_their_form_and_come_from_the_originals(town: Made, district: Runtime) -> None:
    scans = [item for item in town.manifest["files"] if item["kind"] == "scan"]
    assert len(scans) == 10
    with district.database.reading() as connection:
        known = {row.id: row.sha256 for row in connection.execute(select(documents.c.id, documents.c.sha256))}
    for item in scans:
        source = item["sources"][0]
        assert known[source["document"]] == source["sha256"]
        with pikepdf.open(io.BytesIO(town.read(item["path"]))) as drawn:
            assert len(drawn.pages) == 1
            assert "/AcroForm" not in drawn.Root
            assert "/Names" not in drawn.Root


def test_the_same_store_gives_the_same_bytes_whether_or_not_parts_are_there(town: Made, district: Runtime) -> None:
    assert make(district, TOWN).content == town.content
    with district.database.transaction() as connection:
        connection.execute(delete(pack_parts))
    assert make(district, TOWN).content == town.content


def test_a_part_whose_file_is_lost_is_made_anew(town: Made, district: Runtime) -> None:
    with district.database.reading() as connection:
        for sha256 in connection.scalars(select(pack_parts.c.sha256)).all():
            district.blobs.path(sha256).unlink()
    assert make(district, TOWN).content == town.content


def test_the_finance_office_gets_the_register_alone(district: Runtime) -> None:
    made = make(district, replace(TOWN, recipient=Recipient.FINANCE))
    forms = {item["form"] for item in made.manifest["files"] if "form" in item}
    assert forms == {"attachment-5"}
    assert not any("总结" in name for name in made.names)
    lent = contents_now(district, TOWN).forms[0].record.rows[0]["name"].value
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        told = b"".join(archive.read(name) for name in archive.namelist() if name.endswith((".docx", ".json")))
    assert str(lent).encode() not in told


def test_what_is_missing_or_wrong_stops_it_and_is_listed(district: Runtime) -> None:
    with pytest.raises(PackIncompleteError) as caught:
        make(district, Asked(options=Options(pdf=False)))
    kinds = {(item["kind"], item.get("unit"), item.get("form")) for item in caught.value.lacks}
    assert ("missing", UNITS["other"][0], "attachment-2") in kinds
    assert ("missing", UNITS["town"][0], "attachment-2") not in kinds


def test_one_bad_document_does_not_stop_the_rest(district: Runtime, tmp_path: Any) -> None:
    with district.database.reading() as connection:
        found = connection.execute(select(documents.c.id, documents.c.sha256, documents.c.name)).all()
    victim = next(row for row in found if row.name == "attachment-3-town.png")
    with district.database.transaction() as connection:
        connection.execute(delete(pack_parts))
    kept = district.blobs.path(victim.sha256).read_bytes()
    district.blobs.path(victim.sha256).write_bytes(b"damaged")
    try:
        made = make(district, TOWN)
    finally:
        district.blobs.path(victim.sha256).write_bytes(kept)
    assert made.problems == ["试验镇人民政府的原件“attachment-3-town.png”"]
    assert made.manifest["problems"][0]["document"] == victim.id
    assert sum(item["kind"] == "scan" for item in made.manifest["files"]) == 9
    with zipfile.ZipFile(io.BytesIO(made.read("00_封面.docx"))) as cover:
        assert "attachment-3-town.png" in cover.read("word/document.xml").decode()
    with zipfile.ZipFile(io.BytesIO(made.read("21_核查报告.docx"))) as report:
        assert "attachment-3-town.png" in report.read("word/document.xml").decode()


def test_prefilled_packs_go_out_with_what_is_known(district: Runtime) -> None:
    asked = Asked(kind="prefilled", options=Options())
    made = make(district, asked)
    folders = sorted({name.split("/")[0] for name in made.names if "/" in name})
    assert folders == [f"{number:03d}_{name}" for number, (name, _, _) in enumerate(UNITS.values(), start=1)]
    own = [name for name in made.names if "002_" in name]
    assert sum("附件4" in name for name in own) >= 1
    assert any(name.endswith("填表说明.docx") for name in own)
    roster = next(name for name in own if "附件3" in name)
    sheet = openpyxl.load_workbook(io.BytesIO(made.read(roster))).worksheets[0]
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    known = [row["name"].value for row in contents_now(district, TOWN).forms[2].record.rows[:2]]
    assert all(str(name) in cells for name in known)
    assert {"1", "2", "3", "4", "5"} <= set(cells)
    assert made.problems == []
    assert make(district, asked).content == made.content


def test_a_missing_form_is_told_once_in_words_with_its_clause(district: Runtime) -> None:
    made = make(district, Asked(options=FORCED))
    document = docx.Document(io.BytesIO(made.read("21_核查报告.docx")))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    whole = "\n".join(cells)
    assert "not-received" not in whole
    assert any(text.startswith("错误 缺报 附件2") and "方案三(二)3" in text for text in cells)
    told = {text for text in cells if UNITS["other"][0] in text and "附件2" in text}
    assert told == {f"{UNITS['other'][0]}未报附件2"}


def test_an_ofd_original_is_drawn_behind_its_form(district: Runtime, tmp_path: Path) -> None:
    path = hostile.zip_of(parts_of(page_part(text(20, 30, "海州区")), signed=True), tmp_path / "原件.ofd")
    with district.database.transaction():
        blob = district.blobs.put([path.read_bytes()], 1 << 20)
    scan = PackScan("attachment-2", "d1", blob.sha256, "原件.ofd", "试验镇人民政府")
    found = draw_scans(district, PassingParts(), [scan], tmp_path, lambda _: None)[0]
    assert isinstance(found, Path)
    with pypdfium2.PdfDocument(found) as made:
        assert len(made) == 1
        assert made[0].render(scale=1).to_numpy().min() < 128


@pytest.fixture(scope="module")
def office_originals() -> dict[str, bytes]:
    """A letter and a list as Word, Excel and WPS keep them, the old formats made by LibreOffice itself."""
    letter, book = docx.Document(), openpyxl.Workbook()
    letter.add_paragraph("同意报送 ALPHA")
    book.worksheets[0].append(["编外用工", "BETA"])
    with sandbox.workspace() as work:
        letter.save(str(work / "a.docx"))
        book.save(work / "b.xlsx")
        profile = f"-env:UserInstallation={make_profile(work / 'profile')}"
        for kind, source in (("doc:MS Word 97", "a.docx"), ("xls:MS Excel 97", "b.xlsx")):
            sandbox.run(["soffice", profile, "--headless", "--convert-to", kind, str(work / source)], work=work)
        found = {name: (work / name).read_bytes() for name in ("a.docx", "a.doc", "b.xlsx", "b.xls")}
    return {"件.docx": found["a.docx"], "件.doc": found["a.doc"], "件.wps": found["a.doc"]} | {
        "表.xlsx": found["b.xlsx"],
        "表.xls": found["b.xls"],
        "表.et": found["b.xls"],
    }


@pytest.mark.slow
@pytest.mark.timeout(200)
@pytest.mark.xdist_group("office")
def test_originals_of_word_excel_and_wps_are_drawn_and_a_bad_one_stops_nothing(
    district: Runtime, office_originals: dict[str, bytes], tmp_path: Path
) -> None:
    files = {**office_originals, "坏.wps": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)}
    scans = [
        PackScan("attachment-2", name, district.blobs.put([content], 1 << 22).sha256, name, "试验镇人民政府")
        for name, content in files.items()
    ]
    found = draw_scans(district, PassingParts(), scans, tmp_path, lambda _: None)
    for name, drawn in zip(files, found, strict=True):
        if name == "坏.wps":
            assert not isinstance(drawn, Path)
            continue
        assert isinstance(drawn, Path), (name, drawn)
        with pypdfium2.PdfDocument(drawn) as made:
            assert len(made) == 1, name
            assert made[0].render(scale=1).to_numpy().min() < 128, f"{name} has ink on it"
            assert not made[0].get_textpage().get_text_range().strip(), f"{name}: nothing but its picture gets in"
