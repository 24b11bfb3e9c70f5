"""The ledger (台账): a unit's own list of persons, of any layout, described by the labels of all forms together.

It has no official file. Its fields are those of attachment-5 first, then those that only another form has, each with
the labels that any form knows for it and those that ledgers use besides. Sources: ``forms-reference`` §0.4, §2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from forms.definition import Combined, Field, FormDefinition, Layout, Requirement
from forms.labels import normalise_label

LEDGER = "ledger"
NAMES = frozenset({LEDGER, "台账", "单位台账", "人员台账"})
"""What a ledger may be called where a form is named."""
TARGET = "attachment-5"
"""The form whose rows a ledger's records are shaped after."""

_FORMS = (TARGET, "attachment-3", "attachment-2", "attachment-1", "attachment-4")
_NOT_OF_LEDGERS = frozenset({"serial", "filled_on", "posts_approved", "posts_filled", "posts_borrowed"})
_BOXES = frozenset({"unit_seal", "principal_signature"})
_WORDINGS: Mapping[str, tuple[str, ...]] = {
    "no": ("序列号", "顺序"),
    "name": ("名字", "聘用人员姓名", "编外人员姓名", "聘用人员", "人员名称"),
    "sex": ("性",),
    "age": ("年纪", "实足年龄"),
    "birth_month": ("出生", "出生年份", "何年何月出生"),
    "id_number": ("身份证件号", "二代身份证号", "公民身份证号"),
    "education": ("文化", "学历程度", "学历情况"),
    "major": ("所学专业名称",),
    "department": (
        "工作部门",
        "所属部门",
        "所属科室",
        "用人科室",
        "使用科室",
        "科室/部门",
        "部门/科室",
        "股室",
        "处室",
        "所在处室",
        "所在股室",
        "科室名称",
        "部门名称",
        "用人部门",
        "使用部门",
    ),
    "post": ("具体岗位", "现岗位", "聘用岗位", "用工岗位", "岗位/工种", "工种/岗位", "现任岗位", "何岗位"),
    "employment_form": ("聘用性质", "用工关系", "用工类别(形式)"),
    "dispatch_agency": ("劳务公司", "派遣公司名称", "所属派遣公司", "派遣单位名称", "所属劳务公司"),
    "hired_on": (
        "入职年月",
        "入职年月日",
        "入职",
        "来单位时间",
        "到单位时间",
        "进入单位日期",
        "进单位日期",
        "聘入时间",
        "何时来单位",
        "到岗年月",
        "到岗年月日",
        "聘用年月",
        "上岗日期",
        "到岗",
        "何时到岗",
        "来本单位时间",
        "到本单位时间",
        "进本单位时间",
        "起聘日期",
        "受聘时间",
        "入职到岗时间",
    ),
    "monthly_wage": ("月工资额", "月报酬", "月薪酬", "每月工资", "月工资数", "月工资标准"),
    "funding": ("工资渠道", "工资经费渠道", "经费列支渠道"),
    "social_insurance": ("是否缴社保", "社保情况", "缴纳社保", "参加社保情况", "社会保险缴纳情况", "五险一金"),
    "approval": ("批文", "上级批文", "审批文件", "批准文件", "用工批文"),
    "phone": ("联系手机", "联络电话", "联系号码", "电话(手机)", "手机电话"),
    "dismissed_on": ("离职日期", "解聘时间", "解聘日期", "辞退时间", "退出日期", "离开时间", "何时离岗", "减少时间"),
    "dismissal_method": ("离职原因", "离岗原因", "退出原因", "解聘原因", "离职方式"),
    "note": ("备考", "附注"),
}
"""Labels that ledgers use and no form does, by key."""
_UNCLEAR: Mapping[str, tuple[str, ...]] = {
    "monthly_wage": ("应发工资", "实发工资", "基本工资", "工资标准", "薪酬", "薪资", "待遇", "月均工资"),
    "hired_on": ("用工时间", "工作时间", "进入时间", "起始时间", "合同签订时间", "签订时间"),
    "contract_start": ("合同签订时间", "签订时间", "起始时间", "签订合同时间"),
    "contract_end": ("到期时间", "截止时间", "终止时间", "合同时间"),
    "change": ("人员状态", "在岗情况", "在岗状态", "目前状态", "状态"),
    "unit": ("单位", "部门(单位)", "工作单位"),
    "department": ("部门(单位)", "工作单位"),
    "post": ("职务", "职位", "岗位职责", "工作内容", "职责"),
    "borrowed_post": ("工作内容",),
    "education": ("第一学历", "学位"),
    "start_date": ("起始时间",),
    "end_date": ("截止时间", "到期时间", "终止时间"),
    "returned_on": ("是否返回",),
    "age": ("工龄",),
}
"""Labels that may mean a key and need a person's word."""


