"""The five definitions hold every key of the contract, in its order, and say enough of each field."""

from __future__ import annotations

import pytest

from forms.catalogue import Catalogue
from forms.definition import FormDefinition, Requirement, Sensitivity
from forms.labels import normalise_label

COMMON_HEADER = "unit filled_on total contact contact_phone principal filled_by"
HEADERS = {
    "attachment-1": COMMON_HEADER,
    "attachment-2": f"{COMMON_HEADER} before_total dismissed_total retained_total",
    "attachment-3": f"{COMMON_HEADER} before_total dismissed_total retained_total",
    "attachment-4": "",
    "attachment-5": f"{COMMON_HEADER} as_of added renewed changed removed in_post",
}
FIELDS = {
    "attachment-1": (
        "no name sex birth_month id_number political_status education lending_unit lending_supervisor post "
        "establishment_type borrowing_unit borrowed_post reason start_date end_date months approval proposal note"
    ),
    "attachment-2": (
        "no unit name sex id_number education post employment_form hired_on has_contract contract_start contract_end "
        "funding dismissed_on dismissal_method compensation destination note"
    ),
    "attachment-3": (
        "no unit name sex id_number education post post_category classified_post employment_form hired_on "
        "has_contract contract_party contract_start contract_end funding monthly_wage retention_reason management "
        "approval note"
    ),
    "attachment-4": (
        "serial filled_on name sex birth_month age ethnicity political_status work_start education school_major "
        "id_number phone lending_unit post lending_supervisor establishment_type borrowing_unit "
        "borrowing_supervisor borrowed_post start_date end_date months reason_category reason posts_approved "
        "posts_filled posts_borrowed returned_on note"
    ),
    "attachment-5": (
        "no unit department name sex ethnicity birth_month id_number political_status education major qualification "
        "post post_category classified_post employment_form dispatch_agency hired_on contract_start contract_end "
        "term_start term_end monthly_wage funding social_insurance approval phone change note"
    ),
}
BOXES = {
    "attachment-1": "unit_seal principal_signature filing_seal",
    "attachment-2": "unit_seal principal_signature supervisor_seal",
    "attachment-3": "unit_seal principal_signature supervisor_seal",
    "attachment-4": (
        "applicant lending_unit lending_supervisor borrowing_unit borrowing_supervisor lending_leader "
        "borrowing_leader hr_review final_approval"
    ),
    "attachment-5": "unit_seal principal_signature supervisor_seal organization_seal hr_seal finance_seal",
}
REQUIRED = {
    "attachment-1": "unit filled_on contact contact_phone principal filled_by " + FIELDS["attachment-1"],
    "attachment-4": FIELDS["attachment-4"],
}
OPTIONAL_OR_CONDITIONAL = {
    "attachment-1": "lending_supervisor months approval note",
    "attachment-4": "serial age months posts_approved posts_filled posts_borrowed returned_on note",
}


@pytest.fixture(params=sorted(FIELDS))
def definition(request: pytest.FixtureRequest) -> FormDefinition:
    return Catalogue.load().find(request.param, "r1")


def test_every_key_of_the_contract_stands_in_its_order(definition: FormDefinition) -> None:
    assert [field.key for field in definition.header] == HEADERS[definition.form].split()
    assert [field.key for field in definition.fields] == FIELDS[definition.form].split()
    assert [box.key for box in definition.boxes] == BOXES[definition.form].split()


def test_every_field_names_its_source_and_explains_itself(definition: FormDefinition) -> None:
    for field in (*definition.header, *definition.fields):
        assert field.clause, field.key
        assert field.hint, field.key
        assert field.label == field.label.strip()


def test_examples_are_read_by_their_own_field_type_without_a_fault(definition: FormDefinition) -> None:
    for field in (*definition.header, *definition.fields):
        if field.example:
            reading = field.type.read(field.example)
            assert reading.settled, (field.key, reading)
            assert not field.type.check(reading.value), field.key


def test_identity_numbers_and_phones_are_sensitive(definition: FormDefinition) -> None:
    for field in definition.fields:
        if field.type.name in {"id_number", "phone"}:
            assert field.sensitivity is Sensitivity.SENSITIVE


@pytest.mark.parametrize("form", sorted(REQUIRED))
def test_required_fields_are_those_of_the_reference(form: str) -> None:
    definition = Catalogue.load().find(form, "r1")
    excused = set(OPTIONAL_OR_CONDITIONAL[form].split())
    for key in set(REQUIRED[form].split()) - excused:
        field = definition.field(key) or definition.header_field(key)
        assert field is not None
        assert field.required is Requirement.REQUIRED, key
    for key in excused:
        field = definition.field(key)
        assert field is not None
        assert field.required is not Requirement.REQUIRED, key


def test_labels_with_two_meanings_are_never_sure_column_names(definition: FormDefinition) -> None:
    sure = {
        normalise_label(name) for field in definition.fields for name in ((field.group + field.label), *field.synonyms)
    }
    for word in (
        "单位",
        "时间",
        "借用时间",
        "借调单位",
        "借用单位",
        "用人单位",
        "职务",
        "合同期限",
        "工资",
        "人员类别",
    ):
        assert word not in sure, word


def test_the_approval_form_has_both_layers_of_leaders_and_excuses_one_unit_in_two_roles() -> None:
    definition = Catalogue.load().find("attachment-4", "r1")
    boxes = {box.key: box for box in definition.boxes}
    assert definition.options == {"leader_layer": True}
    assert boxes["lending_supervisor"].same_as == "lending_unit"
    assert boxes["borrowing_supervisor"].same_as == "borrowing_unit"
    for key in ("lending_leader", "borrowing_leader", "final_approval"):
        assert boxes[key].parts == ("opinion", "signature", "date")
    for key in ("lending_unit", "lending_supervisor", "borrowing_unit", "borrowing_supervisor"):
        assert boxes[key].parts == ("opinion", "signature", "seal", "date")
        assert boxes[key].unit_field == key
