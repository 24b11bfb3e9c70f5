"""What is to be said of a document's seals beside its marks: seals in no box, of no known unit, across page edges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forms.definition import FormDefinition, Requirement
from forms.finding import Finding, Region, Severity
from forms.record import Mark, MarkKind
from parsers.document import Page
from parsers.riding import RidingSeal, riding_seals
from parsers.sealclaims import unclaimed_seals
from parsers.sealing import purpose_of


def seal_findings(definition: FormDefinition, pages: Sequence[Page], marks: Sequence[Mark]) -> Iterator[Finding]:
    """The findings, in the order of the pages."""
    riding = riding_seals(pages)
    for seal in riding:
        yield from _riding(seal, pages)
    edges = {(part.page, part.box) for seal in riding for part in seal.parts}
    for page in pages:
        for loose in unclaimed_seals(page, marks):
            if (page.index, loose.box) in edges:
                continue
            words = f":{loose.text}" if loose.text else ""
            what = "一枚名章" if loose.shape == "stamp" else "一枚印章" if loose.whole else "一枚被页边裁切的印章"
            message = f"有{what}不在任何签章栏内{words}"
            yield Finding("seal-unplaced", "marks", message, Severity.WARNING, region=Region(page.index, loose.box))
    yield from _of_strangers(definition, marks)
    yield from _of_purposes(definition, pages, marks)


def _riding(seal: RidingSeal, pages: Sequence[Page]) -> Iterator[Finding]:
    held = [part.page for part in seal.parts]
    lacking = sorted({page.index for page in pages} - set(held))
    region = Region(held[0], seal.parts[0].box)
    shown = "、".join(str(page + 1) for page in held)
    if lacking:
        without = "、".join(str(page + 1) for page in lacking)
        message = f"第{shown}页有骑缝章,第{without}页没有,请核对是否抽换页"
        yield Finding("riding-seal-broken", "marks", message, Severity.WARNING, region=region)
    else:
        yield Finding("riding-seal", "marks", f"第{shown}页有骑缝章,各页相接", Severity.INFO, region=region)


def _of_strangers(definition: FormDefinition, marks: Sequence[Mark]) -> Iterator[Finding]:
    """Seals that are not surely those of their box's unit, where no rule compares them with a field of the form."""
    compared = {box.key for box in definition.boxes if box.required is Requirement.REQUIRED and box.unit_field}
    optional = {box.key: box.label for box in definition.boxes if box.key not in compared}
    for mark in marks:
        if mark.kind is MarkKind.SEAL and mark.present and mark.review and mark.key in optional:
            whose = f"(读作“{mark.text}”)" if mark.text else ""
            message = f"“{optional[mark.key]}”栏的章{whose}未能确认是该单位的,请核对"
            yield Finding("seal-unit", f"marks.{mark.key}.seal", message, Severity.WARNING, region=mark.region)


def _of_purposes(definition: FormDefinition, pages: Sequence[Page], marks: Sequence[Mark]) -> Iterator[Finding]:
    """Seals that are valid for one purpose (业务专用章) where the unit's public seal (公章) is asked for."""
    boxes = {box.key: box for box in definition.boxes}
    seals = {(page.index, seal.box): seal for page in pages for seal in page.seals}
    for mark in marks:
        if mark.kind is not MarkKind.SEAL or not mark.present or mark.region is None or mark.region.box is None:
            continue
        seal = seals.get((mark.region.page, mark.region.box))
        purpose = purpose_of(seal) if seal is not None else ""
        if purpose:
            box = boxes[mark.key]
            message = f"“{box.label}”栏盖的是“{purpose}”,不是单位公章,请核对并请该单位补盖公章"
            path = f"marks.{mark.key}.seal"
            yield Finding("seal-purpose", path, message, Severity.WARNING, clause=box.clause, region=mark.region)
