"""What a proposal says of itself: its README, and a report for people and programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forms.definition import FormDefinition
from writers.adopting.drafting import Draft

if TYPE_CHECKING:
    from writers.adopting.proposing import Proposal

_HOW = {
    "cell": "格",
    "after-label": "标签后",
    "column": "列",
    "options": "打勾",
    "mark": "签章格",
}


def report_of(proposal: Proposal) -> dict[str, Any]:
    """The proposal as plain data."""
    definition = proposal.definition
    return {
        "form": definition.form,
        "edition": definition.edition,
        "folder": str(proposal.folder),
        "usable": proposal.is_usable,
        "faults": list(proposal.trial.faults),
        "places": [
            {
                "scope": place.scope.value,
                "key": place.key,
                "label": place.label,
                "how": place.how.value,
                "where": place.where,
                "tags": list(place.tags),
                "sure": place.sure and not place.doubts,
                "doubts": list(place.doubts),
            }
            for place in proposal.places
        ],
        "missing": [
            {
                "scope": one.scope.value,
                "key": one.key,
                "label": one.label,
                "required": one.required,
                "printed": one.printed,
            }
            for one in proposal.missing
        ],
        "unknown": [{"label": one.label, "where": one.where} for one in proposal.unknown],
        "remarks": list(proposal.remarks),
    }


def report_lines(proposal: Proposal) -> Iterator[str]:
    """The proposal in sentences, the things to look at first."""
    definition = proposal.definition
    yield f"{definition.title} {definition.edition} 版:写好 {len(proposal.places)} 处"
    for fault in proposal.trial.faults:
        yield f"  试填不通过 {fault}"
    for place in proposal.doubtful:
        yield f"  请核对 {place.key}“{place.label}”({place.where}):{';'.join(place.doubts) or '标签不是确定的名称'}"
    for one in proposal.missing:
        why = "表上有此标签,但没有认出填写的位置" if one.printed else "表上没有"
        yield f"  {'缺必填' if one.required else '缺'} {one.key}“{one.label}”:{why}"
    for label in proposal.unknown:
        yield f"  不认识的标签“{label.label}”({label.where}),不填写"
    for remark in proposal.remarks:
        yield f"  注意 {remark}"


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that an edition was made of: what it was called, and its hash."""

    name: str
    sha256: str


def readme_of(draft: Draft, definition: FormDefinition, base: FormDefinition, origin: Origin) -> str:
    """The README of an edition: where it comes from and what is in it."""
    kind = "Excel" if definition.file_format == "xlsx" else "Word"
    lines = [
        f"# 附件{definition.number} {definition.title}（{definition.edition}）",
        "",
        "| | |",
        "| --- | --- |",
        f"| 来源 | 空白表“{_plain(origin.name)}”，SHA-256 `{origin.sha256}` |",
        f"| 依据 | {base.edition} 版的栏目 |",
        f"| 版式 | {kind}，{'横向' if definition.landscape else '纵向'} |",
        f"| 份数 | 一式 {definition.copies} 份 |",
        "",
        "由 `service admin adopt` 按空白表做成：版面是原表的，程序只写了标签。改法见 docs/formats/adopting.md。",
        "",
        "| 键 | 表上的标签 | 位置 | 填法 | 需核对 |",
        "| --- | --- | --- | --- | --- |",
    ]
    for place in draft.places:
        doubts = "；".join(place.doubts)
        cells = (f"`{place.key}`", _plain(place.label), _plain(place.where), _HOW[place.how.value], _plain(doubts))
        lines.append(f"| {' | '.join(cells)} |")
    if draft.missing:
        lines += [
            "",
            "原表没有、本版不填的栏目："
            + "、".join(f"{_plain(one.label)}（`{one.key}`）" for one in draft.missing)
            + "。",
        ]
    if draft.unknown:
        lines += ["", "原表有、程序不填的标签：" + "、".join(_plain(one.label) for one in draft.unknown) + "。"]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """A text from outside in a cell of a table: one line, no bars."""
    return " ".join(text.split()).replace("|", "／").replace("`", "")
