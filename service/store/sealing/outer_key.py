"""The key outside of the database: a file that only the service's account can read, or a setting.

It wraps the keys inside. Without it, or with another one, nothing in the database can be opened, and nothing starts.
"""

from __future__ import annotations

import os
import secrets
from base64 import b64decode, b64encode
from binascii import Error as EncodingError
from dataclasses import dataclass, field
from pathlib import Path

from service.store.sealing.errors import KeyMissingError, KeyWrongError
from service.store.sealing.suites import KEY_BYTES

OPEN_TO_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class OuterKey:
    """Where the outer key is: ``text`` (base64 of 32 bytes) where that is given, else ``file``."""

    file: Path
    text: str = field(default="", repr=False)

    def read(self) -> bytes:
        """The 32 bytes.

        Raises:
            KeyMissingError: there is no such file.
            KeyWrongError: not 32 bytes in base64, or a file that others may read.
        """
        if self.text:
            return _decoded(self.text)
        try:
            if self.file.stat().st_mode & OPEN_TO_OTHERS:
                raise KeyWrongError(
                    reason_zh=f"密钥文件 {self.file.name} 其他用户可读,请执行 chmod 400",
                    reason_en=f"others may read the key file {self.file.name}; chmod 400 it",
                )
            return _decoded(self.file.read_text(encoding="ascii", errors="replace"))
        except FileNotFoundError as fault:
            raise KeyMissingError(path=str(self.file)) from fault

    def read_or_make(self) -> bytes:
        """The same; where there is no file yet, it is made, readable for its owner alone, and synced."""
        if not self.text and not self.file.exists():
            make_key_file(self.file)
        return self.read()


def beside(data_dir: Path) -> Path:
    """The key file of a data folder where no other is set: beside it, so that a copy of the folder has no key in it."""
    return data_dir.with_name(f"{data_dir.name}.key")


def make_key_file(path: Path) -> None:
    """Write a new key; one that is there, or that another process makes at the same moment, stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)
    except FileExistsError:
        return
    finally:
        part.unlink()
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _decoded(text: str) -> bytes:
    try:
        key = b64decode(text.strip(), validate=True)
    except (EncodingError, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyWrongError(reason_zh="不是 32 字节的 base64", reason_en="not 32 bytes in base64")
    return key
