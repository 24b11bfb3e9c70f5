"""The keys of one database, opened: what seals, opens, finds again and chains."""

from __future__ import annotations

import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidTag
from sqlalchemy import Dialect

from service.store.sealing.errors import SealedValueError
from service.store.sealing.outer_key import OuterKey
from service.store.sealing.suites import ENCRYPTION, Suite, decrypt, derived, encrypt, keyed_hash

SHORT = 200
"""Values of fewer bytes are not packed."""
INDEX_CHARS = 32
_NUMBERED = re.compile(r"s\d{1,9}", re.ASCII)
_RAW, _PACKED = b"\0", b"\1"


class Key:
    """A key that seals values: a number, its algorithms, and what is derived from its master for each use."""

    def __init__(self, number: int, suite: Suite, master: bytes) -> None:
        self.number = number
        self.suite = suite
        self.encryption = derived(suite, master, ENCRYPTION)
        self.index = derived(suite, master, "index")


@dataclass(frozen=True)
class Keys:
    """All keys of a database at one moment: those that seal by number, which of them seals now, that of the chain.

    ``files`` and ``current_file`` are the same for stored files; ``newest`` are the highest numbers of both.
    """

    sealing: Mapping[int, Key]
    current: int
    chain: tuple[Suite, bytes]
    files: Mapping[int, Key]
    current_file: int
    newest: tuple[int, int]


class Vault:
    """Seals with the newest key and opens with every key that there is.

    A sealed value is ``s<key>.<base64>``. It is bound to its place: taken to another row or column it does not open.
    """

    def __init__(self, outer: OuterKey, suite: Suite) -> None:
        """``suite`` is that of keys made from now on; :mod:`service.store.sealing.keyring` brings the keys."""
        self.outer = outer
        self.suite = suite
        self._keys: Keys | None = None

    @property
    def keys(self) -> Keys:
        """The keys."""
        if self._keys is None:
            raise AssertionError("a vault is loaded before it is used")
        return self._keys

    def take(self, keys: Keys) -> None:
        """Use these keys from now on."""
        self._keys = keys

    def seal(self, place: str, plain: bytes) -> str:
        """The value for that place (``table:row:column``)."""
        key = self.keys.sealing[self.keys.current]
        body = _RAW + plain if len(plain) < SHORT else _PACKED + zlib.compress(plain, 1)
        return f"s{key.number}.{b64encode(encrypt(key.suite, key.encryption, body, place.encode())).decode()}"

    def open(self, place: str, sealed: str) -> bytes:
        """What was sealed for that place.

        Raises:
            SealedValueError: it was changed, stands elsewhere than it was sealed for, or was never sealed.
        """
        number, _, rest = sealed.partition(".")
        key = self.keys.sealing.get(int(number[1:])) if _NUMBERED.fullmatch(number) else None
        if key is None:
            raise SealedValueError(place=place)
        try:
            body = decrypt(key.suite, key.encryption, b64decode(rest, validate=True), place.encode())
        except (InvalidTag, ValueError) as fault:
            raise SealedValueError(place=place) from fault
        return zlib.decompress(body[1:]) if body[:1] == _PACKED else body[1:]

    def index(self, what: str, text: str) -> str:
        """The blind index of a text: equal for equal texts, and nothing else can be told from it. Empty stays empty."""
        return _indexed(self.keys.sealing[self.keys.current], what, text)

    def indexes(self, what: str, text: str) -> list[str]:
        """The same under every key, for rows that a change of keys has not reached yet."""
        return [_indexed(key, what, text) for key in self.keys.sealing.values()]

    def chained(self, data: bytes) -> str:
        """The keyed hash of the audit chain, in hex."""
        suite, key = self.keys.chain
        return keyed_hash(suite, key, data).hex()


def prefix_of(number: int) -> str:
    """How the values begin that a key has sealed."""
    return f"s{number}."


def _indexed(key: Key, what: str, text: str) -> str:
    return keyed_hash(key.suite, key.index, f"{what}:{text}".encode()).hex()[:INDEX_CHARS] if text else ""


_VAULTS: WeakKeyDictionary[Dialect, Vault] = WeakKeyDictionary()
"""Which vault the statements of an engine use; a dialect belongs to one engine."""


def attach(dialect: Dialect, vault: Vault) -> None:
    """Let the sealed columns of that engine use the vault."""
    _VAULTS[dialect] = vault


def vault_of(dialect: Dialect) -> Vault:
    """The vault of an engine (``connection.dialect``)."""
    return _VAULTS[dialect]
