"""Deleting a document, giving one to another unit, and the files that were refused."""

from __future__ import annotations

from flask import Blueprint, Response

from service.access.principal import current_principal
from service.api.access import current_scope
from service.api.context import answer_json, answer_stored, json_body, runtime, whole_number
from service.api.review import version, who, words
from service.operations.quarantine import MOST_LISTED, is_refused, list_refused, require_own
from service.operations.removing import Removal, remove
from service.operations.showing import light_document
from service.operations.transferring import Transfer, transfer
from service.store.errors import NotFoundError

blueprint = Blueprint("removals", __name__)
LONGEST_ID = 60
LONGEST_UNIT = 200
FARTHEST = 1_000_000_000


@blueprint.post("/documents/<uuid:identity>/delete")
def delete_document(identity: object) -> Response:
    """Nothing of it stays but a tombstone."""
    body = json_body("reason", "approval", "version", "by")
    approval = words(body, "approval", LONGEST_ID)
    asked = Removal(who(body), words(body, "reason"), approval, version(body))
    return answer_json(remove(runtime(), str(identity), asked))


@blueprint.post("/documents/<uuid:identity>/transfer")
def transfer_document(identity: object) -> Response:
    """An accepted document and its people become another unit's."""
    body = json_body("unit", "reason", "approval", "version", "by")
    approval, unit = words(body, "approval", LONGEST_ID), words(body, "unit", LONGEST_UNIT)
    asked = Transfer(who(body), unit, words(body, "reason"), approval, version(body))
    return answer_json(transfer(runtime(), str(identity), asked))


@blueprint.get("/quarantine")
def show_quarantine() -> Response:
    """The files that were refused as they came."""
    limit, offset = whole_number("limit", 50, 1, MOST_LISTED), whole_number("offset", 0, 0, FARTHEST)
    return answer_json({"documents": list_refused(runtime(), current_scope(), limit, offset)})


@blueprint.get("/quarantine/<uuid:identity>/original")
def download_refused(identity: object) -> Response:
    """A refused file as it came."""
    document = light_document(runtime().database, str(identity))
    if not is_refused(document):
        raise NotFoundError
    require_own(runtime(), current_principal(), document)
    return answer_stored(runtime().blobs.open(document.sha256), document.name)
