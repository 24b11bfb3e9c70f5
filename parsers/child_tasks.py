"""What a fenced child is asked to do with a returned file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from parsers.calibrating import Care
from parsers.child import Request, fault_to_plain
from parsers.gate.admission import admit
from parsers.gate.bundle import iter_bundle
from parsers.ledger.options import LedgerOptions
from parsers.readers.legacy import converted_beside
from parsers.reading import ReadOptions, read_path
from parsers.sniffing import FileFormat

READ = f"{__name__}:read_file"
UNPACK = f"{__name__}:unpack_bundle"


def read_file(request: Request) -> dict[str, Any]:
    """Pass the gate, tell how many pages there are, and read. Overlays go to the output folder.

    A bundle, and an old Office file whose conversion does not stand beside it, are sent back: ``todo`` says for what.
    """
    admitted = admit(request.path, request.name)
    if admitted.format is FileFormat.ZIP:
        return {"todo": "unpack", "format": admitted.format.value}
    if admitted.format.is_legacy and not converted_beside(request.path).exists():
        return {"todo": "convert", "format": admitted.format.value}
    request.report(admitted.pages or 1)
    overlay = request.output if request.options.get("overlay") else None
    ledger = LedgerOptions.from_plain(request.options.get("ledger"))
    care = Care(*request.options.get("care", ()))
    units = tuple(request.options.get("units", ()))
    added = request.options.get("editions")
    editions = None if added is None else Path(str(added))
    own = {"overlay": overlay, "borrow": request.borrow, "ledger": ledger, "care": care, "units": units}
    own["editions"] = editions
    options = ReadOptions(**{**request.options, **own})
    return {"reading": read_path(request.path, request.name, options).to_plain()}


def unpack_bundle(request: Request) -> dict[str, Any]:
    """Unpack a bundle into the output folder: each entry's name, and its file or its fault."""
    return {
        "entries": [
            {
                "name": entry.name,
                "file": entry.path.name if entry.path else None,
                "fault": fault_to_plain(entry.fault) if entry.fault else None,
            }
            for entry in iter_bundle(request.path, request.output)
        ]
    }
