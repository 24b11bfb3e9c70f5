"""``/documents``: returned files in, results, page pictures and originals out."""

from __future__ import annotations

from flask import Blueprint, Response, request

from service.api.context import answer_file, answer_json, answer_stored, runtime
from service.api.errors import IdempotencyConflictError
from service.api.problem_json import problem_body
from service.api.uploads import Received, receive
from service.operations.documents import (
    Taken,
    described,
    document_of,
    newest,
    original_of,
    same_request,
    summary_of,
    take_file,
)
from service.operations.pictures import page_picture
from service.store.answers import digest_of, find_answer, keep_answer

blueprint = Blueprint("documents", __name__)
MIB = 1024 * 1024
LONGEST_KEY = 150


@blueprint.post("/documents")
def upload_documents() -> Response:
    """Take returned files: each is on disk before the answer, one entry a file."""
    parts = runtime()
    upload = receive(
        request,
        parts.blobs,
        file_limit=parts.settings.request_limit_mib * MIB,
        most_files=parts.settings.upload_files,
    )
    form_hint = upload.fields.get("form") or None
    if form_hint:
        form_hint = parts.catalogue.find(form_hint).form
    unit = upload.fields.get("unit") or None
    key = request.headers.get("Idempotency-Key", "")[:LONGEST_KEY]
    asked = digest_of(same_request([form_hint, unit, [(item.name, item.blob and item.blob.sha256) for item in upload.files]]))
    if key:
        with parts.database.transaction() as connection:
            earlier = find_answer(connection, key)
        if earlier:
            if earlier[0] != asked:
                raise IdempotencyConflictError
            return answer_json(earlier[2], earlier[1])
    body = {"documents": [_entry(_take(item, form_hint, unit)) for item in upload.files]}
    if key:
        with parts.database.transaction() as connection:
            keep_answer(connection, key, asked, 202, body)
    return answer_json(body, 202)


def _take(received: Received, form_hint: str | None, unit: str | None) -> Taken:
    if received.blob is None:
        return Taken(received.name, fault=received.fault)
    return take_file(runtime().database, received.name, received.blob, form_hint=form_hint, unit=unit)


def _entry(taken: Taken) -> dict[str, object]:
    entry: dict[str, object] = {"file": taken.name}
    if taken.blob:
        entry |= {"sha256": taken.blob.sha256, "size": taken.blob.size}
    if taken.fault is not None:
        return {**entry, "id": None, "state": "rejected", "problem": problem_body(taken.fault, taken.name)}
    href = f"/api/v1/documents/{taken.document_id}"
    return {**entry, "id": taken.document_id, "state": "received", "job": taken.job_id, "href": href, "problem": None}


@blueprint.get("/documents")
def list_documents() -> Response:
    """The newest documents, a line each."""
    limit = max(1, min(request.args.get("limit", 50, type=int), 500))
    offset = max(0, request.args.get("offset", 0, type=int))
    return answer_json({"documents": [summary_of(item) for item in newest(runtime().database, limit, offset)]})


@blueprint.get("/documents/<uuid:identity>")
def show_document(identity: object) -> Response:
    """What ``service read`` prints, with the document's state."""
    return answer_json(described(document_of(runtime().database, str(identity))))


@blueprint.get("/documents/<uuid:identity>/original")
def download_original(identity: object) -> Response:
    """The file as received."""
    document = document_of(runtime().database, str(identity))
    return answer_stored(original_of(runtime().blobs, document), document.name)


@blueprint.get("/documents/<uuid:identity>/pages/<int:number>.png")
def show_page(identity: object, number: int) -> Response:
    """A page as a picture, counted from one."""
    parts = runtime()
    document = document_of(parts.database, str(identity))
    response = answer_file(page_picture(parts, document, number), f"{number}.png")
    response.headers["Content-Disposition"] = "inline"
    return response
