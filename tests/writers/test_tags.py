from __future__ import annotations

import pytest

from writers.errors import TemplateUnsafeError
from writers.tags import Tag, ValuesEnvironment, parse, pieces_of, tags_of


@pytest.fixture
def environment() -> ValuesEnvironment:
    return ValuesEnvironment()


def test_a_tag_names_its_root_key_and_part(environment: ValuesEnvironment) -> None:
    tree = parse(environment, "{{ header.unit }}{{ box.hr_review.date }}{{ tick.reason['1'] }}", "here")
    assert tags_of(tree) == {Tag("header", "unit"), Tag("box", "hr_review", "date"), Tag("tick", "reason", "1")}


def test_a_cell_is_text_and_tags_in_order(environment: ValuesEnvironment) -> None:
    tree = parse(environment, "自{{ record.start }}至{{ record.end }}", "here")
    assert pieces_of(tree, "here") == ("自", Tag("record", "start"), "至", Tag("record", "end"))


@pytest.mark.parametrize(
    "source",
    [
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ header.__class__ }}",
        "{{ header['__class__'] }}",
        "{{ header[header.unit] }}",
        "{{ ''.join(rows) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 1 + 1 }}",
        "{{ header }}",
        "{{ header.unit | attr('upper') }}",
        "{{ header.unit() }}",
        "{% for i in range(1000000000) %}{% endfor %}",
        "{% for row in header %}{% endfor %}",
        "{% for row in rows %}{% for row in rows %}{% endfor %}{% endfor %}",
        "{% set x = 1 %}",
        "{% macro f() %}{% endmacro %}",
        "{% include 'other' %}",
        "{% extends 'other' %}",
        "{% if self %}{% endif %}",
        "{{ (header.unit }}",
    ],
)
def test_whatever_is_not_on_the_list_is_refused(environment: ValuesEnvironment, source: str) -> None:
    with pytest.raises(TemplateUnsafeError) as caught:
        parse(environment, source, "word/document.xml")
    assert "word/document.xml" in caught.value.message_zh


def test_a_switch_and_the_rows_may_be_used(environment: ValuesEnvironment) -> None:
    source = "{% if options.leader_layer %}{% for row in rows %}{{ row.name }}{% endfor %}{% endif %}"
    assert Tag("row", "name") in tags_of(parse(environment, source, "here"))


def test_a_dot_means_an_item_never_an_attribute(environment: ValuesEnvironment) -> None:
    template = environment.from_string("{{ header.items }}|{{ header.keys }}")
    assert template.render(header={"items": "甲", "keys": "<"}) == "甲|&lt;"
