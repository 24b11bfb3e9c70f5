"""A ledger on the desk: its columns with what they may hold, and the 附件5 that is made of it and handed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from forms.definition import FormDefinition
from forms.finding import Finding
from forms.ledger import LEDGER, TARGET
from forms.plain import finding_to_plain
from forms.prefill import LEFT, NOT_IN_FORM, UNCONFIRMED
from service.access.scope import EVERYTHING, Scope
from service.masking import TELLS_BIRTH, hide, hide_text
from service.operations.arrivals import Arrival
from service.operations.desk.looking import Desk
from service.operations.documents import UploadRequest, document_of, take_upload
from service.operations.filling import FillOptions
from service.operations.holding import SETTLED, wrong_state
from service.operations.ledgers import NoLedgerError
from service.operations.making import LARGEST_RESULT, fill_now
from service.operations.sources import intakes_for
from service.runtime import Runtime
from service.store.documents import StoredDocument
from service.store.submissions import Change, add_changes, last_changes, open_submission
from service.store.waiting import Waiting, Wanted, waiting_documents
from writers.filling import Purpose

EXCEL = "xlsx"
SAMPLES = 4
LONGEST_SAMPLE = 60
"""Values of a column that are shown with it."""
MOST_SHOWN = 60
LEFT_OUT = "-"
"""What a list of choices sends for a column that is left out."""
_NOT_TAKEN = frozenset({UNCONFIRMED, NOT_IN_FORM, LEFT})
_SENT_ON = "已转为附件5:"
_STATUS = {
    "known": ("认得", "good"),
    "given": ("已确认", "good"),
    "remembered": ("上次确认过", "good"),
    "unsure": ("请确认", "warn"),
    "unplaced": ("没有对应", "warn"),
    "left-out": ("不要", "quiet"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a ledger: its head, what it was read as (keys joined by ``+``), and some of its values.

    ``status`` is that of the reading, ``words`` and ``tone`` say it on a page. ``likely`` are the choices that the
    reader had in mind, the best first.
    """

    number: int
    label: str
    keys: str
    status: str
    words: str
    tone: str
    likely: tuple[tuple[str, int], ...]
    samples: tuple[str, ...]
    page: int | None
    box: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that a column may hold; ``group`` says of which form it is."""

    keys: str
    label: str
    group: str


def columns_of(desk: Desk) -> list[Column]:
    """The columns of the ledgers in a document.

    Raises:
        NoLedgerError: there is none in it.
    """
    found = [
        _column(one, window.form)
        for window in desk.windows
        if window.form["form"] == LEDGER
        for one in window.form["columns"]
    ]
    if not found:
        raise NoLedgerError(reason_zh="此文件没有按台账读取", reason_en="the document was not read as a ledger")
    return found


def _column(one: Mapping[str, Any], form: Mapping[str, Any]) -> Column:
    words, tone = _STATUS[one["status"]]
    keys = [str(key) for key in one["keys"]]
    return Column(
        number=one["column"],
        label=one["label"],
        keys="+".join(keys),
        status=one["status"],
        words=words,
        tone=tone,
        likely=tuple((str(each["key"]), round(100 * each["score"])) for each in one["candidates"]),
        samples=tuple(_masked(text, keys) for text in islice(_samples(one["label"], keys, form), SAMPLES)),
        page=one.get("page"),
        box=tuple(one["box"]) if one.get("box") else None,
    )


def _samples(label: str, keys: Sequence[str], form: Mapping[str, Any]) -> Iterator[str]:
    """What stands in a column: in its rows where it was read as something, else among what found no place."""
    for row in form["records"] if keys else ():
        said = " ".join(dict.fromkeys((row.get(key) or {}).get("text", "").strip() for key in keys)).strip()
        if said:
            yield said
    for left in () if keys else form.get("unplaced", ()):
        if left["label"] == label and left["text"].strip():
            yield left["text"].strip()


def _masked(text: str, keys: Sequence[str]) -> str:
    """As a list shows it: dates of birth stand beside, so nothing of an identity number is told."""
    shown = str(hide("id_number", text, TELLS_BIRTH)) if "id_number" in keys else hide_text(text)
    return shown if len(shown) <= LONGEST_SAMPLE else f"{shown[: LONGEST_SAMPLE - 1]}…"


def choices_of(runtime: Runtime) -> list[Choice]:
    """The fields that a column may hold: those of 附件5 first, then those that only other forms have."""
    target, ledger = runtime.catalogue.find(TARGET), runtime.catalogue.readable(LEDGER)
    own = {field.key for field in target.fields}
    named = [(field.key, f"{field.group} {field.label}" if field.group else field.label) for field in ledger.fields]
    first = [Choice(key, label, "附件5") for key, label in named if key in own]
    return [*first, *(Choice(key, label, "其他表") for key, label in named if key not in own), *_joint(target)]


def _joint(target: FormDefinition) -> Iterator[Choice]:
    """Two days in one column."""
    labels = {field.key: f"{field.group} {field.label}" if field.group else field.label for field in target.fields}
    for first, last in (("contract_start", "contract_end"), ("term_start", "term_end")):
        if first in labels and last in labels:
            yield Choice(f"{first}+{last}", f"{labels[first]} 和 {labels[last]}", "一栏两项")


@dataclass(frozen=True, slots=True)
class SentOn:
    """A 附件5 made of a ledger and handed in: its document, the job that reads it, and what was not taken along."""

    document: str
    job: str | None
    people: int
    findings: tuple[Finding, ...]

    def to_plain(self) -> dict[str, Any]:
        """As JSON of the API."""
        return {
            "id": self.document,
            "href": f"/api/v1/documents/{self.document}",
            "job": self.job,
            "records": self.people,
            "findings": [finding_to_plain(one) for one in self.findings],
        }


def hand_in(runtime: Runtime, identity: str, who: str) -> SentOn:
    """Make the 附件5 of what is sure in a ledger as it stands now, and hand it in as a file of the same unit.

    What nobody confirmed is left empty and told. The same ledger, unchanged, makes the same file, which is taken once.

    Raises:
        NotFoundError: there is no such document.
        NoLedgerError: it was not read as a ledger, or nobody said whose it is.
        WrongStateError: it was settled or deleted.
        DocumentError, OutputCheckError: the form cannot be made of it.
    """
    document = document_of(runtime.database, identity)
    if document.stage in SETTLED:
        raise wrong_state(document.stage, "转为附件5", "sent on")
    ledgers = [_with_unit(form, document) for form in document.found if form["form"] == LEDGER]
    if not ledgers:
        raise NoLedgerError(reason_zh="此文件没有按台账读取", reason_en="the document was not read as a ledger")
    if not document.unit:
        raise NoLedgerError(reason_zh="还不知道是哪个单位的台账,请先选定填报单位", reason_en="name its unit first")
    definition = runtime.catalogue.find(TARGET)
    intakes = intakes_for(definition, {"documents": ledgers}, runtime.catalogue)
    made = fill_now(
        definition, [one.record for one in intakes], FillOptions(Purpose.PREFILLED, EXCEL, print_mark=False)
    )
    blob = runtime.blobs.put([made.content], LARGEST_RESULT)
    name = f"附件5_{document.name.rpartition('.')[0] or document.name}.{made.name.rpartition('.')[2]}"
    asked = UploadRequest(TARGET, document.unit, campaign=document.campaign_id)
    _, body = take_upload(runtime.database, [Arrival(name, blob)], asked, runtime.settings)
    entry = body["documents"][0]
    with runtime.database.transaction() as connection:
        open_submission(connection, identity)
        add_changes(connection, identity, [Change(who, "noted", reason=f"{_SENT_ON}{entry['id']}")])
    told = tuple(finding for one in intakes for finding in one.findings if finding.code in _NOT_TAKEN)
    return SentOn(str(entry["id"]), entry["job"], sum(len(one.record.rows) for one in intakes), told)


def _with_unit(form: Mapping[str, Any], document: StoredDocument) -> dict[str, Any]:
    """The ledger with the unit that was settled on, where it names none for certain itself."""
    said = form["header"].get("unit")
    if (said and said["value"] and not said["review"]) or not document.unit:
        return dict(form)
    entry = {"value": document.unit, "text": document.unit, "origin": "human", "review": False}
    return {**form, "header": {**form["header"], "unit": entry}}


def sent_on_as(runtime: Runtime, identity: str) -> str | None:
    """The document that a ledger was last sent on as."""
    with runtime.database.reading() as connection:
        steps = last_changes(connection, identity, MOST_SHOWN, "noted")
    return next((step["reason"].removeprefix(_SENT_ON) for step in steps if step["reason"].startswith(_SENT_ON)), None)


def ledgers_waiting(runtime: Runtime, scope: Scope = EVERYTHING, limit: int = 50, offset: int = 0) -> list[Waiting]:
    """The ledgers within somebody's reach that nobody settled, the oldest first."""
    with runtime.database.reading() as connection:
        wanted = Wanted(within=scope.within("document"), ledgers=True)
        return waiting_documents(connection, wanted, limit, offset)
