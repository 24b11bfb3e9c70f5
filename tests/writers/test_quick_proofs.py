"""The quick proofs must see what the full proof sees: files are spoilt on purpose."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from forms.catalogue import Catalogue
from forms.record import Entry, Record
from tests.writers.filling_data import record_of, with_values
from writers.completing import complete
from writers.docx import BODY, WordTemplate
from writers.errors import OutputCheckFailedError
from writers.filling import fill
from writers.proving import prove
from writers.sheetproving import LONG, LongProof
from writers.template import compile_template
from writers.values import Content, content_of
from writers.wordproving import CardProver
from writers.xlsx import ExcelTemplate

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def spoilt(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The file with one thing changed in one part."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(result, "w") as copy:
        for name in archive.namelist():
            content = archive.read(name)
            if name == part:
                assert old in content
                content = content.replace(old, new, 1)
            copy.writestr(name, content)
    return result.getvalue()


class Counted:
    """The full proof, counting how often it is asked."""

    def __init__(self, form: str) -> None:
        self.definition = Catalogue.load().find(form)
        self.asked: list[int] = []

    def __call__(self, record: Record, data: bytes) -> None:
        self.asked.append(len(record.rows))
        prove(self.definition, record, data, self.definition.file_format)


@pytest.fixture(scope="module")
def roster() -> tuple[ExcelTemplate, Content, bytes]:
    definition = Catalogue.load().find("attachment-5")
    template = compile_template(definition)
    assert isinstance(template, ExcelTemplate)
    record = complete(definition, record_of("attachment-5", LONG))[0]
    content = content_of(definition, record, template.tags, numeric=True)
    return template, content, template.render(content, None)[0]


def test_a_long_roster_is_proved_by_a_few_of_its_rows(roster: tuple[ExcelTemplate, Content, bytes]) -> None:
    template, content, data = roster
    full = Counted("attachment-5")
    LongProof(template, content).prove(data, None, full)
    assert len(full.asked) == 1
    assert full.asked[0] < LONG / 4


def _name(content: Content, row: int) -> bytes:
    return str(content.record.rows[row]["name"].value).encode()


SPOILS: list[Callable[[Content, bytes], bytes]] = [
    lambda content, data: spoilt(data, STRINGS, _name(content, 200) + b"<", "别人<".encode()),
    lambda _, data: spoilt(data, SHEET, b'<c r="W207" ', b'<c r="X207" '),
    lambda _, data: spoilt(data, SHEET, b'<c r="A207" s="', b'<c r="A207" t="s" s="'),
    lambda _, data: spoilt(data, SHEET, b'<mergeCell ref="A2:', b'<mergeCell ref="A3:'),
    lambda _, data: (
        spoilt(data, STRINGS, "单位主要负责人".encode(), "单位次要负责人".encode())
        if "单位主要负责人".encode() in zipfile.ZipFile(io.BytesIO(data)).read(STRINGS)
        else spoilt(data, SHEET, "单位主要负责人".encode(), "单位次要负责人".encode())
    ),
]


@pytest.mark.parametrize("number", range(len(SPOILS)))
def test_a_spoilt_roster_is_stopped(roster: tuple[ExcelTemplate, Content, bytes], number: int) -> None:
    template, content, data = roster
    with pytest.raises(OutputCheckFailedError):
        LongProof(template, content).prove(SPOILS[number](content, data), None, Counted("attachment-5"))


def test_a_row_left_out_is_stopped(roster: tuple[ExcelTemplate, Content, bytes]) -> None:
    template, content, data = roster
    xml = zipfile.ZipFile(io.BytesIO(data)).read(SHEET)
    start = xml.index(b'<row r="207"')
    row = xml[start : xml.index(b"</row>", start) + len(b"</row>")]
    with pytest.raises(OutputCheckFailedError):
        LongProof(template, content).prove(spoilt(data, SHEET, row, b""), None, Counted("attachment-5"))


def test_rows_out_of_the_ordinary_are_proved_in_full(roster: tuple[ExcelTemplate, Content, bytes]) -> None:
    template, content, _ = roster
    odd = with_values(content.record, 150, department="备注")
    odd = with_values(odd, 160, education="研究生")
    changed = replace(content, record=odd)
    full = Counted("attachment-5")
    LongProof(template, changed).prove(template.render(changed, None)[0], None, full)
    usual = Counted("attachment-5")
    LongProof(template, content).prove(template.render(content, None)[0], None, usual)
    assert full.asked[0] == usual.asked[0] + 2


@pytest.fixture
def card() -> tuple[WordTemplate, CardProver, Callable[..., Content]]:
    definition = Catalogue.load().find("attachment-4")
    template = compile_template(definition)
    assert isinstance(template, WordTemplate)

    def content(**values: str) -> Content:
        record = with_values(record_of("attachment-4"), 0, **{"school_major": "示例学院", **values})
        return content_of(definition, complete(definition, record)[0], template.tags, numeric=False)

    return template, CardProver(template), content


def test_the_second_card_of_a_pattern_is_proved_by_the_first(
    card: tuple[WordTemplate, CardProver, Callable[..., Content]],
) -> None:
    template, prover, content = card
    full = Counted("attachment-4")
    for name in ("张明远", "李晓云", "王立群"):
        made = content(name=name)
        prover.prove(made, template.render(made, None)[0], None, full)
    assert full.asked == [1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("李晓云", "李小云"),
        ("李晓云", "李晓云 "),
        ("借出单位意见", "借入单位意见"),
        ("☑", "□"),
        ("</w:body>", "<w:p/></w:body>"),
    ],
)
def test_a_spoilt_card_is_stopped(
    card: tuple[WordTemplate, CardProver, Callable[..., Content]], old: str, new: str
) -> None:
    template, prover, content = card
    full = Counted("attachment-4")
    first, second = content(name="张明远"), content(name="李晓云")
    prover.prove(first, template.render(first, None)[0], None, full)
    data = spoilt(template.render(second, None)[0], BODY, old.encode(), new.encode())
    with pytest.raises(OutputCheckFailedError):
        prover.prove(second, data, None, full)


@pytest.mark.parametrize(
    "values", [{"post": "综合管理", "note": "第一行\n第二行"}, {"serial": "编号 借用期限"}, {"education": "研究生"}]
)
def test_a_card_out_of_the_ordinary_is_proved_in_full(
    card: tuple[WordTemplate, CardProver, Callable[..., Content]], values: dict[str, str]
) -> None:
    template, prover, content = card
    asked: list[int] = []

    def full(record: Record, _: bytes) -> None:
        asked.append(len(record.rows))

    for _ in range(2):
        made = content(**values)
        prover.prove(made, template.render(made, None)[0], None, full)
    assert asked == [1, 1]


def test_an_empty_person_does_not_shift_the_others(catalogue: Catalogue) -> None:
    definition = catalogue.find("attachment-5")
    record = record_of("attachment-5", 3)
    rows = (record.rows[0], {"no": Entry(2, "2")}, record.rows[2])

    assert fill(definition, replace(record, rows=rows)).content
