"""Whose seal it is, and which box it belongs to.

A seal is matched to the unit that its box asks for, and beside it to every other unit that the form names: the words of
a seal are a reading, and the best name for them may be another than the one that is wanted. Names that differ by one
character are different units. Only the district and the city before a name may be added on the seal, never be missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from forms.cleaning import squeeze
from forms.finding import Box
from parsers.document import SealSeen
from parsers.sealdecoding import Spelling, likeliest

Options = Sequence[Sequence[tuple[str, float]]]
LIKELY = 0.72
"""Part of a name that must be read for the seal to be taken for that unit's at all."""
POSSIBLE = 0.2
"""Probability from which a character may be another than the one read, when the name asks for it."""
SURELY = 0.95
"""Probability from which a character is as read: a name that differs in such alone is another unit's."""
NOISE = 0.6
"""Characters at the ends of a reading that are less sure may be no words of the seal."""
SHORTEST = 4
"""Characters that a name has at least for a reading that is not quite the same to be sure."""
CLEARLY = 0.06
"""By how much the best name must be better than any other that is not the same unit."""
_BEFORE = re.compile(r"^(?:中国共产党|中共)?(?:江苏省)?(?:连云港市?)?海州区(?=..)|^区(?=..)")
_PARTY = re.compile(r"^(?:中国共产党|中共)")
_FULL = (("人力资源和社会保障局", "人社局"), ("人力资源社会保障局", "人社局"), ("委员会组织部", "委组织部"))
_KIND = re.compile(r"(?:局|委员会|委|办公室|部|人民政府|街道办事处|办事处|中心|所|站|学校|中学|小学|公司)$")
_STRAIGHT = re.compile(r"(?:业务|人事|审核|合同|财务|行政|公文|收文|档案)?专用章$|(?:公章|印章)$|\d{6,}$")
"""What a seal says besides its unit's name."""
_PURPOSE = re.compile(
    r"(?:业务|人事|审核|合同|财务|发票|行政|收文|收发|档案|报关|结算|检验|项目|投标|现金|电子)?[\u4e00-\u9fff]?专用[章意童]?$|用章$"
    r"|(?:合同|财务|发票|业务|收发|项目部?|收讫|付讫)章$"
)
"""Words of a seal for one purpose."""


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """The unit of a seal, ``None`` when no known name is near; ``sure`` needs no person to look."""

    unit: str | None
    sure: bool
    expected: bool = False
    """The unit is one whose seal the box asks for."""


def purpose_of(seal: SealSeen) -> str:
    """For what alone a seal is valid, where it says so (业务专用章): it is none of the unit's public seal (公章)."""
    for words in (seal.below, seal.text):
        found = _PURPOSE.search(squeeze(words))
        if found is not None:
            return found.group()
    return ""


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a name explains a reading: 0.0-1.0, and whether nothing speaks against it."""

    share: float
    agrees: bool


def match_unit(seal: SealSeen, wanted: Iterable[str], others: Iterable[str]) -> UnitMatch:
    """The unit of a seal among those wanted in its box and the others that are known.

    One that is only the likeliest by all looks at its name is never sure.
    """
    own = tuple(dict.fromkeys(wanted))
    known = {squeeze(name) for name in own}
    beside = tuple(name for name in dict.fromkeys(others) if squeeze(name) not in known)
    match = _match_of_text(seal, own, beside)
    if match.sure or not seal.looks:
        return match
    name = likeliest(seal.looks, [_spelling(name) for name in (*own, *beside)])
    return match if name is None else UnitMatch(name, sure=False, expected=name in own)


def _match_of_text(seal: SealSeen, own: Sequence[str], beside: Sequence[str]) -> UnitMatch:
    """The unit by the words of a seal as they were read."""
    text, options = _bare(seal)
    if not text or not (own or beside):
        return UnitMatch(None, sure=False)
    fits = [(name, _fit(text, options, name), True) for name in own]
    fits += [(name, _fit(text, options, name), False) for name in beside]
    name, best, expected = max(fits, key=lambda item: (item[1].share, item[1].agrees, item[2]))
    if best.share < LIKELY:
        return UnitMatch(None, sure=False)
    rivals = [fit.share for other, fit, _ in fits if core(other) != core(name)]
    clear = best.share - max(rivals, default=0.0) >= CLEARLY or (best.agrees and best.share == 1.0)
    return UnitMatch(name, best.agrees and clear and expected, expected)


def core(name: str) -> str:
    """A name without the district before it and in its short form: equal for two ways to write one unit."""
    bare = _PARTY.sub("", _BEFORE.sub("", squeeze(name)))
    for long, short in _FULL:
        bare = bare.replace(long, short)
    return re.sub(r"^(?:委员会|委)(?=组织部)", "", bare)


def _bare(seal: SealSeen) -> tuple[str, list[dict[str, float]]]:
    """The words of a seal as its unit's name alone, and what each character may be; specks read as signs are none."""
    text = squeeze(seal.text)
    options = [dict(one) for one in seal.options] if len(seal.options) == len(text) else [{char: 1.0} for char in text]
    kept = [(char, option) for char, option in zip(text, options, strict=True) if _is_word(char)]
    text, options = "".join(char for char, _ in kept), [option for _, option in kept]
    cut = _STRAIGHT.search(text)
    end = cut.start() if cut is not None and cut.start() > 1 else len(text)
    while end and text[end - 1].isdigit():
        end -= 1
    start = next((place for place in range(end) if not text[place].isdigit()), end)
    return text[start:end], options[start:end]


