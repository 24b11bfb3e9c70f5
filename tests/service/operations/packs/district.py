"""A small district with accepted forms, as the store has them after people went through returned files."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image, ImageDraw

from forms.plain import extraction_to_plain
from forms.record import Entry, Extraction, Record
from samples.records import make_records
from service.operations.belonging import place_accepted, place_upload
from service.operations.campaigns import campaign_for_upload
from service.operations.rereading import take_reading
from service.runtime import Runtime
from service.store.documents import add_document
from service.store.handing_in import set_campaign_of, set_unit_of
from service.store.records import AcceptedForm, keep_accepted
from service.store.submissions import change_submission
from service.store.units import Unit, UnitKind, keep_units

UNITS: Mapping[str, tuple[str, UnitKind, str | None]] = {
    "hr": ("区人力资源和社会保障局", UnitKind.HR, None),
    "town": ("试验镇人民政府", UnitKind.TOWN, None),
    "station": ("试验镇综合服务站", UnitKind.SUBORDINATE, "town"),
    "other": ("试验区水务管理局", UnitKind.DEPARTMENT, None),
}
IDS = {place: f"10000000-0000-4000-8000-00000000000{number}" for number, place in enumerate(UNITS)}
ROSTERS = ("attachment-1", "attachment-2", "attachment-3", "attachment-5")
CARD = "attachment-4"


def make_units(runtime: Runtime) -> None:
    """The tree."""
    units = [
        Unit(IDS[place], name, kind, IDS[above] if above else None) for place, (name, kind, above) in UNITS.items()
    ]
    with runtime.database.transaction() as connection:
        keep_units(connection, units, {})


def stamped_page(text: str) -> bytes:
    """A scanned page with a red ring on it, as PNG."""
    page = Image.new("RGB", (620, 877), "white")
    draw = ImageDraw.Draw(page)
    draw.text((60, 60), text, fill="black")
    draw.ellipse((380, 640, 540, 800), outline=(200, 20, 20), width=6)
    buffer = io.BytesIO()
    page.save(buffer, "PNG")
    return buffer.getvalue()


def accept(runtime: Runtime, place: str, form: str, rows: Sequence[Mapping[str, Any]], name: str = "") -> str:
    """A returned file of a unit with one form, accepted; returns the document's id."""
    unit = UNITS[place][0]
    file = name or f"{form}-{place}.png"
    record = Record(form, "r1", {"unit": _entry(unit)}, tuple({key: _entry(row[key]) for key in row} for row in rows))
    with runtime.database.transaction() as connection:
        blob = runtime.blobs.put([stamped_page(file)], 1 << 20)
        identity = add_document(connection, sha256=blob.sha256, name=file, size=blob.size, form_hint=None, unit=unit)
        set_campaign_of(connection, identity, campaign_for_upload(connection, runtime.settings, None).id)
        place_upload(connection, identity, IDS[place])
        set_unit_of(connection, identity, unit, "sender")
        reading = {"file": file, "sha256": blob.sha256, "format": "image", "status": "read", "seconds": 0.1}
        documents = [extraction_to_plain(Extraction(record, 1.0))]
        take_reading(runtime, connection, identity, {**reading, "problem": None, "documents": documents})
        header = {key: _plain(entry) for key, entry in record.header.items()}
        people = [{key: _plain(entry) for key, entry in row.items()} for row in record.rows]
        keep_accepted(connection, identity, [AcceptedForm(0, form, "r1", unit, header, [], people)], "甲")
        place_accepted(connection, identity)
        change_submission(connection, identity, state="accepted")
    return identity


def _entry(value: Any) -> Entry:
    return Entry(value, str(value))


def _plain(entry: Entry) -> dict[str, Any]:
    return {"value": entry.value, "code": entry.code, "origin": "digital", "review": False}


def people(form: str, count: int, seed: int) -> list[dict[str, Any]]:
    """Invented rows of a form, without what the program works out."""
    return [
        {key: value for key, value in row.items() if key != "no"} for row in make_records(form, count, seed)["records"]
    ]


def make_district(runtime: Runtime, seed: int = 11) -> dict[str, str]:
    """Every roster of the town and its station accepted, two approval forms, and nothing of the other department."""
    make_units(runtime)
    made: dict[str, str] = {}
    for number, form in enumerate(ROSTERS):
        for shift, place in enumerate(("town", "station")):
            rows = people(form, 2 + shift, seed + 10 * number + shift)
            made[f"{place}:{form}"] = accept(runtime, place, form, [_at(row, place) for row in rows])
    for number, row in enumerate(people(CARD, 2, seed + 99)):
        made[f"card:{number}"] = accept(runtime, "town", CARD, [{**row, "borrowing_unit": UNITS["town"][0]}])
    return made


def _at(row: Mapping[str, Any], place: str) -> dict[str, Any]:
    return {**row, **({"unit": UNITS[place][0]} if "unit" in row else {})}
