"""Document → Extractions of ledgers: persons in the shape of attachment-5, columns with the choices left, history."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from forms.catalogue import Catalogue
from forms.cleaning import squeeze
from forms.definition import FormDefinition
from forms.finding import Region, Severity
from forms.ledger import LEDGER
from forms.record import ColumnChoice, ColumnStatus, Entry, Extraction, Row
from parsers.collecting import uncollected
from parsers.decoder import CellDecoder
from parsers.document import Cell, Document, Grid, Page
from parsers.extracting import Extractor
from parsers.identifying import Identified
from parsers.ledger.mapping import ColumnMapper, Decided
from parsers.ledger.options import Columns, LedgerOptions
from parsers.ledger.roster import LedgerRoster
from parsers.ledger.tableless import lost_pages
from parsers.ledger.tables import Ledger, TableFinder
from parsers.ledger.vocabulary import LedgerVocabulary
from parsers.locating.parts import GridSlice, Part
from parsers.locating.roster import RosterReader
from parsers.locating.titles import TitleFinder
from parsers.locating.vocabulary import Meaning
from parsers.outside import with_outside

_TITLE = re.compile(
    r"(?:台账|花名册|名册|登记簿|明细表|一览表|登记表|统计表|清册|情况表|汇总表|名单)(?:[(（].*[)）])?$"
)
_UNIT_IN_TITLE = re.compile(
    r"^(?P<unit>.{2,30}?(?:局|委员会|办事处|人民政府|政府|街道|镇|乡|中心|集团|公司|学校|小学|中学|幼儿园|医院|卫生院|站|所|大队|"
    r"支队|委|办公室|联合会|联|农场|林场|管委会))(?=(?:\d{4}年?度?)?(?:编外|外聘|聘用|临时|借用|用工|合同|劳务|人员|台账|花名册|派遣))"
)
_LOWEST, _REST = 0.6, 0.39
_MAY_BE = 0.3


def extract_ledgers(
    document: Document, catalogue: Catalogue, options: LedgerOptions, decoder: CellDecoder | None = None
) -> tuple[Extraction, ...]:
    """Every ledger in a document, in its order; none when no table of persons is there.

    Args:
        document: the file as read.
        catalogue: the forms whose labels and fields are looked for.
        options: what the sender and earlier confirmations say of the columns.
        decoder: reads a cell of a scanned page again, for a type.
    """
    with uncollected():
        ledger = catalogue.readable(LEDGER)
        finder = TableFinder(ledger)
        prepared = finder.prepared(document)
        ledgers = finder.ledgers(prepared)
        titles = TitleFinder(())
        mapper = ColumnMapper(ledger, catalogue.definitions)
        readings = [
            (one, _LedgerReading(prepared, one, part, ledger, mapper, options).extraction(titles, decoder))
            for one, part in zip(ledgers, _parts(ledgers), strict=True)
        ]
        found = [made for _, made in readings if _lists_persons(made.columns)]
        used = {page.index for one, made in readings for page in one.pages if _lists_persons(made.columns)}
        rest = [_whole(page) for page in prepared.pages if page.index not in used and not page.hidden]
        return (with_outside(found[0], prepared, rest), *found[1:]) if found else ()


def _lists_persons(choices: Sequence[ColumnChoice]) -> bool:
    """Whether a table names persons, or may: without a column for a name or an identity number it is no ledger."""
    keys = {key for one in choices for key in one.keys}
    keys |= {key for one in choices for key, score in one.candidates if score >= _MAY_BE}
    return not keys.isdisjoint({"name", "id_number"})


def _parts(ledgers: Iterable[Ledger]) -> list[tuple[Part, ...]]:
    """The blocks of each ledger: those of its pages; a page with several is cut before each one's first table."""
    own = list(ledgers)
    parts: list[tuple[Part, ...]] = []
    for number, ledger in enumerate(own):
        pieces: list[Part] = []
        for page in ledger.pages:
            sharing = [index for index, other in enumerate(own) if any(one is page for one in other.pages)]
            blocks = list(page.blocks)
            starts = [blocks.index(_first_on(own[index], page)) for index in sharing[1:]]
            bounds = [0, *starts, len(blocks)]
            first, last = list(pairwise(bounds))[sharing.index(number)]
            pieces.append(_whole(replace(page, blocks=tuple(blocks[first:last]))))
        parts.append(tuple(pieces))
    return parts


def _first_on(ledger: Ledger, page: Page) -> Grid:
    return next(table.grid for table in ledger.tables if table.page is page)


def _whole(page: Page) -> Part:
    blocks = (GridSlice(block, 0, block.rows) if isinstance(block, Grid) else block for block in page.blocks)
    return Part(page, tuple(blocks))


