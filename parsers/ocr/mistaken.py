"""Characters that engines take for others, surely and wrongly, told by the word that they stand in.

A recogniser that has 科 for 料 in a hand is as sure of it as of print. In the words of offices 科 hardly stands
after 资 (劳资科 apart), so that such a reading is doubted, and what it must mean is offered.
"""

from __future__ import annotations

import re

_MISTAKES = tuple(
    (re.compile(pattern), right)
    for pattern, right in (
        ("(?<=(?<![劳外合])资)科", "料"),
        ("(?<=(?<![教器药])材)科", "料"),
        ("(?<=[饮燃塑肥饲预照史])科", "料"),
        ("(?<=[人入职党团委队理务管记导解护输检协收练教成会官议演雇讲驶修])贝", "员"),
        ("(?<=[个工])入", "人"),
        ("(?<=[息据]录)人(?=员)", "入"),
        ("(?<=[博硕护])土", "士"),
        ("(?<=[今明昨即])曰", "日"),
        ("(?<=[政法])洽", "治"),
        ("(?<=骨)千|千(?=[部事])", "干"),
        ("侯(?=[补选])", "候"),
        ("(?<=城)多(?=建)", "乡"),
        ("(?<=办)工(?=[室会])", "公"),
        ("承(?=电[工维管费站])", "水"),
        ("(?<!自)己(?=[经婚])", "已"),
        ("(?<=网)络(?=协管)", "格"),
    )
)
"""A character where it makes no word of an office's papers, and the one that was meant."""

_LONE_DOT = re.compile(r"(?<=[\u4e00-\u9fff])[.'`•*^~|_\\](?=[\u4e00-\u9fff]|$)|^[.'`•·*^~|_\\]\s*(?=[\u4e00-\u9fff])")


def without_lone_dots(text: str) -> str:
    """The text without points and stars behind a hanzi or before the first: specks, for hardly anybody writes them."""
    return _LONE_DOT.sub("", text)


_ORDINAL_WITHOUT_NUMBER = re.compile(r"第\s*(?:(?![一二三四五六七八九十百千零〇两几])[\u4e00-\u9fff]|$)")


def lacks_number(text: str) -> bool:
    """Whether a 第 has no number behind it: a pale 一 was lost, or something was read before it."""
    return _ORDINAL_WITHOUT_NUMBER.search(text) is not None


def meant(text: str) -> str:
    """The text with each such character replaced by the one that was meant; itself where there is none."""
    for pattern, right in _MISTAKES:
        text = pattern.sub(right, text)
    return text
