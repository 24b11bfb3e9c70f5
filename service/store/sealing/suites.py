"""The two families of algorithms that values are sealed with, and proof at start that they compute what they should.

``intl``: AES-256-GCM and HMAC-SHA-256. ``gm``: SM4-GCM (GB/T 32907) and HMAC-SM3 (GB/T 32905), for installations that
are assessed after GB/T 39786. Both are those of OpenSSL through ``cryptography``, or for ``gm`` those of the module
that the installation names (:mod:`service.store.sealing.provider`); no algorithm is written here.
"""

from __future__ import annotations

import os
from enum import StrEnum
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from service.store.sealing.errors import CryptoSelfTestError
from service.store.sealing.provider import OpenSsl, Provider, examples, load_provider

NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 32
"""What is kept and wrapped: the master of a key, from which each use derives its own."""


class Suite(StrEnum):
    """A family of algorithms."""

    INTL = "intl"
    GM = "gm"


class _InUse:
    gm: Provider = OpenSsl()


def use_provider(name: str) -> None:
    """Let SM3 and SM4 be computed by the module of that name, in this process; by OpenSSL where it is empty.

    Raises:
        CryptoSelfTestError: it is not there, or does not compute the published examples.
    """
    _InUse.gm = load_provider(name)


def keyed_hash(suite: Suite, key: bytes, data: bytes) -> bytes:
    """HMAC of the suite, 32 bytes."""
    if suite is Suite.GM:
        return _InUse.gm.keyed_hash(key, data)
    made = hmac.HMAC(key, hashes.SHA256())
    made.update(data)
    return made.finalize()


def encrypt(suite: Suite, key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Nonce, ciphertext and tag. ``bound_to`` is not kept and must be the same when it is opened.

    The nonce is drawn anew for each value; ``key`` has 32 bytes (AES-256) or 16 (SM4).
    """
    nonce = os.urandom(NONCE_BYTES)
    if suite is Suite.INTL:
        return nonce + _aes(key).encrypt(nonce, plain, bound_to)
    return nonce + _InUse.gm.seal(key, nonce, plain, bound_to)


def decrypt(suite: Suite, key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """What was encrypted.

    Raises:
        InvalidTag: another key, another place, or changed bytes.
    """
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise InvalidTag
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    if suite is Suite.INTL:
        return _aes(key).decrypt(nonce, rest, bound_to)
    try:
        return _InUse.gm.open(key, nonce, rest, bound_to)
    except ValueError as fault:
        raise InvalidTag from fault


@lru_cache(maxsize=16)
def _aes(key: bytes) -> AESGCM:
    """A key made ready: values are opened by the hundred thousand with a few."""
    return AESGCM(key)


def derived(suite: Suite, master: bytes, purpose: str) -> bytes:
    """The key for one use of a master: 32 bytes, for encryption with SM4 its 16."""
    whole = keyed_hash(suite, master, f"hzforms:{purpose}".encode())
    return whole[:16] if suite is Suite.GM and purpose == ENCRYPTION else whole


ENCRYPTION = "encryption"
"""The use of a key that :func:`encrypt` takes."""


def self_test() -> None:
    """Compute the published examples of each algorithm.

    Raises:
        CryptoSelfTestError: one comes out otherwise; nothing may be sealed or opened then.
    """
    failed = [name for name, computed, expected in _examples() if computed != bytes.fromhex(expected)]
    if failed := [*failed, *(name for name, kept in examples(_InUse.gm) if not kept)]:
        raise CryptoSelfTestError(names=", ".join(failed))


def _examples() -> list[tuple[str, bytes, str]]:
    aes = AESGCM(bytes(32)).encrypt(bytes(12), bytes(16), None)
    return [
        # GB/T 32907-2016, A.1
        ("SM4", _sm4_block(), "681edf34d206965e86b3e94f536e4246"),
        # McGrew and Viega, The Galois/Counter Mode of Operation, test case 14
        ("AES-256-GCM", aes, "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"),
        # RFC 4231, test case 2
        (
            "HMAC-SHA-256",
            keyed_hash(Suite.INTL, b"Jefe", b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
    ]


_SM4_KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")


def _sm4_block() -> bytes:
    """One block in counter mode from the example's plaintext over zeros is that block encrypted."""
    encryptor = Cipher(SM4(_SM4_KEY), modes.CTR(_SM4_KEY)).encryptor()
    return encryptor.update(bytes(16)) + encryptor.finalize()
