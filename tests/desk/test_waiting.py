"""Pages of which a part is worked out aside: they answer at once and are whole later, with script and without it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import render_template_string
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import BaseWSGIServer, make_server

from service.application import create_app
from service.runtime import open_runtime
from service.settings import Settings
from service.web.patience import as_of, come_back, worked_out
from tests.desk.test_pages import look_with_axe

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("review-desk"), pytest.mark.timeout(120)]
AT_ONCE_SECONDS = 5.0
"""Far less than the work takes, and more than a page does on a machine with a lot to do."""
WHOLE = """{% extends "page.html" %}{% block main %}<h1>提醒名单</h1>
<p id="whole">{{ text }}{% if as_of %}，{{ as_of }} 统计{% endif %}</p>{% endblock %}"""


class Work:
    """A piece of work that takes until somebody says so, and fails where it is told to."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.fails = False
        self.asked = 0

    def __call__(self) -> str:
        self.asked += 1
        assert self.may_end.wait(60)
        if self.fails:
            raise ArithmeticError
        return "共 6 人"


class Waiting:
    """The program with one page whose part that work is: its own templates, script, and way of asking again."""

    def __init__(self, data: Path) -> None:
        self.work = Work()
        self.runtime = open_runtime(Settings(data_dir=data, year=2026))
        app = create_app(self.runtime)
        app.view_functions["progress_pages.show_charts"] = self._page
        self.server: BaseWSGIServer = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def _page(self) -> str:
        told = worked_out("the test's own", self.work)
        if told is None:
            return come_back("提醒名单", "提醒名单")
        return render_template_string(WHOLE, text=told.result, as_of=as_of(told.as_of))

    def close(self) -> None:
        self.work.may_end.set()
        self.server.shutdown()
        self.runtime.close()


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Waiting]:
    made = Waiting(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def windows(chromium: Browser, waiting: Waiting) -> Iterator[list[BrowserContext]]:
    opened = [chromium.new_context(base_url=waiting.address, java_script_enabled=script) for script in (True, False)]
    yield opened
    for context in opened:
        context.close()


def opened(context: BrowserContext) -> Page:
    """The page, which answers while its part is still worked out."""
    page = context.new_page()
    began = time.monotonic()
    page.goto("/progress/charts", wait_until="commit")
    assert time.monotonic() - began < AT_ONCE_SECONDS
    expect(page.locator("#later")).to_contain_text("正在统计提醒名单")
    page.wait_for_load_state()  # who goes offline before the script came has no page that could say so
    return page


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_a_page_answers_at_once_and_is_whole_by_itself_later(
    waiting: Waiting, windows: list[BrowserContext], *, has_script: bool
) -> None:
    page = opened(windows[0 if has_script else 1])
    if has_script:
        look_with_axe(page, "a page that waits")
    page.wait_for_timeout(1200)
    expect(page.locator("#later")).to_be_visible()
    waiting.work.may_end.set()
    expect(page.locator("#whole")).to_contain_text("共 6 人", timeout=40_000)
    expect(page.locator("#whole")).to_contain_text("统计")
    assert page.locator("#later").count() == 0
    assert page.url.endswith("/progress/charts")
    assert waiting.work.asked == 1, "however often the page asks, it is worked out once"


def test_who_does_not_want_to_wait_asks_by_the_link(waiting: Waiting, windows: list[BrowserContext]) -> None:
    page = opened(windows[1])
    waiting.work.may_end.set()
    page.get_by_role("link", name="现在刷新").click()
    expect(page.locator("#whole")).to_contain_text("共 6 人")


def test_after_a_failure_the_page_says_so_and_the_next_try_is_a_new_one(
    waiting: Waiting, windows: list[BrowserContext]
) -> None:
    waiting.work.fails = True
    page, plain = opened(windows[0]), opened(windows[1])
    waiting.work.may_end.set()
    expect(page.locator("#later [role=alert]").or_(page.locator("#whole"))).to_be_visible(timeout=40_000)
    expect(page.locator("#later")).to_contain_text("没有统计出来", timeout=40_000)
    expect(page.locator("#later")).not_to_contain_text("正在统计")
    expect(plain.get_by_role("heading", level=1)).to_contain_text("程序出了错", timeout=40_000)
    waiting.work.fails = False
    page.get_by_role("link", name="现在刷新").click()
    expect(page.locator("#whole")).to_contain_text("共 6 人", timeout=40_000)
    plain.goto("/progress/charts")
    expect(plain.locator("#whole")).to_contain_text("共 6 人", timeout=40_000)


def test_a_page_that_waits_goes_on_when_the_server_was_out_of_reach(
    waiting: Waiting, windows: list[BrowserContext]
) -> None:
    page = opened(windows[0])
    windows[0].set_offline(offline=True)
    expect(page.locator("#away")).to_contain_text("网络断开了")
    page.wait_for_timeout(1200)
    waiting.work.may_end.set()
    windows[0].set_offline(offline=False)
    expect(page.locator("#whole")).to_contain_text("共 6 人", timeout=40_000)
    expect(page.locator("#away")).to_be_hidden()
