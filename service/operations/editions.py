"""Editions that an installation has added to the project's own: kept in its data folder, never written over.

``<data_dir>/editions/<form>/<edition>/`` holds the official file, its definition and README, as ``templates`` does;
``editions.toml`` beside them says which edition of a form is filled and which are withdrawn. A withdrawn edition is
no longer offered, but its documents are still read.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomli_w
from sqlalchemy import select

from forms.catalogue import CHOICES, TEMPLATES, Catalogue
from forms.definition import FormDefinition
from service.audit.chain import record
from service.audit.events import Action, AuditEvent
from service.settings import Settings
from service.store.database import Database
from service.store.tables import metadata
from writers.adopting.proposing import Proposal, digest_of
from writers.errors import EditionRefusedError

FOLDER = "editions"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,30}")
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Choices:
    """Which edition of each form is filled, and which are withdrawn (``form/edition``)."""

    use: Mapping[str, str] = field(default_factory=dict)
    withdrawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EditionState:
    """An edition and what it is for."""

    definition: FormDefinition
    is_used: bool
    is_withdrawn: bool
    is_own: bool
    """Whether it came with the program."""


def editions_folder(settings: Settings) -> Path:
    """Where the editions of an installation are."""
    return settings.data_dir / FOLDER


def catalogue_of(settings: Settings) -> Catalogue:
    """The definitions of the program and of the installation; read again when an edition has come or gone.

    Raises:
        DefinitionError: an edition in use is damaged.
    """
    return Catalogue.with_editions(editions_folder(settings))


def readable_folder(settings: Settings) -> Path | None:
    """The folder for a fenced child to look into; ``None`` where nothing was ever added."""
    folder = editions_folder(settings)
    return folder.resolve() if (folder / CHOICES).is_file() else None


def choices_of(settings: Settings) -> Choices:
    """What was chosen so far."""
    path = editions_folder(settings) / CHOICES
    if not path.is_file():
        return Choices()
    plain = tomllib.loads(path.read_text(encoding="utf-8"))
    return Choices(dict(plain.get("use", {})), tuple(plain.get("withdrawn", ())))


def states_of(settings: Settings) -> list[EditionState]:
    """Every edition, by form."""
    catalogue, choices = catalogue_of(settings), choices_of(settings)
    return [
        EditionState(
            item,
            item in catalogue.definitions,
            f"{item.form}/{item.edition}" in choices.withdrawn,
            item.folder.is_relative_to(TEMPLATES),
        )
        for item in catalogue.editions
    ]


def next_edition(settings: Settings, form: str) -> str:
    """The first name ``r2``, ``r3`` … that no edition of a form has or had."""
    taken = {item.edition for item in catalogue_of(settings).editions if item.form == form}
    taken |= {path.name for path in (editions_folder(settings) / form).glob("*")}
    return next(name for number in range(2, 10_000) if (name := f"r{number}") not in taken)


def is_name(text: str) -> bool:
    """Whether an edition may be called so."""
    return _NAME.fullmatch(text) is not None


def require_free(settings: Settings, form: str, edition: str) -> None:
    """Make sure that an edition can be added under that name.

    Raises:
        EditionRefusedError: no name for an edition, or one that exists.
    """
    if not is_name(edition):
        raise EditionRefusedError(reason=f"版名“{edition[:40]}”只能由小写字母、数字、点、横线组成")
    folder = editions_folder(settings) / form / edition
    if folder.exists() or (TEMPLATES / form / edition).exists():
        raise EditionRefusedError(reason=f"{form} 已有 {edition} 版,已有的版不改动")


def install(settings: Settings, database: Database, proposal: Proposal, *, use: bool = False) -> Path:
    """Take over, as an edition, the very files of a proposal that were tried.

    Raises:
        EditionRefusedError: they did not read back, were changed since, or the edition exists.
    """
    definition = proposal.definition
    require_free(settings, definition.form, definition.edition)
    if proposal.trial.faults:
        raise EditionRefusedError(reason=f"试填后读回不一致:{';'.join(proposal.trial.faults[:5])}")
    target = editions_folder(settings) / definition.form / definition.edition
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".adopting-", dir=target.parent.parent) as made:
        part = Path(made, definition.form, definition.edition)
        part.mkdir(parents=True)
        for name in (definition.template, "definition.toml", "README.md"):
            shutil.copyfile(proposal.folder / name, part / name)
            _sync(part / name)
        _sync(part)
        if digest_of(part, definition) != proposal.digest:
            raise EditionRefusedError(reason="建议的文件在试填以后改动过,请对该文件夹再运行一次")
        with _lock:
            require_free(settings, definition.form, definition.edition)
            part.rename(target)
            _sync(target.parent)
            chosen = {definition.form: definition.edition} if use else {}
            _write(settings, chosen)
    _audit(database, f"{definition.form}/{definition.edition}", "adopted", used=use)
    return target


def use_edition(settings: Settings, database: Database, form: str, edition: str) -> FormDefinition:
    """Fill a form in that edition from now on.

    Raises:
        UnknownFormError: there is no such edition.
        EditionRefusedError: it is withdrawn.
    """
    definition = catalogue_of(settings).find(form, edition)
    name = f"{definition.form}/{definition.edition}"
    with _lock:
        if name in choices_of(settings).withdrawn:
            raise EditionRefusedError(reason=f"{name} 已停用,先恢复再使用")
        _write(settings, {definition.form: definition.edition})
    _audit(database, name, "used")
    return definition


def withdraw(settings: Settings, database: Database, form: str, edition: str, *, back: bool = False) -> FormDefinition:
    """Offer an edition no longer (or again); documents of it are still read.

    Raises:
        UnknownFormError: there is no such edition.
        EditionRefusedError: it is the one that is filled.
    """
    catalogue = catalogue_of(settings)
    definition = catalogue.find(form, edition)
    name = f"{definition.form}/{definition.edition}"
    if definition in catalogue.definitions and not back:
        raise EditionRefusedError(reason=f"{name} 正在使用,先改用另一版")
    with _lock:
        _write(settings, {}, **({"back": name} if back else {"gone": name}))
    _audit(database, name, "restored" if back else "withdrawn")
    return definition


def remove(settings: Settings, database: Database, form: str, edition: str) -> FormDefinition:
    """Take an edition away of which there is no document at all.

    Raises:
        UnknownFormError: there is no such edition.
        EditionRefusedError: it came with the program, is filled, or documents of it exist.
    """
    catalogue = catalogue_of(settings)
    definition = catalogue.find(form, edition)
    name = f"{definition.form}/{definition.edition}"
    if definition.folder.is_relative_to(TEMPLATES):
        raise EditionRefusedError(reason=f"{name} 是随程序来的,不能删除")
    if definition in catalogue.definitions:
        raise EditionRefusedError(reason=f"{name} 正在使用,先改用另一版")
    if tables := _used_in(database, definition):
        raise EditionRefusedError(reason=f"{name} 已有文件({'、'.join(tables)}),只能停用")
    with _lock:
        gone = definition.folder.with_name(f".gone-{definition.edition}")
        definition.folder.rename(gone)
        _write(settings, {}, back=name)
        shutil.rmtree(gone)
    _audit(database, name, "removed")
    return definition


def _used_in(database: Database, definition: FormDefinition) -> list[str]:
    """The tables that speak of an edition."""
    found = []
    with database.reading() as connection:
        for table in metadata.sorted_tables:
            if {"form", "edition"} <= set(table.columns.keys()):
                mine = (table.c.form == definition.form) & (table.c.edition == definition.edition)
                if connection.execute(select(table.c.form).where(mine).limit(1)).first() is not None:
                    found.append(table.name)
    return found


def _write(settings: Settings, use: Mapping[str, str], *, gone: str = "", back: str = "") -> None:
    """Write the choices anew, as a whole."""
    now = choices_of(settings)
    withdrawn = sorted({*now.withdrawn, *filter(None, [gone])} - {back})
    plain: dict[str, Any] = {"withdrawn": withdrawn, "use": {**now.use, **use}}
    folder = editions_folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{CHOICES}.part"
    part.write_text(tomli_w.dumps(plain), encoding="utf-8")
    _sync(part)
    part.replace(folder / CHOICES)
    _sync(folder)


def _audit(database: Database, name: str, what: str, *, used: bool = False) -> None:
    with database.transaction() as connection:
        record(connection, AuditEvent(Action.CONFIG, "edition", name, details={"what": what, "used": used}))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
