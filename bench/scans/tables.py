"""Outcomes into rows of a table, and the table as text or Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bench.scans.markscoring import MarkOutcome
from bench.scans.scoring import ABSENT, Outcome

BINS = 10


@dataclass(slots=True)
class Row:
    """What is counted for one condition, or one peer in it."""

    name: str
    outcomes: list[Outcome] = field(default_factory=list)
    marks: list[MarkOutcome] = field(default_factory=list)
    pages: int = 0
    seconds: float = 0.0

    def part(self, is_meant: Callable[[Outcome], bool]) -> float:
        """The part of the fields of which something is true."""
        return sum(map(is_meant, self.outcomes)) / max(1, len(self.outcomes))

    def count(self, is_meant: Callable[[Outcome], bool]) -> int:
        """The number of fields of which something is true."""
        return sum(map(is_meant, self.outcomes))

    def of_kind(self, kind: str) -> list[MarkOutcome]:
        """The outcomes of one kind of mark."""
        return [mark for mark in self.marks if mark.wanted.kind == kind]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its head, and what stands in it for a row."""

    head: str
    cell: Callable[[Row], str]


def _percent(part: float, digits: int = 2) -> str:
    return f"{part:.{digits}%}"


def _precision(kind: str) -> Callable[[Row], str]:
    """Precision and recall of "is there one", whether flagged or not."""

    def cell(row: Row) -> str:
        marks = row.of_kind(kind)
        hits = sum(mark.is_hit for mark in marks)
        seen, there = sum(mark.present is True for mark in marks), sum(mark.wanted.present for mark in marks)
        return f"{_share(hits, seen)} / {_share(hits, there)}"

    return cell


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "–"


def _units(row: Row) -> str:
    hits = [mark for mark in row.of_kind("seal") if mark.is_hit]
    return _share(sum(mark.is_unit_read for mark in hits), len(hits))


def _dates(row: Row) -> str:
    dates = [mark for mark in row.of_kind("date") if mark.wanted.present]
    return _share(sum(mark.is_right for mark in dates), len(dates))


def calibration_error(outcomes: Iterable[Outcome]) -> float | None:
    """Expected calibration error: how far confidence is from truth on average, over ten equal bins of confidence.

    Only fields for which a confidence was given count; ``None`` without any.
    """
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for item in outcomes:
        if item.confidence is not None and item.got != ABSENT:
            bins[min(BINS - 1, int(item.confidence * BINS))].append((item.confidence, item.is_exact))
    total = sum(map(len, bins))
    if not total:
        return None
    gaps = (abs(sum(sure for sure, _ in group) - sum(right for _, right in group)) for group in bins)
    return sum(gaps) / total


def _calibration(row: Row) -> str:
    error = calibration_error(row.outcomes)
    return "–" if error is None else f"{error:.3f}"


COLUMNS = (
    Column("condition", lambda row: row.name),
    Column("fields", lambda row: str(len(row.outcomes))),
    Column("exact", lambda row: _percent(row.part(lambda item: item.is_exact))),
    Column("review", lambda row: _percent(row.part(lambda item: item.is_flagged))),
    Column("silent", lambda row: str(row.count(lambda item: item.is_silent))),
    Column("(form)", lambda row: str(row.count(lambda item: item.is_silent and item.is_form_only))),
    Column("IDs", lambda row: str(row.count(lambda item: item.is_silent and item.type == "id_number"))),
    Column("false fills", lambda row: str(row.count(lambda item: item.is_false_fill))),
    Column("seal P / R", _precision("seal")),
    Column("unit", _units),
    Column("sign. P / R", _precision("signature")),
    Column("dates", _dates),
    Column("marks silent", lambda row: str(sum(mark.is_silent for mark in row.marks))),
    Column("ECE", _calibration),
    Column("s/page", lambda row: f"{row.seconds / max(1, row.pages):.2f}"),
)
PEER_COLUMNS = (
    Column("condition", lambda row: row.name),
    Column("fields", lambda row: str(len(row.outcomes))),
    Column("exact", lambda row: _percent(row.part(lambda item: item.is_exact))),
    Column("wrong", lambda row: _percent(row.part(lambda item: not item.is_exact))),
    Column("false fills", lambda row: str(row.count(lambda item: item.is_false_fill))),
    Column("s/page", lambda row: f"{row.seconds / max(1, row.pages):.2f}"),
)


def markdown(rows: Sequence[Row], columns: Sequence[Column]) -> str:
    """The rows as a Markdown table."""
    lines = [[column.head for column in columns], ["---"] * len(columns)]
    lines += [[column.cell(row) for column in columns] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def plain(rows: Sequence[Row], columns: Sequence[Column]) -> str:
    """The rows in columns of fixed width."""
    lines = [[column.head for column in columns], *([column.cell(row) for column in columns] for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(columns))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if not index else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def silent_list(rows: Iterable[Row]) -> list[str]:
    """Every silent error, a line each: where, what stands there, what was read, how sure."""
    lines = []
    for row in rows:
        lines += [
            f"{row.name} {item.form} {item.seed} {item.place}: wanted {item.wanted!r}, got {item.got!r}"
            f" ({item.text!r}, {item.confidence if item.confidence is None else round(item.confidence, 4)})"
            + (" — white space or width alone" if item.is_form_only else "")
            for item in row.outcomes
            if item.is_silent
        ]
        lines += [
            f"{row.name} {mark.form} {mark.seed} marks.{mark.wanted.key}.{mark.wanted.kind}:"
            f" wanted {mark.wanted.value or mark.wanted.text or mark.wanted.present!r}"
            f"{' (of a wrong unit)' if mark.wanted.is_wrong else ''},"
            f" got {mark.value or mark.unit or mark.text or mark.present!r}"
            for mark in row.marks
            if mark.is_silent
        ]
    return lines
