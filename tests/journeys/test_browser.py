"""What a clerk does, in a real browser: without script download, upload, see, import; with it many files at once."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from service.web.fill_rows import A_PAGE
from tests.journeys.early import before_its_script
from tests.journeys.server import Server
from tests.service.making import ImportWorkbook, data_of, filled, zip_of

CHROMIUM = Path("/usr/bin/chromium")
expect.set_options(timeout=20_000)
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]


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
    yield from watched(browser, server, has_script=False)


@pytest.fixture
def scripted(browser: Browser, server: Server) -> Iterator[Page]:
    yield from watched(browser, server, has_script=True)


def watched(browser: Browser, server: Server, *, has_script: bool) -> Iterator[Page]:
    """A page that may ask nobody but its server, and that says nothing against its policy."""
    context = browser.new_context(
        base_url=server.address,
        viewport={"width": 1366, "height": 768},
        java_script_enabled=has_script,
        accept_downloads=True,
    )
    context.set_default_timeout(200_000)
    page = context.new_page()
    faults: list[str] = []
    outside: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    own = (server.address, "data:")
    page.on("request", lambda request: None if request.url.startswith(own) else outside.append(request.url))
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
    expect(page.get_by_role("heading", name="缺什么、错什么")).to_be_visible(timeout=200_000)
    expect(page.get_by_text(data_of("attachment-4")["records"][0]["name"], exact=True)).to_be_visible()
    expect(page.get_by_text("S1-06").first).to_be_visible()
    picture = page.get_by_alt_text("第 1 页的图像")
    expect(picture).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("link", name="退回.docx")).to_be_visible()
    expect(page.get_by_role("link", name="导入单位名录")).to_be_visible()
    expect(page.get_by_role("link", name="份文件待核对")).to_be_visible()


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
    expect(page.get_by_role("heading", name="没有找到")).to_be_visible()


def test_many_files_are_handed_in_a_line_each_and_each_says_what_became_of_it(
    scripted: Page, server: Server, tmp_path: Path
) -> None:
    files = {
        "表二.xlsx": filled("attachment-2"),
        "一包.zip": zip_of(**{"表三.xlsx": filled("attachment-3")}),
        "坏的.xlsx": b"no workbook at all",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with before_its_script(scripted, "/upload", "upload.js"):
        scripted.get_by_label("是哪张表").select_option("attachment-2")
        scripted.get_by_label("选择文件").set_input_files([tmp_path / name for name in files])
    line = scripted.locator("#lines tr")
    expect(scripted.locator("#sum")).to_have_text("共 3 份：已读完 2，没有读成 1。", timeout=200_000)
    expect(line.filter(has_text="表二.xlsx")).to_contain_text("6 条记录")
    expect(line.filter(has_text="一包.zip › 表三.xlsx")).to_contain_text("请确认没有传错")
    expect(line.filter(has_text="坏的.xlsx")).to_contain_text("没有收下")
    scripted.get_by_label("选择文件").set_input_files(tmp_path / "表二.xlsx")
    expect(line.last).to_contain_text("没有重复收", timeout=120_000)
    scripted.reload()
    expect(line.filter(has_text="表二.xlsx").first).to_contain_text("6 条记录", timeout=120_000)


def test_a_file_sent_into_a_broken_network_arrives_once(scripted: Page, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "断网.docx"
    path.write_bytes(filled("attachment-1"))
    scripted.goto("/upload")
    before = len(server.get("/api/v1/documents")["documents"])
    keys: list[str] = []
    scripted.on("request", lambda sent: keys.append(sent.headers["idempotency-key"]) if sent.method == "POST" else None)
    scripted.context.set_offline(True)
    scripted.get_by_label("选择文件").set_input_files(path)
    expect(scripted.locator("#lines tr")).to_contain_text("网络断开")
    expect(scripted.locator("#away")).to_contain_text("恢复后自动续传")
    scripted.context.set_offline(False)
    expect(scripted.locator("#lines tr")).to_contain_text("已读取", timeout=200_000)
    assert len(keys) > 1
    assert len(set(keys)) == 1, "tried again under the same key, the server takes it once"
    assert len(server.get("/api/v1/documents")["documents"]) == before + 1


def paste(page: Page, label: str, cells: str) -> None:
    """Ctrl+V in a cell of the grid, with cells of Excel taken along."""
    page.get_by_label(label, exact=True).focus()
    page.evaluate(
        """cells => {
            const taken = new DataTransfer();
            taken.setData("text/plain", cells);
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", { clipboardData: taken, bubbles: true, cancelable: true }),
            );
        }""",
        cells,
    )


def test_a_form_is_filled_in_with_cells_from_excel_and_faults_as_one_types(scripted: Page) -> None:
    cell = functools.partial(scripted.get_by_label, exact=True)
    with before_its_script(scripted, "/forms/attachment-2/fill", "fill.js"):
        cell("第1行 身份证号").fill("320799199001011235")
        cell("第1行 姓名").focus()
    expect(cell("第1行 身份证号")).to_have_attribute("aria-invalid", "true", timeout=60_000)
    expect(scripted.locator("#draft")).to_contain_text("草稿已保存")
    with before_its_script(scripted, "/forms/attachment-2/fill", "fill.js"):
        paste(scripted, "第2行 姓名", "李四\t男\n王五\t女\n赵六\t男\n")
    expect(cell("第4行 姓名")).to_have_value("赵六", timeout=60_000)
    paste(scripted, "第4行 姓名", "\n".join(f"第{number}人\t女" for number in range(4, 61)))
    last = f"第{A_PAGE}行 姓名"
    expect(cell(last)).to_have_value(f"第{A_PAGE}人", timeout=60_000)
    expect(cell("第3行 性别")).to_have_value("女")
    expect(cell("第1行 身份证号")).to_have_value("320799199001011235")
    cell("第2行 姓名").press("Enter")
    expect(cell("第3行 姓名")).to_be_focused()
    cell("第3行 姓名").press("Shift+Enter")
    expect(cell("第2行 姓名")).to_be_focused()
    scripted.get_by_role("button", name="下一页").click()
    expect(cell(f"第{A_PAGE + 1}行 姓名")).to_have_value(f"第{A_PAGE + 1}人", timeout=60_000)
    expect(scripted.locator("#grid input:focus")).to_have_count(1)
    scripted.get_by_role("button", name="首页").click()
    scripted.get_by_role("button", name="删除第2行").click(timeout=60_000)
    expect(cell("第3行 姓名")).to_have_value("第4人", timeout=60_000)
