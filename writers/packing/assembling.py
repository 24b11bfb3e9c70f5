"""The finished parts of a pack in their order: the pages around them made, one file for printing, and the archive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from writers.packing.binding import Bound, Laid, bind, lay_out
from writers.packing.letters import Item, Sending, contents, cover, letter
from writers.packing.manifest import NAME, Listed, Manifest, Problem
from writers.packing.names import Names
from writers.packing.zipping import PackFile, PackZip
from writers.rendering import page_count

PRINT_NAME = "打印版.pdf"
PrintAll = Callable[[Sequence[bytes]], Sequence[bytes]]
"""Word files to PDFs."""


@dataclass(frozen=True, slots=True)
class Made:
    """One file of a part: its place in the archive, its bytes, and what the manifest says of it."""

    place: tuple[str, ...]
    content: bytes | Path
    listed: Listed


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a pack: its line in the 目录, its files, and its printed pages, whose first is told there."""

    item: Item | None
    files: tuple[Made, ...]
    prints: tuple[Bound, ...] = ()


@dataclass(frozen=True)
class Front:
    """The pages before the first section, as Word files and printed."""

    cover: bytes
    contents: bytes
    letter: bytes
    prints: tuple[Bound, ...] = ()


@dataclass
class Assembly:
    """What a pack is put together from. ``print_all`` is ``None`` where no file for printing is wanted."""

    sending: Sending
    about: Mapping[str, Any]
    sections: Sequence[Section]
    print_all: PrintAll | None
    problems: Sequence[Problem] = ()
    lacks: Sequence[Mapping[str, Any]] = ()
    errors: int = 0
    pages: int = field(default=0, init=False)

    def write(self, target: IO[bytes], work: Path) -> None:
        """Write the archive; ``work`` is a folder for the file for printing."""
        front, laid = self._front()
        with PackZip(target) as archive:
            self._write_files(archive, front, laid, work)
            manifest = Manifest(self.about, archive.entries, self.problems, self.lacks, self.errors)
            archive.add_manifest(NAME, manifest.to_json())

    def _write_files(self, archive: PackZip, front: Front, laid: Sequence[Laid], work: Path) -> None:
        names = Names()
        printed = iter(laid)
        before = (
            ("封面", "cover", front.cover),
            ("目录", "contents", front.contents),
            ("报送函", "letter", front.letter),
        )
        for number, (title, kind, content) in enumerate(before):
            place = next(printed, None)
            listed = Listed(kind, title) if place is None else _at(Listed(kind, title), place.first)
            archive.add(PackFile(names.give(f"{number:02d}_{title}.docx"), content, listed))
        for section in self.sections:
            places = [next(printed) for _ in section.prints] if laid else []
            begun = [page for place in places for page in place.starts]
            for position, made in enumerate(section.files):
                listed = _at(made.listed, begun[position]) if len(begun) == len(section.files) else made.listed
                archive.add(PackFile(names.give(*made.place), made.content, listed))
        if self.print_all is not None:
            path = work / "print.pdf"
            parts = [*front.prints, *(part for section in self.sections for part in section.prints)]
            self.pages = bind(parts, f"{self.sending.unit}报送包", path)
            listed = Listed("print", "打印版", pages=self.pages)
            archive.add(PackFile(names.give(PRINT_NAME), path, listed))

    def drafts(self) -> tuple[bytes, bytes, bytes]:
        """The pages before the first section as Word files: 封面, 目录 without page numbers, 报送函."""
        items = [section.item for section in self.sections if section.item is not None]
        return cover(self.sending), contents(items, self.sending), letter(items, self.sending)

    def _front(self) -> tuple[Front, list[Laid]]:
        """The pages before the forms; the 目录 is made again until the pages that it tells are right."""
        first, listing, mail = self.drafts()
        if self.print_all is None:
            return Front(first, listing, mail), []
        shown, listed, sent = self.print_all([first, listing, mail])
        while True:
            prints = (Bound("封面", shown, numbered=False), Bound("目录", listed), Bound("报送函", sent))
            laid = lay_out(_lengths((*prints, *(part for section in self.sections for part in section.prints))))
            told = contents(self._with_pages(laid[len(prints) :]), self.sending)
            if told == listing:
                return Front(first, told, mail, prints), laid
            before = page_count(listed)
            listing, (listed,) = told, self.print_all([told])
            if page_count(listed) == before:
                return Front(first, told, mail, (prints[0], Bound("目录", listed), prints[2])), laid

    def _with_pages(self, laid: Sequence[Laid]) -> list[Item]:
        items = []
        at = 0
        for section in self.sections:
            if section.item is not None:
                items.append(replace(section.item, page=laid[at].first if section.prints else None))
            at += len(section.prints)
        return items


def _lengths(parts: Sequence[Bound]) -> list[tuple[int, list[int]]]:
    return [(_pages(part), [page for page, _ in part.starts]) for part in parts]


def _pages(part: Bound) -> int:
    return page_count(part.content if isinstance(part.content, bytes) else part.content.read_bytes())


def _at(listed: Listed, page: int) -> Listed:
    """What is said of a file, with the page on which it begins in the print."""
    return replace(listed, page=page)
