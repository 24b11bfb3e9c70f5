"""A blank official file in: looked through in the fenced child, proposed, drawn, and installed once confirmed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forms.definition import FormDefinition
from parsers.errors import ConversionFailedError, DocumentError, ParseCrashedError
from parsers.fence import Fence
from parsers.readers.legacy import BESIDE, TARGETS
from parsers.sniffing import FileFormat
from parsers.tools import office, sandbox
from service.operations.editions import catalogue_of, next_edition, readable_folder, require_free
from service.settings import PROJECT, Settings
from writers.adopting import child
from writers.adopting.describing import Origin
from writers.adopting.drafting import Draft
from writers.adopting.proposing import Proposal, propose
from writers.rendering import page_pictures, to_pdf

BLANK, FILLED = "空白", "试填"
_DPI = 110.0


@dataclass(frozen=True, slots=True)
class AdoptRequest:
    """What the caller wants: the form, the new edition's name (empty for the next), decisions on labels.

    ``labels`` give a printed label to a key, ``extras`` a field type (or nothing) to a new label.
    """

    form: str
    edition: str = ""
    base: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    extras: Mapping[str, str] = field(default_factory=dict)


def adopt(settings: Settings, file: Path, name: str, request: AdoptRequest, root: Path) -> Proposal:
    """Make a proposal of a blank below ``root``; nothing of the installation changes.

    Raises:
        DocumentError: the file is refused by the gate, or cannot be read.
        BlankUnknownError: the form's labels are not in it.
        UnknownFormError: there is no such form or edition.
        DefinitionError: a decision that fits no field.
        EditionRefusedError: the edition exists.
    """
    catalogue = catalogue_of(settings)
    base = catalogue.find(request.form, request.base or None)
    edition = request.edition or next_edition(settings, base.form)
    require_free(settings, base.form, edition)
    draft = _drafted(settings, file, name, request, base, edition)
    with file.open("rb") as stream:
        origin = Origin(name, hashlib.file_digest(stream, "sha256").hexdigest())
    others = [item for item in catalogue.editions if item.form == base.form]
    return propose(draft, base, root / base.form / edition, others, origin)


def draw(proposal: Proposal, folder: Path) -> list[Path]:
    """Both pictures of a proposal, page by page: as a blank, and filled with made-up data.

    Raises:
        DocumentError: LibreOffice could not print it.
    """
    made = [(name, form) for name, form in ((BLANK, proposal.trial.blank), (FILLED, proposal.trial.filled)) if form]
    if not made:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for (name, _), pdf in zip(made, to_pdf([(form.content, form.format) for _, form in made]), strict=True):
        for number, picture in enumerate(page_pictures(pdf, _DPI), start=1):
            paths.append(folder / f"{name}-{number}.png")
            picture.save(paths[-1])
    return paths


def draw_original(file: Path, folder: Path) -> list[Path]:
    """The pages of the blank itself, for comparison.

    Raises:
        DocumentError: LibreOffice could not print it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with sandbox.workspace() as work:
        (done,) = office.convert_batch([file], "pdf", work)
        if done.path is None:
            raise done.fault or ConversionFailedError(reason="LibreOffice 没有给出结果")
        pdf = done.path.read_bytes()
    paths = []
    for number, picture in enumerate(page_pictures(pdf, _DPI), start=1):
        paths.append(folder / f"原表-{number}.png")
        picture.save(paths[-1])
    return paths


def _drafted(
    settings: Settings, file: Path, name: str, request: AdoptRequest, base: FormDefinition, edition: str
) -> Draft:
    """The draft, made in a fenced child; an old Office file is converted between."""
    editions = readable_folder(settings)
    options: dict[str, object] = {
        "form": base.form,
        "base": base.edition,
        "edition": edition,
        "labels": dict(request.labels),
        "extras": dict(request.extras),
        "editions": None if editions is None else str(editions),
    }
    see = (PROJECT / "writers", *([editions] if editions is not None else []))
    with Fence(see=see) as fence, sandbox.workspace() as folder:
        answer = _asked(fence, file, name, options, folder)
        if answer.get("todo") == "convert":
            done = _converted(file, FileFormat(str(answer["format"])), folder / "converted")
            answer = _asked(fence, file, name, options, folder, done)
        try:
            return Draft.from_plain(answer["draft"], (folder / child.CONTENT).read_bytes())
        except (KeyError, TypeError, ValueError, OSError) as fault:
            raise ParseCrashedError(pointer=name) from fault


def _asked(
    fence: Fence, file: Path, name: str, options: Mapping[str, object], folder: Path, beside: Path | None = None
) -> Mapping[str, Any]:
    more = {} if beside is None else {BESIDE: beside}
    answer = fence.submit(child.TASK, file, name, options, beside=more, collect=folder).result()
    if answer.fault is not None:
        raise answer.fault
    if answer.plain is None:
        raise ParseCrashedError(pointer=name)
    return answer.plain


def _converted(file: Path, found: FileFormat, folder: Path) -> Path:
    if found not in TARGETS:
        raise ParseCrashedError(pointer=file.name)
    (done,) = office.convert_batch([file], TARGETS[found], folder)
    if done.path is None:
        fault: DocumentError = done.fault or ConversionFailedError(reason="LibreOffice 没有给出结果")
        raise fault
    return done.path
