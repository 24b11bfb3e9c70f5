"""An installation with papers in it, and the command line to look after it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from service.audit.chain import record
from service.audit.events import Action, AuditEvent
from service.cli.main import main
from service.runtime import Runtime, open_runtime
from service.settings import Settings
from service.store.documents import add_document, set_reading
from service.store.records import AcceptedForm, keep_accepted
from service.store.submissions import Change, add_changes, change_submission, open_submission

NUMBER = "320799198001010016"


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and the JSON lines it printed."""

    code: int
    lines: list[dict[str, Any]]
    told: str


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", reserve_mib=1)


@pytest.fixture
def runtime(settings: Settings) -> Iterator[Runtime]:
    opened = open_runtime(settings)
    yield opened
    opened.close()


@pytest.fixture
def admin(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """Runs ``service admin``, for the installation of the test unless another is named."""
    monkeypatch.setenv("HZFORMS_RESERVE_MIB", "1")

    def run(*words: str | Path, data: Path | None = None) -> Done:
        monkeypatch.setenv("HZFORMS_DATA_DIR", str(data or settings.data_dir))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["admin", *map(str, words)])
        told = capsys.readouterr()
        code = ended.value.code if isinstance(ended.value.code, int) else 0
        return Done(code, [json.loads(line) for line in told.out.splitlines()], told.err)

    return run


def hand_in(runtime: Runtime, content: bytes, state: str = "accepted", number: str = NUMBER) -> tuple[str, str]:
    """A document with one person that came to that state; its id and the hash of its file."""
    blob = runtime.blobs.put([content], 1 << 20)
    with runtime.database.transaction() as connection:
        identity = add_document(
            connection, sha256=blob.sha256, name=f"{number}.docx", size=blob.size, form_hint=None, unit="第一中学"
        )
        set_reading(connection, identity, "read", {"documents": [], "text": number})
        open_submission(connection, identity)
        change_submission(connection, identity, content=[{"text": number}], state=state)
        add_changes(connection, identity, [Change("甲", "entered", "records[0].name", {"value": number}, None, number)])
        person = {"name": {"value": "张三"}, "id_number": {"value": number}}
        form = AcceptedForm(0, "attachment-1", "2026", "第一中学", {}, [], [person])
        keep_accepted(connection, identity, [form], "甲")
        record(connection, AuditEvent(Action.UPLOAD, "document", identity))
    return identity, blob.sha256
