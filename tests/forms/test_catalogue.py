"""A form is found by whatever people call it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from forms.catalogue import TEMPLATES, Catalogue
from forms.errors import DefinitionError, UnknownFormError


def test_the_five_forms_are_there(catalogue: Catalogue) -> None:
    assert [item.form for item in catalogue.definitions] == [f"attachment-{number}" for number in range(1, 6)]
    assert Catalogue.load() is catalogue


@pytest.mark.parametrize(
    "name",
    [
        "attachment-2",
        "Attachment-2",
        "attachment2",
        "附件2",
        "附件 2",
        "附件２",
        "海州区机关事业单位编外用工清退汇总表",
        "《海州区机关事业单位编外用工清退汇总表》",
        "附件2《海州区机关事业单位编外用工清退汇总表》",
        "清退汇总表",
    ],
)
def test_every_name_of_a_form_finds_it(catalogue: Catalogue, name: str) -> None:
    assert catalogue.find(name).form == "attachment-2"
    assert catalogue.find(name, "r1").edition == "r1"


@pytest.mark.parametrize(
    ("name", "edition"), [("attachment-6", None), ("", None), ("附件", None), ("attachment-2", "r99")]
)
def test_an_unknown_form_is_told_with_those_known(catalogue: Catalogue, name: str, edition: str | None) -> None:
    with pytest.raises(UnknownFormError) as caught:
        catalogue.find(name, edition)
    assert "attachment-1/r1" in caught.value.message_zh


def test_the_newest_edition_stands_for_its_form(tmp_path: Path) -> None:
    for edition in ("r1", "r2", "r10"):
        folder = tmp_path / "attachment-2" / edition
        folder.mkdir(parents=True)
        shutil.copy(TEMPLATES / "attachment-2" / "r1" / "definition.toml", folder)
        path = folder / "definition.toml"
        text = path.read_text(encoding="utf-8").replace('edition = "r1"', f'edition = "{edition}"')
        path.write_text(text, encoding="utf-8")
    catalogue = Catalogue.load(tmp_path)
    assert catalogue.find("附件2").edition == "r10"
    assert catalogue.find("附件2", "r2").edition == "r2"


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError):
        Catalogue.load(tmp_path)


CONTRACT = {
    "attachment-1": """
        no name sex birth_month id_number political_status education lending_unit lending_supervisor
        post establishment_type borrowing_unit borrowed_post reason start_date end_date months approval
        proposal note
    """,
    "attachment-2": """
        no unit name sex id_number education post employment_form hired_on has_contract contract_start
        contract_end funding dismissed_on dismissal_method compensation destination note
    """,
    "attachment-3": """
        no unit name sex id_number education post post_category classified_post employment_form
        hired_on has_contract contract_party contract_start contract_end funding monthly_wage
        retention_reason management approval note
    """,
    "attachment-4": """
        serial filled_on name sex birth_month age ethnicity political_status work_start education
        school_major id_number phone lending_unit post lending_supervisor establishment_type
        borrowing_unit borrowing_supervisor borrowed_post start_date end_date months reason_category
        reason posts_approved posts_filled posts_borrowed returned_on note
    """,
    "attachment-5": """
        no unit department name sex ethnicity birth_month id_number political_status education major
        qualification post post_category classified_post employment_form dispatch_agency hired_on
        contract_start contract_end term_start term_end monthly_wage funding social_insurance approval
        phone change note
    """,
}
"""The keys of contract §2; other programs call the fields by them."""


@pytest.mark.parametrize("form", CONTRACT)
def test_the_keys_are_those_of_the_contract(catalogue: Catalogue, form: str) -> None:
    assert {field.key for field in catalogue.find(form).fields} == set(CONTRACT[form].split())
