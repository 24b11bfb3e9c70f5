"""What accepted forms show only together: one person in two units, dismissed here and kept there, both sides of a loan.

Each side is told that somebody else reports otherwise, and never who; who may see both sides sees both. It is worked
out without holding up anybody who writes, and entered for the forms that are still accepted then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from typing import Any

from sqlalchemy import Connection

from forms.catalogue import Catalogue
from forms.finding import Finding
from forms.plain import finding_to_plain
from forms.record import Entry, Origin, Record, Row, Value
from forms.rules.base import CheckedDocument, CheckSet, CheckSettings
from forms.rules.books import Books, People
from forms.rules.cross_loans import LOAN_KEYS, untold_loans
from forms.rules.registry import RULES
from forms.rules.rule import Flaw, Rule
from forms.rules.units import is_same_unit
from forms.rules.view import Line, Sheet
from service.operations.campaigns import settings_for
from service.operations.checking import check_settings
from service.runtime import Runtime
from service.settings import Settings
from service.store.cross import (
    CrossFinding,
    FormRow,
    PersonRow,
    accepted_now,
    people_by,
    people_of_form,
    shared_numbers,
    unnumbered_names,
)

CROSS_JOB = "cross-check"
ADVICE = ",请核对;如有疑问请联系主管部门"
_TOLD = {
    "X-01": "此人同时列在其他单位的清退或保留名单中",
    "X-04": "此人的清退、在岗情况与其他单位所报不一致",
    "X-05": "此人在其他单位列为借用人员或编外用工",
    "X-06": "此人的借用情况与其他单位所报的附件1或附件4不一致",
    "X-07": "此人在同一时段又列为其他单位的借用人员",
    "X-08": "此人的借用情况与对方单位所报不一致",
    "X-13": "此人同时列为其他单位的编外用工",
    "F-11": "此人的姓名或身份证号与其他单位所报不一致",
}
"""What a unit is told, by the rule's code: nothing of the other unit."""
NOBODY = "对方单位报了与本单位之间的借用,本表没有列出"
_OF_PAIRS = tuple(rule for rule in RULES if rule.code in _TOLD and rule.code != "X-08")
_LOANS = next(rule for rule in RULES if rule.code == "X-08")


_ORIGINS = {origin.value: origin for origin in Origin}


@dataclass(frozen=True, slots=True)
class _Side:
    """A form with the rows that are compared, and where each of them stands in it."""

    form: FormRow
    rows: tuple[Row, ...]
    lines: tuple[int, ...]

    def document(self, catalogue: Catalogue) -> CheckedDocument:
        """The part of the form as rules look at it."""
        record = Record(self.form.form, self.form.edition, _Entries(self.form.header), self.rows)
        return CheckedDocument(record, catalogue.readable(self.form.form, self.form.edition), self.form.unit)


@lru_cache(maxsize=1 << 14, typed=True)
def _entry(value: Value, code: str | None, origin: str, *, review: bool) -> Entry:
    """An entry; most units stand in a great many rows."""
    return Entry(value, "", code, _ORIGINS[origin], review=review)


class _Entries(Mapping[str, Entry]):
    """The values of a row as the store has them, each made an entry when a rule asks for it; most never are."""

    __slots__ = ("_given", "_made")

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self._made: dict[str, Entry] = {}

    def __getitem__(self, key: str) -> Entry:
        made = self._made.get(key)
        if made is None:
            item = self._given[key]
            made = _entry(item["value"], item["code"], item["origin"], review=bool(item.get("review")))
            self._made[key] = made
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)


