"""What can be wrong with a list of units: each code with its sentence. Listed in docs/formats/units.md."""

from __future__ import annotations

from forms.finding import Finding, Region, Severity

E, W, I = Severity.ERROR, Severity.WARNING, Severity.INFO  # noqa: E741  # the letters the rules are written with

FAULTS: dict[str, tuple[Severity, str]] = {
    # the workbook
    "unit-sheet-ignored": (W, "工作表“{sheet}”没有名录的表头,未读取"),
    "unit-sheet-hidden": (W, "工作表“{sheet}”是隐藏的,未读取"),
    "unit-column-unknown": (W, "不认识“{label}”这一栏,其中的内容未读取"),
    "unit-column-twice": (E, "“{label}”一栏出现两次,请删去一栏"),
    "unit-row-hidden": (W, "此行或此栏是隐藏的,已照常读取,请确认"),
    "unit-row-total": (I, "“{name}”行不是单位,未计入"),
    "unit-cell-unread": (E, "“{label}”是出错的单元格或没有保存结果的公式,读不出,请改填文字"),
    "unit-cell-struck": (E, "“{label}”被划线或部分划线,不能确定是否有效;不用的请删去,有用的请取消划线"),
    "unit-text-long": (E, "“{label}”超过 {most} 字"),
    # a unit by itself
    "unit-name-missing": (E, "没有填单位全称"),
    "unit-kind-missing": (E, "新增单位没有填单位类别"),
    "unit-kind-unknown": (E, "没有“{text}”这种单位类别,请从下拉列表中选"),
    "unit-kind-unlikely": (W, "“{name}”从名称看像是{likely},类别填的是{kind},请确认"),
    "unit-posts-over": (W, "实有人数 {filled} 多于核定编制 {approved},请确认"),
    "unit-value-needed": (E, "“{label}”必须有,不能清除"),
    # a unit among the others
    "unit-twice": (E, "“{name}”在本表中出现两次(另见第 {other} 行)"),
    "unit-two-matches": (E, "信用代码是“{by_code}”的,全称却是另一个单位“{by_name}”,请核对"),
    "unit-code-changed": (W, "“{name}”的信用代码由 {before} 改为 {after},请确认是同一单位"),
    "unit-code-taken": (E, "信用代码 {number} 已是“{other}”的"),
    "unit-name-taken": (E, "“{name}”已是另一个单位的全称"),
    "unit-is-alias": (E, "“{name}”是“{owner}”现用的别名;是同一单位的请填其全称,不是的请先停用该别名"),
    "unit-alike": (W, "“{name}”与“{other}”名称相近,请确认不是同一单位"),
    "unit-office-twice": (E, "{kind}只有一个,名录中已有“{other}”"),
    "unit-renamed": (I, "单位更名:“{before}”改为“{after}”,旧名作为别名保留到 {day}"),
    "unit-parent-unknown": (E, "上级单位“{parent}”不在本表,也不在名录中"),
    "unit-parent-missing": (E, "下属单位“{name}”没有填上级单位"),
    "unit-parent-cycle": (E, "上级关系成环:{names}"),
    "unit-parent-ended": (W, "上级单位“{parent}”已撤销,请确认"),
    # other names
    "unit-alias-missing": (E, "没有填别名"),
    "unit-alias-owner": (E, "别名所属的单位“{name}”不在本表,也不在名录中"),
    "unit-alias-days": (E, "别名“{alias}”的启用日期 {first} 晚于停用日期 {last}"),
    "unit-alias-own": (E, "别名“{alias}”就是该单位的全称"),
    "unit-alias-taken": (E, "“{alias}”在同一时期已是“{other}”的名称,不能确定指哪个单位"),
    "unit-alias-twice": (E, "别名“{alias}”在本表中出现两次(另见第 {other} 行)"),
}
"""Code → severity and sentence."""


def fault(code: str, path: str, region: Region | None, suggestion: str | None = None, **words: object) -> Finding:
    """A finding of that code, its sentence filled with ``words``."""
    severity, sentence = FAULTS[code]
    return Finding(code, path, sentence.format(**words), severity, None, region, suggestion)
