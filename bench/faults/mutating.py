"""Files spoilt on purpose: bits flipped, ends cut off, pieces swapped, also inside of archives that are whole."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from forms.catalogue import Catalogue
from forms.intake import take_in
from samples.records import make_records
from writers.filling import fill

ROOT = Path(__file__).parents[2]
OURS = ROOT / "samples" / "files"
ENDINGS = (".docx", ".xlsx", ".doc", ".xls", ".pdf", ".ofd", ".jpg", ".png", ".zip", ".tif")
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every part of an archive that is written anew, so that one seed gives one file."""
MOST_FLIPS = 0.01
"""Share of the bytes that are flipped at most."""


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A file that was spoilt: its number, what was done to it, its name and its bytes."""

    number: int
    how: str
    name: str
    content: bytes


def sources(folders: Sequence[Path]) -> list[tuple[str, bytes]]:
    """The files to spoil: our samples, filled forms, and all in these folders, by name and content."""
    found = [(path.name, path.read_bytes()) for path in sorted(OURS.iterdir())]
    for form in ("attachment-1", "attachment-4", "attachment-5"):
        intake = take_in(make_records(form, 1 if form == "attachment-4" else 5, 11), Catalogue.load())[0]
        made = fill(intake.definition, intake.record, print_mark=False)
        found.append(
            (f"{form}.{'xlsx' if made.content[:2] == b'PK' and form == 'attachment-5' else 'docx'}", made.content)
        )
    for folder in folders:
        wanted = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix.lower() in ENDINGS)
        found += [(path.name, path.read_bytes()) for path in wanted]
    return found


def spoilt(files: Sequence[tuple[str, bytes]], count: int, seed: int) -> Iterator[Spoilt]:
    """So many files, each spoilt in one way; the same ones for the same seed."""
    for number in range(count):
        chance = random.Random(seed * 1_000_003 + number)
        name, content = files[number % len(files)]
        how = chance.choice(list(WAYS))
        yield Spoilt(number, how, name, WAYS[how](content, chance, files))


Files = Sequence[tuple[str, bytes]]


def _flip(content: bytes, chance: random.Random, _files: Files) -> bytes:
    changed = bytearray(content)
    for _ in range(max(1, round(len(changed) * MOST_FLIPS * chance.random() ** 3))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(content: bytes, chance: random.Random, _files: Files) -> bytes:
    return content[: max(1, len(content) * chance.randint(1, 99) // 100)]


def _blank(content: bytes, chance: random.Random, _files: Files) -> bytes:
    start = chance.randrange(len(content))
    length = min(len(content) - start, chance.randint(1, 4096))
    return content[:start] + bytes(length) + content[start + length :]


def _repeat(content: bytes, chance: random.Random, _files: Files) -> bytes:
    start = chance.randrange(len(content))
    piece = content[start : start + chance.randint(1, 8192)]
    return content[:start] + piece * chance.randint(2, 20) + content[start:]


def _splice(content: bytes, chance: random.Random, files: Files) -> bytes:
    other = files[chance.randrange(len(files))][1]
    return content[: chance.randrange(1, len(content) + 1)] + other[chance.randrange(len(other)) :]


def _inside(content: bytes, chance: random.Random, files: Files) -> bytes:
    """One part of an archive is spoilt, the archive is written anew and whole; what is no archive is flipped."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [(item.filename, archive.read(item)) for item in archive.infolist() if not item.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError):
        return _flip(content, chance, files)
    weak = [number for number, (_, data) in enumerate(parts) if data]
    if not weak:
        return _flip(content, chance, files)
    hit = chance.choice(weak)
    way = chance.choice([_flip, _cut, _blank, _repeat, _words])
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(parts):
            item = zipfile.ZipInfo(name, EPOCH)
            archive.writestr(item, way(data, chance, files) if number == hit else data, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def _words(content: bytes, chance: random.Random, _files: Files) -> bytes:
    """XML that stays well-formed and says something else: numbers made huge, negative or no numbers."""
    pieces = content.split(b'"')
    values = [at for at in range(1, len(pieces), 2) if pieces[at].isdigit()]
    for at in chance.sample(values, min(len(values), chance.randint(1, 5))):
        pieces[at] = chance.choice([b"-1", b"0", b"4294967295", b"99999999999999999999", b"1e308", b"", b"x"])
    return b'"'.join(pieces)


WAYS: dict[str, Callable[[bytes, random.Random, Files], bytes]] = {
    "flipped": _flip,
    "cut": _cut,
    "blanked": _blank,
    "repeated": _repeat,
    "spliced": _splice,
    "inside": _inside,
    "inside anew": _inside,
}
