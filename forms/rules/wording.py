"""Words that say nothing, and words that give a post away."""

from __future__ import annotations

import re
import unicodedata

_EMPTY_PHRASES = (
    "工作任务需要", "工作实际需要", "实际工作需要", "业务工作需要", "岗位工作需要", "工作需要", "业务需要",
    "岗位需要", "实际需要", "单位需要", "事业需要", "发展需要", "工作急需", "确实需要", "确有需要", "人手不足",
    "人手紧张", "人手不够", "人员不足", "人员紧张", "人员紧缺", "人员短缺", "力量不足", "编制不足", "领导安排",
    "领导同意", "组织安排", "上级安排", "协助工作", "帮助工作", "开展工作", "工作任务重", "工作量大",
    "任务繁重", "确需留用", "确需保留", "确需借用", "确需", "继续留用", "继续保留", "继续使用", "继续借用",
    "予以留用", "予以保留", "予以借用", "特此说明", "特申请", "申请借用", "需要", "急需", "留用", "保留",
    "借用", "继续", "申请", "工作", "业务", "实际", "单位", "我局", "本局", "我单位", "本单位",
)  # fmt: skip
_FILLERS = re.compile(r"[因为由于故以及和且并的了较很大多,该此现均为请给予予批准同意本我区局镇]")
_SAID = 4

_NOT_WORDS = re.compile(r"[\W_]+")

CLASSIFIED_POST = re.compile(r"机要|保密|涉密|密码")
OUTSOURCEABLE_POST = re.compile(r"保洁|保安|门卫|物业|食堂|厨师|炊事|绿化|维修|会务|水电工|洗碗")
AUTHORITY_POST = re.compile(r"执法|审批|人事|财务|会计|出纳|征收|科长|股长|主任科员|处罚")
ASSISTING = re.compile(r"执法辅助|辅助执法|执法协管|协管|协助|辅助|助理")


def length(text: str) -> int:
    """The characters that carry meaning: no blanks, no punctuation."""
    return len(_NOT_WORDS.sub("", text))


def says_nothing(text: str) -> bool:
    """Whether only phrases are left that would fit any case (``因工作需要,确需留用``)."""
    rest = _NOT_WORDS.sub("", unicodedata.normalize("NFKC", text))
    for phrase in _EMPTY_PHRASES:
        rest = rest.replace(phrase, "")
    return len(_FILLERS.sub("", rest)) < _SAID
