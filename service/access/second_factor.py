"""The second factor: codes of a telephone by time (TOTP, RFC 6238), each taken once.

Source: requirement A4 of the security design.
"""

from __future__ import annotations

import hmac
import io
import time

import pyotp
import segno
from sqlalchemy import Connection

from service.access.matrix import ADMINISTRATORS, Role
from service.access.passwords import PROFILES
from service.access.policy import policy
from service.settings import Settings
from service.store.accounts import Account, use_code

STEP_SECONDS = 30
DRIFT = 1
"""Time steps that a telephone's clock may be wrong by, to either side."""
ISSUER = "五表服务"


def who_need(setting: str) -> frozenset[Role]:
    """The roles that must have one, by the setting."""
    exporters = ADMINISTRATORS | policy().exporters
    return {"admins": ADMINISTRATORS, "exporters": exporters, "all": frozenset(Role), "off": frozenset()}[setting]


def is_needed(settings: Settings, role: Role) -> bool:
    """Whether that role must have a second factor."""
    return PROFILES[settings.auth_profile].everybody_second or role in who_need(settings.second_factor)


def new_secret() -> str:
    """A secret to be shared with a telephone: 160 bits in Base32."""
    return pyotp.random_base32()


def uri_of(secret: str, name: str) -> str:
    """What the QR code says: the secret, for whom and from whom."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def draw(secret: str, name: str) -> bytes:
    """The QR code as PNG."""
    buffer = io.BytesIO()
    segno.make(uri_of(secret, name), error="m").save(buffer, kind="png", scale=6, border=4)
    return buffer.getvalue()


def step_of(secret: str, code: str, now: float | None = None) -> int | None:
    """The time step whose code that is; ``None`` for no code of now or just before or after."""
    text = "".join(code.split())
    if not (text.isascii() and text.isdigit() and len(text) == pyotp.TOTP(secret).digits):
        return None
    current = int((time.time() if now is None else now) // STEP_SECONDS)
    found = None
    for step in range(current - DRIFT, current + DRIFT + 1):
        if hmac.compare_digest(pyotp.TOTP(secret).at(step * STEP_SECONDS), text):
            found = step
    return found


def take_code(connection: Connection, account: Account, code: str) -> bool:
    """Whether it is a code of that account that was not used before; from then on it is."""
    if account.totp_secret is None:
        return False
    step = step_of(account.totp_secret, code)
    return step is not None and use_code(connection, account.id, step)
