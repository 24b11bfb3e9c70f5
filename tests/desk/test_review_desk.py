"""The review desk by keyboard alone, in a real browser: a scan read by the real worker, from opening it to accepted."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from samples.paper.endorsing import MarkTruth
from samples.paper.returned import ReturnedPaper, returned_papers
from tests.journeys.early import before_its_script
from tests.journeys.server import Server
from tests.service.making import filled

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("review-desk"), pytest.mark.timeout(600)]
MOST_KEYS = 12
MOST_SECONDS = 30
MOST_DECIDED = 60
SEED = 413
PLACE = re.compile(r"documents\[0\]\.(header|records|marks)(?:\[(\d+)\])?\.?([a-z_]+)?(?:\.([a-z_]+))?$")


class Clerk:
    """Somebody at the desk who knows what the paper says, and whose key presses are counted."""

    def __init__(self, page: Page, paper: ReturnedPaper) -> None:
        self.page = page
        self._truth = paper.truth
        self._marks = {(mark.key, mark.kind): mark for mark in paper.truth.marks}
        self.keys: list[str] = []

    def press(self, key: str) -> None:
        """One key, and what follows from it."""
        self.keys.append(key)
        self.page.keyboard.press(key)
        self.settle()

    def settle(self) -> None:
        """Until the panel is that of the place in hand."""
        self.page.locator(".is-busy").wait_for(state="detached")

    def says(self, path: str) -> Any:
        """What the paper says at a place."""
        match = PLACE.match(path)
        assert match is not None, path
        part, row, key, kind = match.groups()
        if part == "marks":
            return self._marks.get((key, kind), MarkTruth(key, kind, present=False))
        return self._truth.header[key] if part == "header" else self._truth.records[int(row)][key]

    def go_through(self, document: str) -> float:
        """Open it, decide on all that waits, accept it; the seconds that took."""
        begun = time.monotonic()
        self.page.goto(f"/review/{document}")
        expect(self.page.locator("#desk-panel")).to_be_focused()
        while self.page.locator(".hand .badge-warn").count():
            self.decide()
            assert len(self.keys) < MOST_DECIDED, self.keys
        self.press("Enter")
        self.page.wait_for_url(lambda url: document not in url)
        return time.monotonic() - begun

    def decide(self) -> None:
        """The place in hand is confirmed, chosen or typed."""
        path = self.page.locator("input[name=path]").input_value()
        truth = self.says(path)
        if ".marks." in path:
            self._decide_mark(truth)
            return
        choices = self.page.locator(".candidates button")
        values = [choices.nth(number).get_attribute("value") for number in range(choices.count())]
        if self.page.locator("#hand-value").input_value() == str(truth):
            self.press("Enter")
        elif str(truth) in values:
            self.press(str(values.index(str(truth)) + 1))
        else:
            self.press("e")
            self.keys += list(str(truth))
            self.page.keyboard.insert_text(str(truth))
            self.press("Enter")

    def _decide_mark(self, truth: Any) -> None:
        judged = self.page.locator(".hand-judged strong")
        if truth.kind in ("seal", "signature"):
            is_right = judged.inner_text().startswith("有" if truth.present else "无")
            names = self.page.locator(".candidates button").all_inner_texts()
            wanted = next(
                number for number, name in enumerate(names, 1) if name.endswith("有" if truth.present else "无")
            )
            self.press("Enter" if is_right else str(wanted))
        else:
            self.press("Enter" if truth.present else "Delete")


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> ReturnedPaper:
    """附件2 on paper, stamped, with three values crossed out and written anew by hand, scanned."""
    return next(iter(returned_papers("attachment-2", [SEED], ["corrected"], rows=3)))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("review-desk") / "data", sign_in="auto")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def scan(server: Server, paper: ReturnedPaper, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Its id, read by the worker."""
    path = paper.save(tmp_path_factory.mktemp("scan"))
    taken = server.upload(path.read_bytes(), path.name)
    server.wait_for(f"/api/v1/documents/{taken['id']}", "read", "partial", seconds=400)
    return str(taken["id"])


@pytest.fixture
def page(chromium: Browser, server: Server) -> Iterator[Page]:
    context = chromium.new_context(base_url=server.address, viewport={"width": 1366, "height": 768}, locale="zh-CN")
    context.set_default_timeout(120_000)
    shown = context.new_page()
    faults: list[str] = []
    shown.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    shown.on("pageerror", lambda fault: faults.append(str(fault)))
    yield shown
    assert faults == []
    context.close()


