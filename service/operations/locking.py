"""A password on a workbook or a pack that leaves the house: nobody opens the file without it.

Source: requirement E5 of the security design. A workbook is encrypted as Excel, WPS and LibreOffice do it themselves:
agile encryption of [MS-OFFCRYPTO] 2.3.4.10, AES-256-CBC, 100,000 rounds of SHA-512 over the password, HMAC over the
whole. Of the file's key 128 bits are drawn by chance, as msoffcrypto-tool makes it. A pack is put, as it is, into an
archive of AES-256 (AE-2 of the WinZip specification), which 7-Zip, WinRAR and Bandizip open: names of people, which an
archive shows without any password, stand in the inner one alone. The password is used once and kept nowhere: whoever
forgets it exports again.
"""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from typing import IO

import pyzipper
from msoffcrypto.format.ooxml import OOXMLFile

from service.access.errors import PasswordRefusedError
from service.access.passwords import PROFILES, normal, refuse_weak
from service.operations.making import Made
from service.settings import Settings

OPTIONAL, WHOLE, ALWAYS = "optional", "whole", "always"
"""When a password must be there (``HZFORMS_EXPORT_LOCK``): never, where numbers are whole, always."""
LONGEST = 255
"""Characters that Excel takes."""
_AE2 = 2
_STAMP = (1980, 1, 1, 0, 0, 0)
_COPIED = 1 << 20


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


def require_fit_for_archive(settings: Settings, password: str, who: str) -> None:
    """The same for a pack, in which numbers are always whole.

    Raises:
        PasswordRefusedError: as above; or it has characters of which programs that open archives make other bytes.
    """
    if not password.isascii():
        raise PasswordRefusedError(
            reason_zh="压缩包的密码只能用英文字母、数字和符号,各压缩软件对汉字的处理不一",
            reason_en="letters, digits and signs of ASCII alone: programs differ in what they make of others",
        )
    require_fit(settings, password, who, whole=True)


def locked(made: Made, password: str) -> Made:
    """The workbook, encrypted under a password that :func:`require_fit` let through; an empty one leaves it open."""
    if not password:
        return made
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(made.content)).encrypt(normal(password), target)
    return replace(made, content=target.getvalue())


def locked_archive(source: IO[bytes], name: str, password: str, target: IO[bytes]) -> None:
    """Write an archive of which ``source`` is the one entry, under a password that was let through."""
    entry = pyzipper.zipfile_aes.AESZipInfo(name, date_time=_STAMP)
    entry.compress_type = pyzipper.ZIP_STORED  # an archive does not get smaller
    with pyzipper.AESZipFile(target, "w") as archive:
        archive.setpassword(password.encode("ascii"))
        archive.setencryption(pyzipper.WZ_AES, nbits=256, force_wz_aes_version=_AE2)
        with archive.open(entry, "w", force_zip64=True) as inner:
            shutil.copyfileobj(source, inner, _COPIED)
