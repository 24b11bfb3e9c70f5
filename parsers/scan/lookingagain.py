"""Names on coarse pages of black and white, looked at again in other renderings of the same crop.

Nothing but its characters says that a name is right, and where dots are large the recogniser is sure of wrong ones:
晨 read as 展 at 0.995, 堃 as 楚 at 0.993. With less smoothing it is no longer sure of these, or the witness reads
others. So a name is believed there when the first reader reads it again from the crop with half the smoothing, and the
witness reads the same.

Counted on faxes of seeds 530 to 532, of 44 names that were not all but certain: by the first look alone 21 were sure
enough, two of them wrong; by these three looks 19 were, none wrong. Other renderings (wider, narrower, tighter, padded,
thicker, thinner, darker, paler, larger) told the wrong ones less well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from parsers.ocr.base import OcrEngine
from parsers.scan.readlines import ReadLine
from parsers.scan.saidbefore import SaidBefore

ALIKE_FROM = 0.8
"""How surely each look must have read it."""
FIRST, WITNESS = 0.5, 0.75
"""By how much of a dot the crop is smoothed for the second look of the first reader, and for the witness.

Of 598 values of those faxes with an unsure line the witness read 392 rightly without smoothing, 433 with it.
"""


@dataclass
class Looks:
    """The first reader, asked again, and the witness; ``None`` where there is none, and then nothing is alike."""

    first: OcrEngine | None
    witness: OcrEngine | None
    witnessed: SaidBefore = field(default_factory=lambda: SaidBefore(WITNESS))
    _again: SaidBefore = field(default_factory=lambda: SaidBefore(FIRST))

    def are_alike(self, lines: Sequence[ReadLine]) -> bool:
        """Whether nothing but characters is in doubt, and every look reads each line as it was read, surely enough."""
        if any(line.is_capped or line.limit < 1 for line in lines):
            return False
        own = [(line.reading.text, line.reading.confidence or 0.0) for line in lines]
        if self.first is None or self.witness is None or any(sure < ALIKE_FROM for _, sure in own):
            return False
        for engine, said in ((self.first, self._again), (self.witness, self.witnessed)):
            looks = said.each(engine, lines, list, None)
            if looks is None:
                return False
            for (text, _), (other, sure) in zip(own, looks, strict=True):
                if other != text or sure < ALIKE_FROM:
                    return False
        return True
