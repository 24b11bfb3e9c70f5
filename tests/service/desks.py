"""Files with values that wait for a person, for the tests of the desks."""

from __future__ import annotations

import copy
import io
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask.testing import FlaskClient

from service.runtime import Runtime
from service.store.documents import find_document, set_reading
from service.store.submissions import change_submission
from tests.service.making import another, filled

Work = Callable[[], None]
ROW = "documents[0].records[{}].{}"


def take_in(client: FlaskClient, work: Work, as_format: str = "pdf", **fields: str) -> str:
    """An 附件2 with text, handed in and read; its id."""
    content = filled("attachment-2", as_format)
    content = content + f"\n% {uuid.uuid4()}\n".encode() if as_format == "pdf" else another(content)
    sent = {"file": (io.BytesIO(content), f"附件2.{as_format}"), **fields}
    answer = client.post("/api/v1/documents", data=sent, content_type="multipart/form-data")
    work()
    return str(answer.get_json()["documents"][0]["id"])


def doubt(runtime: Runtime, identity: str, doubts: Mapping[tuple[int, str], tuple[str, ...]]) -> None:
    """Mark values of rows for a person, each with its candidates, and have all seals and signatures there and sure."""
    with runtime.database.transaction() as connection:
        document = find_document(connection, identity)
        assert document is not None
        reading: dict[str, Any] = copy.deepcopy(document.reading or {})
        (form,) = reading["documents"]
        for (row, key), candidates in doubts.items():
            form["records"][row][key] |= {"review": True, "origin": "ocr", "candidates": list(candidates)}
        for mark in form["marks"]:
            mark |= {"present": True, "review": False}
        form["findings"] = []
        set_reading(connection, identity, "read", reading)
        change_submission(connection, identity, content=None)  # of a file that took the place of another
