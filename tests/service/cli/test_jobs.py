"""``service admin jobs`` and the settings of workers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from service.cli.main import service
from service.jobs.worker import run_next
from service.problems import SettingsError
from service.runtime import Runtime
from service.settings import read_settings
from service.store.errors import NotFoundError
from service.store.jobs import add_job, find_job


@pytest.fixture
def runtime(make_runtime: Any) -> Runtime:
    made: Runtime = make_runtime()
    return made


def call(runtime: Runtime, *arguments: str) -> Any:
    return CliRunner().invoke(service, ["admin", "jobs", *arguments, "--data", str(runtime.settings.data_dir)])


def test_what_ended_undone_is_listed_and_queued_anew(runtime: Runtime) -> None:
    with runtime.database.transaction() as connection:
        identity = add_job(connection, "read-document", {"document_id": "none"})
    assert run_next(runtime)
    listed = [json.loads(line) for line in call(runtime, "list", "--state", "failed").stdout.splitlines()]
    assert [(line["id"], line["state"], line["problem"]) for line in listed] == [(identity, "failed", "not-found")]
    assert json.loads(call(runtime, "requeue", identity).stdout)["state"] == "queued"
    with runtime.database.reading() as connection:
        found = find_job(connection, identity)
    assert found is not None
    assert (found.state, found.attempt, found.problem) == ("queued", 0, None)
    assert isinstance(call(runtime, "requeue", identity).exception, NotFoundError), "it has not ended"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RETRY_SECONDS", "10,x"),
        ("RETRY_SECONDS", "0"),
        ("WORKERS", "-1"),
        ("QUEUE", "rabbit"),
        ("QUEUE", "celery"),
        ("JOB_SECONDS", "soon"),
    ],
)
def test_settings_of_jobs_that_make_no_sense_are_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({f"HZFORMS_{name}": value})
    assert f"HZFORMS_{name}" in caught.value.message_zh


def test_a_broker_needs_a_database_that_many_can_reach() -> None:
    settings = {"HZFORMS_QUEUE": "celery", "HZFORMS_BROKER": "redis://127.0.0.1/0"}
    with pytest.raises(SettingsError, match="PostgreSQL"):
        read_settings(settings)
    assert read_settings({**settings, "HZFORMS_DATABASE": "postgresql://forms@127.0.0.1/forms"}).queue == "celery"
