from __future__ import annotations

import io
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from writers.archive import PartWriter, deflate, write_archive


@given(st.dictionaries(st.text("abc名/", min_size=1, max_size=8), st.binary(max_size=300), max_size=5))
def test_what_is_written_is_what_zipfile_reads(parts: dict[str, bytes]) -> None:
    data = write_archive([deflate(name, content) for name, content in parts.items()])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == parts


def test_the_same_parts_give_the_same_bytes() -> None:
    assert write_archive([deflate("a", b"1" * 99)]) == write_archive([deflate("a", b"1" * 99)])


def test_a_part_may_come_in_pieces() -> None:
    writer = PartWriter("a")
    for piece in (b"one", b"", b"two"):
        writer.add(piece)
    assert writer.finish() == deflate("a", b"onetwo")
