"""A blank in, an edition out: every field where it belongs, and what is filled reads back."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import docx
import pytest
from lxml import etree

from forms.definition import FormDefinition
from forms.errors import DefinitionError
from forms.loading import load_definition
from parsers.document import Cell
from parsers.readers import docx as docx_reader
from parsers.readers import xlsx as xlsx_reader
from tests.parsers.building import add_table, word
from tests.writers.adopting.blanks import CATALOGUE, Blank, card, roster, stripped
from writers.adopting.defining import Wishes
from writers.adopting.drafting import Draft, draft_of, template_name
from writers.adopting.trying import Trial, try_edition
from writers.errors import BlankUnknownError

NONE = Wishes({}, {})
FORMS = ("attachment-1", "attachment-2", "attachment-3", "attachment-4", "attachment-5")


def written(draft: Draft, base: FormDefinition, folder: Path) -> FormDefinition:
    """The edition of a draft, in a folder of its own."""
    place = folder / base.form / "r2"
    place.mkdir(parents=True)
    (place / template_name(base, draft.format)).write_bytes(draft.content)
    (place / "definition.toml").write_text(draft.toml, encoding="utf-8")
    return load_definition(place)


def tried(draft: Draft, base: FormDefinition, folder: Path) -> Trial:
    return try_edition(written(draft, base, folder), (base,), on_paper=False)


def cells_of(draft: Draft) -> tuple[Cell, ...]:
    """The cells of the largest table of a draft."""
    read = docx_reader.read_bytes if draft.format == "docx" else xlsx_reader.read_bytes
    grids = [grid for page in read(draft.content).pages for grid in page.grids]
    return max((grid.cells for grid in grids), key=len)


def misplaced(draft: Draft, blank: Blank, *, is_card: bool) -> list[str]:
    """Keys whose tag does not stand in the cell (or, on a roster, the column) where it belongs."""
    cells = cells_of(draft)
    wrong = []
    for key, place in blank.wanted.items():
        tags = (f".{key} ", f"tick.{key}[", f"{{ {key}.")
        found = [(cell.row, cell.column) for cell in cells if any(tag in cell.text for tag in tags)]
        if not (place in found if is_card else any(column == place[1] for _, column in found)):
            wrong.append(key)
    return wrong


@pytest.mark.parametrize("form", FORMS)
def test_our_own_form_without_its_tags_gets_them_again(form: str, tmp_path: Path) -> None:
    base = CATALOGUE.find(form)
    draft = draft_of(stripped(base), base.file_format, base, "r2", NONE)
    assert draft.missing == ()
    assert draft.unknown == ()
    definition = written(draft, base, tmp_path)
    same = {"edition", "folder", "combined", "options", "template"}
    for item in dataclasses.fields(definition):
        if item.name not in same:
            assert getattr(definition, item.name) == getattr(base, item.name), item.name
    assert try_edition(definition, (base,), on_paper=False).faults == ()


@pytest.mark.parametrize("seed", range(1, 5))
def test_a_card_in_other_words_and_order(seed: int, tmp_path: Path) -> None:
    blank, base = card(seed), CATALOGUE.find("附件4")
    draft = draft_of(blank.content, "docx", base, "r2", NONE)
    assert misplaced(draft, blank, is_card=True) == []
    assert tried(draft, base, tmp_path).faults == ()


@pytest.mark.parametrize(("number", "file_format"), [(1, "docx"), (2, "xlsx"), (2, "docx"), (3, "xlsx"), (5, "xlsx")])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_roster_in_other_words_and_order(seed: int, number: int, file_format: str, tmp_path: Path) -> None:
    blank, base = roster(seed, number, file_format), CATALOGUE.find(f"附件{number}")
    draft = draft_of(blank.content, file_format, base, "r2", NONE)
    assert misplaced(draft, blank, is_card=False) == []
    assert [one.label for one in draft.unknown] == ["户籍所在地"]
    assert tried(draft, base, tmp_path).faults == ()


def blank_card(*lines: tuple[str, ...], title: str = "借用人员审批表") -> bytes:
    def make(document: object) -> None:
        document.add_paragraph(title)  # type: ignore[attr-defined]  # as python-docx has it
        add_table(document, lines)  # type: ignore[arg-type]  # as above

    return word(make)


CARD = (("姓名", "", "性别", ""), ("民族", "", "政治面貌", ""), ("借出单位", "", "借入单位", ""))


def test_what_the_blank_does_not_have_is_said_and_left_out() -> None:
    base = CATALOGUE.find("附件4")
    draft = draft_of(blank_card(*CARD), "docx", base, "r2", NONE)
    said = {place.key for place in draft.places if place.scope != "box"} | {one.key for one in draft.missing}
    assert said == {item.key for item in base.fields} | {box.key for box in base.boxes}
    assert 'key = "phone"' not in draft.toml
    assert any(one.key == "start_date" and one.required for one in draft.missing)


def test_a_label_that_may_mean_two_fields_is_doubted_until_a_person_decides() -> None:
    base, lines = CATALOGUE.find("附件4"), (*CARD, ("职务", "", "籍贯", ""))
    draft = draft_of(blank_card(*lines), "docx", base, "r2", NONE)
    (place,) = [one for one in draft.places if one.label == "职务"]
    assert not place.sure
    assert place.doubts
    assert [one.label for one in draft.unknown] == ["籍贯"]
    wishes = Wishes({"职务": "borrowed_post"}, {"籍贯": ""})
    decided = draft_of(blank_card(*lines), "docx", base, "r2", wishes)
    (place,) = [one for one in decided.places if one.label == "职务"]
    assert (place.key, place.sure, place.doubts) == ("borrowed_post", True, ())
    assert decided.unknown == ()
    assert any(one.key == "extra_1" and one.label == "籍贯" for one in decided.places)


def test_an_extra_field_is_filled_and_read(tmp_path: Path) -> None:
    base = CATALOGUE.find("附件2")
    blank = roster(1, 2, "xlsx")
    draft = draft_of(blank.content, "xlsx", base, "r2", Wishes({}, {"户籍所在地": "text"}))
    trial = tried(draft, base, tmp_path)
    assert trial.faults == ()
    assert trial.filled is not None
    assert trial.filled.record is not None
    assert all("extra_1" in row for row in trial.filled.record.rows)


@pytest.mark.parametrize("wishes", [Wishes({"职务": "nothing"}, {}), Wishes({}, {"籍贯": "no-such-type"})])
def test_a_wish_that_fits_nothing_is_refused(wishes: Wishes) -> None:
    with pytest.raises(DefinitionError):
        draft_of(blank_card(*CARD), "docx", CATALOGUE.find("附件4"), "r2", wishes)


def test_printed_words_are_never_written_over() -> None:
    draft = draft_of(blank_card(*CARD, ("联系电话", "见通讯录")), "docx", CATALOGUE.find("附件4"), "r2", NONE)
    assert any("见通讯录" in remark for remark in draft.remarks)
    assert any(cell.text == "见通讯录" for cell in cells_of(draft))


def test_another_paper_is_no_form_of_ours() -> None:
    with pytest.raises(BlankUnknownError):
        draft_of(blank_card(("订单号", "", "收货人", ""), title="收货单"), "docx", CATALOGUE.find("附件4"), "r2", NONE)


def test_tags_that_the_blank_brings_along_are_refused(tmp_path: Path) -> None:
    base = CATALOGUE.find("附件4")
    draft = draft_of(blank_card(*CARD, ("备注", "{{ record.__class__ }}")), "docx", base, "r2", NONE)
    assert tried(draft, base, tmp_path).faults


def test_an_edition_whose_labels_name_the_wrong_fields_fails_its_trial(tmp_path: Path) -> None:
    base = CATALOGUE.find("附件4")
    draft = draft_of(stripped(base), "docx", base, "r2", NONE)
    one, other = 'label = "借出单位"', 'label = "借入单位"'
    swapped = draft.toml.replace(one, "label = X").replace(other, one).replace("label = X", other)
    assert tried(dataclasses.replace(draft, toml=swapped), base, tmp_path).faults


def test_a_draft_crosses_a_border_as_plain_data() -> None:
    base = CATALOGUE.find("附件2")
    draft = draft_of(stripped(base), "xlsx", base, "r2", NONE)
    assert Draft.from_plain(draft.to_plain(), draft.content) == draft


CHECKBOX = (
    '<w:sdt xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:sdtPr><w14:checkbox>'
    '<w14:checked w14:val="0"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>'
)


def test_boxes_to_tick_that_are_content_controls_become_tags(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("借用人员审批表")
    add_table(document, (*CARD, ("事由类别", "", "备注", "")))
    paragraph = document.tables[0].cell(3, 1).paragraphs[0]
    for word_ in ("区委区政府临时性重要任务  ", "重点工作  ", "阶段性季节性工作"):
        paragraph._p.append(etree.fromstring(CHECKBOX))
        paragraph.add_run(word_)
    target = io.BytesIO()
    document.save(target)
    base = CATALOGUE.find("附件4")
    draft = draft_of(target.getvalue(), "docx", base, "r2", NONE)
    (place,) = [one for one in draft.places if one.key == "reason_category"]
    assert (place.how, len(place.tags), place.doubts) == ("options", 3, ())
    assert tried(draft, base, tmp_path).faults == ()