def _is_word(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff" or char.isdigit()


def _fit(text: str, options: Sequence[dict[str, float]], name: str) -> _Fit:
    """How well a name explains a reading."""
    best = _Fit(0.0, agrees=False)
    for form in _forms(name, text):
        fit = _aligned(text, options, form)
        if (fit.share, fit.agrees) > (best.share, best.agrees):
            best = fit
    return best


def _forms(name: str, text: str) -> Iterable[str]:
    """The ways a unit's name may stand on its seal: as it is, and with the district and the city before it."""
    bare = squeeze(name)
    yield bare
    begun = _BEFORE.match(bare)
    rest = bare[begun.end() :] if begun else bare
    is_party = bool(_PARTY.match(bare)) or rest.startswith(("委", "组织部"))
    on_seal = _BEFORE.match(text)
    if on_seal is not None and on_seal.group() != "区" and (is_party or not _PARTY.match(text)):
        yield on_seal.group() + rest


def _spelling(name: str) -> Spelling:
    """A unit's name in all ways in which it may stand on a seal, and the characters that tell it from others."""
    bare = squeeze(name)
    begun = _BEFORE.match(bare)
    rest = bare[begun.end() :] if begun else bare
    before = ("海州区", "连云港市海州区")
    party = ("中共海州区", "中共连云港市海州区") if rest.startswith(("委", "组织部")) else ()
    return Spelling(
        name, core(name), tuple(dict.fromkeys([bare, *(one + rest for one in (*before, *party))])), _own(name)
    )


def _own(name: str) -> str:
    """The characters of a name that other units of its kind do not have."""
    short = core(name)
    return _KIND.sub("", short) or short


def _aligned(text: str, options: Sequence[dict[str, float]], name: str) -> _Fit:
    if text == name:
        return _Fit(1.0, agrees=True)
    agrees = True
    edits = Levenshtein.editops(text, name)
    if edits and all(
        edit.tag == "replace" and options[edit.src_pos].get(text[edit.src_pos], 1.0) >= SURELY for edit in edits
    ):
        return _Fit(LIKELY * 0.9, agrees=False)
    right = float(len(name) - sum(edit.tag != "delete" for edit in edits))
    for edit in edits:
        at = edit.src_pos
        if edit.tag == "replace":
            is_possible = options[at].get(name[edit.dest_pos], 0.0) >= POSSIBLE
            agrees = agrees and is_possible
            right += 0.8 if is_possible else 0.0
        else:
            at_end = edit.tag == "delete" and at in {0, len(text) - 1}
            is_noise = at_end and options[at].get(text[at], 1.0) < NOISE
            agrees = agrees and is_noise
            right -= 0.0 if is_noise else 0.2
    return _Fit(max(0.0, min(0.99, right / max(1, len(name)))), agrees and len(name) >= SHORTEST)


def share_within(inner: Box, area: Box) -> float:
    """The part of a box that lies in an area."""
    wide = min(inner[2], area[2]) - max(inner[0], area[0])
    high = min(inner[3], area[3]) - max(inner[1], area[1])
    size = (inner[2] - inner[0]) * (inner[3] - inner[1])
    return wide * high / size if wide > 0 and high > 0 and size > 0 else 0.0
