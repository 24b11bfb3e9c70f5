"""``/documents``: returned files in, results, page pictures and originals out."""

from __future__ import annotations

from flask import Blueprint, Response, request

from service.access.principal import current_principal
from service.access.sight import blurred, sight_of
from service.api.access import current_scope, own_key
from service.api.context import (
    answer_file,
    answer_json,
    answer_stored,
    json_body,
    runtime,
    text_parameter,
    whole_number,
)
from service.api.errors import BadRequestError
from service.api.long_answers import answer_long
from service.api.problem_json import answer_problem_body
from service.api.uploads import take_request
from service.operations.documents import described, document_of
from service.operations.holding import STATES
from service.operations.ledgers import columns_of_json, confirm
from service.operations.pictures import page_picture
from service.operations.quarantine import require_own
from service.operations.showing import light_document, opening_of
from service.store.document_search import DocumentSearch
from service.store.documents import find_fetched

blueprint = Blueprint("documents", __name__)
LONGEST_KEY = 150
MOST_LISTED = 500
FARTHEST = 1_000_000_000


@blueprint.post("/documents")
def upload_documents() -> Response:
    """Take returned files: each is on disk and entered before the answer, one entry a file."""
    key = request.headers.get("Idempotency-Key") or None
    if key and len(key) > LONGEST_KEY:
        raise BadRequestError(name="Idempotency-Key", reason_zh="过长", reason_en="too long")
    current_scope()  # whose the files are is settled as they are entered
    status, body = take_request(runtime(), own_key(key))
    if "code" in body:
        return answer_problem_body(body, status)
    return answer_json(body, status)


@blueprint.get("/documents")
def list_documents() -> Response:
    """The newest documents, a line each; ``unit``, ``form`` and ``state`` ask for some of them."""
    limit = whole_number("limit", 50, 1, MOST_LISTED)
    offset = whole_number("offset", 0, 0, FARTHEST)
    parts = runtime()
    found = parts.listing.newest(parts.database, limit, offset, current_scope(), search_asked())
    return answer_json({"documents": found})


def search_asked() -> DocumentSearch:
    """Which documents the request asks for.

    Raises:
        UnknownFormError: there is no such form.
        BadRequestError: there is no such state.
    """
    form, stage = (request.args.get(name, "").strip() for name in ("form", "state"))
    if stage and stage not in STATES:
        raise BadRequestError(name="state", reason_zh=f"须为{'、'.join(STATES)}之一", reason_en="no such state")
    found = runtime().catalogue.find(form).form if form else ""
    return DocumentSearch(request.args.get("unit", "").strip(), found, stage)


@blueprint.get("/documents/<uuid:identity>")
def show_document(identity: object) -> Response:
    """What ``service read`` prints, with the document's state."""
    hidden = sight_of(current_principal()).in_files
    with runtime().database.reading() as connection:
        long = find_fetched(connection, str(identity))
    if long is not None:
        return answer_long(described(long[0]), long[1], hidden)
    body = blurred(described(document_of(runtime().database, str(identity))), hidden)
    return answer_json(body, ETag=f'"{body["version"]}"')


@blueprint.patch("/documents/<uuid:identity>/mapping")
def confirm_mapping(identity: object) -> Response:
    """What the columns of a ledger hold, as a person knows it: remembered for its unit, and the file is read again."""
    body = json_body("columns", "unit")
    columns = columns_of_json(body.get("columns"), runtime().catalogue)
    return answer_json(confirm(runtime(), str(identity), columns, text_parameter(body, "unit", "").strip()), 202)


@blueprint.get("/documents/<uuid:identity>/original")
def download_original(identity: object) -> Response:
    """The file as received."""
    document = light_document(runtime().database, str(identity))
    require_own(runtime(), current_principal(), document)
    return answer_stored(runtime().blobs.open(document.sha256), document.name)


@blueprint.get("/documents/<uuid:identity>/pages/<int:number>.png")
def show_page(identity: object, number: int) -> Response:
    """A page as a picture, counted from one."""
    parts = runtime()
    document = opening_of(parts.database, str(identity))
    response = answer_file(page_picture(parts, document, number), f"{number}.png")
    response.headers["Content-Disposition"] = "inline"
    return response
