"""A pack made from its contents: files, pages and archive, part by part, with progress and what could not be put in."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

from forms.errors import FormServiceError
from service.operations.packs.asked import SUBMISSION, PackNotPrintedError
from service.operations.packs.contents import MOST_TOLD, Contents, PackCard, PackForm, PackScan, counted
from service.operations.packs.offices import Cards, Office, Roster, make_cards, make_roster, together_of
from service.operations.packs.prints import (
    Press,
    Printed,
    Sheet,
    cards_sheet,
    letter_sheet,
    print_sheets,
    roster_sheet,
)
from service.operations.packs.reports import SUBTOTALS, reports_of, subtotals_of
from writers.packing.assembling import Assembly, Made, Section
from writers.packing.binding import Bound
from writers.packing.letters import Item, Sending
from writers.packing.manifest import Listed, Problem

Tell = Callable[[int, int, str], None]
"""Progress: documents done, all documents, stage."""
DrawScans = Callable[[Sequence[PackScan], Path, Callable[[int], None]], Sequence[Path | FormServiceError]]
"""Originals to pages: see :func:`service.operations.packs.scans.draw_scans`."""
Take = Callable[[Sheet], None]
"""What is made is given to be printed."""
SHOWN_PROBLEMS = 5
LONGEST_SHOWN = 40
FRONT = 3
FRONT_PAGES = "封面、目录、报送函"


@dataclass(frozen=True, slots=True)
class PackMade:
    """What became of a pack: documents in it, pages of the file for printing, and what could not be put in."""

    documents: int
    pages: int
    problems: tuple[Problem, ...]


@dataclass
class PackMaker:
    """Makes one pack. ``draw`` is left out where there are no originals."""

    contents: Contents
    office: Office
    tell: Tell
    draw: DrawScans | None = None
    _problems: list[Problem] = field(default_factory=list, init=False)
    _done: int = field(default=0, init=False)

    def make(self, target: IO[bytes]) -> PackMade:
        """Write the archive.

        Raises:
            PackIncompleteError, PackEmptyError: it is not to be made as it is.
            PackNotPrintedError: a page that every pack has could not be printed.
        """
        self.contents.require_complete()
        self._problems = list(self.contents.problems)
        with tempfile.TemporaryDirectory(prefix="pack-") as folder:
            work = Path(folder)
            with Press(self.office.parts, partial(self._on_printed, "打印")) as press:
                take = press.take if self.contents.asked.options.pdf else _leave
                rosters, cards = self._rosters(take), self._cards(take)
                prints = self._printed(press.results())
            scans = self._scans(work)
            sections = self._sections(rosters, cards, prints, scans)
            assembly = self._assembly([*sections, *self._reports(sections)])
            assembly.write(target, work)
            self._step("汇总装订", FRONT)
        return PackMade(self._done, assembly.pages, tuple(self._problems))

    @property
    def _total(self) -> int:
        """Documents to be made: each is counted when it is filled, and when it is printed or drawn."""
        forms = len(self.contents.forms) + len(self.contents.cards)
        each = 2 if self.contents.asked.options.pdf else 1
        return forms * each + len(self.contents.scans) + FRONT

    def _step(self, stage: str, count: int = 1) -> None:
        self._done = min(self._done + count, self._total)
        self.tell(self._done, self._total, stage)

    def _on_printed(self, stage: str, sheet: Sheet) -> None:
        self._step(stage, sheet.documents)

    def _rosters(self, take: Take) -> dict[str, Roster]:
        made: dict[str, Roster] = {}
        for number, form in enumerate(self.contents.forms):
            try:
                roster, problems = make_roster(self.office, form)
                made[str(number)] = roster
                self._problems += problems
                take(roster_sheet(roster))
            except FormServiceError as fault:
                self._problems.append(Problem(f"附件{form.definition.number}", fault.code, fault.message_zh))
            self._step("填表")
        return made

    def _cards(self, take: Take) -> list[Cards]:
        made = []
        for together in _together(self.contents.cards):
            some = make_cards(self.office, together)
            self._problems += some.problems
            self._step("填表", len(together))
            if some.cards:
                made.append(some)
                take(cards_sheet(some))
        return made

    def _printed(self, results: Sequence[tuple[Sheet, Printed | FormServiceError]]) -> dict[str, Printed]:
        """Pages by the key of what was printed; what could not be printed is told and left out."""
        found: dict[str, Printed] = {}
        for sheet, result in results:
            if isinstance(result, Printed):
                found[sheet.key] = result
            else:
                self._problems.append(Problem(f"{sheet.title}的打印页", result.code, result.message_zh))
        return found

    def _scans(self, work: Path) -> list[tuple[PackScan, Path]]:
        scans = self.contents.scans
        if not scans or self.draw is None:
            return []
        drawn = self.draw(scans, work, lambda _: self._step("原件"))
        found = []
        for scan, result in zip(scans, drawn, strict=True):
            if isinstance(result, Path):
                found.append((scan, result))
            else:
                what = f"{scan.unit}的原件“{scan.name}”"
                self._problems.append(Problem(what, result.code, result.message_zh, scan.document_id))
        return found

    def _sections(
        self,
        rosters: Mapping[str, Roster],
        cards: Sequence[Cards],
        prints: Mapping[str, Printed],
        scans: Sequence[tuple[PackScan, Path]],
    ) -> list[Section]:
        """The forms in order, each with its originals behind it."""
        sections: list[Section] = []
        for form in self.contents.asked.recipient.forms:
            for number, given in enumerate(self.contents.forms):
                if given.definition.form == form and (made := rosters.get(str(number))) is not None:
                    sections.append(_roster_section(given, made, prints.get(made.key)))
            own = [item for item in cards if item.cards[0].definition.form == form]
            if own:
                sections.append(_cards_section(own, prints))
            behind = [(scan, path) for scan, path in scans if scan.form == form]
            if behind:
                sections.append(_scans_section(behind, self.contents.asked.options.pdf))
        return sections

    def _reports(self, before: Sequence[Section]) -> list[Section]:
        """The reports, printed in one run of LibreOffice together with the pages before the forms."""
        reports = reports_of(self.contents, self._problems)
        unprinted = [_report_section(number, report, None) for number, report in enumerate(reports)]
        workbook = subtotals_of(self.contents)
        beside = [] if workbook is None else [_workbook_section(len(reports), workbook)]
        sheets = [letter_sheet(title, content) for _, title, content in reports]
        is_printed = self.contents.asked.options.pdf
        drafts = self._assembly([*before, *unprinted, *beside]).drafts() if is_printed else ()
        pages = [*sheets, *(letter_sheet(FRONT_PAGES, content) for content in drafts)] if is_printed else []
        prints = self._printed(print_sheets(self.office.parts, pages, partial(self._on_printed, "报告")))
        printed = [
            _report_section(number, report, prints.get(sheet.key))
            for number, (report, sheet) in enumerate(zip(reports, sheets, strict=True))
        ]
        return [*printed, *beside]

    def _assembly(self, sections: Sequence[Section]) -> Assembly:
        contents, options = self.contents, self.contents.asked.options
        errors = sum(item.kind == "error" for item in contents.lacks)
        definitions = [form.definition for form in contents.forms] + [card.definition for card in contents.cards]
        copies = options.copies or max((item.copies for item in definitions), default=1)
        sending = Sending(
            contents.unit,
            contents.asked.recipient.offices,
            contents.year,
            contents.title,
            copies,
            options.letter_day,
            contents.units,
            contents.contact,
            contents.phone,
            tuple(self._warnings()),
            whole=contents.asked.unit_id is None and contents.units > 1,
        )
        about = {
            "kind": SUBMISSION,
            "unit": contents.unit,
            "recipient": contents.asked.recipient.value,
            "recipients": list(contents.asked.recipient.offices),
            "year": contents.year,
            "campaign": contents.title,
            "copies": copies,
            "made_with_errors": bool(contents.lacks),
        }
        lacks = [item.to_plain() for item in contents.lacks[:MOST_TOLD]]
        printer = self._print_letters if options.pdf else None
        return Assembly(sending, about, sections, printer, tuple(self._problems), lacks, errors)

    def _warnings(self) -> list[str]:
        """What the cover says is missing or wrong."""
        warnings = []
        if self.contents.lacks:
            warnings.append(f"尚有{counted(self.contents.lacks)}，明细见核查报告。")
        if self._problems:
            names = list(dict.fromkeys(item.what[:LONGEST_SHOWN] for item in self._problems))
            named, more = "、".join(names[:SHOWN_PROBLEMS]), "等" if len(names) > SHOWN_PROBLEMS else ""
            warnings.append(
                f"有 {len(self._problems)} 处未能编入或有误：{named}{more}；明细见核查报告和 manifest.json。"
            )
        return warnings

    def _print_letters(self, letters: Sequence[bytes]) -> list[bytes]:
        sheets = [letter_sheet(FRONT_PAGES, content) for content in letters]
        printed = []
        for _, result in print_sheets(self.office.parts, sheets, lambda _: None):
            if not isinstance(result, Printed):
                raise PackNotPrintedError(part=FRONT_PAGES, reason=result.message_zh)
            printed.append(result.content)
        return printed


def _leave(_sheet: Sheet) -> None:
    """Where no file for printing is wanted."""


def _together(cards: Sequence[PackCard]) -> list[list[PackCard]]:
    """Approval forms that are made together: of one edition, so many at most."""
    groups: list[list[PackCard]] = []
    for card in cards:
        if groups and len(groups[-1]) < together_of(card.definition) and groups[-1][-1].definition is card.definition:
            groups[-1].append(card)
        else:
            groups.append([card])
    return groups


def _report_section(number: int, report: tuple[str, str, bytes], pages: Printed | None) -> Section:
    kind, title, content = report
    file = Made((f"{20 + number}_{title}.docx",), content, Listed(kind, title, pages=_page_count(pages)))
    return Section(Item(title), (file,), (Bound(title, pages.content),) if pages else ())


def _workbook_section(number: int, workbook: bytes) -> Section:
    """Subtotals and sources: too wide for paper, and looked up rather than read."""
    file = Made((f"{20 + number}_{SUBTOTALS}.xlsx",), workbook, Listed("subtotals", SUBTOTALS))
    return Section(Item(SUBTOTALS, "仅电子版"), (file,))


def _roster_section(form: PackForm, made: Roster, pages: Printed | None) -> Section:
    definition = form.definition
    name = f"附件{definition.number} {definition.title}"
    short = definition.aliases[0] if definition.aliases else definition.title
    count = len(form.record.rows)
    unit = form.record.header.get("unit")
    listed = Listed(
        "form",
        name,
        definition.form,
        str(unit.value or "") if unit is not None else "",
        pages=_page_count(pages),
        sources=form.sources,
    )
    place = (f"{10 + definition.number}_附件{definition.number}_{short}.{definition.file_format}",)
    note = f"{count}人" if count else "零报告"
    item = Item(name, note, definition.copies, is_attachment=True)
    bound = (Bound(name, pages.content),) if pages else ()
    return Section(item, (Made(place, made.content, listed),), bound)


def _page_count(pages: Printed | None) -> int | None:
    return None if pages is None else pages.pages


def _cards_section(made: Sequence[Cards], prints: Mapping[str, Printed]) -> Section:
    definition = made[0].cards[0].definition
    name = f"附件{definition.number} {definition.title}"
    short = definition.aliases[0] if definition.aliases else definition.title
    folder = f"{10 + definition.number}_附件{definition.number}_{short}"
    files: list[Made] = []
    bounds: list[Bound] = []
    number = 0
    for some in made:
        begin = number
        for card, content in zip(some.cards, some.contents, strict=True):
            number += 1
            listed = Listed("form", f"{name}({card.person})", definition.form, card.unit, sources=card.sources)
            place = (folder, f"{number:04d}_{card.person or '未填姓名'}.{definition.file_format}")
            files.append(Made(place, content, listed))
        if (pages := prints.get(some.key)) is not None:
            people = [f"{begin + place + 1}. {card.person}" for place, card in enumerate(some.cards)]
            starts = tuple(zip(pages.starts, people, strict=True))
            bounds.append(Bound("" if bounds else name, pages.content, starts=starts))
    item = Item(name, f"{number}份", definition.copies, is_attachment=True)
    return Section(item, tuple(files), tuple(bounds))


def _scans_section(scans: Sequence[tuple[PackScan, Path]], is_printed: bool) -> Section:  # noqa: FBT001  # one choice
    number = scans[0][0].form.rpartition("-")[2]
    title = f"附件{number} 盖章原件"
    files: list[Made] = []
    bounds: list[Bound] = []
    for place, (scan, path) in enumerate(scans, start=1):
        stem = scan.name.rpartition(".")[0] or scan.name
        source = {"document": scan.document_id, "sha256": scan.sha256, "name": scan.name}
        listed = Listed("scan", f"{scan.unit}:{scan.name}", scan.form, scan.unit, sources=(source,))
        folder = f"{10 + int(number)}_附件{number}_盖章原件"
        files.append(Made((folder, f"{place:03d}_{scan.unit}_{stem}.pdf"), path, listed))
        bounds.append(Bound(f"{scan.unit} {scan.name}".strip(), path, level=1))
    if bounds and is_printed:
        bounds[0] = Bound(title, scans[0][1], starts=((0, bounds[0].title),))
    return Section(Item(title, f"{len(files)}份"), tuple(files), tuple(bounds) if is_printed else ())
