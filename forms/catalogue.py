"""All forms the program knows, found by id, number, title or alias."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from forms.definition import FormDefinition
from forms.errors import DefinitionError, UnknownFormError
from forms.ledger import NAMES, ledger_definition
from forms.loading import FILE_NAME, read_definition

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
"""Where the official files and their definitions stand."""

CHOICES = "editions.toml"
"""Which editions an installation uses: ``[use]`` with an edition for each form, ``withdrawn`` as ``form/edition``."""

_NOISE = re.compile(r"[\s《》「」<>:\-_]+")
_FIGURES = re.compile(r"([0-9]+)")


@dataclass(frozen=True)
class Catalogue:
    """The definitions by number of the form: of each form the edition that is in use.

    ``others`` are further editions, by form and then by edition: they are read and found by name, and used for nothing
    new.
    """

    definitions: tuple[FormDefinition, ...]
    others: tuple[FormDefinition, ...] = ()
    damaged: tuple[str, ...] = ()
    """Added editions that cannot be read, as ``form/edition``. None of them is in use."""

    @classmethod
    def load(cls, root: Path | None = None) -> Catalogue:
        """The catalogue of all definitions below ``root``; without one the project's own, which is read once.

        Of several editions the newest is in use.

        Raises:
            DefinitionError: with every fault of every file.
        """
        return _load(TEMPLATES) if root is None else _in_use(_read(root), {})

    @classmethod
    def with_editions(cls, folder: Path | None) -> Catalogue:
        """The project's own definitions and the editions that an installation has added in ``folder``.

        :data:`CHOICES` in that folder names the edition in use by form; without a word the project's own is. Read
        again when that file has changed. A damaged edition that is not in use costs nobody else anything.

        Raises:
            DefinitionError: an edition in use is damaged: another one must not be filled in its stead.
        """
        if folder is None or not (folder / CHOICES).is_file():
            return cls.load()
        return _with_editions(folder, (folder / CHOICES).stat().st_mtime_ns)

    @property
    def editions(self) -> tuple[FormDefinition, ...]:
        """Every edition of every form, by form and then by edition, the newest last."""
        return tuple(sorted((*self.definitions, *self.others), key=_natural))

    def find(self, name: str, edition: str | None = None) -> FormDefinition:
        """The form of an id, ``附件N``, title or alias; the edition in use unless one is named.

        Raises:
            UnknownFormError: no form or no edition has this name.
        """
        form = self._forms.get(_plain(name)) or self._forms.get(_plain(_without_number(name)))
        known = self.definitions if edition is None else (*self.definitions, *self.others)
        editions = [item for item in known if item.form == form and edition in (None, item.edition)]
        if not editions:
            wanted = name if edition is None else f"{name}({edition})"
            raise UnknownFormError(
                form=wanted, known="、".join(f"{item.form}/{item.edition}" for item in self.definitions)
            )
        return editions[-1]

    def readable(self, name: str, edition: str | None = None) -> FormDefinition:
        """As :meth:`find`, and the ledger too: what a returned file may be, though no official file of it exists.

        Raises:
            UnknownFormError: no form or no edition has this name.
        """
        is_ledger = _plain(name) in NAMES and _plain(name) not in self._forms
        return self._ledger if is_ledger else self.find(name, edition)

    @cached_property
    def _ledger(self) -> FormDefinition:
        return ledger_definition(self.definitions)

    @cached_property
    def _forms(self) -> dict[str, str]:
        """The form ids by every name a form goes by."""
        return {
            _plain(name): item.form
            for item in (*self.others, *self.definitions)
            for name in (item.form, f"附件{item.number}", f"attachment{item.number}", item.title, *item.aliases)
        }


def _plain(name: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", name)).casefold()


def _without_number(name: str) -> str:
    """``附件2《…汇总表》`` also names the form by its title."""
    return re.sub(r"^\s*附件\s*[0-9０-９]+\s*[:：]?", "", name)


def _natural(definition: FormDefinition) -> tuple[int, str, list[tuple[int, str]]]:
    parts = [(int(part), "") if part.isdigit() else (-1, part) for part in _FIGURES.split(definition.edition)]
    return definition.number, definition.form, parts


def _read(root: Path) -> list[FormDefinition]:
    found = [read_definition(path.parent) for path in sorted(root.glob(f"*/*/{FILE_NAME}"))]
    faults = [fault for _, wrong in found for fault in wrong]
    if not found:
        faults.append(f"{root.name}: 没有任何 {FILE_NAME}")
    if faults:
        raise DefinitionError(faults="\n".join(faults))
    return sorted((item for item, _ in found if item is not None), key=_natural)


def _in_use(definitions: Iterable[FormDefinition], use: Mapping[str, str]) -> Catalogue:
    """One edition of each form in use, the others beside them; the newest where ``use`` names none that is there."""
    forms: dict[str, list[FormDefinition]] = {}
    for item in sorted(definitions, key=_natural):
        forms.setdefault(item.form, []).append(item)
    used = [
        next((item for item in editions if item.edition == use.get(form)), editions[-1])
        for form, editions in forms.items()
    ]
    others = [item for editions in forms.values() for item in editions if item not in used]
    return Catalogue(tuple(used), tuple(others))


@lru_cache(maxsize=1)
def _load(root: Path) -> Catalogue:
    return _in_use(_read(root), {})


@lru_cache(maxsize=4)
def _with_editions(folder: Path, stamp: int) -> Catalogue:  # noqa: ARG001 - a new stamp is a new reading
    chosen = dict(tomllib.loads((folder / CHOICES).read_text(encoding="utf-8")).get("use", {}))
    own = _load(TEMPLATES)
    added, damaged = [], []
    for path in sorted(folder.glob(f"*/*/{FILE_NAME}")):
        form, edition = path.parent.parent.name, path.parent.name
        definition, faults = read_definition(path.parent)
        if definition is not None and not faults:
            added.append(definition)
        elif chosen.get(form) == edition:
            raise DefinitionError(faults="\n".join(faults))
        else:
            damaged.append(f"{form}/{edition}")
    use = {item.form: item.edition for item in own.definitions} | chosen
    return replace(_in_use([*own.editions, *added], use), damaged=tuple(damaged))
