from __future__ import annotations

import io
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document as WordDocument

from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from tests.writers.filling_data import record_of
from writers.errors import TemplateInvalidError, TemplateUnsafeError
from writers.filling import fill
from writers.template import compile_template


@pytest.fixture
def card(catalogue: Catalogue, tmp_path: Path) -> FormDefinition:
    """A copy of attachment-4 whose official file may be changed."""
    definition = catalogue.find("attachment-4")
    shutil.copyfile(definition.template_path, tmp_path / definition.template)
    return replace(definition, folder=tmp_path)


def edit(definition: FormDefinition, part: str, old: str, new: str) -> None:
    """Replace some text in a part of the official file, once."""
    path = definition.template_path
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts[part].decode()
    assert old in text
    parts[part] = text.replace(old, new, 1).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def test_a_compiled_template_is_kept_until_its_file_changes(card: FormDefinition) -> None:
    first = compile_template(card)
    assert compile_template(card) is first
    edit(card, "word/document.xml", "海州区机关事业单位借用人员审批表", "海州区机关事业单位借用人员审批表")
    assert compile_template(card) is not first


def test_a_tag_scattered_over_runs_is_one_tag(card: FormDefinition) -> None:
    edit(
        card, "word/document.xml", "{{ record.name }}", "{</w:t></w:r><w:r><w:t>{ record.</w:t></w:r><w:r><w:t>name }}"
    )
    assert "张" in fill(card, record_of("attachment-4")).name or compile_template(card).tags


@pytest.mark.parametrize(
    "expression",
    ["{{ cycler.__init__.__globals__ }}", "{{ record.name.__class__ }}", "{{ range(9) }}", "{{ 7*7 }}"],
)
def test_a_forbidden_expression_is_refused_when_compiled(card: FormDefinition, expression: str) -> None:
    edit(card, "word/document.xml", "{{ record.name }}", expression)
    with pytest.raises(TemplateUnsafeError):
        compile_template(card)


def test_tags_in_properties_are_refused(card: FormDefinition) -> None:
    edit(card, "docProps/core.xml", "</cp:coreProperties>", "<!-- {{ record.name }} --></cp:coreProperties>")
    with pytest.raises(TemplateUnsafeError):
        compile_template(card)


def test_a_tag_in_an_attribute_is_refused(card: FormDefinition) -> None:
    edit(card, "word/document.xml", '<w:pgSz w:w="11906"', '<w:pgSz w:w="{{ record.name }}"')
    with pytest.raises(TemplateUnsafeError):
        compile_template(card)


def test_all_tags_and_fields_that_do_not_match_come_at_once(card: FormDefinition) -> None:
    edit(card, "word/document.xml", "{{ record.name }}", "{{ record.nmae }}")
    edit(card, "word/document.xml", "{{ record.phone }}", "")
    with pytest.raises(TemplateInvalidError) as caught:
        compile_template(card)
    faults = caught.value.detail["faults"]
    assert "record.nmae" in faults
    assert "record.name" in faults
    assert "record.phone" in faults


def test_a_file_that_is_no_office_file_is_refused(card: FormDefinition) -> None:
    card.template_path.write_bytes(b"no zip")
    with pytest.raises(TemplateInvalidError):
        compile_template(card)
    card.template_path.unlink()
    with pytest.raises(TemplateInvalidError):
        compile_template(card)


def test_filling_keeps_the_layout(catalogue: Catalogue) -> None:
    """Same tables, merges, row heights and sections; one table more only where a text had to be moved."""
    definition = catalogue.find("attachment-4")
    before = WordDocument(str(definition.template_path))
    after = WordDocument(io.BytesIO(fill(definition, record_of("attachment-4")).content))
    assert len(after.tables) == len(before.tables)
    assert after.sections[0].page_height == before.sections[0].page_height
    switches = {"{%tr if options.leader_layer %}", "{%tr endif %}"}
    for old, new in zip(before.tables, after.tables, strict=True):
        kept = [row for row in old.rows if row.cells[0].text.strip() not in switches]
        assert [row.height for row in new.rows] == [row.height for row in kept]
        assert [len(row.cells) for row in new.rows] == [len(row.cells) for row in kept]


def test_one_layer_of_leaders_is_a_switch(card: FormDefinition) -> None:
    single = replace(card, options={"leader_layer": False})
    boxes = tuple(box for box in card.boxes if not box.key.endswith("_leader"))
    single = replace(single, boxes=(*boxes, *(box for box in card.boxes if box.key.endswith("_leader"))))
    content = fill(single, record_of("attachment-4")).content
    text = "".join(cell.text for table in WordDocument(io.BytesIO(content)).tables for cell in table._cells)
    assert "区分管领导意见" not in text.replace("\n", "")
