"""The columns of the list of units, as its workbook has them: heads, types, and what a clerk is told of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from forms.fieldtypes.base import FieldType
from forms.fieldtypes.registry import make_type
from forms.labels import normalise_label
from service.store.units import LABELS, UnitKind

UNIT_SHEET = "单位"
ALIAS_SHEET = "别名"
HELP_SHEET = "填表说明"
LISTS_SHEET = "码表"
OWN_SHEETS = frozenset({HELP_SHEET, LISTS_SHEET})
"""Sheets of the workbook into which nothing is typed."""
NAME, KIND, PARENT, ALIAS = "name", "kind", "parent", "alias"
KIND_WORDS: Mapping[str, UnitKind] = {
    **{label: kind for kind, label in LABELS.items()},
    **dict.fromkeys(("镇", "街道", "乡镇", "镇(街道)", "镇/街道", "镇、街道"), UnitKind.TOWN),
    **dict.fromkeys(("园区", "高新区"), UnitKind.ZONE),
    **dict.fromkeys(("主管部门下属单位", "主管部门下属事业单位", "下属事业单位", "所属单位"), UnitKind.SUBORDINATE),
    **dict.fromkeys(("国有企业", "集团", "集团公司", "区属国有企业"), UnitKind.GROUP),
}
"""What may stand under 单位类别; nothing else is guessed."""


@dataclass(frozen=True)
class Column:
    """A column: its key, its head and the other words for it, the type of what it holds, and what a clerk is told."""

    key: str
    label: str
    type_name: str
    hint: str
    example: str
    others: tuple[str, ...] = ()
    width: float = 14
    is_needed: bool = False

    @cached_property
    def type(self) -> FieldType:
        """The field type by which a cell is read."""
        return make_type(self.type_name, {"max_length": 200} if self.type_name == "text" else {})


UNIT_COLUMNS = (
    Column(
        NAME,
        "单位全称",
        "unit",
        "规范全称,与公章一致",
        "海州区示例局",
        ("单位名称", "单位规范全称", "单位"),
        34,
        is_needed=True,
    ),
    Column(
        KIND,
        "单位类别",
        "text",
        "从下拉列表中选;新增的单位必填",
        "主管部门",
        ("类别", "单位性质"),
        14,
        is_needed=True,
    ),
    Column(
        PARENT,
        "上级单位",
        "unit",
        "上级单位的全称或信用代码,须在本表中或已在名录中;下属单位必填",
        "海州区示例局",
        ("主管部门", "上级主管部门", "隶属单位"),
        30,
    ),
    Column(
        "credit_code",
        "统一社会信用代码",
        "credit_code",
        "18 位,按证书填写(GB 32100);没有的留空",
        "11320706PDY00001XP",
        ("信用代码", "社会信用代码"),
        24,
    ),
    Column("posts_approved", "核定编制", "integer", "核定的编制数", "30", ("核定", "核定编制数", "核定数", "编制数")),
    Column("posts_filled", "实有人数", "integer", "在编实有人数", "28", ("实有", "实有数", "在编人数", "实有在编人数")),
    Column("posts_borrowed", "借用人数", "integer", "现借用外单位的人数", "2", ("借用", "借用数", "借入人数")),
    Column("liaison", "联络员", "name", "报表联络员姓名", "张示例", ("联系人", "联络人", "联络员姓名"), 12),
    Column(
        "liaison_phone",
        "联系电话",
        "phone",
        "手机或带区号的座机",
        "0518-85000001",
        ("联络员电话", "电话", "联系方式"),
        18,
    ),
    Column("ended_on", "撤销日期", "day", "单位撤销、合并的,填不再使用的第一天;不要删行", "2026-07-01", ("停用日期",)),
)
ALIAS_COLUMNS = (
    Column(
        NAME,
        "单位全称",
        "unit",
        "与“单位”页或名录中的全称一致",
        "海州区示例局",
        ("单位名称", "单位规范全称", "单位"),
        34,
        is_needed=True,
    ),
    Column(
        ALIAS, "别名", "unit", "简称或曾用名,一行一个", "区示例局", ("曾用名", "简称", "其他名称"), 30, is_needed=True
    ),
    Column("valid_from", "启用日期", "day", "从哪一天起可用;不限的留空", "2019-01-01", ("起", "起始日期", "有效期起")),
    Column(
        "valid_to", "停用日期", "day", "用到哪一天(含当天);不限的留空", "2025-12-31", ("止", "截止日期", "有效期止")
    ),
)


def heads_of(columns: tuple[Column, ...]) -> dict[str, Column]:
    """Each head that is known, in normal form, with its column."""
    return {normalise_label(word): column for column in columns for word in (column.label, *column.others)}
