"""Makes the list of units of a sample district: ``data/单位名录.xlsx``, ready for ``service admin units import``.

Names of towns and offices are public (forms-reference §6.3); what stands under them, all persons, figures and days are
invented. Credit codes are of the range PDY00001-PDY99999 that GB 11714 leaves to everybody for codes of their own.

    python -m samples.units [OUT]
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from forms.identity import credit_check_character
from samples.records import CHILDREN, UNITS, People
from service.operations.unit_workbook import make_units_workbook
from service.store.units import Alias, Unit, UnitKind

PATH = Path(__file__).parent / "data" / "单位名录.xlsx"
DISTRICT = "320706"
ORGAN, INSTITUTION, ENTERPRISE = "11", "12", "91"
"""First two characters of a credit code: an organ, a public institution, an enterprise."""
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
SEED = 11

_LEADING = (
    ("中共海州区委组织部", UnitKind.ORGANIZATION, ("区委组织部", "海州区委组织部")),
    ("海州区人力资源和社会保障局", UnitKind.HR, ("区人社局", "海州区人社局")),
    ("海州区财政局", UnitKind.FINANCE, ("区财政局",)),
)
_DEPARTMENTS = (
    ("海州区教育局", ("区教育局",)),
    ("海州区住房和城乡建设局", ("区住建局", "海州区住建局")),
    ("海州区民政局", ("区民政局",)),
    ("海州区农业农村局", ("区农业农村局",)),
    ("海州区城市管理局", ("区城管局", "海州区城管局")),
    ("海州区卫生健康委员会", ("区卫健委", "海州区卫健委")),
    ("海州区发展和改革局", ("区发改局",)),
    ("海州区司法局", ("区司法局",)),
    ("海州区交通运输局", ("区交通局",)),
    ("海州区水利局", ("区水利局",)),
    ("海州区文体广电和旅游局", ("区文体广旅局",)),
    ("海州区市场监督管理局", ("区市场监管局",)),
    ("海州区审计局", ("区审计局",)),
    ("海州区统计局", ("区统计局",)),
)
_NAMED_BELOW = (
    ("海州区劳动保障事务代理处", "海州区人力资源和社会保障局"),
    ("新海初级中学", "海州区教育局"),
    ("新浦中学", "海州区教育局"),
    ("锦屏高中", "海州区教育局"),
    ("板浦镇中心卫生院", "海州区卫生健康委员会"),
)
_STREETS = "朐阳 新海 云台 新浦 海州 幸福路 洪门 宁海 浦西 新东 新南 路南 花果山 南城 郁州".split()  # noqa: SIM905  # a list of names reads best so
_TOWNS = ("锦屏镇", "新坝镇", "板浦镇", "浦南镇")
_ZONES = (
    "海州经济开发区管理委员会",
    "新浦经济开发区管理委员会",
    "海州高新技术开发区管理委员会",
    "岗埠农场",
    "云台农场",
)
_GROUPS = (("海发集团", "海发"), ("瀛洲集团", "瀛洲"))


def credit_code(number: int, kind: str) -> str:
    """A code of our own in the form of GB 32100, both of its check characters right."""
    body = f"PDY{number:05d}"
    total = sum(int(char, 36) * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    check = "0123456789X0"[11 - total % 11]
    code = f"{kind}{DISTRICT}{body}{check}"
    return code + credit_check_character(code)


def sample_units() -> tuple[Unit, ...]:
    """The district from the top down; the same every time."""
    rng, people = random.Random(SEED), People(SEED)
    units: list[Unit] = []
    by_name: dict[str, str] = {}
    for number, (unit, parent, code_kind) in enumerate(_drawn(), start=1):
        approved = rng.randrange(8, 60)
        identity = f"unit-{number}"
        by_name[unit.name] = identity
        is_ended = bool(unit.ended_on)
        units.append(
            replace(
                unit,
                id=identity,
                parent_id=by_name.get(parent),
                credit_code=credit_code(number, code_kind) if code_kind else "",
                posts_approved=None if is_ended or not code_kind else approved,
                posts_filled=None if is_ended or not code_kind else approved - rng.randrange(6),
                posts_borrowed=None if is_ended else rng.randrange(5),
                liaison="" if is_ended else people.person()["name"],
                liaison_phone="" if is_ended else _phone(rng),
            )
        )
    return tuple(units)


def _phone(rng: random.Random) -> str:
    is_mobile = rng.randrange(5) == 0
    return f"1990000{rng.randrange(10**4):04d}" if is_mobile else f"0518-8500{rng.randrange(10**4):04d}"


def _drawn() -> Iterator[tuple[Unit, str, str]]:
    """Each unit without its figures, the name of the one above it, and the beginning of its code."""
    for name, kind, shorts in _LEADING:
        yield _unit(name, kind, *shorts), "", ORGAN
    for name, shorts in _DEPARTMENTS:
        yield _unit(name, UnitKind.DEPARTMENT, *shorts), "", ORGAN
    for street in _STREETS:
        yield _unit(f"{street}街道办事处", UnitKind.TOWN, f"{street}街道"), "", ORGAN
    for town in _TOWNS:
        yield _unit(f"{town}人民政府", UnitKind.TOWN, town), "", ORGAN
    yield replace(_unit("浦东街道办事处", UnitKind.TOWN, "浦东街道"), ended_on="2019-01-01"), "", ""
    for zone in _ZONES:
        others = (zone.replace("管理委员会", ""),) if zone.endswith("管理委员会") else ()
        yield _unit(zone, UnitKind.ZONE, *others), "", ORGAN
    yield _unit("海州区重点工程指挥部", UnitKind.HEADQUARTERS, "区重点工程指挥部"), "", ""
    yield _unit("海州区城市更新指挥部", UnitKind.HEADQUARTERS), "", ""
    for name, short in _GROUPS:
        yield _unit(name, UnitKind.GROUP, short), "", ENTERPRISE
    for name, parent in _NAMED_BELOW:
        former = (Alias("海州区劳动事务代理处", "2015-01-01", "2021-06-30"),) if name.endswith("代理处") else ()
        yield replace(_unit(name, UnitKind.SUBORDINATE), aliases=former), parent, INSTITUTION
    for parent in UNITS:
        for child in CHILDREN:
            yield _unit(parent + child, UnitKind.SUBORDINATE), parent, INSTITUTION


def _unit(name: str, kind: UnitKind, *others: str) -> Unit:
    return Unit("", name, kind, aliases=tuple(Alias(other) for other in others))


if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else PATH
    out.write_bytes(make_units_workbook(sample_units()))
    print(f"{out}: {len(sample_units())} units")
