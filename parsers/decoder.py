"""How extraction asks a scan to read one cell again, as a value of a known type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from forms.fieldtypes.base import FieldType
from parsers.document import Cell


@dataclass(frozen=True, slots=True)
class Decoded:
    """The best reading of a scanned cell as a value of one type.

    ``confidence`` is the probability that ``text`` is right; ``review`` says that a person must look; ``candidates``
    are the runners-up.
    """

    text: str
    confidence: float | None
    review: bool
    candidates: tuple[str, ...] = ()


class CellDecoder(Protocol):
    """Reads a cell of a scanned page for a field type, with a second engine or at another scale if in doubt."""

    def decode(self, page: int, cell: Cell, field_type: FieldType) -> Decoded:
        """The reading of ``cell`` on page ``page`` (from zero)."""
        ...
