"""No way into the service changes anything without being written down."""

from __future__ import annotations

import json
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import text

from service.api.auditing import ACTS
from service.application import create_app
from service.runtime import Runtime
from tests.keeping.conftest import NUMBER, hand_in

BASE = "http://127.0.0.1:8000"
IN_THEIR_TRANSACTION = {
    "documents.upload_documents",
    "documents.confirm_mapping",
    "ledger_pages.confirm_columns",
    "ledger_pages.send_on",
    "ledgers.hand_in_ledger",
    "audit_pages.verify_audit",
    "job_pages.retry_job",
    "jobs.resume_job",
    "edition_pages.resume_making",
    "removal_pages.delete_document",
    "removal_pages.transfer_document",
    "removals.delete_document",
    "removals.transfer_document",
    "upload_pages.upload",
    "form_pages.hand_in",
    "form_pages.work",  # keeps a draft that nobody else sees; handing it in is written down
    "units.confirm_import",
    "unit_pages.confirm_import",
    "jobs.stop_job",
    "across.start_across",
    "across_pages.start_across",
    "records.search_records",
    "record_pages.find_records",
    "records.download_locked_records",
    "record_pages.export_locked",
}
"""Routes whose operation writes it down, or begins a job, which is."""
WAYS_OF_DOCUMENTS = (
    "review.",
    "review_pages.",
    "review_desk_pages.",
    "correcting_pages.",
    "rows.",
    "handing_in.",
    "assigning.",
    "belonging.",
)
"""All these end in the one way to change a document (``service.operations.holding``)."""


def noted(runtime: Runtime, action: str) -> list[dict[str, Any]]:
    with runtime.database.transaction() as connection:
        query = text("select who, result, object_id, details from audit_event where action = :action order by number")
        return [dict(row._mapping) for row in connection.execute(query, {"action": action})]


def test_every_route_that_changes_something_is_an_act(runtime: Runtime) -> None:
    app = create_app(runtime)
    routes = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())
    }
    silent = {
        name
        for name in routes
        if name not in ACTS and name not in IN_THEIR_TRANSACTION and not name.startswith(WAYS_OF_DOCUMENTS)
    }
    assert silent == set()
    assert set(ACTS) <= {rule.endpoint for rule in app.url_map.iter_rules()}


def test_a_sign_in_that_fails_is_written_down_with_its_name_and_never_its_password(runtime: Runtime) -> None:
    client: FlaskClient = create_app(runtime).test_client()
    given = {"name": "wang", "password": "secret-of-wang"}
    assert client.post(f"{BASE}/api/v1/sign-in", json=given).status_code == 401
    (event,) = noted(runtime, "sign-in-failed")
    assert (event["result"], json.loads(event["details"])["name"]) == ("refused", "wang")
    assert "secret-of-wang" not in json.dumps(event)


def test_a_search_by_number_and_whole_numbers_are_written_down_without_the_number(runtime: Runtime) -> None:
    hand_in(runtime, b"paper")
    client: FlaskClient = create_app(runtime).test_client()
    client.get(f"{BASE}/api/v1/records?id_number={NUMBER}")
    client.get(f"{BASE}/api/v1/records?unmask=true&reason={NUMBER}")
    (search,) = noted(runtime, "search-by-id")
    (plain,) = noted(runtime, "view-plain-id")
    assert "reason" in json.loads(plain["details"])
    assert NUMBER not in json.dumps([search, plain])


def test_an_answer_whose_act_cannot_be_written_down_is_not_given(runtime: Runtime) -> None:
    identity, _ = hand_in(runtime, b"paper")
    client: FlaskClient = create_app(runtime).test_client()
    with runtime.database.transaction() as connection:
        connection.execute(text("alter table audit_head rename to elsewhere"))
    answer = client.get(f"{BASE}/api/v1/documents/{identity}/original")
    assert answer.status_code == 500
    assert b"paper" not in answer.get_data()
