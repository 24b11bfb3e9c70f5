"""Returned files of invented people, so that a new installation has something to show."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image

from forms.intake import take_in
from forms.record import Record
from samples.paper.seals import press, round_seal
from service.operations.arrivals import Arrival
from service.operations.documents import UploadRequest, take_upload
from service.operations.filling import FillOptions, fill_records
from service.runtime import Runtime
from service.settings import PROJECT
from writers.filling import FilledForm

DATA = PROJECT / "samples" / "data"
SCAN_DPI = 200
SEAL_AT = (215.0, 425.0)
"""The middle of the seal in points: inside the box of the lending unit's opinion."""
LARGEST = 64 * 1024 * 1024


def sample_returns(runtime: Runtime) -> Iterator[tuple[str, str]]:
    """Enter one returned file of each kind: good, faulty, as Word, Excel and PDF. Gives name and id of each."""
    arrivals = []
    for form in _filled(runtime):
        blob = runtime.blobs.put([form.content], LARGEST)
        arrivals.append(Arrival(f"样例_{form.name}", blob))
    _, body = take_upload(runtime.database, arrivals, UploadRequest(), runtime.settings)
    for entry in body["documents"]:
        yield entry["file"], entry["id"]


def _filled(runtime: Runtime) -> Iterator[FilledForm]:
    for number, as_format in ((1, "docx"), (2, "xlsx"), (3, "pdf"), (5, "xlsx")):
        yield _fill(runtime, [_data(number)], as_format)[0]
    card = _data(4)
    good, faulty = ({**card, "records": [record]} for record in card["records"][:2])
    faulty["records"] = [{**faulty["records"][0], "end_date": "2028-12-31", "ethnicity": ""}]
    yield _fill(runtime, [good], "docx")[0]
    printed = _fill(runtime, [faulty], "pdf")[0]
    yield replace(printed, name="附件4_有错误的样例.pdf")
    yield replace(
        printed, name="附件4_盖章扫描件.pdf", content=_scanned(printed.content, str(good["records"][0]["lending_unit"]))
    )


def _scanned(content: bytes, unit: str) -> bytes:
    """Our own printed page as a scanner gives it back, with a unit's seal pressed on it."""
    with pypdfium2.PdfDocument(content) as file:
        page = np.asarray(file[0].render(scale=SCAN_DPI / 72).to_pil().convert("RGB"))
    sealed = press(page, round_seal(unit, SCAN_DPI), SEAL_AT, random.Random(7), SCAN_DPI)  # noqa: S311  # how ink lies
    buffer = io.BytesIO()
    Image.fromarray(sealed).save(buffer, "PDF", resolution=SCAN_DPI)
    return buffer.getvalue()


def _data(number: int) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((DATA / f"attachment-{number}.json").read_text(encoding="utf-8"))
    return data


def _fill(runtime: Runtime, data: Sequence[dict[str, Any]], as_format: str) -> list[FilledForm]:
    taken = take_in(list(data), runtime.catalogue)
    records: list[Record] = [item.record for item in taken]
    return list(fill_records(taken[0].definition, records, FillOptions(as_format=as_format)))
