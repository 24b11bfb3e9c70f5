"""A password on a workbook that leaves the house: nobody opens the file without it.

Source: requirement E5 of the security design. The file is encrypted as Excel, WPS and LibreOffice do it themselves:
agile encryption of [MS-OFFCRYPTO] 2.3.4.10, AES-256-CBC, 100,000 rounds of SHA-512 over the password, HMAC over the
whole. Of the file's key 128 bits are drawn by chance, as msoffcrypto-tool makes it. The password is used once and kept
nowhere: whoever forgets it exports again.
"""

from __future__ import annotations

import io
from dataclasses import replace

from msoffcrypto.format.ooxml import OOXMLFile

from service.access.errors import PasswordRefusedError
from service.access.passwords import PROFILES, normal, refuse_weak
from service.operations.making import Made
from service.settings import Settings

OPTIONAL, WHOLE, ALWAYS = "optional", "whole", "always"
"""When a password must be there (``HZFORMS_EXPORT_LOCK``): never, where numbers are whole, always."""
LONGEST = 255
"""Characters that Excel takes."""


def require_fit(settings: Settings, password: str, who: str, *, whole: bool) -> None:
    """Stop before anything is gathered when the password does not do; an empty one is none.

    Raises:
        PasswordRefusedError: there must be one; or it is too weak, or has characters that cannot be typed.
    """
    if not password:
        if settings.export_lock == ALWAYS or (settings.export_lock == WHOLE and whole):
            raise PasswordRefusedError(
                reason_zh="本系统设定:导出的文件必须设打开密码", reason_en="an exported file must have one here"
            )
        return
    if not password.isprintable():
        raise PasswordRefusedError(reason_zh="含键盘打不出的字符", reason_en="it has characters that no keyboard types")
    if len(password) > LONGEST:
        raise PasswordRefusedError(reason_zh=f"最长 {LONGEST} 个字符", reason_en=f"{LONGEST} characters at most")
    refuse_weak(PROFILES[settings.auth_profile], password, (who,))


def locked(made: Made, password: str) -> Made:
    """The workbook, encrypted under a password that :func:`require_fit` let through; an empty one leaves it open."""
    if not password:
        return made
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(made.content)).encrypt(normal(password), target)
    return replace(made, content=target.getvalue())
