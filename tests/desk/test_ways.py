"""The main ways through the desk by keyboard alone, without script, and with the network gone; nothing goes outside."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyotp
import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from forms.catalogue import Catalogue
from forms.intake import take_in
from service.access.matrix import Role
from service.operations.filling import FillOptions, fill_records
from tests.desk.desk import API, Desk, cookie_of
from tests.desk.district import DAY, NAMES, PASSWORD, SCHOOL, returned
from tests.desk.test_pages import look_with_axe
from tests.service.making import data_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk"), pytest.mark.timeout(600)]
READ_MS = 400_000
"""A scan is read in seconds, by processes that give way to all others: beside other tests it takes minutes."""
DPI = 150


@pytest.fixture
def windows(desk: Desk, chromium: Browser) -> Iterator[list[BrowserContext]]:
    """Windows that a test opens, with no request to anywhere else in any of them."""
    opened: list[BrowserContext] = []
    outside: list[str] = []
    yield opened
    for context in opened:
        outside += [url for url in getattr(context, "asked", []) if not url.startswith(desk.server.address)]
        context.close()
    assert outside == []


def window(desk: Desk, chromium: Browser, windows: list[BrowserContext], role: Role, *, script: bool = True) -> Page:
    context = chromium.new_context(
        base_url=desk.server.address,
        viewport={"width": 1366, "height": 768},
        java_script_enabled=script,
        accept_downloads=True,
    )
    context.set_default_timeout(READ_MS)
    context.add_cookies([cookie_of(desk, role)])  # type: ignore[list-item]  # the keys are those of a cookie
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.asked = asked  # type: ignore[attr-defined]  # kept with its window
    windows.append(context)
    return context.new_page()


@cache
def page_of(form: str) -> Image.Image:
    """The first page of a returned form as a scanner sees it."""
    intake = take_in(data_of(form), Catalogue.load())[0]
    printed = next(iter(fill_records(intake.definition, [intake.record], FillOptions(as_format="pdf"))))
    with pypdfium2.PdfDocument(printed.content) as file:
        seen: Image.Image = file[0].render(scale=DPI / 72).to_pil().convert("L")
    return seen


def scan(form: str, path: Path) -> Path:
    """A returned form as a scanner gives it: a picture in a PDF, nothing of its text."""
    page_of(form).save(path, "PDF", resolution=DPI)
    return path


def press_until(page: Page, name: str, most: int = 80) -> None:
    """Tab on until what is in hand bears that name."""
    for _ in range(most):
        page.keyboard.press("Tab")
        in_hand = page.evaluate(
            "() => { const one = document.activeElement; const said = one?.getAttribute('aria-label') "
            "?? (one?.labels?.[0] ?? one)?.textContent ?? ''; return said.trim(); }"
        )
        if name in in_hand:
            return
    raise AssertionError(f"{name} was not reached by keyboard")


def sign_in(page: Page, address: str, role: Role) -> None:
    """Go to a page as somebody who has to sign in first."""
    page.context.clear_cookies()
    page.goto(address)
    page.get_by_label("用户名").fill(NAMES[role][0])
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def test_a_scan_is_handed_in_read_and_seen_by_keyboard_alone(
    desk: Desk, chromium: Browser, windows: list[BrowserContext], tmp_path: Path
) -> None:
    page = window(desk, chromium, windows, Role.HR)
    page.goto("/")
    press_until(page, "上传")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("上传")
    press_until(page, "选择文件")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(scan("attachment-4", tmp_path / "扫描件.pdf"))
    expect(page.locator("#sum")).to_contain_text("已读完 1", timeout=READ_MS)
    press_until(page, "查看 扫描件.pdf")
    page.keyboard.press("Enter")
    expect(page.get_by_text(data_of("attachment-4")["records"][0]["name"]).first).to_be_visible()
    press_until(page, "下载原件")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "扫描件.pdf"


def test_photos_of_one_paper_are_gathered_and_handed_in_as_one(
    desk: Desk, chromium: Browser, windows: list[BrowserContext], tmp_path: Path
) -> None:
    page = window(desk, chromium, windows, Role.HR)
    shots = [tmp_path / f"IMG_{number}.jpg" for number in (1, 2, 3)]
    for shade, shot in enumerate(shots):
        Image.new("L", (400, 300), 200 + shade).save(shot)
    page.goto("/upload")
    page.get_by_label("照片是同一份材料的各页，合成一份读").check()
    page.locator("#file").set_input_files(shots[:2])
    row = page.get_by_role("row").filter(has_text="IMG_1等2张照片")
    expect(row).to_contain_text("已选 2 张")
    look_with_axe(page, "gathering")
    page.locator("#camera").set_input_files(shots[2])
    row = page.get_by_role("row").filter(has_text="IMG_1等3张照片")
    row.get_by_role("button", name="选齐了，上传").click()
    expect(page.locator("#sum")).to_contain_text("没有读成 1", timeout=READ_MS)  # they are no form
    expect(page.locator("#lines tr")).to_have_count(1)
    row.get_by_role("link", name="查看").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("IMG_1等3张照片.zip")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载原件").click()
    with zipfile.ZipFile(Path(download.value.path())) as original:
        assert [original.read(name) for name in original.namelist()[1:]] == [shot.read_bytes() for shot in shots]


def test_without_script_a_form_is_handed_in_read_and_taken_away(
    desk: Desk, chromium: Browser, windows: list[BrowserContext], tmp_path: Path
) -> None:
    page = window(desk, chromium, windows, Role.LIAISON, script=False)
    page.goto("/upload")
    path = tmp_path / "不用脚本.xlsx"
    path.write_bytes(returned("attachment-2", SCHOOL, name="林无脚"))
    page.get_by_label("选择文件").set_input_files(path)
    page.get_by_role("button", name="上传并读取").click()
    expect(page.get_by_text("林无脚").first).to_be_visible(timeout=READ_MS)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载原件").click()
    assert Path(download.value.path()).read_bytes() == path.read_bytes()


def test_signing_in_and_out_as_a_person_does_it(desk: Desk, chromium: Browser, windows: list[BrowserContext]) -> None:
    page = window(desk, chromium, windows, Role.HR)
    sign_in(page, "/records", Role.FINANCE)
    expect(page.get_by_role("heading", name="人员记录")).to_be_visible()
    assert page.get_by_role("link", name="报送包").count() == 0, "what one may not do is not shown"
    page.get_by_role("button", name="退出").click()
    page.goto("/records")
    expect(page.get_by_role("button", name="登录")).to_be_visible()


def test_a_telephone_s_code_is_bound_and_asked_for(
    desk: Desk, chromium: Browser, windows: list[BrowserContext]
) -> None:
    page = window(desk, chromium, windows, Role.TEMPLATES)
    sign_in(page, "/account/second-factor", Role.TEMPLATES)
    page.goto("/account/second-factor")
    totp = pyotp.TOTP((page.locator("code.secret").text_content() or "").strip())
    look_with_axe(page, "binding")
    page.get_by_label("六位验证码").fill(totp.now())
    page.get_by_role("button", name="完成绑定").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("绑定")
    page.get_by_role("button", name="退出", exact=True).click()
    sign_in(page, "/account", Role.TEMPLATES)
    expect(page.get_by_role("heading", level=1)).to_have_text("输入动态验证码")
    look_with_axe(page, "asking")
    page.get_by_label("六位验证码").fill("000000" if totp.now() != "000000" else "111111")
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("六位验证码").fill(totp.at(time.time() + totp.interval))  # a code counts once, the next one does
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("button", name="退出", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("输入动态验证码")


def test_whole_numbers_are_shown_on_purpose_and_written_down(
    desk: Desk, chromium: Browser, windows: list[BrowserContext]
) -> None:
    page = window(desk, chromium, windows, Role.HR)
    sign_in(page, f"/records/{desk.words['accepted']}/0/0", Role.HR)  # who a person is was proved a moment ago
    row = page.get_by_role("row", name=re.compile("^身份证号"))
    expect(row).not_to_contain_text(re.compile(r"\d{17}[\dX]"))
    page.get_by_text("显示完整的身份证号、电话").click()
    page.get_by_label("理由").fill("核对社保登记")
    page.get_by_role("button", name="显示").click()
    expect(row).to_contain_text(re.compile(r"\d{17}[\dX]"))
    auditor = window(desk, chromium, windows, Role.AUDITOR)
    auditor.goto("/audit?action=view-plain-id")
    expect(auditor.get_by_text("核对社保登记").first).to_be_visible()
    auditor.get_by_role("button", name="核对有没有被改动").click()
    expect(auditor.get_by_text("没有被改动、缺失")).to_be_visible()


def test_a_job_that_ended_undone_is_tried_again_by_its_keeper(
    desk: Desk, chromium: Browser, windows: list[BrowserContext]
) -> None:
    page = window(desk, chromium, windows, Role.SYSTEM)
    page.goto("/jobs?group=undone")
    row = page.get_by_role("row").filter(has_text="多次失败，已停").first
    expect(row).not_to_contain_text(
        "处理时间过长"
    )  # who looks after all jobs sees how they are, not what they are about
    row.get_by_role("button").click()
    desk.wait(Role.HR, f"{API}/jobs/{desk.district.job}", {"queued", "running", "retry_wait", "dead", "failed", "done"})
    expect(page.get_by_role("heading", name="后台任务")).to_be_visible()


def test_letters_to_those_who_are_late_are_made_while_one_waits(
    desk: Desk, chromium: Browser, windows: list[BrowserContext]
) -> None:
    page = window(desk, chromium, windows, Role.HR)
    page.goto(f"/progress/reminders/ending?day={DAY}&days=400")
    page.get_by_text("给有关单位发函").click()
    page.get_by_role("button", name="生成 Word").click()
    link = page.get_by_role("link", name=re.compile("^下载"))
    expect(link).to_be_visible(timeout=READ_MS)
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith(".zip")


def test_help_speaks_of_the_page_one_comes_from(desk: Desk, chromium: Browser, windows: list[BrowserContext]) -> None:
    page = window(desk, chromium, windows, Role.HR)
    page.goto("/packs")
    page.get_by_role("link", name="帮助").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("汇总和报送")
    pictures = page.locator("img.guide-picture")
    assert pictures.count() >= 1
    pictures.first.scroll_into_view_if_needed()
    expect(pictures.first).to_have_js_property("complete", value=True)
    assert pictures.first.evaluate("one => one.naturalWidth") > 0


def test_a_page_says_that_the_network_is_gone(desk: Desk, chromium: Browser, windows: list[BrowserContext]) -> None:
    page = window(desk, chromium, windows, Role.HR)
    page.goto("/records")
    page.context.set_offline(offline=True)
    expect(page.locator("#away")).to_contain_text("网络断开了")
    page.context.set_offline(offline=False)
    expect(page.locator("#away")).to_be_hidden()
