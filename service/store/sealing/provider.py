"""The module that computes SM3 and SM4: OpenSSL's, or a certified one that the installation names.

``HZFORMS_CRYPTO_PROVIDER=package.module:name`` names an object, or a class or function that makes one without
arguments, with the four operations of :class:`Provider`: most likely a few lines over the SDF library (GB/T 36322) of a
密码机 or 密码卡. It is tried with published examples at every start, and the start fails when one comes out otherwise.
"""

from __future__ import annotations

import importlib
from typing import Protocol, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from service.store.sealing.errors import CryptoSelfTestError

TAG_BYTES = 16


class Provider(Protocol):
    """What is asked of such a module. Keys come as bytes, 16 for SM4; a nonce has 12."""

    def digest(self, data: bytes) -> bytes:
        """SM3, 32 bytes."""
        ...

    def keyed_hash(self, key: bytes, data: bytes) -> bytes:
        """HMAC-SM3, 32 bytes."""
        ...

    def seal(self, key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
        """SM4-GCM: the ciphertext and behind it the tag of 16 bytes."""
        ...

    def open(self, key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        """What was sealed; raises :class:`ValueError` when anything is not as it was."""
        ...


class OpenSsl:
    """The one that comes along, through ``cryptography``."""

    def digest(self, data: bytes) -> bytes:
        """SM3."""
        made = hashes.Hash(hashes.SM3())
        made.update(data)
        return made.finalize()

    def keyed_hash(self, key: bytes, data: bytes) -> bytes:
        """HMAC-SM3."""
        made = hmac.HMAC(key, hashes.SM3())
        made.update(data)
        return made.finalize()

    def seal(self, key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
        """SM4-GCM."""
        encryptor = Cipher(SM4(key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound_to)
        return encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    def open(self, key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        """SM4-GCM."""
        decryptor = Cipher(SM4(key), modes.GCM(nonce, sealed[-TAG_BYTES:])).decryptor()
        decryptor.authenticate_additional_data(bound_to)
        try:
            return decryptor.update(sealed[:-TAG_BYTES]) + decryptor.finalize()
        except InvalidTag as fault:
            raise ValueError("changed, or sealed with another key or for another place") from fault


def load_provider(name: str) -> Provider:
    """The provider of that name; OpenSSL's where it is empty.

    Raises:
        CryptoSelfTestError: there is no such module or object, or an example comes out otherwise.
    """
    if not name:
        return OpenSsl()
    module, _, attribute = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
        made = cast("Provider", found() if callable(found) else found)
        failed = [example for example, kept in examples(made) if not kept]
    except (ImportError, AttributeError, TypeError, ValueError, OSError) as fault:
        raise CryptoSelfTestError(names=f"{name}: {fault}") from fault
    if failed:
        raise CryptoSelfTestError(names=f"{name}: {', '.join(failed)}")
    return made


def examples(made: Provider) -> list[tuple[str, bool]]:
    """Published examples by name, and whether a provider computes them; one that takes changed bytes fails too."""
    sealed = made.seal(_KEY, _NONCE, _PLAIN, _BOUND)
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    return [
        # GB/T 32905-2016, A.1
        ("SM3", made.digest(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        # RFC 2104 over SM3, which no standard has an example of: as OpenSSL computes it
        ("HMAC-SM3", made.keyed_hash(_KEY, _PLAIN) == OpenSsl().keyed_hash(_KEY, _PLAIN)),
        # RFC 8998, A.1
        ("SM4-GCM", sealed.hex() == _CIPHER + "83de3541e4c2b58177e065a9bf7b62ec"),
        ("SM4-GCM back", made.open(_KEY, _NONCE, sealed, _BOUND) == _PLAIN),
        ("SM4-GCM of changed bytes", _refuses(made, changed)),
    ]


def _refuses(made: Provider, changed: bytes) -> bool:
    try:
        made.open(_KEY, _NONCE, changed, _BOUND)
    except ValueError:
        return True
    return False


_KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
_NONCE = bytes.fromhex("00001234567800000000abcd")
_BOUND = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
_PLAIN = bytes.fromhex(
    "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
    "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
)
_CIPHER = (
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
)
