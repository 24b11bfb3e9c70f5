"""The places of a file as a desk shows them: label, value, candidates, where on the page, and what is said of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from forms.catalogue import Catalogue
from forms.definition import Field, FormDefinition, Layout
from service.masking import TELLS_BIRTH, hide
from service.operations.desk.kinds import kind_of
from service.store.waiting import MARKS
from service.store.windows import Window

Plain = Mapping[str, Any]
MARK_KINDS = {"opinion": "意见", "signature": "签字", "seal": "盖章", "date": "日期"}
EXCUSE = "同单位意见"
YES, NO = "true", "false"
MOST_CANDIDATES = 9
"""As many as there are keys for them."""
_MASKED = {"id": "id_number", "phone": "phone"}
"""Kinds whose values lists mask, and the field types by which that is done."""
_WHOSE = ("no", "name", "id_number")
"""Fields by which a row is known again when rows were added or taken out meanwhile."""
_JUDGED = {True: "有", False: "无", None: "看不清"}
_INKS = {"red": "红色", "grey": "灰黑色", "hand": "手写", "stamp": "签名章", "print": "打印"}
_SHAPES = {"round": "圆形", "oval": "椭圆形", "square": "方形", "stamp": "条形"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer to choose: the value that is sent and the words that say it."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of a file.

    ``path`` is that of corrections (``documents[0].records[2].name``), ``group`` the part of the form it stands in,
    ``kind`` one of :data:`service.operations.desk.kinds.KINDS`. ``value`` is what an input holds, ``shown`` what is
    read in a list. ``page`` counts from one; ``box`` is in points of the upright page, ``None`` where the file has no
    geometry, and ``address`` then names the cell. ``seen`` is a digest of what stands there and in whose row, by which
    it is told whether somebody else has changed it meanwhile.
    """

    path: str
    group: str
    label: str
    kind: str
    value: str
    shown: str
    text: str
    review: bool
    unread: bool
    origin: str
    seen: str
    candidates: tuple[Candidate, ...] = ()
    choices: tuple[str, ...] = ()
    hint: str = ""
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    address: str = ""
    findings: tuple[Plain, ...] = ()
    mark: str = ""
    judged: str = ""

    @property
    def is_faulty(self) -> bool:
        """Whether something keeps the document from being accepted because of it."""
        return any(finding["severity"] == "error" for finding in self.findings)

    @property
    def listed(self) -> str:
        """What a list shows of it: numbers of people stand whole only where the place itself is in hand.

        Of an identity number nothing is shown, for dates of birth stand in the same list.
        """
        return str(hide(_MASKED.get(self.kind, ""), self.shown or self.judged, TELLS_BIRTH))

    @property
    def is_open(self) -> bool:
        """Whether a person has to look at it."""
        return self.review

    def to_plain(self) -> dict[str, Any]:
        """As JSON of the API."""
        named = ("path", "group", "label", "kind", "text", "review", "unread", "origin", "hint", "page", "address")
        plain = {name: getattr(self, name) for name in named}
        return {
            **plain,
            "value": self.value,
            "judged": self.judged,
            "seen": self.seen,
            "candidates": [{"value": one.value, "words": one.words} for one in self.candidates],
            "choices": list(self.choices),
            "box": list(self.box) if self.box else None,
            "findings": list(self.findings),
        }


