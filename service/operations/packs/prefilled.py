"""Packs the other way: for each unit the forms due from it, with what is known, blank rows, print marks and notes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import IO

from sqlalchemy import Connection

from forms.catalogue import Catalogue
from forms.consolidating.tree import UnitTree
from forms.definition import FormDefinition, Layout
from forms.errors import FormServiceError
from forms.plain import record_to_plain
from forms.record import Record
from service.operations.consolidating import unit_nodes
from service.operations.packs.asked import PREFILLED, Asked, PackEmptyError
from service.operations.packs.gathering import campaign_asked
from service.operations.packs.known import CARDS, ROSTERS, Known, cards_of, known_of, roster_of
from service.operations.packs.making import PackMade, Tell
from service.operations.packs.offices import Office, identity_of
from service.operations.packs.parts import Files, part_key
from service.operations.units import office_day
from service.runtime import Runtime
from service.store.campaigns import Campaign
from service.store.units import Unit, all_units
from writers.filling import FilledForm, FillJob, Purpose, fill_many
from writers.packing.letters import filling_notes
from writers.packing.manifest import NAME, Listed, Manifest, Problem
from writers.packing.names import Names
from writers.packing.zipping import PackFile, PackZip
from writers.spreading import spread
from writers.template import compile_template

TOGETHER = 20
"""Units whose packs are made, and kept, as one part."""
FEWEST_BLANK = 5
META = "meta.json"
NOTES = "00_填表说明.docx"
WORTHWHILE = 8
"""From how many units on a second process is worth its start."""


@dataclass(frozen=True)
class UnitPack:
    """What one unit gets: its forms to be filled, and in words what is known already."""

    unit: Unit
    number: int
    jobs: tuple[FillJob, ...]
    definitions: tuple[FormDefinition, ...]
    known: tuple[str, ...]


@dataclass(frozen=True)
class _MadePack:
    forms: tuple[FilledForm, ...]
    notes: bytes
    faults: tuple[tuple[str, str, str], ...]


def make_prefilled(runtime: Runtime, asked: Asked, office: Office, target: IO[bytes], tell: Tell) -> PackMade:
    """Write an archive with a folder for each unit of the subtree that owes a form.

    Raises:
        PackEmptyError: no unit owes any.
    """
    with runtime.database.reading() as connection:
        campaign = campaign_asked(connection, asked.campaign_id)
        packs = _packs(runtime.catalogue, connection, asked, campaign, office)
    if not packs:
        raise PackEmptyError(reason_zh="没有应报表的单位", reason_en="no unit owes a form")
    deadline = _day_in_words(campaign.hand_in_by) if campaign else ""
    about = {
        "kind": PREFILLED,
        "year": campaign.year if campaign else runtime.settings.year_on(office_day()),
        "campaign": campaign.title if campaign else "",
        "deadline": campaign.hand_in_by if campaign else "",
        "units": len(packs),
    }
    names = Names()
    problems: list[Problem] = []
    with PackZip(target) as archive:
        for start in range(0, len(packs), TOGETHER):
            some = packs[start : start + TOGETHER]
            for pack, files in zip(some, _made(office, some, deadline), strict=True):
                problems += _add(archive, names, pack, files)
            tell(start + len(some), len(packs), "预填")
        archive.add_manifest(NAME, Manifest(about, archive.entries, problems).to_json())
    return PackMade(len(archive.entries), 0, tuple(problems))


def _packs(
    catalogue: Catalogue, connection: Connection, asked: Asked, campaign: Campaign | None, office: Office
) -> list[UnitPack]:
    """Who owes what, in the order of the unit tree."""
    units = all_units(connection)
    by_id = {unit.id: unit for unit in units}
    day = office_day()
    tree = UnitTree(unit_nodes(units, day))
    living = [by_id[node.id] for node in tree.below(asked.unit_id) if by_id[node.id].lives_on(day)]
    known = known_of(connection, living)
    packs: list[UnitPack] = []
    for unit in living:
        owed = dict.fromkeys((*ROSTERS, CARDS), "") if campaign is None else campaign.due.get(unit.kind.value, {})
        definitions = [catalogue.find(form) for form in (*ROSTERS[:3], CARDS, ROSTERS[3]) if form in owed]
        if definitions:
            packs.append(_pack(catalogue, unit, len(packs) + 1, definitions, known[unit.id], office))
    return packs


def _pack(  # what one unit's pack is made from
    catalogue: Catalogue, unit: Unit, number: int, definitions: Sequence[FormDefinition], known: Known, office: Office
) -> UnitPack:
    jobs: list[FillJob] = []
    told: list[str] = []
    for definition in definitions:
        if definition.layout is Layout.CARD:
            records = cards_of(definition, unit, known)
            if len(records) > 1:
                told.append(f"附件{definition.number}:已按借用名单预填 {len(records) - 1} 份,另附空白表 1 份。")
        else:
            records = [roster_of(definition, unit, known, catalogue)]
            if records[0].rows:
                told.append(f"附件{definition.number}:已预填 {len(records[0].rows)} 人。")
        jobs += [_job(definition, record, office) for record in records]
    return UnitPack(unit, number, tuple(jobs), tuple(definitions), tuple(told))


def _job(definition: FormDefinition, record: Record, office: Office) -> FillJob:
    mark = office.mark_of(part_key("prefilled", form=identity_of(definition), record=record_to_plain(record)))
    rows = None
    if definition.layout is Layout.ROSTER:
        rows = max(compile_template(definition).blank_rows() - len(record.rows), FEWEST_BLANK)
    return FillJob(definition, record, Purpose.PREFILLED, "", bool(mark), rows, mark or None)


def _made(office: Office, packs: Sequence[UnitPack], deadline: str) -> Iterator[Files]:
    """The files of each unit's pack by name, made together and kept as one part."""
    keys = [_key(pack, deadline) for pack in packs]
    key = part_key("prefilled-units", of=keys)
    found = office.parts.find(key)
    if found is None:
        made = list(spread(partial(_make, deadline), packs, least=WORTHWHILE))
        marked = [form for item in made for form in item.forms]
        if office.register is not None:
            list(office.register.kept(iter(marked), Purpose.PREFILLED))
        found = {}
        for number, item in enumerate(made):
            found |= {f"{number}/{name}": content for name, content in _files(item)}
        office.parts.keep(key, found)
    for number in range(len(packs)):
        start = f"{number}/"
        yield {name.removeprefix(start): content for name, content in found.items() if name.startswith(start)}


