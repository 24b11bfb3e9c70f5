"""Returned files of invented people, so that a new installation has something to show."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from forms.intake import take_in
from forms.record import Record
from service.operations.arrivals import Arrival
from service.operations.documents import UploadRequest, take_upload
from service.operations.filling import FillOptions, fill_records
from service.runtime import Runtime
from service.settings import PROJECT
from writers.filling import FilledForm

DATA = PROJECT / "samples" / "data"
LARGEST = 64 * 1024 * 1024


def sample_returns(runtime: Runtime) -> Iterator[tuple[str, str]]:
    """Enter one returned file of each kind: good, faulty, as Word, Excel and PDF. Gives name and id of each."""
    arrivals = []
    for form in _filled(runtime):
        blob = runtime.blobs.put([form.content], LARGEST)
        arrivals.append(Arrival(f"样例_{form.name}", blob))
    _, body = take_upload(runtime.database, arrivals, UploadRequest())
    for entry in body["documents"]:
        yield entry["file"], entry["id"]


def _filled(runtime: Runtime) -> Iterator[FilledForm]:
    for number, as_format in ((1, "docx"), (2, "xlsx"), (3, "pdf"), (5, "xlsx")):
        yield _fill(runtime, [_data(number)], as_format)[0]
    card = _data(4)
    good, faulty = ({**card, "records": [record]} for record in card["records"][:2])
    faulty["records"] = [{**faulty["records"][0], "end_date": "2028-12-31", "ethnicity": ""}]
    yield _fill(runtime, [good], "docx")[0]
    yield replace(_fill(runtime, [faulty], "pdf")[0], name="附件4_有错误的样例.pdf")


def _data(number: int) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((DATA / f"attachment-{number}.json").read_text(encoding="utf-8"))
    return data


def _fill(runtime: Runtime, data: Sequence[dict[str, Any]], as_format: str) -> list[FilledForm]:
    taken = take_in(list(data), runtime.catalogue)
    records: list[Record] = [item.record for item in taken]
    return list(fill_records(taken[0].definition, records, FillOptions(as_format=as_format)))
