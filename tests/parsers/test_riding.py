"""Seals over the edges of pages: their parts belong together, and a page without one is named."""

from __future__ import annotations

from forms.catalogue import Catalogue
from forms.finding import Box
from parsers.document import Page, SealSeen
from parsers.riding import riding_seals
from parsers.sealfindings import seal_findings

ROUND: Box = (540.0, 300.0, 595.0, 410.0)


def page(index: int, *seals: SealSeen) -> Page:
    return Page(index, (), width=595.0, height=842.0, scanned=True, seals=seals)


def part(top: float = 300.0, *, left: bool = False) -> SealSeen:
    box = (0.0, top, 30.0, top + 110) if left else (565.0, top, 595.0, top + 110)
    return SealSeen(box, "part", whole=False)


def codes(*pages: Page) -> list[str]:
    return [one.code for one in seal_findings(Catalogue.load().find("attachment-1"), pages, ())]


def test_parts_at_one_height_are_one_seal() -> None:
    (seal,) = riding_seals([page(0, part()), page(1, part(306.0)), page(2, part(296.0))])
    assert [one.page for one in seal.parts] == [0, 1, 2]
    assert codes(page(0, part()), page(1, part(306.0))) == ["riding-seal"]


def test_halves_of_two_facing_pages_are_one_seal() -> None:
    half = SealSeen(ROUND, "round", "海州区", whole=False)
    assert codes(page(0, half), page(1, part(left=True))) == ["riding-seal"]


def test_a_page_without_its_part_is_named() -> None:
    findings = list(
        seal_findings(Catalogue.load().find("attachment-1"), [page(0, part()), page(1), page(2, part())], ())
    )
    assert [one.code for one in findings] == ["riding-seal-broken"]
    assert "第2页没有" in findings[0].message


def test_parts_at_other_heights_and_whole_seals_are_no_riding_seal() -> None:
    whole = SealSeen(ROUND, "round", "海州区民政局")
    assert riding_seals([page(0, part(300.0)), page(1, part(500.0))]) == ()
    assert riding_seals([page(0, whole), page(1, whole)]) == ()


def test_a_lone_part_lies_in_no_box() -> None:
    assert codes(page(0, part()), page(1)) == ["seal-unplaced"]
