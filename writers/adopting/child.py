"""What a fenced child does with a blank: pass the gate, find the places, write the tags."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from forms.catalogue import Catalogue
from parsers.child import Request
from parsers.errors import ActiveContentError, FormatUnsupportedError
from parsers.gate.admission import admit
from parsers.readers.legacy import TARGETS, converted_beside
from parsers.sniffing import FileFormat
from writers.adopting.defining import Wishes
from writers.adopting.drafting import draft_of

TASK = f"{__name__}:draft_blank"
CONTENT = "template.bin"

_UNWANTED = frozenset({"external-links-ignored", "embedded-file-ignored"})
"""What may come with a returned file and is not used, but may not be handed out with every form."""


def draft_blank(request: Request) -> dict[str, Any]:
    """The draft of a blank; its content is left in the output folder.

    An old Office file whose conversion does not stand beside it is sent back: ``todo`` says for what.
    """
    admitted = admit(request.path, request.name)
    found, path = admitted.format, request.path
    notes = admitted.notes
    if found in TARGETS:
        path = converted_beside(request.path)
        if not path.exists():
            return {"todo": "convert", "format": found.value}
        again = admit(path, "")
        found, notes = again.format, (*notes, *again.notes)
    if found not in (FileFormat.DOCX, FileFormat.XLSX):
        raise FormatUnsupportedError(format=found.value)
    if unwanted := _UNWANTED.intersection(notes):
        raise ActiveContentError(pointer="、".join(sorted(unwanted)))
    options = request.options
    editions = options.get("editions")
    catalogue = Catalogue.with_editions(None if editions is None else Path(str(editions)))
    base = catalogue.find(str(options["form"]), str(options["base"]))
    wishes = Wishes(dict(options.get("labels", {})), dict(options.get("extras", {})))
    draft = draft_of(path.read_bytes(), found.value, base, str(options["edition"]), wishes)
    (request.output / CONTENT).write_bytes(draft.content)
    return {"draft": draft.to_plain()}
