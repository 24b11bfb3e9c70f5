"""How likely a text is as Chinese words, told by how often they are written: what a recogniser's probabilities lack.

The counts are those of jieba's dictionary (349,046 words with how often each stood in newspapers and novels; MIT),
which ``jieba_next`` brings along; that file alone is used, known by its SHA-256. It knows 民政局 and 驾驶员 and no unit
of a district, so that a text of words speaks for a reading, and one that is none speaks against nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from parsers.ocr.models import WORDS, model_file

LONGEST = 6
"""Characters of the longest word looked for."""
OTHER_MARK = -5.0
"""Natural logarithm of the chance of a character that is no hanzi: figures, brackets, punctuation."""
UNSEEN = 3.0
"""By so much less likely, in logarithms, than a word that was seen once is a character that is no word."""
ALONE = frozenset("第人名员一二三四五六七八九十")
"""Characters that stand beside words by themselves in names of units, posts and counts."""
_RUNS = re.compile("[\u4e00-\u9fff]+|[^\u4e00-\u9fff]+")


@dataclass(frozen=True)
class Words:
    """Words with how often each was counted."""

    counts: Mapping[str, int]

    @cached_property
    def _total(self) -> float:
        return math.log(sum(self.counts.values()))

    def log_chance(self, text: str) -> float:
        """Natural logarithm of the chance of a text, cut into words in the most likely way (unigrams)."""
        return sum(
            self._of_hanzi(run) if "\u4e00" <= run[0] <= "\u9fff" else OTHER_MARK * len(run)
            for run in _RUNS.findall(text)
        )

    def inside_words(self, text: str) -> frozenset[int]:
        """The characters of a text, by their place, that stand behind another one of the same word."""
        found: set[int] = set()
        for run in _RUNS.finditer(text):
            if "\u4e00" <= run[0][0] <= "\u9fff":
                for start, end in self._cut(run[0]):
                    found.update(range(run.start() + start + 1, run.start() + end))
        return frozenset(found)

    def is_of_words(self, text: str) -> bool:
        """Whether a text has hanzi, and all of them stand in words of two or more or are such as stand alone."""
        runs = [run for run in _RUNS.findall(text) if "\u4e00" <= run[0] <= "\u9fff"]
        return bool(runs) and all(self._is_covered(run) for run in runs)

    def _of_hanzi(self, run: str) -> float:
        return self._ways(run)[-1][0]

    def _cut(self, run: str) -> list[tuple[int, int]]:
        """The words of a run of hanzi, each from its first character to the one behind its last."""
        ways, end, found = self._ways(run), len(run), []
        while end:
            found.append((ways[end][1], end))
            end = ways[end][1]
        return found[::-1]

    def _ways(self, run: str) -> list[tuple[float, int]]:
        """For each place of a run of hanzi its best chance up to there, and where the last word of it begins."""
        best = [(0.0, 0)] + [(-math.inf, 0)] * len(run)
        for end in range(1, len(run) + 1):
            for start in range(max(0, end - LONGEST), end):
                count = self.counts.get(run[start:end], 0)
                if count or end - start == 1:
                    chance = math.log(count) - self._total if count else -self._total - UNSEEN
                    best[end] = max(best[end], (best[start][0] + chance, start))
        return best

    def _is_covered(self, run: str) -> bool:
        covered = [True] + [False] * len(run)
        for end in range(1, len(run) + 1):
            covered[end] = (covered[end - 1] and run[end - 1] in ALONE) or any(
                covered[start] and run[start:end] in self.counts for start in range(max(0, end - LONGEST), end - 1)
            )
        return covered[-1]


@cache
def words() -> Words:
    """The dictionary, opened when it is first asked for (0.3 s, 36 MB).

    Raises:
        OcrCrashedError: the file is missing or is another one.
    """
    counts = {}
    with model_file(WORDS).open(encoding="utf-8") as lines:
        for line in lines:
            word, count, _ = line.split(" ", 2)
            if len(word) <= LONGEST:
                counts[word] = int(count)
    return Words(counts)
