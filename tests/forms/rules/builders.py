"""Documents for the tests of rules: correct ones of every form, and the same with single values changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from forms import identity
from forms.catalogue import Catalogue
from forms.checking import check_all
from forms.definition import Field, FormDefinition, Requirement
from forms.fieldtypes.registry import make_type
from forms.finding import Finding
from forms.intake import take_in
from forms.record import Entry, Mark, MarkKind
from forms.rules.base import CheckedDocument, CheckSet, CheckSettings

DROP = object()
"""A value that takes its key away."""

CATALOGUE = Catalogue.load()
SETTINGS = CheckSettings(year=2026, report_day=dt.date(2026, 8, 26), packs=frozenset({"F", "L", "S1", "X", "S2"}))

TOWN, SCHOOL, BUREAU = "海州区示例街道办事处", "海州区示例中心小学", "海州区教育局"
AGENCY = "海州区劳动保障事务代理处"


def number_of(born: str, order: int) -> str:
    """An identity number under an address code that no place has."""
    body = f"320799{born.replace('-', '')}{order:03d}"
    return body + identity.id_check_character(body)


def person(index: int) -> dict[str, Any]:
    """An invented person, another one for each index below 400."""
    names = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
    name = f"张{names[index % 20]}{names[index // 20 % 20] if index >= 20 else ''}"
    return {"name": name, "sex": "男" if index % 2 else "女", "id_number": number_of("1990-03-05", 100 + index % 800)}


_HEADER = {
    "unit": TOWN,
    "filled_on": "2026-08-25",
    "contact": "李晓云",
    "contact_phone": "0518-80000001",
    "principal": "王立群",
    "filled_by": "李晓云",
}
_STAFF = {"unit": TOWN, "education": "大学本科", "post": "窗口受理员", "hired_on": "2024-07-01", "funding": "单位自筹"}
_TERM = {"contract_start": "2025-07-01", "contract_end": "2027-06-30"}
_BORN = {"birth_month": "1990-03", "political_status": "群众"}
_LOAN = {
    "education": "大学本科",
    "lending_unit": SCHOOL,
    "lending_supervisor": BUREAU,
    "post": "一级教师",
    "establishment_type": "事业编制(专技)",
    "borrowing_unit": TOWN,
    "borrowed_post": "资料员",
    "start_date": "2026-07-25",
    "end_date": "2026-10-31",
}
_HEADERS: dict[str, dict[str, Any]] = {
    "attachment-1": _HEADER,
    "attachment-2": {**_HEADER, "before_total": 2, "dismissed_total": 1, "retained_total": 1},
    "attachment-3": {**_HEADER, "before_total": 2, "dismissed_total": 1, "retained_total": 1},
    "attachment-4": {},
    "attachment-5": {**_HEADER, "as_of": "2026-08-31"},
    "ledger": {"unit": TOWN},
}
_ROWS: dict[str, dict[str, Any]] = {
    "attachment-1": {
        **_BORN,
        **_LOAN,
        "reason": "重点工作",
        "months": 3,
        "approval": "是(2026-003)",
        "proposal": "期满返回",
    },
    "attachment-2": {
        **_STAFF,
        **_TERM,
        "employment_form": "劳务派遣(区代理处)",
        "has_contract": True,
        "dismissed_on": "2026-08-10",
        "dismissal_method": "协商解除",
        "compensation": 12500,
    },
    "attachment-3": {
        **_STAFF,
        **_TERM,
        "post_category": "辅助性",
        "classified_post": False,
        "employment_form": "劳务派遣(区代理处)",
        "has_contract": True,
        "contract_party": AGENCY,
        "monthly_wage": 3200,
        "retention_reason": "窗口全年无休,在编人员无法轮班,由其承担受理工作",
        "management": "履行合同至期满",
        "approval": "街道党工委会议纪要〔2024〕3号",
    },
    "attachment-4": {
        **_BORN,
        **_LOAN,
        "filled_on": "2026-07-21",
        "age": 36,
        "ethnicity": "汉族",
        "work_start": "2012-08",
        "school_major": "示例师范学院 数学",
        "phone": "13900000001",
        "borrowing_supervisor": "本级",
        "months": 3,
        "reason_category": "重点工作",
        "reason": "示例片区征迁为本年度重点工作,需熟悉档案整理的人员承担资料归集",
    },
    "attachment-5": {
        **_STAFF,
        **_BORN,
        **_TERM,
        "post_category": "辅助性",
        "classified_post": False,
        "employment_form": "劳务派遣(区代理处)",
        "dispatch_agency": AGENCY,
        "term_start": "2026-07-01",
        "term_end": "2027-06-30",
        "monthly_wage": 3200,
        "approval": "街道党工委会议纪要〔2024〕3号",
    },
    "ledger": {**_STAFF, "monthly_wage": 3200},
}
_FIRST = {"attachment-1": 0, "attachment-2": 2, "attachment-3": 3, "attachment-4": 0, "attachment-5": 3, "ledger": 3}
CHAIN = {
    "applicant": "2026-07-21",
    "lending_unit": "2026-07-21",
    "lending_supervisor": "2026-07-22",
    "borrowing_unit": "2026-07-21",
    "borrowing_supervisor": "2026-07-22",
    "lending_leader": "2026-07-23",
    "borrowing_leader": "2026-07-23",
    "hr_review": "2026-07-24",
    "final_approval": "2026-07-25",
}
"""The days of a correct attachment-4."""


@dataclass(frozen=True)
class Doc:
    """One document: the correct one of its form with changes.

    ``rows`` has a mapping of changes for each person; ``marks`` is ``None`` for a source that says nothing of marks,
    else the changes to the full set by ``(box, kind)``. A value ``None`` is one that could not be read.
    """

    form: str
    rows: Sequence[Mapping[str, Any]] = ({},)
    header: Mapping[str, Any] | None = None
    marks: Mapping[tuple[str, str], Mapping[str, Any]] | None = None
    definition: FormDefinition | None = None

    def checked(self) -> CheckedDocument:
        """The document as checking takes it."""
        definition = self.definition or definition_of(self.form)
        first = _FIRST[self.form]
        numbered = {} if self.form == "attachment-4" else {"no": None}
        rows = [
            _changed({**numbered, **person(first + index), **_ROWS[self.form]}, {"no": index + 1, **changes})
            if numbered
            else _changed({**person(first + index), **_ROWS[self.form]}, changes)
            for index, changes in enumerate(self.rows)
        ]
        data = {
            "form": self.form,
            "header": _changed(_HEADERS[self.form], self.header or {}),
            "records": rows,
        }
        (intake,) = take_in(data, Catalogue((definition,)))
        record = replace(
            intake.record,
            header=_unread(intake.record.header, self.header or {}),
            rows=tuple(_unread(row, changes) for row, changes in zip(intake.record.rows, self.rows, strict=True)),
            marks=tuple(full_marks(definition, self.marks)) if self.marks is not None else (),
        )
        return CheckedDocument(record, definition, self.form)


def definition_of(form: str) -> FormDefinition:
    """The official definition; a ledger has the columns of attachment-5, none required, and a credit code."""
    if form != "ledger":
        return CATALOGUE.find(form)
    base = CATALOGUE.find("attachment-5")
    fields = tuple(replace(field, required=Requirement.OPTIONAL) for field in base.fields)
    header = tuple(replace(field, required=Requirement.OPTIONAL) for field in base.header)
    code = Field("credit_code", "统一社会信用代码", make_type("credit_code"))
    return replace(base, form="ledger", title="编外人员台账", fields=(*fields, code), header=header)


def _changed(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**base, **changes}.items() if value is not DROP}


def _unread(entries: Mapping[str, Entry], changes: Mapping[str, Any]) -> dict[str, Entry]:
    """A value that is ``None`` is a cell that a reader found and could not read."""
    return {key: Entry(None, review=True) if changes.get(key, "") is None else item for key, item in entries.items()}


def full_marks(definition: FormDefinition, changes: Mapping[tuple[str, str], Mapping[str, Any]]) -> Iterable[Mark]:
    """Every part of every box present, but for the changes; a change of ``{"gone": True}`` leaves the mark out."""
    for box in definition.boxes:
        for part in box.parts:
            change = dict(changes.get((box.key, part), {}))
            if change.pop("gone", False):
                continue
            mark = Mark(box.key, MarkKind(part), present=True, text="同意" if part == "opinion" else "")
            if part == "date":
                mark = replace(mark, value=CHAIN.get(box.key, "2026-08-25"))
            yield replace(mark, **change)


def check(*documents: Doc, settings: CheckSettings = SETTINGS, extra: dict[str, str] | None = None) -> list[Finding]:
    """All findings of a set."""
    checked = tuple(document.checked() for document in documents)
    return [item.finding for item in check_all(CheckSet(checked, settings, extra or {}))]
