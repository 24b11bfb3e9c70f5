"""The import workbook: out with lists and notes, back in as a preview, a marked return, or confirmed rows."""

from __future__ import annotations

from flask import Blueprint, Response, request

from forms.definition import FormDefinition
from service.access.approving import BATCH, require_second
from service.access.principal import current_principal
from service.api.access import current_scope
from service.api.context import answer_file, answer_json, json_body, runtime, text_parameter
from service.api.uploads import receive
from service.operations.antivirus import scanned
from service.operations.arrivals import look_over
from service.operations.importing import Import, confirm, import_of, marked_return, preview, take_import
from service.runtime import Runtime
from service.store.blobs import Blob
from writers.workbook import make_import_workbook

blueprint = Blueprint("imports", __name__)
LARGEST = 50 * 1024 * 1024
FORMATS = ("json", "docx", "xlsx", "pdf")


@blueprint.get("/forms/<form>/import-workbook")
def download_workbook(form: str) -> Response:
    """An .xlsx to type into."""
    definition = runtime().catalogue.find(form)
    return answer_file(make_import_workbook(definition), f"附件{definition.number}_导入表.xlsx")


@blueprint.post("/forms/<form>/imports")
def start_import(form: str) -> Response:
    """The workbook back in: what it says and what is wrong with it. Nothing is changed by this."""
    parts = runtime()
    current_scope()  # an import belongs to who made it
    taken = receive_import(parts, parts.catalogue.find(form))
    return answer_json(preview(taken))


def receive_import(parts: Runtime, definition: FormDefinition) -> Import:
    """The workbook of the current request, read.

    Raises:
        FormServiceError: no file, one that is refused, or no rows of this form in it.
    """
    return take_import(parts, definition, *receive_workbook(parts))


def receive_workbook(parts: Runtime) -> tuple[str, Blob]:
    """The one file of the current request, stored: its name as sent and where it is.

    Raises:
        FormServiceError: no file, or one that is refused.
    """
    with parts.blobs.staging() as staging:
        upload = receive(request, staging, file_limit=LARGEST, most_files=1)
        looked = look_over(upload.files, staging, parts.fence, LARGEST)
        arrival = next(scanned(looked, staging, parts.settings, parts.database))
        if arrival.fault is not None or arrival.blob is None:
            raise arrival.fault or AssertionError
        staging.keep()
    return arrival.name, arrival.blob


def require_second_for(parts: Runtime, taken: Import, approval: str) -> None:
    """Stop the confirmation of many rows that no second person has approved.

    Raises:
        ApprovalNeededError, ApprovalInvalidError: there are more than a hundred, and no approval of this import.
    """
    if taken.rows <= BATCH:
        return
    with parts.database.transaction() as connection:
        by = current_principal()
        require_second(connection, parts.settings, by, "confirm-import", {"import": taken.id}, approval)


@blueprint.get("/forms/<form>/imports/<uuid:identity>/marked")
def download_marked(form: str, identity: object) -> Response:
    """The same workbook with its faults marked in it."""
    parts = runtime()
    taken = import_of(parts, parts.catalogue.find(form), str(identity))
    return answer_file(marked_return(parts, taken), f"标注_{taken.name}")


@blueprint.post("/forms/<form>/imports/<uuid:identity>/confirm")
def confirm_import(form: str, identity: object) -> Response:
    """The rows, all of them or those without errors, as data or as the filled form."""
    parts = runtime()
    body = json_body("take", "as", "approval")
    take = text_parameter(body, "take", "good", ("good", "all"))
    asked = text_parameter(body, "as", "json", FORMATS)
    taken = import_of(parts, parts.catalogue.find(form), str(identity))
    require_second_for(parts, taken, text_parameter(body, "approval", ""))
    chosen = confirm(taken, only_good=take == "good")
    if asked == "json":
        return answer_json(chosen.data)
    made = chosen.filled(asked, print_mark=parts.settings.print_mark)
    return answer_file(made.content, made.name)