class _Comparing:
    """The rules at work on forms of one moment of the store."""

    def __init__(self, connection: Connection, catalogue: Catalogue, settings: Settings) -> None:
        self._connection = connection
        self._catalogue = catalogue
        self._settings = settings
        self._by_campaign: dict[str | None, CheckSettings] = {}
        self.forms = accepted_now(connection)

    def rules_of(self, campaign: str | None) -> CheckSettings:
        """The rules' settings of a campaign."""
        if campaign not in self._by_campaign:
            asked = settings_for(self._connection, self._settings, campaign)
            self._by_campaign[campaign] = check_settings(asked, [])
        return self._by_campaign[campaign]

    def of_people(self, people: Iterable[PersonRow]) -> Iterator[CrossFinding]:
        """What the forms in which one person stands say against each other."""
        by_form: dict[str, list[PersonRow]] = {}
        for person in people:
            if person.accepted_id in self.forms:
                by_form.setdefault(person.accepted_id, []).append(person)
        sides = [self._side(self.forms[key], rows) for key, rows in by_form.items()]
        for one, other in combinations(sides, 2):
            if self._may_differ(one.form, other.form):
                yield from self._of_pair(one, other)

    @staticmethod
    def _side(form: FormRow, people: Sequence[PersonRow]) -> _Side:
        people = sorted(people, key=lambda person: person.line)
        return _Side(form, tuple(_Entries(one.entries) for one in people), tuple(one.line for one in people))

    @staticmethod
    def _may_differ(one: FormRow, other: FormRow) -> bool:
        """Two documents of one campaign; those of one unit only where one form speaks against the other."""
        if one.document_id == other.document_id or one.campaign_id != other.campaign_id:
            return False
        return not is_same_unit(one.unit, other.unit) or one.form != other.form

    def _of_pair(self, one: _Side, other: _Side) -> Iterator[CrossFinding]:
        rules = self.rules_of(one.form.campaign_id)
        books = self._books((one, other), rules)
        sides = (self._met(one, books.sheets[0], books.sheets[1]), self._met(other, books.sheets[1], books.sheets[0]))
        if not all(side.rows for side in sides):
            return
        if sides != (one, other):
            books = self._books(sides, rules)
        for sheet, side in zip(books.sheets, sides, strict=True):
            for line, place in zip(sheet.rows, side.lines, strict=True):
                line.prefix = f"records[{place}]"
        same = is_same_unit(one.form.unit, other.form.unit)
        for rule in _OF_PAIRS:
            if rule.across is None or rule.pack not in rules.packs:
                continue
            for sheet, flaw in rule.across(books):
                here, there = sides[sheet.position], sides[1 - sheet.position]
                finding = _finding(rule, sheet, flaw, here)
                far = books.sheets[1 - sheet.position].rows[0]
                yield from _both(finding, (here.form, sheet.rows), (there.form, far), same=same)

    def _books(self, sides: Sequence[_Side], rules: CheckSettings) -> Books:
        return Books(CheckSet(tuple(side.document(self._catalogue) for side in sides), rules))

    @staticmethod
    def _met(side: _Side, sheet: Sheet, other: Sheet) -> _Side:
        """Only the rows whose person stands on the other side too, as far as anybody can tell."""
        people = People(other.rows)
        found = [number for number, line in enumerate(sheet.rows) if people.holds(line)]
        if len(found) == len(side.rows):
            return side
        return replace(side, rows=tuple(side.rows[one] for one in found), lines=tuple(side.lines[one] for one in found))

    def of_loans(self, document: str | None = None) -> Iterator[CrossFinding]:
        """Loans that one of two units reports and the other does not; with ``document`` those that speak of it."""
        listed = [form for form in self.forms.values() if form.form == "attachment-1"]
        for campaign in {form.campaign_id for form in listed if document in (None, form.document_id)}:
            rules = self.rules_of(campaign)
            if _LOANS.pack not in rules.packs:
                continue
            by_form: dict[str, list[PersonRow]] = {}
            for person in people_of_form(self._connection, "attachment-1", campaign, LOAN_KEYS):
                by_form.setdefault(person.accepted_id, []).append(person)
            sides = [self._side(form, by_form.get(form.id, [])) for form in listed if form.campaign_id == campaign]
            books = self._books(sides, rules)
            for item in untold_loans(books):
                here, there = sides[item.line.sheet.position].form, sides[item.other.position].form
                if document in (None, here.document_id, there.document_id):
                    finding = _LOANS.finding(item.line.sheet, item.flaw)
                    yield from _both(finding, (here, (item.line,)), (there, None), same=False)


def _finding(rule: Rule, sheet: Sheet, flaw: Flaw, side: _Side) -> Finding:
    """The finding of a flaw, whose path has the row's own place; the value itself stands among the compared rows."""
    head, _, key = flaw.path.rpartition(".")
    near = {f"records[{place}]": f"records[{number}]" for number, place in enumerate(side.lines)}
    made = rule.finding(sheet, replace(flaw, path=f"{near.get(head, head)}.{key}"))
    return replace(made, path=flaw.path)


def _both(
    finding: Finding, here: tuple[FormRow, Sequence[Line]], there: tuple[FormRow, Line | None], *, same: bool
) -> Iterator[CrossFinding]:
    """A finding as entered for each of two forms; a form that lists nobody to point at is told at its unit."""
    form, lines = here
    other, far = there
    who = next((line.who for line in lines if finding.path.startswith(f"{line.prefix}.")), "")
    yield _entered(finding, form, other, f"{finding.message}" if same else _told(finding, form, who))
    if same:
        return
    path = "header.unit" if far is None else far.path("id_number" if far.is_stated("id_number") else "name")
    mirrored = replace(finding, path=path, region=None, suggestion=None)
    yield _entered(mirrored, other, form, _told(finding, other, "" if far is None else far.who))


def _told(finding: Finding, form: FormRow, who: str) -> str:
    place = f"附件{form.form[-1]}" if form.form.startswith("attachment-") else "台账"
    return f"{place} {who}:{_TOLD[finding.code]}{ADVICE}" if who else f"{place}:{NOBODY}{ADVICE}"


def _entered(finding: Finding, form: FormRow, other: FormRow, told: str) -> CrossFinding:
    return CrossFinding(
        form.document_id,
        form.item,
        form.form,
        form.unit,
        other.document_id,
        other.unit,
        form.campaign_id,
        finding.severity.value,
        finding.code,
        finding.path,
        told,
        finding_to_plain(finding),
    )


def compare(runtime: Runtime, document: str | None = None) -> list[CrossFinding]:
    """What all accepted forms show together, or those that say something of the people of one document."""
    with runtime.database.reading() as connection:
        at_work = _Comparing(connection, runtime.catalogue, runtime.settings)
        found: list[CrossFinding] = []
        for people in _groups(connection, document):
            found.extend(at_work.of_people(people))
        found.extend(at_work.of_loans(document))
    if document is not None:
        found = [item for item in found if document in (item.document_id, item.other_document_id)]
    once = {(item.document_id, item.item, item.code, item.path, item.other_document_id): item for item in found}
    return list(once.values())


def _groups(connection: Connection, document: str | None) -> Iterator[list[PersonRow]]:
    """The people who may be one: those of one number, and those of one name where a number is missing."""
    for column, wanted in (
        ("id_index", shared_numbers(connection, document)),
        ("name", unnumbered_names(connection, document)),
    ):
        groups: dict[str, list[PersonRow]] = {}
        for person in people_by(connection, column, wanted):
            groups.setdefault(str(getattr(person, column)), []).append(person)
        yield from (group for group in groups.values() if len({person.accepted_id for person in group}) > 1)
