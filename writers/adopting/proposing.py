"""A draft → a proposed edition in a folder, tried: filled with made-up records and read back.

Nothing is installed here. A proposal is a folder that people look through, change in Word or Excel where they like,
and confirm.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from forms.definition import FormDefinition
from forms.loading import FILE_NAME, load_definition
from writers.adopting.describing import Origin, readme_of
from writers.adopting.drafting import Draft, Missing, template_name
from writers.adopting.model import Place, Unknown
from writers.adopting.trying import Trial, try_edition

NOTED = "proposal.json"
"""What was found in the blank, beside the proposal."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed edition in ``folder`` (``…/<form>/<edition>``), and all that a person should know of it.

    ``digest`` is of the files that were tried.
    """

    folder: Path
    definition: FormDefinition
    trial: Trial
    digest: str = ""
    places: tuple[Place, ...] = ()
    missing: tuple[Missing, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def doubtful(self) -> tuple[Place, ...]:
        """The places that a person must look at."""
        return tuple(place for place in self.places if place.doubts or not place.sure)

    @property
    def is_usable(self) -> bool:
        """Whether it fills and reads back."""
        return not self.trial.faults


def digest_of(folder: Path, definition: FormDefinition) -> str:
    """One hash of the official file and the definition in a folder."""
    whole = hashlib.sha256()
    for name in (definition.template, FILE_NAME):
        whole.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return whole.hexdigest()


def propose(  # the draft, where it comes from and goes, and how it is tried
    draft: Draft,
    base: FormDefinition,
    folder: Path,
    others: Sequence[FormDefinition],
    origin: Origin,
    *,
    on_paper: bool = True,
) -> Proposal:
    """Write a draft into ``folder`` (``…/<form>/<edition>``) and try it.

    Args:
        draft: what the blank gave.
        base: the edition whose fields were looked for.
        folder: where the proposal is written; what stood there is written over.
        others: the editions that exist already.
        origin: the blank's name and hash, for the README.
        on_paper: try it as PDF too.

    Raises:
        DefinitionError: the definition that came out is wrong.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / template_name(base, draft.format)).write_bytes(draft.content)
    (folder / FILE_NAME).write_text(draft.toml, encoding="utf-8")
    definition = load_definition(folder)
    (folder / "README.md").write_text(readme_of(draft, definition, base, origin), encoding="utf-8")
    (folder / NOTED).write_text(json.dumps(draft.to_plain(), ensure_ascii=False, indent=1), encoding="utf-8")
    return _tried(folder, definition, draft, others, on_paper=on_paper)


def look_again(folder: Path, others: Sequence[FormDefinition]) -> Proposal:
    """A proposal that people may have changed by hand, tried again; what was found in the blank stays as noted.

    Raises:
        DefinitionError: its definition is wrong.
    """
    definition = load_definition(folder)
    try:
        noted = Draft.from_plain(json.loads((folder / NOTED).read_text(encoding="utf-8")), b"")
    except (OSError, ValueError, KeyError, TypeError):
        noted = Draft(b"", definition.file_format, "", (), (), (), ())
    return _tried(folder, definition, noted, others)


def _tried(
    folder: Path,
    definition: FormDefinition,
    draft: Draft,
    others: Sequence[FormDefinition],
    *,
    on_paper: bool = True,
) -> Proposal:
    digest = digest_of(folder, definition)
    trial = try_edition(definition, others, on_paper=on_paper)
    remarks = (*draft.remarks, *trial.remarks)
    return Proposal(folder, definition, trial, digest, draft.places, draft.missing, draft.unknown, remarks)
