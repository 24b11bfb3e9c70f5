"""The table of all rules as ``docs/rules.md`` shows it, made from the registry so that neither can lie.

``python -m forms.rules.documentation > docs/rules.md`` writes it anew.
"""

from __future__ import annotations

import sys

from forms.finding import Severity
from forms.rules.registry import PACKS, RULES
from forms.rules.rule import ALL_FORMS, Rule

_SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
_HEAD = """# 检查规则

每条检查结果带有稳定的代码、级别、位置、说明和出处。级别:**错误**必须改正,**警告**须核对或说明,**提示**仅供留意。
级别一栏写几种的,第一种为通常级别,其余在“检查内容”中说明。空着、看不清的内容不作推断:没有所需数据的规则不报,
只有“必填未填”这类本身就是问题的才报;识别存疑的内容所得结论注明“请先核对原件”;签章看不清的降为警告,请人工查看。

口径:时长自起日按对日整月计,含首尾两日(7月20日至8月19日为1个月,至8月20日即超过1个月);止日晚于“起日+1年−1天”为超过1年;
考核年度半年指借用天数超过全年天数的一半(平年183天、闰年184天起)。年度和检查日是参数:不指定年度时,取多数表填报日期的年份,
都没有时取检查日的年份。7月20日(方案清理开始之日)以前已经发生的为存量。

本表由 `python -m forms.rules.documentation` 按规则登记表生成,测试核对两者一致。
"""
_COLUMNS = """| 代码 | 级别 | 出处 | 检查内容 | 所需数据 | 适用的表 |
| --- | --- | --- | --- | --- | --- |
"""
_TAIL = """
## 表外数据

下列内容表中没有,合并检查时可另行告知(`CheckSet.extra`),不告知的不查:

| 键 | 内容 | 用于 |
| --- | --- | --- |
| `receipts` | 已有回执的部门,如“组织部、人社局、财政局” | S1-16、S1-18 |
| `owed_units` | 应报单位名单,每行一个 | S1-21、X-15 |
| `complete` | `yes` 表示这批就是该单位的全部材料 | S1-18 |
| `reported.<表>` | 总结报告中的人数,如 `reported.attachment-2` | X-11 |
| `budget_heads`、`budget_wages` | 财政预算口径的人数、月工资总额(元) | X-14 |
| `work_plan`、`team_list` | 是否交了工作方案、班子名单(`yes`/`no`) | S2-12 |
"""


def as_markdown() -> str:
    """The whole page."""
    parts = [_HEAD]
    for pack, title in PACKS.items():
        parts.append(f"\n## {pack} {title}\n\n{_COLUMNS}")
        parts.extend(_row(rule) for rule in RULES if rule.pack == pack)
    return "".join((*parts, _TAIL))


def _row(rule: Rule) -> str:
    severities = "/".join(_SEVERITIES[severity] for severity in rule.severities)
    return f"| {rule.code} | {severities} | {rule.clause} | {rule.checks} | {rule.needs} | {forms_named(rule)} |\n"


def forms_named(rule: Rule) -> str:
    """The forms that a rule applies to, in words."""
    if rule.forms == ALL_FORMS:
        return "各表"
    numbers = sorted(form[-1] for form in rule.forms if form != "ledger")
    names = [f"附件{'、'.join(numbers)}"] if numbers else []
    return "、".join([*names, "台账"] if "ledger" in rule.forms else names)


if __name__ == "__main__":
    sys.stdout.write(as_markdown())
