"""The two families of algorithms that values are sealed with, and proof at start that they compute what they should.

``intl``: AES-256-GCM and HMAC-SHA-256. ``gm``: SM4-GCM (GB/T 32907) and HMAC-SM3 (GB/T 32905), for installations that
are assessed after GB/T 39786. Both are those of OpenSSL through ``cryptography``; no algorithm is written here.
"""

from __future__ import annotations

import os
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from service.store.sealing.errors import CryptoSelfTestError

NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 32
"""What is kept and wrapped: the master of a key, from which each use derives its own."""


class Suite(StrEnum):
    """A family of algorithms."""

    INTL = "intl"
    GM = "gm"


def keyed_hash(suite: Suite, key: bytes, data: bytes) -> bytes:
    """HMAC of the suite, 32 bytes."""
    made = hmac.HMAC(key, hashes.SHA256() if suite is Suite.INTL else hashes.SM3())
    made.update(data)
    return made.finalize()


def encrypt(suite: Suite, key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Nonce, ciphertext and tag. ``bound_to`` is not kept and must be the same when it is opened.

    The nonce is drawn anew for each value; ``key`` has 32 bytes (AES-256) or 16 (SM4).
    """
    nonce = os.urandom(NONCE_BYTES)
    if suite is Suite.INTL:
        return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)
    encryptor = Cipher(SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound_to)
    return nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def decrypt(suite: Suite, key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """What was encrypted.

    Raises:
        InvalidTag: another key, another place, or changed bytes.
    """
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise InvalidTag
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    if suite is Suite.INTL:
        return AESGCM(key).decrypt(nonce, rest, bound_to)
    decryptor = Cipher(SM4(key), modes.GCM(nonce, rest[-TAG_BYTES:])).decryptor()
    decryptor.authenticate_additional_data(bound_to)
    return decryptor.update(rest[:-TAG_BYTES]) + decryptor.finalize()


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
    if failed := [name for name, computed, expected in _examples() if computed != bytes.fromhex(expected)]:
        raise CryptoSelfTestError(names=", ".join(failed))


def _examples() -> list[tuple[str, bytes, str]]:
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    aes = AESGCM(bytes(32)).encrypt(bytes(12), bytes(16), None)
    sm4_gcm = Cipher(SM4(_SM4_KEY), modes.GCM(bytes.fromhex("00001234567800000000abcd"))).encryptor()
    sm4_gcm.authenticate_additional_data(bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
    body = sm4_gcm.update(bytes.fromhex(_RFC8998_PLAIN)) + sm4_gcm.finalize()
    return [
        # GB/T 32905-2016, A.1
        ("SM3", digest.finalize(), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        # GB/T 32907-2016, A.1
        ("SM4", _sm4_block(), "681edf34d206965e86b3e94f536e4246"),
        # RFC 8998, A.1
        ("SM4-GCM", body + sm4_gcm.tag, _RFC8998_CIPHER + "83de3541e4c2b58177e065a9bf7b62ec"),
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
_RFC8998_PLAIN = (
    "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
    "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
)
_RFC8998_CIPHER = (
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
)


def _sm4_block() -> bytes:
    """One block in counter mode from the example's plaintext over zeros is that block encrypted."""
    encryptor = Cipher(SM4(_SM4_KEY), modes.CTR(_SM4_KEY)).encryptor()
    return encryptor.update(bytes(16)) + encryptor.finalize()
