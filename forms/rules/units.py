"""What a unit's name tells: its kind, whether two names mean one unit, which full name a short form stands for."""

from __future__ import annotations

import difflib
import re
from enum import StrEnum
from functools import lru_cache

from forms.fieldtypes.text import UnitType
from forms.rules.view import Line

SAME = UnitType.SAME | {"同借出单位", "同借入单位"}
"""Words by which a supervisor cell says that the unit itself is meant."""

AGENCY = "代理处"
"""区劳动保障事务代理处, the district's own dispatch agency."""

HEADQUARTERS = "指挥部"

_PREFIX = re.compile(r"^(中共|中国共产党)?(江苏省)?(连云港市?)?(海州区|区)?(委员会(?=.))?(委(?=[组宣统政编巡办]))?")
_FULL_NAMES = (
    ("人力资源和社会保障局", "人社局"),
    ("人力资源社会保障局", "人社局"),
    ("委员会", "委"),
    ("办事处", ""),
    ("人民政府", ""),
)
_INTERNAL = re.compile(r"(?<![非不])系统内部?(?=借|抽|调|人员|[,,。;;、)(（）]|$)")
_SECONDED = re.compile(r"(?<![非未不])抽调")
_CLOSE = 0.6


class UnitKind(StrEnum):
    """Kinds of unit as the plan's graded responsibility tells them apart (方案三(三)3)."""

    DEPARTMENT = "主管部门"
    HEADQUARTERS = "指挥部"
    SUBORDINATE = "主管部门下属事业单位"
    TOWN = "镇街开发区"
    COMPANY = "国有企业"
    UNKNOWN = "未能判断"


_KINDS = (
    (UnitKind.HEADQUARTERS, re.compile(r"指挥部(办公室)?$")),
    (UnitKind.COMPANY, re.compile(r"(集团|公司)$")),
    (
        UnitKind.SUBORDINATE,
        re.compile(
            r"(中心|学校|[小中]学|高中|初中|幼儿园|卫生院|医院|卫生室|[所站馆园队院场校]|代理处|管理处|服务处|事务处)$"
        ),
    ),
    (
        UnitKind.TOWN,
        re.compile(
            r"([镇乡]|街道|开发区|高新区|园区|农场|林场|景区)(党工委|工委|党委|人民政府|政府|办事处|管委会|管理委员会)?$"
        ),
    ),
    (
        UnitKind.DEPARTMENT,
        re.compile(r"([局委办部院]|委员会|办公室|联合会|总工会|团区委|妇联|残联|科协|法院|检察院|政府)$"),
    ),
)
_OWN_RIGHT = re.compile(r"(农场|林场|开发区|高新区|园区|景区|街道|法院|检察院)$")


def kind_of(name: str) -> UnitKind:
    """The kind of unit, judged by the words of its name."""
    bare = re.sub(r"[((].*?[))]", "", name).strip()
    for kind, words in _KINDS:
        if words.search(bare) and not (kind is UnitKind.SUBORDINATE and _OWN_RIGHT.search(bare)):
            return kind
    return UnitKind.UNKNOWN


@lru_cache(maxsize=1 << 16)
def plain_name(name: str) -> str:
    """A name without the district before it and with the usual short forms, for comparison."""
    bare = re.sub(r"[\s()()、·]", "", name)
    bare = _PREFIX.sub("", bare)
    for long, short in _FULL_NAMES:
        bare = bare.replace(long, short)
    return bare or name


def is_same_unit(one: str, other: str) -> bool:
    """Whether two names mean one unit: alike without the district's name and with short forms."""
    return bool(one) and bool(other) and (one == other or plain_name(one) == plain_name(other))


def looks_like(one: str, other: str) -> bool:
    """Whether one name may be an abbreviation or a misread form of the other."""
    if is_same_unit(one, other):
        return True
    short, long = sorted((plain_name(one), plain_name(other)), key=len)
    return _is_within(short, long) or difflib.SequenceMatcher(None, short, long).ratio() >= _CLOSE


def full_names(name: str, directory: tuple[str, ...]) -> tuple[str, ...]:
    """The names of a directory that ``name`` may stand for, best first, at most three."""
    short = plain_name(name)
    same = [item for item in directory if plain_name(item) == short]
    within = [item for item in directory if _is_within(short, plain_name(item))]
    if same or within:
        return tuple(dict.fromkeys([*same, *within]))[:3]
    return tuple(difflib.get_close_matches(name, directory, n=3, cutoff=_CLOSE))


def _is_within(short: str, long: str) -> bool:
    """Whether the characters of ``short`` stand in ``long`` in the same order, as those of a Chinese short form do."""
    rest = iter(long)
    return len(short) > 1 and all(char in rest for char in short)


def resolved(supervisor: str, unit: str) -> str:
    """The supervisor's name, where 本级 and the like mean the unit itself."""
    return unit if supervisor in SAME else supervisor


def is_internal(line: Line) -> bool:
    """系统内借用: both units stand under one supervisor, or one supervises the other, or the form says so.

    Attachment-1 does not name the borrower's supervisor; there the reporting unit counts as the supervisor of an
    institution.
    """
    if any(_INTERNAL.search(line.text(key)) for key in ("note", "approval")):
        return True
    lender, borrower = line.text("lending_unit"), line.text("borrowing_unit")
    lender_head = resolved(line.text("lending_supervisor"), lender)
    borrower_head = resolved(line.text("borrowing_supervisor"), borrower)
    heads = [borrower_head, borrower]
    if kind_of(borrower) is UnitKind.SUBORDINATE:
        heads.append(line.sheet.header.text("unit"))
    return any(is_same_unit(lender_head, head) for head in heads) or is_same_unit(lender, borrower_head)


def is_seconded(line: Line) -> bool:
    """指挥部抽调: the borrower is a headquarters of a key project, or the form says so."""
    return HEADQUARTERS in line.text("borrowing_unit") or any(
        _SECONDED.search(line.text(key)) for key in ("note", "approval")
    )
