"""Proposals of editions that wait for a person's word: made of an uploaded blank, looked at, confirmed or left."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from parsers.errors import DocumentError
from service.operations.adopting import AdoptRequest, adopt, draw, draw_original
from service.operations.editions import (
    catalogue_of,
    editions_folder,
    install,
    is_name,
    require_free,
    states_of,
)
from service.settings import Settings
from service.store.database import Database
from service.store.errors import NotFoundError
from writers.adopting.describing import report_of
from writers.adopting.proposing import look_again

Tell = Callable[[int, str], None]
"""Steps done, and what comes now."""
PROPOSALS = "adopting"
PICTURES = "pictures"
REPORT = "report.json"
BLANK = "uploaded"
"""The blank as it came, kept so that decisions on its labels need no second upload."""


def proposals_folder(settings: Settings) -> Path:
    """Where proposals wait."""
    return settings.data_dir / PROPOSALS


def propose_blank(  # what is made, of what and where
    settings: Settings, file: Path, name: str, request: AdoptRequest, root: Path, tell: Tell
) -> dict[str, Any]:
    """Make a proposal of a blank below ``root``, with its pictures; the report of it. ``tell`` hears of each step.

    Raises:
        FormServiceError: as :func:`service.operations.adopting.adopt`.
    """
    tell(0, "认栏目、试填、读回")
    proposal = adopt(settings, file, name, request, root)
    folder = proposal.folder / PICTURES
    pictures: list[Path] = []
    try:
        tell(1, "画原表")
        pictures += draw_original(file, folder)
        tell(2, "画空白和试填的新版")
        pictures += draw(proposal, folder)
    except DocumentError:
        pictures = sorted(folder.glob("*.png"))
    tell(3, "保存建议")
    shutil.copyfile(file, proposal.folder / BLANK)
    decided = {"labels": dict(request.labels), "extras": dict(request.extras)}
    report = {**report_of(proposal), "name": name, "pictures": [path.name for path in pictures], "decided": decided}
    del report["folder"]
    (proposal.folder / REPORT).write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    return report


def move_in(settings: Settings, root: Path, form: str, edition: str) -> None:
    """Put a proposal made below ``root`` where proposals wait; an earlier one of that edition gives way.

    One that was put there before (the end of its job was not stored, and is stored again) stays.
    """
    made, target = root / form / edition, proposals_folder(settings).resolve() / form / edition
    if not made.exists() and target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    old = root / "old"
    if target.exists():
        target.rename(old)
    made.rename(target)


def asked_again(
    settings: Settings, form: str, edition: str, labels: Mapping[str, str], extras: Mapping[str, str]
) -> tuple[Path, str, AdoptRequest]:
    """The blank of a proposal, its name, and what was asked of it with more of its labels decided.

    Raises:
        NotFoundError: no such proposal, or its blank was not kept.
    """
    report = proposal_of(settings, form, edition)
    kept = _folder(settings, form, edition) / BLANK
    if not kept.is_file():
        raise NotFoundError(pointer=f"{form}/{edition}"[:80])
    before = report.get("decided", {"labels": {}, "extras": {}})
    every = {**before["labels"], **labels}, {**before["extras"], **extras}
    return kept, report["name"], AdoptRequest(report["form"], edition, labels=every[0], extras=every[1])


def proposal_of(settings: Settings, form: str, edition: str) -> dict[str, Any]:
    """The report of a proposal.

    Raises:
        UnknownFormError: no form has this name.
        NotFoundError: no such proposal.
    """
    path = _folder(settings, form, edition) / REPORT
    if not path.is_file():
        raise NotFoundError(pointer=f"{form}/{edition}"[:80])
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {**report, "installed": (editions_folder(settings) / report["form"] / report["edition"]).exists()}


def picture_of(settings: Settings, form: str, edition: str, name: str) -> bytes:
    """A page of a proposal as PNG.

    Raises:
        NotFoundError: no such page.
    """
    if name not in proposal_of(settings, form, edition)["pictures"]:
        raise NotFoundError(pointer=name[:80])
    return (_folder(settings, form, edition) / PICTURES / name).read_bytes()


def confirm_proposal(settings: Settings, database: Database, form: str, edition: str, *, use: bool) -> dict[str, Any]:
    """Install a proposal as an edition.

    Raises:
        NotFoundError: no such proposal.
        EditionRefusedError: it does not read back, or the edition exists.
    """
    report = proposal_of(settings, form, edition)
    require_free(settings, report["form"], report["edition"])
    others = [item for item in catalogue_of(settings).editions if item.form == report["form"]]
    install(settings, database, look_again(_folder(settings, form, edition), others), use=use)
    return edition_of(settings, report["form"], report["edition"])


def listed(settings: Settings) -> list[dict[str, Any]]:
    """Every edition, and every proposal that waits, as plain data."""
    editions = [
        {
            "form": one.definition.form,
            "number": one.definition.number,
            "edition": one.definition.edition,
            "title": one.definition.title,
            "format": one.definition.file_format,
            "state": "used" if one.is_used else "withdrawn" if one.is_withdrawn else "ready",
            "own": one.is_own,
        }
        for one in states_of(settings)
    ]
    known = {(one["form"], one["edition"]) for one in editions}
    numbers = {one["form"]: one["number"] for one in editions}
    waiting = []
    for path in sorted(proposals_folder(settings).glob(f"*/*/{REPORT}")):
        form, edition = path.parent.parent.name, path.parent.name
        if (form, edition) not in known and form in numbers:
            report = json.loads(path.read_text(encoding="utf-8"))
            waiting.append(
                {
                    "form": form,
                    "number": numbers[form],
                    "edition": edition,
                    "title": report["name"],
                    "format": "",
                    "state": "proposed",
                    "own": False,
                }
            )
    return [*editions, *waiting]


def edition_of(settings: Settings, form: str, edition: str) -> dict[str, Any]:
    """One edition of the list.

    Raises:
        NotFoundError: there is none.
    """
    for one in listed(settings):
        if (one["form"], one["edition"]) == (form, edition):
            return one
    raise NotFoundError(pointer=f"{form}/{edition}"[:80])


def _folder(settings: Settings, form: str, edition: str) -> Path:
    """The folder of a proposal; names from outside lead nowhere else."""
    known = catalogue_of(settings).find(form).form
    if not is_name(edition):
        raise NotFoundError(pointer=edition[:80])
    return proposals_folder(settings) / known / edition
