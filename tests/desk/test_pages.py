"""Every page in a real browser: nothing that keeps people out, nothing from outside, no sideways scroll, as reviewed.

``pytest tests/desk --references`` writes the pictures anew; look at each before it is committed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from service.access.matrix import Role
from service.application import create_app
from service.runtime import open_runtime
from tests.desk.desk import Desk, cookie_of
from tests.desk.district import settings_of
from tests.desk.pictures import MOST_OTHER, SIZES, STILL, distance, is_as_seen, keep, path_of, picture_of
from tests.desk.places import NO_PAGES, PLACES, Place

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk"), pytest.mark.timeout(600)]
GRAVE = frozenset({"serious", "critical"})
ZOOMED = {"width": 683, "height": 384}
"""A window of 1366 x 768 at 200 %."""
PAPER = {"width": 1047, "height": 718}
"""A4 across, within margins of a centimetre."""
ALIKE = """() => {
  const told = (one) => [one.tagName, one.getAttribute("class"), one.getAttributeNames().sort(),
    ...["role", "type", "scope", "tabindex"].map((name) => one.getAttribute(name))].join(" ");
  const above = (one) => (one ? `${told(one)}>${above(one.parentElement)}` : ""), seen = new Set();
  for (const one of document.querySelectorAll("main tbody > tr, main li, main section")) {
    const even = [...one.parentElement.children].indexOf(one) % 2; // stripes have another ground
    const shape = [even, above(one), ...[...one.querySelectorAll("*")].map(told)].join("|");
    if (seen.has(shape)) one.setAttribute("data-alike", "");
    seen.add(shape);
  }
}"""
"""Marks rows, items and sections that have the same markup as one before: axe looks at the first of a kind."""
TOO_WIDE = """async () => {
  for (let frames = 0; frames < 2; frames += 1) await new Promise((done) => requestAnimationFrame(done));
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}"""
"""How far a page is wider than its window, after what is drawn by script was drawn anew."""
_TAG = re.compile(r"<(/?[a-z][a-z0-9]*)((?:\s[^<>]*)?)>")
_CLASS = re.compile(r'\b(?:class|role|type|aria-[a-z]+)="([^"]*)"')


@dataclass
class Walker:
    """A browser's window of each role, and what went wrong in it."""

    desk: Desk
    browser: Browser
    windows: dict[Role | None, tuple[BrowserContext, Page]] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def window(self, role: Role | None) -> Page:
        if role not in self.windows:
            context = self.browser.new_context(
                base_url=self.desk.server.address, locale="zh-CN", timezone_id="Asia/Shanghai"
            )
            context.set_default_timeout(200_000)
            if role is not None:
                context.add_cookies([cookie_of(self.desk, role)])  # type: ignore[list-item]  # the keys are those of a cookie
            page = context.new_page()
            page.on("request", self._request)
            page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda fault: self.faults.append(str(fault)))
            self.windows[role] = context, page
        return self.windows[role][1]

    def _request(self, request: object) -> None:
        url = str(getattr(request, "url", ""))
        if not url.startswith((self.desk.server.address, "data:", "blob:")):
            self.outside.append(url)


@pytest.fixture(scope="module")
def walker(desk: Desk, chromium: Browser) -> Iterator[Walker]:
    made = Walker(desk, chromium)
    yield made
    for context, _ in made.windows.values():
        context.close()


def skeleton(html: str) -> str:
    """The markup of a page without its words, rows of a kind once: what axe looks at is the same for the same one."""
    shape = [f"{name} {' '.join(_CLASS.findall(rest))}" for name, rest in _TAG.findall(html.partition("<main")[2])]
    short: list[str] = []
    for item in shape:
        if item not in short[-40:]:
            short.append(item)
    return "\n".join(short)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_page_is_open_to_all_and_as_it_was_reviewed(
    walker: Walker, place: Place, pytestconfig: pytest.Config
) -> None:
    address = place.address.format(**walker.desk.words)
    is_first = True
    for role in place.roles:
        status, body = walker.desk.call(role, "GET", address)
        if status in {403, 404} and not (place.name == "problem" and is_first):
            continue
        assert status in {200, 404}, (role, status)
        shape = skeleton(body.decode())
        if shape in walker.seen and not is_first:
            continue
        page = walker.window(role)
        page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
        page.goto(address)
        page.locator("#later").wait_for(state="detached")
        if shape not in walker.seen:
            walker.seen[shape] = place.name
            look_with_axe(page, f"{place.name} as {role}")
        if is_first:
            _compare(page, place, is_new=bool(pytestconfig.getoption("--references", default=False)))
            _zoom(page)
            _print(page)
        is_first = False
    assert not is_first, "nobody may see this page"
    assert walker.outside == []
    faults, walker.faults = walker.faults, []
    assert [fault for fault in faults if "404" not in fault] == []


def look_with_axe(page: Page, where: str) -> None:
    page.evaluate(ALIKE)
    found = Axe().run(page, context={"exclude": ["[data-alike]"]}).response["violations"]
    grave = [
        (one["id"], one["help"], [node["html"][:150] for node in one["nodes"][:4]])
        for one in found
        if one["impact"] in GRAVE
    ]
    assert grave == [], where


def _compare(page: Page, place: Place, *, is_new: bool) -> None:
    page.evaluate(STILL)
    for size in SIZES:
        picture, path = picture_of(page, size), path_of(place.name, size)
        if is_new and not (path.is_file() and is_as_seen(picture, path)):
            keep(picture, path)
        assert path.is_file(), f"{path.name} is missing: pytest tests/desk --references"
        with Image.open(path) as reference:
            other = distance(picture, reference)
        assert other <= MOST_OTHER, f"{path.name}: {other:.1%} of it looks different"


def _zoom(page: Page) -> None:
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]  # a size
    over = page.evaluate(TOO_WIDE)
    assert over <= 0, f"at 200 % the page is {over} px too wide"


def _print(page: Page) -> None:
    """On paper there is what a page tells, nothing to press, and nothing beyond the edge."""
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)  # type: ignore[arg-type]  # a size
    over = page.evaluate(TOO_WIDE)
    pressed = page.evaluate("""() => [...document.querySelectorAll(".site-nav, .who, .btn")]
        .filter((one) => one.checkVisibility({ visibilityProperty: true })).length""")
    page.emulate_media(media="screen")
    assert over <= 0, f"on paper the page is {over} px too wide"
    assert pressed == 0, "on paper nothing can be pressed"


def test_every_page_is_in_the_list(desk: Desk) -> None:
    runtime = open_runtime(settings_of(desk.district.data))
    try:
        rules = list(create_app(runtime).url_map.iter_rules())
    finally:
        runtime.close()
    answers = {rule.endpoint for rule in rules if "GET" in (rule.methods or set())}
    pages = {
        name for name in answers if not any(rule.rule.startswith("/api/v1") for rule in rules if rule.endpoint == name)
    }
    known = {place.route for place in PLACES}
    assert pages - known - NO_PAGES.keys() == set(), "pages that tests/desk/places.py does not list"
    assert known - pages == set()
    assert NO_PAGES.keys() - pages == set()