def seen_of(plain: object) -> str:
    """A short digest of an ENTRY or mark."""
    said = json.dumps(plain, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def spots_of(windows: Sequence[Window], catalogue: Catalogue) -> list[Spot]:
    """All places of the rows that are there, in the order in which a person goes: head, rows, marks; form by form."""
    found: list[Spot] = []
    for item, window in enumerate(windows):
        form = window.form
        definition = catalogue.readable(form["form"], form["edition"])
        found += _of_form(f"documents[{item}]", window, definition, several=len(windows) > 1)
    return found


def _of_form(prefix: str, window: Window, definition: FormDefinition, *, several: bool) -> Iterator[Spot]:
    form = window.form
    said = _by_path(form["findings"])
    lead = f"附件{definition.number} " if several and definition.number else ""
    for field in definition.header:
        yield _value(field, form["header"].get(field.key), (prefix, f"header.{field.key}"), lead + "表头表尾", said)
    for number, row in enumerate(form["records"], start=window.first):
        group = lead + ("内容" if definition.layout is Layout.CARD else _row_name(row, number))
        whose = [window.count, *((row.get(key) or {}).get("value") for key in _WHOSE)]
        for field in definition.fields:
            spot = _value(field, row.get(field.key), (prefix, f"records[{number}].{field.key}"), group, said)
            yield replace(spot, seen=seen_of([whose, row.get(field.key)]))
    labels = {box.key: box.label for box in definition.boxes}
    for mark in form["marks"]:
        yield _mark(mark, labels.get(mark["key"], mark["key"]), prefix, lead + "签章", said)


def _by_path(findings: Sequence[Plain]) -> dict[str, list[Plain]]:
    found: dict[str, list[Plain]] = {}
    for finding in findings:
        found.setdefault(finding["path"], []).append(finding)
    return found


def _row_name(row: Plain, number: int) -> str:
    name = row.get("name", {}).get("value")
    return f"第{number + 1}行 {name}" if name else f"第{number + 1}行"


def _value(
    field: Field, entry: Plain | None, place: tuple[str, str], group: str, said: Mapping[str, Sequence[Plain]]
) -> Spot:
    prefix, inner = place
    value = None if entry is None else entry["value"]
    written = "" if value is None or value == "" else field.type.write(value)
    options = [] if entry is None else [str(one) for one in entry.get("candidates", ())]
    return Spot(
        path=f"{prefix}.{inner}",
        group=group,
        label=f"{field.group} {field.label}" if field.group else field.label,
        kind=kind_of(field),
        value=written,
        shown=written if value is not None or entry is None else "(未能读出)",
        text="" if entry is None else entry["text"].strip(),
        review=entry is not None and bool(entry["review"]),
        unread=entry is not None and value is None,
        origin="" if entry is None else entry["origin"],
        seen=seen_of(entry),
        candidates=tuple(Candidate(one, one) for one in dict.fromkeys(options) if one not in (written, ""))[
            :MOST_CANDIDATES
        ],
        choices=tuple(field.type.choices()),
        hint=field.hint,
        findings=tuple(said.get(inner, ())),
        **_where(entry),
    )


def _where(plain: Plain | None) -> dict[str, Any]:
    if plain is None:
        return {}
    box = plain.get("box")
    return {
        "page": plain.get("page"),
        "box": (*(float(edge) for edge in box),) if box else None,
        "address": plain.get("address") or "",
    }


def _mark(mark: Plain, label: str, prefix: str, group: str, said: Mapping[str, Sequence[Plain]]) -> Spot:
    kind, present = mark["kind"], mark["present"]
    inner = f"marks.{mark['key']}.{kind}"
    is_yes_no = kind in ("seal", "signature")
    told = mark["value"] or mark["text"] or ""
    value = _mark_value(mark, is_yes_no=is_yes_no)
    return Spot(
        path=f"{prefix}.{inner}",
        group=group,
        label=f"{label} {MARK_KINDS[kind]}",
        kind=MARKS,
        value=value,
        shown=_judged(mark),
        text=told,
        review=bool(mark["review"]),
        unread=present is None,
        origin="",
        seen=seen_of(mark),
        candidates=_mark_candidates(kind, mark) if is_yes_no else (),
        findings=tuple(said.get(inner, ())),
        mark=kind,
        judged=_judged(mark),
        **_where(mark),
    )


def _mark_value(mark: Plain, *, is_yes_no: bool) -> str:
    """What confirming a mark as it was judged sends."""
    if mark.get("excused"):
        return mark["text"] or EXCUSE
    if is_yes_no:
        return "" if mark["present"] is None else (YES if mark["present"] else NO)
    return mark["value"] or mark["text"] or ""


def _mark_candidates(kind: str, mark: Plain) -> tuple[Candidate, ...]:
    unit = (Candidate(mark["unit"], f"有,{mark['unit']}"),) if kind == "seal" and mark.get("unit") else ()
    return (*unit, Candidate(YES, "有"), Candidate(NO, "无"), Candidate(EXCUSE, "不需要(同单位意见)"))


def _judged(mark: Plain) -> str:
    """What the reader made of a mark, in a few words."""
    if mark.get("excused"):
        return f"不需要({mark['text'] or EXCUSE})"
    words = [_JUDGED[mark["present"]]]
    words += [mark.get("unit") or mark["value"] or mark["text"] or ""]
    words += [_SHAPES.get(mark.get("shape", ""), ""), _INKS.get(mark.get("ink", ""), "")]
    if mark.get("whole") is False:
        words.append("不完整")
    if mark.get("across"):
        words.append("压在日期上" if "date" in mark["across"] else "压到别的栏")
    return ",".join(word for word in words if word)
