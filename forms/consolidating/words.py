"""What the checks of a consolidation are called by people; those of the rules go by their codes."""

from __future__ import annotations

from forms.consolidating import checks

CODE_WORDS = {
    checks.TWO_FORMS: "一个单位有几份已接收的同种表",
    checks.REPORTED_TWICE: "一个单位的人员由几个单位的表报来",
    checks.OUTSIDE: "人员的单位不在名录里或不在汇总范围内",
    checks.NO_UNIT: "人员没有写单位",
    checks.UNSURE: "接收时有没核对的值",
    checks.UNKNOWN_FIELD: "有现行版式没有的栏目",
    checks.HEAD_DIFFERS: "各单位的表头不一致，留空待填",
}
