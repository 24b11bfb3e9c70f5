"""What a clerk does, in a real browser without script: download, upload, see what is missing, import."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.server import Server
from tests.service.making import ImportWorkbook, data_of, filled

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("browser") / "data")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(
        base_url=server.address,
        viewport={"width": 1366, "height": 768},
        java_script_enabled=False,
        accept_downloads=True,
    )
    page = context.new_page()
    faults: list[str] = []
    outside: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: None if request.url.startswith(server.address) else outside.append(request.url))
    yield page
    assert outside == []
    assert [fault for fault in faults if "Content Security Policy" in fault] == []
    context.close()


def test_a_blank_form_is_downloaded_and_a_returned_one_shows_what_is_missing(page: Page, tmp_path: Path) -> None:
    page.goto("/forms/attachment-4")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载空白 Word").click()
    assert download.value.suggested_filename.endswith(".docx")
    assert "附件4" in download.value.suggested_filename
    returned = tmp_path / "退回.docx"
    returned.write_bytes(filled("attachment-4"))
    page.goto("/upload")
    page.get_by_label("选择文件").set_input_files(returned)
    page.get_by_role("button", name="上传并读取").click()
    expect(page.get_by_role("heading", name="缺什么、错什么")).to_be_visible(timeout=60_000)
    expect(page.get_by_text(data_of("attachment-4")["records"][0]["name"], exact=True)).to_be_visible()
    expect(page.get_by_text("S1-06").first).to_be_visible()
    picture = page.get_by_alt_text("第 1 页的图像")
    expect(picture).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("link", name="退回.docx")).to_be_visible()


def test_everything_on_the_page_for_uploads_is_reached_with_the_keyboard(page: Page) -> None:
    page.goto("/upload")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        for name in ("选择文件", "是哪张表"):
            if page.get_by_label(name).evaluate_all("items => items.some(item => item === document.activeElement)"):
                reached.add(name)
    assert reached == {"选择文件", "是哪张表"}


def test_a_faulty_import_is_shown_and_returned_marked(page: Page, tmp_path: Path) -> None:
    book = ImportWorkbook("attachment-2", count=3)
    book.sheet[book.address(1, "id_number")].value = "320799198506150017"
    path = tmp_path / "导入.xlsx"
    path.write_bytes(book.content())
    page.goto("/forms/attachment-2/import")
    page.get_by_label("填好的导入表").set_input_files(path)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("2 行没有错误")).to_be_visible()
    expect(page.get_by_text("1 行要改")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标红的原表").click()
    assert download.value.suggested_filename == "标注_导入.xlsx"


def test_what_goes_wrong_is_said_on_a_page(page: Page) -> None:
    page.goto("/forms/attachment-9")
    expect(page.get_by_role("heading", name="没有找到")).to_be_visible()
    page.goto("/no/such/page")
    expect(page.get_by_role("heading", name="没有找到")).to_be_visible()
    expect(page.get_by_role("link", name="返回首页")).to_be_visible()
    page.goto("/documents/00000000-0000-4000-8000-000000000000")
    expect(page.get_by_text("未找到")).to_be_visible()