def _key(pack: UnitPack, deadline: str) -> list[object]:
    jobs = [
        [identity_of(job.definition), record_to_plain(job.record), job.blank_rows, job.document_id] for job in pack.jobs
    ]
    return [pack.unit.name, deadline, list(pack.known), jobs]


def _make(deadline: str, pack: UnitPack) -> _MadePack:
    forms: list[FilledForm] = []
    faults: list[tuple[str, str, str]] = []
    for job in pack.jobs:
        try:
            forms += fill_many((job,))
        except FormServiceError as fault:
            faults.append((f"附件{job.definition.number}", fault.code, fault.message_zh))
    notes = filling_notes(pack.unit.name, pack.definitions, deadline, pack.known)
    return _MadePack(tuple(forms), notes, tuple(faults))


def _files(made: _MadePack) -> Iterator[tuple[str, bytes]]:
    yield NOTES, made.notes
    names = Names()
    for form in made.forms:
        yield names.give(form.name), form.content
    yield META, json.dumps(made.faults).encode()


def _add(archive: PackZip, names: Names, pack: UnitPack, files: Files) -> Iterator[Problem]:
    """A unit's folder."""
    folder = f"{pack.number:03d}_{pack.unit.name}"
    for name, content in files.items():
        if name != META:
            kind = "notes" if name == NOTES else "form"
            listed = Listed(kind, name.rpartition(".")[0], unit=pack.unit.name)
            archive.add(PackFile(names.give(folder, name), content, listed))
    for what, code, message in json.loads(files[META]):
        yield Problem(f"{pack.unit.name}{what}", code, message)


def _day_in_words(day: str) -> str:
    year, month, number = day.split("-")
    return f"{int(year)}年{int(month)}月{int(number)}日"
