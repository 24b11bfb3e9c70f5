"""Files sealed in pieces, so that a large one streams: a head that names the key, then chunk after chunk.

Each chunk is bound to its file, its place in it, and whether it is the last one (the STREAM construction: Hoang,
Reyhanitabar, Rogaway and Vizár, 2015). Chunks that are changed, moved, taken from another file or cut off do not open.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag

from service.store.sealing.suites import NONCE_BYTES, TAG_BYTES, decrypt, encrypt
from service.store.sealing.vault import Key, Vault

MAGIC = b"\x93HZSEAL\n"
ID_BYTES = 16
HEAD_BYTES = len(MAGIC) + 4 + ID_BYTES
CHUNK = 256 * 1024
"""Plain bytes of a chunk."""
SEALED_CHUNK = NONCE_BYTES + CHUNK + TAG_BYTES


class UnopenedFileError(Exception):
    """A file that does not open: changed, cut off, or of a key that is not there. It is told as a damaged one."""


class FileKeys:
    """The keys that files are sealed with, taken anew where another process has changed them."""

    def __init__(self, vault: Vault, look_again: Callable[[], None], *, seals: bool) -> None:
        """``look_again`` brings the vault up to date; without ``seals`` files are opened only, and kept plain."""
        self._vault = vault
        self._look_again = look_again
        self._seals = seals

    def current(self) -> Key | None:
        """The key that seals at this moment; ``None`` where files are kept plain."""
        if self._seals:
            self._look_again()
        return self.known()

    def known(self) -> Key | None:
        """The same as far as is known without asking: whoever names the file compares it with :meth:`current`."""
        return self._vault.keys.files[self._vault.keys.current_file] if self._seals else None

    def find(self, number: int) -> Key | None:
        """The key of that number, if there is one still."""
        if number not in self._vault.keys.files:
            self._look_again()
        return self._vault.keys.files.get(number)


def sealed(chunks: Iterable[bytes], key: Key) -> Iterator[bytes]:
    """The bytes of a sealed file with that content."""
    head = MAGIC + struct.pack(">I", key.number) + os.urandom(ID_BYTES)
    yield head
    waiting, count = bytearray(), 0
    for chunk in chunks:
        waiting += chunk
        while len(waiting) > CHUNK:  # what is left may be the last one, which says so
            yield encrypt(key.suite, key.encryption, bytes(waiting[:CHUNK]), _place(head, count, is_last=False))
            del waiting[:CHUNK]
            count += 1
    yield encrypt(key.suite, key.encryption, bytes(waiting), _place(head, count, is_last=True))


def opened(file: IO[bytes], find: Callable[[int], Key | None]) -> Iterator[bytes]:
    """The content of a sealed file, from its beginning.

    Raises:
        UnopenedFileError: it does not open; what came before must not be used.
    """
    head = file.read(HEAD_BYTES)
    number = key_number(head)
    key = None if number is None else find(number)
    if key is None:
        raise UnopenedFileError
    chunk, count = file.read(SEALED_CHUNK), 0
    while True:
        following = file.read(SEALED_CHUNK)
        try:
            yield decrypt(key.suite, key.encryption, chunk, _place(head, count, is_last=not following))
        except InvalidTag as fault:
            raise UnopenedFileError from fault
        if not following:
            return
        chunk, count = following, count + 1


def key_number(head: bytes) -> int | None:
    """The number of the key of a file that begins so; ``None`` for one that is not sealed."""
    if len(head) < HEAD_BYTES or not head.startswith(MAGIC):
        return None
    return int(struct.unpack_from(">I", head, len(MAGIC))[0])


def key_of(path: Path) -> int | None:
    """The same of a file."""
    with path.open("rb") as file:
        return key_number(file.read(HEAD_BYTES))


def _place(head: bytes, count: int, *, is_last: bool) -> bytes:
    return b"file:" + head + struct.pack(">Q?", count, is_last)