class _LedgerReading:
    """One ledger of a document."""

    def __init__(
        self,
        document: Document,
        ledger: Ledger,
        parts: tuple[Part, ...],
        definition: FormDefinition,
        mapper: ColumnMapper,
        options: LedgerOptions,
    ) -> None:
        self._document = document
        self._ledger = ledger
        self._parts = parts
        self._definition = definition
        self._mapper = mapper
        self._options = options

    def extraction(self, titles: TitleFinder, decoder: CellDecoder | None) -> Extraction:
        """Decide what the columns hold, then read the persons."""
        plain = LedgerVocabulary(self._definition)
        title = self._title()
        unit = self._options.unit or self._unit_read(plain, titles, decoder) or (title[1] if title else "")
        confirmed, status = self._confirmed(unit)
        decided = self._decided(confirmed, status)
        vocabulary = LedgerVocabulary(self._definition, decided.meanings)
        sure = [one for one in decided.choices if one.status is not ColumnStatus.UNSURE and one.keys]
        share = len(sure) / max(1, sum(bool(one.keys) or bool(one.candidates) for one in decided.choices))
        found = Identified(self._definition, round(_LOWEST + _REST * share, 3), self._parts)
        reader = LedgerExtractor(self._document, found, titles, decoder, vocabulary)
        reader.tell(decided.choices)
        made = reader.extractions()[0]
        told = (*made.findings, *lost_pages(self._ledger.pages))
        made = replace(made, columns=decided.choices, history=tuple(reader.history), findings=told)
        return _with_title(made, title)

    def _unit_read(self, vocabulary: LedgerVocabulary, titles: TitleFinder, decoder: CellDecoder | None) -> str:
        """The unit named around the tables; read first, for it is half of what a mapping is remembered under."""
        if not self._options.remembered:
            return ""
        found = Identified(self._definition, 1.0, self._parts)
        header = LedgerExtractor(self._document, found, titles, decoder, vocabulary).extractions()[0].record.header
        entry = header.get("unit")
        return str(entry.value) if entry is not None and entry.value and not entry.review else ""

    def _confirmed(self, unit: str) -> tuple[Columns | None, ColumnStatus]:
        if self._options.columns is not None:
            return self._options.columns, ColumnStatus.GIVEN
        return self._options.recalled(unit, self._ledger.tables[0].key), ColumnStatus.REMEMBERED

    def _decided(self, confirmed: Columns | None, status: ColumnStatus) -> Decided:
        """The mapping of all heads of the ledger; the first head's where two use the same words."""
        decided = self._mapper.decide(self._ledger.columns, confirmed, status)
        meanings: dict[str, Meaning | None] = dict(decided.meanings)
        others = {table.key: table for table in self._ledger.tables if table.key != self._ledger.tables[0].key}
        for table in others.values():
            more = self._mapper.decide(table.columns, confirmed, status)
            meanings = {**more.meanings, **meanings}
        return Decided(meanings, decided.choices)

    def _title(self) -> tuple[str, str, Page, Cell] | None:
        """The title, and the unit it names."""
        first = self._ledger.tables[0]
        above = [
            cell
            for cell in first.grid.cells
            if cell.row < first.heads[0].top and cell.text.strip() and _TITLE.search(squeeze(cell.text))
        ]
        lines = [
            Cell(-1, -1, line.text, box=line.box, confidence=line.confidence, address=line.address)
            for line in first.page.lines
            if _TITLE.search(squeeze(line.text))
        ]
        for cell in (*above, *lines):
            text = squeeze(cell.text)
            named = _UNIT_IN_TITLE.match(text)
            return text, named["unit"] if named else "", first.page, cell
        return None


class LedgerExtractor(Extractor):
    """Extracts one ledger."""

    def __init__(
        self,
        document: Document,
        found: Identified,
        titles: TitleFinder,
        decoder: CellDecoder | None,
        vocabulary: LedgerVocabulary,
    ) -> None:
        super().__init__(document, found, titles, decoder, vocabulary)
        self._ledger_vocabulary = vocabulary
        self.history: Sequence[Row] = ()

    def tell(self, choices: Iterable[ColumnChoice]) -> None:
        """Say of each column that nobody has confirmed what it was taken for."""
        choices = tuple(choices)
        if any(one.status is ColumnStatus.REMEMBERED for one in choices):
            message = "此单位的这种表头以前确认过,各栏按记住的对应关系读取"
            self._gathered.find("ledger-mapping-remembered", "", message, Severity.INFO)
        for one in choices:
            if one.status is ColumnStatus.UNPLACED and one.candidates:
                names = "、".join(self._name(key) for key, _ in one.candidates)
                message = f"栏目“{one.label}”不能确定,没有收入;可能是:{names},请指明"
                self._gathered.find("ledger-column-unsure", "columns", message, Severity.WARNING, one.region)
            elif one.status is ColumnStatus.UNSURE and one.keys:
                names = "、".join(self._name(key) for key, _ in one.candidates) or self._name("+".join(one.keys))
                message = f"栏目“{one.label}”暂按“{self._name('+'.join(one.keys))}”取值,可能是:{names},请确认"
                self._gathered.find("ledger-column-unsure", "columns", message, Severity.WARNING, one.region)

    def _name(self, keys: str) -> str:
        fields = {item.key: item for item in self._definition.fields}
        return "和".join(fields[key].label for key in keys.split("+") if key in fields)

    def _roster_reader(self) -> RosterReader:
        vocabulary = self._ledger_vocabulary
        reader = LedgerRoster(vocabulary, self._titles, self._valuer, self._gathered, vocabulary.heads)
        self.history = reader.history
        return reader


def _with_title(made: Extraction, title: tuple[str, str, Page, Cell] | None) -> Extraction:
    """The title is no data; the unit in it stands in for one that no line names, for a person to confirm."""
    if title is None:
        return made
    text, unit, page, cell = title
    unplaced = tuple(one for one in made.unplaced if squeeze(one.text) != text)
    kept = tuple(one for one in made.findings if one.code != "unplaced" or text[:40] not in squeeze(one.message))
    header = dict(made.record.header)
    known = header.get("unit")
    if unit and (known is None or known.value in ("", None)):
        region = Region(page.index, cell.box, cell.address)
        header["unit"] = Entry(unit, cell.text.strip(), region=region, review=True)
    return replace(made, unplaced=unplaced, findings=kept, record=replace(made.record, header=header))