def test_the_place_in_hand_is_marked_in_the_picture_and_shown_enlarged(page: Page, scan: str, server: Server) -> None:
    page.goto(f"/review/{scan}")
    mark = page.locator("#paper-mark")
    expect(mark).to_be_visible(timeout=120_000)
    (place, *_) = server.get(f"/api/v1/documents/{scan}/review")["places"]
    size = server.get(f"/api/v1/documents/{scan}/pages/{place['page']}")
    picture, marked = page.locator("#paper-picture").bounding_box(), mark.bounding_box()
    assert picture is not None
    assert marked is not None
    shown = picture["width"] / size["width"] * size["scale"]
    assert abs((marked["x"] - picture["x"]) - (place["box"][0] * shown - 5)) < 4
    assert abs((marked["y"] - picture["y"]) - (place["box"][1] * shown - 5)) < 4
    crop = page.locator(".hand-crop img")
    expect(crop).to_be_visible()
    assert crop.evaluate("image => image.complete && image.naturalWidth > 40")
    panel, hand = page.locator("#desk-panel").bounding_box(), page.locator(".hand-steps").bounding_box()
    assert panel is not None
    assert hand is not None
    assert hand["y"] + hand["height"] < 768, "what is to be done is seen without scrolling"


def test_a_scan_with_three_unsure_values_is_accepted_with_few_keys(
    page: Page, scan: str, server: Server, paper: ReturnedPaper
) -> None:
    waiting = server.get(f"/api/v1/documents/{scan}/review")["places"]
    assert sum(".records[" in place["path"] for place in waiting) >= 3, "three values were written anew by hand"
    clerk = Clerk(page, paper)
    seconds = clerk.go_through(scan)
    found = server.get(f"/api/v1/documents/{scan}")
    assert found["state"] == "accepted"
    for number, row in enumerate(paper.truth.records):
        for key, truth in row.items():
            entry = found["documents"][0]["records"][number].get(key)
            assert (entry or {"value": ""})["value"] == truth, (number, key)
    assert len(clerk.keys) <= MOST_KEYS, clerk.keys
    assert seconds < MOST_SECONDS


def test_a_key_held_down_or_pressed_too_early_decides_nothing(page: Page, server: Server) -> None:
    taken = server.upload(filled("attachment-2"), "退回.xlsx")
    server.wait_for(f"/api/v1/documents/{taken['id']}", "read", seconds=200)
    with before_its_script(page, f"/review/{taken['id']}?at=documents[0].records[0].name", "review.js"):
        expect(page.locator("#hand-title")).to_contain_text("姓名")
        expect(page.locator(".hand-steps kbd").first).to_be_hidden()
        page.locator("#hand-value").fill("张")
    expect(page.locator(".hand-steps kbd").first).to_be_visible()
    expect(page.locator("#hand-value")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#hand-value")).not_to_have_value("张")
    page.keyboard.press("e")
    page.keyboard.insert_text("张三丰")
    page.keyboard.press("Escape")
    expect(page.locator("#hand-value")).not_to_have_value("张三丰")
    page.keyboard.down("Enter")
    for _ in range(5):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    page.locator(".is-busy").wait_for(state="detached")
    body = server.get(f"/api/v1/documents/{taken['id']}")
    human = [key for key, entry in body["documents"][0]["records"][0].items() if entry["origin"] == "human"]
    assert human == ["name"], "held down, it counts once"
    page.keyboard.press("u")
    page.locator(".is-busy").wait_for(state="detached")
    body = server.get(f"/api/v1/documents/{taken['id']}")
    assert body["documents"][0]["records"][0]["name"]["origin"] != "human"
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="补正通知书")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="补正通知书")).to_have_count(0)
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="补正通知书")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: taken["id"] not in url)
    assert server.get(f"/api/v1/documents/{taken['id']}")["state"] == "returned"


def test_a_field_is_dragged_onto_a_column_of_a_ledger(page: Page, server: Server, tmp_path: Path) -> None:
    from tests.service.api.test_ledger_mapping import workbook  # noqa: PLC0415  # its workbook, not its tests

    path = tmp_path / "名册.xlsx"
    path.write_bytes(workbook())
    page.goto("/ledgers")
    page.get_by_label("台账文件").set_input_files(path)
    page.get_by_label("哪个单位的").fill("海州区拖放示例局")
    page.get_by_role("button", name="上传台账").click()
    expect(page.get_by_role("heading", name="1. 每一栏是什么")).to_be_visible(timeout=120_000)
    page.get_by_role("navigation", name="所在位置").get_by_role("link", name="台账").click()
    page.get_by_role("link", name="名册.xlsx").click()
    row = page.locator("tr", has=page.get_by_role("rowheader", name="待遇"))
    page.locator(".field-chip", has_text=re.compile(r"^备注$")).drag_to(row)
    expect(row.locator("select")).to_have_value("note")
    row.locator("select").select_option("monthly_wage")
    page.get_by_role("button", name="就按这样读").click()
    expect(page.get_by_text("上次确认过").first).to_be_visible(timeout=120_000)
    page.locator(".ledger-row a").first.click()
    expect(page.locator("#desk-panel #hand-title")).to_be_visible()
    serious = [one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
    assert serious == [], "the ledger with a place in hand keeps nobody out"
    page.get_by_role("button", name="转成附件5交上").click()
    page.get_by_role("link", name="打开这份附件5").click(timeout=120_000)
    expect(page.get_by_role("heading", level=1)).to_contain_text("附件5", timeout=120_000)