def ledger_definition(definitions: Sequence[FormDefinition]) -> FormDefinition:
    """The ledger made of the newest editions of the forms; ``definitions`` are sorted with the newest edition last.

    Its edition is that of attachment-5, its template is empty: nothing is filled from it.
    """
    newest = {item.form: item for item in definitions}
    forms = [newest[form] for form in _FORMS if form in newest]
    base = forms[0]
    fields: dict[str, Field] = {}
    labels: dict[str, str] = {}
    for definition in forms:
        for item in definition.fields:
            if item.key not in _NOT_OF_LEDGERS:
                _add(fields, labels, item)
    for key, words in _WORDINGS.items():
        if key in fields:
            _add(fields, labels, replace(fields[key], synonyms=words))
    return replace(
        base,
        form=LEDGER,
        number=0,
        title="单位台账",
        layout=Layout.ROSTER,
        template="",
        fields=tuple(_with_unclear(item, labels) for item in fields.values()),
        header=tuple(replace(item, required=Requirement.OPTIONAL) for item in base.header),
        combined=tuple(_combined(forms, fields)),
        boxes=tuple(replace(box, required=Requirement.CONDITIONAL) for box in base.boxes if box.key in _BOXES),
        aliases=(),
        notes=(),
        clause="",
    )


def _add(fields: dict[str, Field], labels: dict[str, str], item: Field) -> None:
    """Add a field, or the labels of one that is there; a label belongs to the first key that has it."""
    own = [item.label, *item.synonyms] if not item.group else [item.group + item.label, *item.synonyms]
    fresh = [label for label in own if labels.setdefault(normalise_label(label), item.key) == item.key]
    known = fields.get(item.key)
    if known is not None:
        more = [label for label in fresh if label not in known.synonyms and label != known.label]
        fields[item.key] = replace(
            known,
            synonyms=(*known.synonyms, *more),
            ambiguous=tuple(dict.fromkeys((*known.ambiguous, *item.ambiguous))),
        )
        return
    required = Requirement.REQUIRED if item.key == "name" else Requirement.OPTIONAL
    fields[item.key] = replace(
        item, required=required, synonyms=tuple(label for label in item.synonyms if label in fresh), calculated=""
    )


def _with_unclear(item: Field, labels: Mapping[str, str]) -> Field:
    unclear = (*item.ambiguous, *_UNCLEAR.get(item.key, ()))
    return replace(
        item, ambiguous=tuple(dict.fromkeys(word for word in unclear if normalise_label(word) not in labels))
    )


def _combined(forms: Iterable[FormDefinition], fields: Mapping[str, Field]) -> Iterable[Combined]:
    """The combined cells of all forms; a label belongs to the first that has it."""
    taken: set[str] = set()
    for definition in forms:
        for item in definition.combined:
            words = [word for word in (item.label, *item.synonyms) if normalise_label(word) not in taken]
            taken.update(normalise_label(word) for word in words)
            if words and all(key in fields for key in item.keys):
                yield replace(item, label=words[0], synonyms=tuple(words[1:]), printed=False)
