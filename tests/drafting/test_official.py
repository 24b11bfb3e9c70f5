"""The official files: drawn anew they are the committed ones, and they print as an office expects."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import pairwise

import openpyxl
import pytest
from lxml import etree
from openpyxl.worksheet.worksheet import Worksheet

from drafting import __main__ as command
from drafting.official import FORMS, draw_form, folder_of
from drafting.paper import LABEL_FONT, NOTE_FONT, SEAL_MM, TEXT_FONT, TITLE_FONT, points
from drafting.staff_roster import Layout
from forms.definition import FormDefinition
from forms.loading import load_definition

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WORD = ("attachment-1", "attachment-4")
EXCEL = ("attachment-2", "attachment-3", "attachment-5")
TAG = re.compile(r"\{\{ (\w+(?:\.\w+|\['\w+'\])+) \}\}")


def defined(form: str) -> FormDefinition:
    return load_definition(folder_of(form))


def parts_of(form: str) -> dict[str, bytes]:
    with zipfile.ZipFile(defined(form).template_path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def body_of(form: str) -> etree._Element:
    return etree.fromstring(parts_of(form)["word/document.xml"])


def sheet_of(form: str) -> Worksheet:
    return openpyxl.load_workbook(defined(form).template_path).worksheets[0]


def number_of(node: etree._Element, attribute: str) -> int:
    return int(node.get(f"{W}{attribute}", "-1"))


def texts_of(form: str) -> list[str]:
    if form in WORD:
        return [node.text or "" for node in body_of(form).iter(f"{W}t")]
    return [cell.value for row in sheet_of(form).iter_rows() for cell in row if isinstance(cell.value, str)]


def expected_tags(definition: FormDefinition) -> set[str]:
    root = "row" if definition.layout == "roster" else "record"
    tags = {f"header.{field.key}" for field in definition.header} | {f"header.{item.key}" for item in definition.totals}
    tags |= {f"{root}.{field.key}" for field in definition.fields if field.key != "reason_category"}
    if definition.field("reason_category"):
        tags |= {f"tick.reason_category['{code}']" for code in "123"}
    written = {"opinion", "signature", "date"}
    return tags | {f"box.{box.key}.{part}" for box in definition.boxes for part in box.parts if part in written}


@pytest.mark.parametrize("form", FORMS)
def test_drawing_gives_the_committed_bytes_every_time(form: str) -> None:
    definition = defined(form)
    drawn = draw_form(definition)
    assert drawn == draw_form(definition)
    assert drawn == definition.template_path.read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_every_field_and_box_has_a_place_and_there_is_no_other_tag(form: str) -> None:
    tags = [tag for text in texts_of(form) for tag in TAG.findall(text)]
    assert set(tags) == expected_tags(defined(form))
    assert len(tags) == len(set(tags))


@pytest.mark.parametrize("form", FORMS)
def test_mark_title_labels_and_notes_are_printed(form: str) -> None:
    definition = defined(form)
    printed = re.sub(r"\s", "", "".join(texts_of(form)))
    for text in (
        f"附件{definition.number}",
        definition.title,
        *definition.notes,
        *(box.label for box in definition.boxes),
    ):
        assert text in printed, text
    covered = {key for item in definition.combined if item.printed for key in item.keys}
    for field in (*definition.header, *definition.fields):
        assert field.key in covered or field.label in printed, field.key


@pytest.mark.parametrize("form", FORMS)
def test_the_file_names_nobody_and_carries_nothing_foreign(form: str) -> None:
    parts = parts_of(form)
    assert b"<dc:creator></dc:creator>" in parts["docProps/core.xml"]
    assert not re.search(rb"created|modified|lastModifiedBy", parts["docProps/core.xml"])
    for name, content in parts.items():
        assert not re.search(r"vba|embeddings|externalLinks|activeX|thumbnail|customXml", name), name
        assert b'TargetMode="External"' not in content, name


@pytest.mark.parametrize("form", FORMS)
def test_fonts_are_named_as_the_offices_have_them(form: str) -> None:
    xml = b"".join(parts_of(form).values()).decode("utf-8", "ignore")
    for font in (TITLE_FONT, TEXT_FONT, LABEL_FONT, NOTE_FONT):
        assert font in xml, font
    if form in WORD:
        for fonts in body_of(form).iter(f"{W}rFonts"):
            assert fonts.get(f"{W}eastAsia"), etree.tostring(fonts)


@pytest.mark.parametrize(("form", "width", "height"), [("attachment-1", 16838, 11906), ("attachment-4", 11906, 16838)])
def test_word_pages_are_a4(form: str, width: int, height: int) -> None:
    (size,) = body_of(form).iter(f"{W}pgSz")
    assert (number_of(size, "w"), number_of(size, "h")) == (width, height)
    (margins,) = body_of(form).iter(f"{W}pgMar")
    room = width - number_of(margins, "left") - number_of(margins, "right")
    for grid in body_of(form).iter(f"{W}tblGrid"):
        assert sum(number_of(column, "w") for column in grid) <= room + 1


def test_the_word_roster_repeats_its_head_and_breaks_no_row() -> None:
    rows = list(body_of("attachment-1").iter(f"{W}tr"))
    heads = [row for row in rows if row.find(f"{W}trPr/{W}tblHeader") is not None]
    assert ["".join(node.itertext()) for node in heads[0].iter(f"{W}tc")][:3] == ["序号", "姓名", "性别"]
    assert len(heads) == 1
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    assert "word/footer1.xml" in parts_of("attachment-1")


@pytest.mark.parametrize("form", WORD)
def test_every_word_cell_ends_with_a_paragraph_and_spans_fill_the_grid(form: str) -> None:
    for table in body_of(form).iter(f"{W}tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        for row in table.findall(f"{W}tr"):
            cells = row.findall(f"{W}tc")
            assert all(cell[-1].tag == f"{W}p" for cell in cells)
            spans = (cell.find(f"{W}tcPr/{W}gridSpan") for cell in cells)
            assert sum(1 if span is None else number_of(span, "val") for span in spans) == columns


def test_no_two_word_tables_touch() -> None:
    for form in WORD:
        body = body_of(form)[0]
        tables = [index for index, node in enumerate(body) if node.tag == f"{W}tbl"]
        assert all(later - earlier > 1 for earlier, later in pairwise(tables))


@pytest.mark.parametrize("form", EXCEL)
def test_worksheets_print_on_lying_a4_one_page_wide_with_their_head_on_each_page(form: str) -> None:
    sheet, definition = sheet_of(form), defined(form)
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize or 0)) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    head, prototype = row_of(sheet, "序号"), row_of(sheet, "{{ row.no }}")
    assert sheet.print_title_rows == f"${head}:${prototype - 1}"
    assert sheet.print_area.endswith(f"${sheet.max_row}")
    assert sheet.freeze_panes is not None
    assert sheet.freeze_panes.endswith(str(prototype))
    assert sheet.oddFooter is not None
    assert sheet.evenFooter is not None
    assert "&P" in (sheet.oddFooter.right.text or "")
    assert "&P" in (sheet.evenFooter.left.text or "")
    assert len([cell for cell in sheet[prototype] if cell.value]) == len(definition.fields)


@pytest.mark.parametrize("form", EXCEL)
def test_columns_that_a_spreadsheet_would_spoil_are_text(form: str) -> None:
    sheet = sheet_of(form)
    prototype = row_of(sheet, "{{ row.no }}")
    for field, cell in zip(defined(form).fields, sheet[prototype], strict=True):
        assert (cell.number_format == "@") == (field.type.name in {"id_number", "phone", "day", "month"}), field.key


@pytest.mark.parametrize("form", EXCEL)
def test_identity_numbers_fit_on_one_line_as_printed(form: str) -> None:
    sheet, definition = sheet_of(form), defined(form)
    index = next(number for number, field in enumerate(definition.fields) if field.key == "id_number")
    cell = sheet[row_of(sheet, "{{ row.no }}")][index]
    width = definition.fields[index].width_mm
    assert width is not None
    assert 18 * cell.font.size / 2 < points(width)
    assert cell.font.size * Layout(definition.fields).scale > 7.0


def test_identity_numbers_fit_on_one_line_of_the_word_roster() -> None:
    field = defined("attachment-1").field("id_number")
    (tagged,) = (node for node in body_of("attachment-1").iter(f"{W}t") if node.text == "{{ row.id_number }}")
    run = tagged.getparent()
    assert run is not None
    assert field is not None
    (size,) = run.iter(f"{W}sz")
    digits_and_x = (17 * 0.5 + 0.75) * number_of(size, "val") / 2
    assert digits_and_x < points((field.width_mm or 0) - 1)


@pytest.mark.parametrize("form", EXCEL)
def test_a_seal_has_room_in_each_box(form: str) -> None:
    sheet, layout = sheet_of(form), Layout(defined(form).fields)
    seals = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("（盖章）")]
    assert len(seals) == sum("seal" in box.parts for box in defined(form).boxes)
    for seal in seals:
        merged = next(item for item in sheet.merged_cells.ranges if seal.coordinate in item)
        width = (layout.edges[merged.max_col] - layout.edges[merged.min_col - 1]) * layout.scale
        height = (sheet.row_dimensions[merged.min_row].height or 0) * layout.scale
        assert height >= points(SEAL_MM)
        assert width >= SEAL_MM - 1.0


def row_of(sheet: Worksheet, text: str) -> int:
    return next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == text)


def test_the_command_refuses_a_form_it_cannot_draw(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["attachment-9"]) == 2
    assert "attachment-9" in capsys.readouterr().err


def test_a_workbook_that_a_library_wrote_is_readable_after_packing() -> None:
    for form in EXCEL:
        content = draw_form(defined(form))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            assert archive.namelist()[0] == "[Content_Types].xml"
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
