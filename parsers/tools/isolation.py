"""The ways this machine may have of keeping a program from the network, strongest first, and their command lines."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Level(StrEnum):
    """How well a program is shut in. Shown on the health page.

    ``bwrap`` sees no network, no other process and only the files it is given. ``unshare-user`` and ``unshare-root``
    see no network and no other process. ``seccomp`` may open no network socket but sees processes and files.
    ``none`` is not shut in at all.
    """

    BWRAP = "bwrap"
    UNSHARE_USER = "unshare-user"
    UNSHARE_ROOT = "unshare-root"
    SECCOMP = "seccomp"
    NONE = "none"

    @property
    def ends_with_first(self) -> bool:
        """Whether all processes end when the first does (a process namespace of its own)."""
        return self in {Level.BWRAP, Level.UNSHARE_USER, Level.UNSHARE_ROOT}

    @property
    def is_offline(self) -> bool:
        """Whether the network is out of reach."""
        return self is not Level.NONE


@dataclass(frozen=True, slots=True)
class View:
    """The files a program may see, besides the system's own: ``read_only``, and ``work`` where it may write."""

    work: Path
    read_only: tuple[Path, ...] = ()


SYSTEM_FOLDERS = ("/usr", "/opt", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
SYSTEM_SETTINGS = (
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/libreoffice",
    "/etc/localtime",
    "/sys/devices/system/cpu",
    "/var/cache/fontconfig",
)
WITHOUT_PRIVILEGES = ("setpriv", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--")
OWN_PROCESSES = ("-n", "-p", "-f", "--mount-proc", "--kill-child")
AS_CHILD = ("/bin/sh", "-c", '"$@"; exit $?', "sh")
"""The first process of a namespace ignores signals it has no handler for, so the program runs as its child."""


def wrapped(level: Level, argv: Sequence[str], view: View) -> list[str]:
    """The command line that runs ``argv`` at ``level``."""
    match level:
        case Level.BWRAP:
            return [*_bwrap(view), *argv]
        case Level.UNSHARE_USER:
            return ["unshare", "-r", *OWN_PROCESSES, "--", *WITHOUT_PRIVILEGES, *AS_CHILD, *argv]
        case Level.UNSHARE_ROOT:
            # In a chroot the root is no mount point, so its propagation cannot be changed: it is left as it is.
            line = ["unshare", "--propagation", "unchanged", *OWN_PROCESSES, "--", *WITHOUT_PRIVILEGES]
            return [*line, *AS_CHILD, *argv]
        case Level.SECCOMP | Level.NONE:
            return list(argv)


def candidates() -> tuple[Level, ...]:
    """The levels worth trying here, strongest first."""
    found = []
    if shutil.which("bwrap"):
        found.append(Level.BWRAP)
    if shutil.which("unshare") and shutil.which("setpriv"):
        found += [Level.UNSHARE_USER, *([Level.UNSHARE_ROOT] if os.geteuid() == 0 else [])]
    if platform.machine() in {"x86_64", "aarch64"}:
        found.append(Level.SECCOMP)
    return tuple(found)


def _bwrap(view: View) -> list[str]:
    line = ["bwrap", "--unshare-all", "--die-with-parent", "--cap-drop", "ALL"]
    line += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/var/tmp"]  # noqa: S108 - inside
    for name in SYSTEM_FOLDERS:
        folder = Path(name)
        if folder.is_symlink():
            line += ["--symlink", str(folder.readlink()), name]
        elif folder.is_dir():
            line += ["--ro-bind", name, name]
    for name in SYSTEM_SETTINGS:
        line += ["--ro-bind-try", name, name]
    for path in view.read_only:
        line += ["--ro-bind", str(path), str(path)]
    return [*line, "--bind", str(view.work), str(view.work), "--chdir", str(view.work), "--"]
