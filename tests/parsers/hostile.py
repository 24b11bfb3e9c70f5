"""Makers of files that mean no good, each as small as its attack allows."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

OFFICE = "http://schemas.openxmlformats.org"
W = f"{OFFICE}/wordprocessingml/2006/main"
RELATIONSHIPS = f"{OFFICE}/officeDocument/2006/relationships"
WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
PART_TYPES = {"document": WORD_MAIN, "workbook": SHEET_MAIN}


def zip_of(parts: Mapping[str, bytes | str], path: Path, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """An honest archive of these parts."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def word_parts(
    body: str = "<w:p><w:r><w:t>姓名</w:t></w:r></w:p>", main_type: str = WORD_MAIN
) -> dict[str, bytes | str]:
    """The parts of a small Word file."""
    return {
        "[Content_Types].xml": (
            f'<?xml version="1.0"?><Types xmlns="{OFFICE}/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main_type}"/></Types>'
        ),
        "_rels/.rels": relationships(("officeDocument", "word/document.xml", False)),
        "word/document.xml": f'<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
    }


def relationships(*links: tuple[str, str, bool]) -> str:
    """A relationships part of (kind, target, external) triples."""
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONSHIPS}/{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if external else "/>")
        for number, (kind, target, external) in enumerate(links, 1)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{OFFICE}/package/2006/relationships">{items}</Relationships>'


def overlap_bomb(path: Path, entries: int = 200) -> Path:
    """Many entries of the directory that all point at one packed body."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = bytes(1 << 20)
    packed = body.compress(plain) + body.flush()
    name = b"a"
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, zlib.crc32(plain), len(packed), len(plain), 1, 0)
    directory = b"".join(
        struct.pack(
            "<4s6H3L5H2L",
            *(b"PK\x01\x02", 20, 20, 0, 8, 0, 0, zlib.crc32(plain), len(packed), len(plain), 1, 0, 0, 0, 0, 0, 0),
        )
        + name
        for _ in range(entries)
    )
    start = len(local) + 1 + len(packed)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, entries, entries, len(directory), start, 0)
    path.write_bytes(local + name + packed + directory + end)
    return path


def lying_package(path: Path, part: str, claimed: int) -> Path:
    """A Word file one part of which unpacks to more than both its headers say."""
    zip_of({**word_parts(), part: bytes(1 << 20)}, path)
    data = bytearray(path.read_bytes())
    real, false = struct.pack("<L", 1 << 20), struct.pack("<L", claimed)
    name = part.encode()
    for magic, size_at, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = data.find(magic)
        while at >= 0 and data[at + name_at : at + name_at + len(name)] != name:
            at = data.find(magic, at + 4)
        assert data[at + size_at : at + size_at + 4] == real
        data[at + size_at : at + size_at + 4] = false
    path.write_bytes(bytes(data))
    return path


def compound(path: Path, streams: Mapping[tuple[str, ...], bytes]) -> Path:
    """A compound file (OLE) of these streams, addressed by storage and name, each of at most 4096 bytes."""
    path.write_bytes(_Compound(streams).data())
    return path


class _Compound:
    """Version 3, sectors of 512 bytes; every stream is padded to the size from which it stands in whole sectors."""

    SECTOR, WHOLE = 512, 4096
    FREE, END, IS_FAT, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF

    def __init__(self, streams: Mapping[tuple[str, ...], bytes]) -> None:
        self.entries: list[tuple[str, int, int, bytes]] = [("Root Entry", 5, -1, b"")]
        storages: dict[tuple[str, ...], int] = {(): 0}
        for address, content in streams.items():
            for depth in range(1, len(address)):
                if address[:depth] not in storages:
                    storages[address[:depth]] = len(self.entries)
                    self.entries.append((address[depth - 1], 1, storages[address[: depth - 1]], b""))
            assert len(content) <= self.WHOLE
            self.entries.append((address[-1], 2, storages[address[:-1]], content.ljust(self.WHOLE, b"\0")))

    def data(self) -> bytes:
        directory_sectors = -(-len(self.entries) // 4)
        fat = [self.IS_FAT, *self._chain(1, directory_sectors)]
        bodies, starts = b"", {}
        for number, (_, kind, _, content) in enumerate(self.entries):
            if kind == 2:
                starts[number] = len(fat)
                fat += self._chain(len(fat), len(content) // self.SECTOR)
                bodies += content
        assert len(fat) <= self.SECTOR // 4
        fat += [self.FREE] * (self.SECTOR // 4 - len(fat))
        directory = b"".join(self._entry(number, starts.get(number, self.END)) for number in range(len(self.entries)))
        directory = directory.ljust(directory_sectors * self.SECTOR, b"\0")
        return self._header() + struct.pack(f"<{len(fat)}L", *fat) + directory + bodies

    def _chain(self, first: int, count: int) -> list[int]:
        return [*range(first + 1, first + count), self.END]

    def _header(self) -> bytes:
        head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
        head += struct.pack("<9L", 0, 1, 1, 0, self.WHOLE, self.END, 0, self.END, 0)
        return head + struct.pack("<109L", 0, *[self.FREE] * 108)

    def _entry(self, number: int, start: int) -> bytes:
        name, kind, parent, content = self.entries[number]
        del parent
        encoded = (name + "\0").encode("utf-16-le")
        children = [at for at, entry in enumerate(self.entries) if entry[2] == number]
        siblings = [at for at, entry in enumerate(self.entries) if entry[2] == self.entries[number][2] and at > number]
        links = (self.NONE, siblings[0] if siblings and number else self.NONE, children[0] if children else self.NONE)
        entry = encoded.ljust(64, b"\0") + struct.pack("<HBB3L", len(encoded), kind, 1, *links)
        return entry + bytes(36) + struct.pack("<LQ", start, len(content))


def biff_record(kind: int, data: bytes) -> bytes:
    """One record of a workbook stream."""
    return struct.pack("<HH", kind, len(data)) + data


def workbook_stream(*records: bytes) -> bytes:
    """A workbook's global part: its beginning, these records, its end."""
    return biff_record(0x0809, struct.pack("<HHHH", 0x0600, 5, 0, 0)) + b"".join(records) + biff_record(0x000A, b"")


def bound_sheet(name: str, kind: int) -> bytes:
    """A sheet in a workbook's list: kind 0 is a worksheet, 1 an Excel 4 macro sheet."""
    return biff_record(0x0085, struct.pack("<LBBBB", 0, 0, kind, len(name), 0) + name.encode("latin-1"))


def word_stream(flags: int = 0) -> bytes:
    """The beginning of a Word 97 main stream with these flags."""
    return struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x0804, 0, flags) + bytes(64)


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose header claims a size; its body is one row."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    header = struct.pack(">2L5B", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    )


def pdf_of(pages: int, extra: str = "") -> bytes:
    """A PDF of empty pages; ``extra`` stands in its catalogue."""
    objects = [f"<</Type/Catalog/Pages 2 0 R{extra}>>"]
    kids = " ".join(f"{number + 3} 0 R" for number in range(pages))
    objects.append(f"<</Type/Pages/Count {pages}/Kids[{kids}]>>")
    objects += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"] * pages
    out, places = io.BytesIO(b"%PDF-1.7\n"), []
    out.seek(0, 2)
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode())
    table = out.tell()
    out.write(f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{place:010d} 00000 n \n" for place in places).encode())
    out.write(f"trailer<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n".encode())
    return out.getvalue()
