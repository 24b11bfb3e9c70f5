"""The labels of a ledger: those of all forms, those that ledgers use besides, and what each column was taken for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from forms.definition import FormDefinition
from forms.labels import normalise_label
from parsers.ledger.options import path_key
from parsers.locating.vocabulary import Meaning, Vocabulary

NOT_COLLECTED = frozenset(
    [
        "亲属关系",
        "人员编码",
        "介绍人",
        "住址",
        "健康状况",
        "健康证",
        "出生地",
        "司龄",
        "合同类型",
        "合同编号",
        "员工编号",
        "地址",
        "奖惩",
        "奖惩情况",
        "婚否",
        "婚姻",
        "婚姻状况",
        "家庭住址",
        "家庭地址",
        "家庭情况",
        "家庭成员",
        "就业前所属群体",
        "居住地",
        "居住地址",
        "工号",
        "工龄",
        "年度考核",
        "微信",
        "户口性质",
        "户口所在地",
        "户籍",
        "户籍地",
        "户籍地址",
        "户籍性质",
        "户籍所在地",
        "本人签名",
        "照片",
        "特长",
        "现住址",
        "签名",
        "签字",
        "签收",
        "籍贯",
        "紧急联系人",
        "紧急联系电话",
        "考核情况",
        "考核等次",
        "考核结果",
        "血型",
        "身高",
        "车牌号",
        "邮箱",
        "邮编",
        "驾照",
    ]
)
"""Heads that ledgers have and no form asks for."""
PRIVATE = re.compile(r"银行|卡号|账号|帐号|开户")
"""Heads of what must not be collected (forms-reference §2): told of by number of cells, never by value."""
OTHERS = re.compile(
    r"紧急|家属|配偶|亲属|父亲|母亲|父母|子女|家庭成员|介绍人|担保人|监护人|法人|法定代表|经办|负责人|审核人|领导|接收人|关系人|联系人"
)
"""Heads of what belongs to another person than the one of the row."""


class LedgerVocabulary(Vocabulary):
    """A vocabulary in which each column means what the mapping decided.

    ``columns`` are meanings by :func:`~parsers.ledger.options.path_key`, ``None`` for a column that is left out;
    ``assumed`` are texts that stand where a head must be.
    """

    parts_relatives = False

    def __init__(
        self,
        definition: FormDefinition,
        columns: Mapping[str, Meaning | None] | None = None,
        assumed: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(definition)
        self._columns = columns or {}
        self._assumed = assumed | frozenset(part for key in self._columns for part in key.split("/"))

    @property
    def heads(self) -> frozenset[str]:
        """The heads that the mapping knows."""
        return frozenset(self._columns)

    def column(self, path: tuple[str, ...]) -> Meaning | None:
        """What the mapping says of a column; before there is one, what its labels say."""
        key = path_key(path)
        return self._columns.get(key) if self._columns else super().column(path)

    def is_label(self, text: str) -> bool:
        """Whether a text can only be a head: a label of a form or of ledgers, or one that was taken for a head."""
        return normalise_label(text) in self._assumed or self.is_known_label(text)

    def is_known_label(self, text: str) -> bool:
        """Whether a text is a label of a form, or one that ledgers are known to use."""
        label = normalise_label(text)
        return label in NOT_COLLECTED or PRIVATE.search(label) is not None or super().is_label(text)
