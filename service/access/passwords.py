"""Passwords: which are taken, how they are kept, and how one is compared without telling whether there is an account.

Source: requirements A1 and A2 of the security design. Profiles ``dengbao2`` and ``dengbao3`` follow
GB/T 22239 (several classes of characters, changed now and then), ``asvs`` follows OWASP ASVS 5.0 6.2, which forbids
both.
"""

from __future__ import annotations

import hmac
import os
import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from service.access.errors import PasswordRefusedError
from service.store.sealing.suites import Suite

LONGEST = 256
"""Characters; longer ones are refused and never cut off."""
DAY = 86400.0
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Argon2id with OWASP's least figures: 19 MiB and two passes, so that eight sign-ins at once fit a small machine."""
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$ZsRAbk9E92kxjR/ecNHb5Q$CcTLpnCAI63u9QhGg97VshY758x0uiEm3JBZdE9bapg"
"""What a password is compared with where there is no account; making it would cost each start of a process."""
PBKDF2, ROUNDS = "pbkdf2-sm3", 600_000
SALT_BYTES, KEPT_BYTES = 16, 32
_NOBODY_SM = f"{PBKDF2}${ROUNDS}${'00' * SALT_BYTES}${'00' * KEPT_BYTES}"
_WEAKEST = 2
"""Passwords that zxcvbn scores below this (fewer than 10^6 guesses) are refused."""
_ESTIMATED = 72
_SHORTEST_WORD = 2
OWN_WORDS = ("12333", "jieyong", "bianwai", "wubiao", "hzforms", "借用人员", "编外用工", "五表服务", "组织部", "人社局")
"""Words that everybody in such an office would try; a password may not be made of them."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a policy asks of passwords.

    Least length, how many of four classes of characters, days they last, how many of before are refused; and whether
    everybody needs a second factor.
    """

    shortest: int
    classes: int = 0
    days: int = 0
    remembered: int = 0
    everybody_second: bool = False


PROFILES = {
    "asvs": Profile(8),
    "dengbao2": Profile(10, classes=3, days=90, remembered=5),
    "dengbao3": Profile(10, classes=3, days=90, remembered=5, everybody_second=True),
}


def normal(password: str) -> str:
    """The one form of a password: a keyboard may send a letter composed or in parts."""
    return unicodedata.normalize("NFC", password)


def hash_password(password: str, suite: Suite = Suite.INTL) -> str:
    """A password as it is kept: Argon2id, or PBKDF2 over HMAC-SM3 for installations that are to use SM algorithms."""
    plain = _bytes(password)
    if suite is Suite.INTL:
        return _HASHER.hash(plain)
    salt = os.urandom(SALT_BYTES)
    return f"{PBKDF2}${ROUNDS}${salt.hex()}${_stretched(plain, salt, ROUNDS).hex()}"


def is_password(kept: str | None, password: str, suite: Suite = Suite.INTL) -> bool:
    """Whether it is the password; without an account the same work is done, and it is not."""
    plain = _bytes(password[: LONGEST + 1])
    kept_as = kept or (_NOBODY if suite is Suite.INTL else _NOBODY_SM)
    if kept_as.startswith(PBKDF2):
        _, rounds, salt, made = kept_as.split("$")
        right = hmac.compare_digest(_stretched(plain, bytes.fromhex(salt), int(rounds)), bytes.fromhex(made))
        return right and kept is not None
    try:
        _HASHER.verify(kept_as, plain)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def _bytes(password: str) -> bytes:
    return normal(password).encode("utf-8", "surrogatepass")


def _stretched(plain: bytes, salt: bytes, rounds: int) -> bytes:
    return PBKDF2HMAC(hashes.SM3(), KEPT_BYTES, salt, rounds).derive(plain)


def has_expired(profile: Profile, set_at: float | None) -> bool:
    """Whether a password must be changed by now."""
    return bool(profile.days) and set_at is not None and time.time() - set_at > profile.days * DAY


def refuse_weak(profile: Profile, password: str, words: Iterable[str], before: Sequence[str] = ()) -> None:
    """Stop when a new password is none that the policy takes.

    Args:
        profile: the policy.
        password: as typed.
        words: what everybody knows of the person: names of the account, the unit, the district.
        before: hashes of the latest passwords.

    Raises:
        PasswordRefusedError: with the reason.
    """
    text = normal(password)
    if not profile.shortest <= len(text) <= LONGEST:
        reason = f"应为 {profile.shortest} 至 {LONGEST} 个字符"
        raise PasswordRefusedError(reason_zh=reason, reason_en=f"{profile.shortest} to {LONGEST} characters are needed")
    if profile.classes and _classes(text) < profile.classes:
        raise PasswordRefusedError(
            reason_zh=f"应含大写字母、小写字母、数字、其他字符中的 {profile.classes} 类",
            reason_en=f"{profile.classes} of capital letters, small letters, digits and others are needed",
        )
    known = [word for word in (*OWN_WORDS, *words) if len(word) >= _SHORTEST_WORD]
    if text.casefold() in _common() or _is_of_words(text, known) or _score(text, known) < _WEAKEST:
        raise PasswordRefusedError(reason_zh="太常见或太容易猜到", reason_en="it is too common or too easy to guess")
    if any(is_password(kept, text) for kept in before[: profile.remembered]):
        raise PasswordRefusedError(
            reason_zh=f"与最近 {profile.remembered} 次用过的密码相同",
            reason_en=f"it is one of the last {profile.remembered}",
        )


def _classes(text: str) -> int:
    tests = (str.isupper, str.islower, str.isdigit)
    found = [next((number for number, test in enumerate(tests) if test(char)), len(tests)) for char in text]
    return len(set(found))


@lru_cache(1)
def _common() -> frozenset[str]:
    """The 30,000 passwords that people use most, as zxcvbn brings them."""
    return frozenset(FREQUENCY_LISTS["passwords"])


def _is_of_words(text: str, known: Iterable[str]) -> bool:
    """Whether fewer than six characters are left once the words that everybody knows are taken out."""
    left = text.casefold()
    for word in sorted(known, key=len, reverse=True):
        left = left.replace(word.casefold(), "")
    return len(left) < min(6, len(text)) and left != text.casefold()


def _score(text: str, known: Iterable[str]) -> int:
    return int(zxcvbn(text[:_ESTIMATED], user_inputs=list(known))["score"])
