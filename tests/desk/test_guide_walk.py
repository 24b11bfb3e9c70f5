"""The clerk's guide followed step by step on a fresh start, by the names it gives to what one clicks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyotp
import pytest
from playwright.sync_api import Browser, Download, Page, expect

from service.operations.unit_columns import UNIT_SHEET
from tests.desk.district import PASSWORD, returned
from tests.journeys.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("guide-walk"), pytest.mark.timeout(600)]
UNIT = "海州区试点第一中学"
LONG_MS = 300_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("guide") / "data", year="2026", second_person="false")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def page(chromium: Browser, server: Server) -> Iterator[Page]:
    context = chromium.new_context(base_url=server.address, viewport={"width": 1366, "height": 768}, locale="zh-CN")
    context.set_default_timeout(LONG_MS)
    yield context.new_page()
    context.close()


def go(page: Page, name: str, title: str) -> None:
    """What the guide calls “点上面的…”."""
    page.get_by_role("navigation", name="主要页面").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def managed(page: Page, name: str) -> None:
    """“点上面的管理”, and a page of its column."""
    page.goto("/admin")
    page.get_by_role("main").get_by_role("link", name=name).first.click()


def fetched(page: Page, role: str, name: str | re.Pattern[str]) -> Download:
    with page.expect_download(timeout=LONG_MS) as download:
        page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]  # a role by its name
    return download.value


def test_the_list_of_units_is_taken_in_and_a_round_begun(page: Page, tmp_path: Path) -> None:
    page.goto("/")
    expect(page.get_by_text("导入单位名录").first).to_be_visible()
    managed(page, "单位名录")
    path = tmp_path / "名录.xlsx"
    fetched(page, "link", "下载现有名录").save_as(path)
    book = openpyxl.load_workbook(path)
    sheet = book[UNIT_SHEET]
    heads = {str(cell.value).strip(" *"): cell.column for cell in sheet[1] if cell.value}
    sheet.cell(2, heads["单位全称"]).value, sheet.cell(2, heads["单位类别"]).value = UNIT, "主管部门"
    book.save(path)
    page.get_by_role("link", name="导入名录").click()
    page.get_by_label("填好的名录导入表").set_input_files(path)
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_role("main").get_by_text(UNIT).first).to_be_visible()
    managed(page, "工作批次")
    page.get_by_label("名称").last.fill("2026年专项清理")
    page.get_by_label("设为当前批次").last.check()
    page.get_by_role("button", name="新建").click()
    expect(page.get_by_role("heading", name=re.compile("2026年专项清理"))).to_be_visible()


def test_forms_are_taken_home_filled_in_and_looked_at(page: Page) -> None:
    go(page, "表格", "表格")
    assert fetched(page, "link", re.compile("Excel|Word")).suggested_filename.endswith((".xlsx", ".docx"))
    assert fetched(page, "link", re.compile("PDF")).suggested_filename.endswith(".pdf")
    page.get_by_role("link", name=re.compile("编外用工清退汇总表|清退汇总表")).first.click()
    expect(page.get_by_role("heading", name="怎样填")).to_be_visible()
    page.get_by_role("link", name="填写", exact=True).click()
    page.get_by_text("从 Excel 粘贴多行").click()
    page.get_by_label(re.compile("^在 Excel 里选中单元格")).fill("姓名\t性别\n林小禾\t女\n周大为\t男")
    page.get_by_role("button", name="放进表里").click()
    expect(page.get_by_label("第1行 姓名")).to_have_value("林小禾")
    page.get_by_role("button", name="看版面").click()
    expect(page.locator("#preview img").first).to_be_visible(timeout=LONG_MS)
    assert fetched(page, "button", "下载 Excel").suggested_filename.endswith(".xlsx")
    go(page, "表格", "表格")
    page.get_by_role("link", name="接着填").click()
    expect(page.get_by_label("第2行 姓名")).to_have_value("周大为")


def test_returned_forms_are_handed_in_and_gone_through(page: Page, server: Server, tmp_path: Path) -> None:
    forms = {f"附件{number}.xlsx": returned(f"attachment-{number}", UNIT) for number in (2, 3, 5)}
    for name, content in forms.items():
        (tmp_path / name).write_bytes(content)
    go(page, "上传", "上传")
    page.get_by_label("选择文件").set_input_files([tmp_path / name for name in forms])
    expect(page.locator("#sum")).to_have_text("共 3 份：已读完 3。", timeout=LONG_MS)
    page.get_by_role("link", name="查看 附件2.xlsx").click()
    expect(page.get_by_role("heading", name="缺什么、错什么")).to_be_visible()
    fetched(page, "link", "下载原件")
    go(page, "收到的表", "收到的表")
    expect(page.get_by_role("link", name="附件5.xlsx")).to_be_visible()
    _return(page, "附件2.xlsx")
    for name in ("附件3.xlsx", "附件5.xlsx"):
        _accept(page, name)
    states = {one["file"]: one["state"] for one in server.get("/api/v1/documents")["documents"]}
    assert states == {"附件2.xlsx": "returned", "附件3.xlsx": "accepted", "附件5.xlsx": "accepted"}


def _open(page: Page, name: str) -> None:
    go(page, "核对", "核对")
    page.get_by_role("link", name=name).first.click()
    expect(page.locator("#desk-panel")).to_be_focused()


def _return(page: Page, name: str) -> None:
    """退回时先看到补正通知书的样子，确认后才退回 (the notice first, then the return)."""
    _open(page, name)
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="补正通知书")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("^(?!.*/return)"))


def _accept(page: Page, name: str) -> None:
    """全部核对完按 A 接收 (with a reason where something is still wrong)."""
    _open(page, name)
    page.keyboard.press("a")
    page.locator(".is-busy").wait_for(state="detached")
    reason = page.locator("#accept-reason")
    here = page.url
    if reason.count():
        if not reason.is_visible():
            page.get_by_text("仍要接收").click()
        reason.fill("已电话核实")
        page.get_by_role("button", name="写明理由，接收").click()
        page.wait_for_url(lambda url: url != here)


def test_who_is_late_who_is_in_it_and_what_is_wrong_are_found(page: Page) -> None:
    go(page, "进度", "进度")
    assert fetched(page, "link", "未报名单 Word").suggested_filename.endswith(".docx")
    page.get_by_role("link", name="图表").click()
    expect(page.locator("figure").first).to_be_visible()
    page.get_by_role("link", name="提醒名单").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("提醒名单")
    go(page, "人员记录", "人员记录")
    person = page.get_by_role("rowheader").get_by_role("link").first
    name = person.inner_text()
    person.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.get_by_role("link", name=re.compile("经过")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("经过")
    go(page, "问题清单", "问题清单")
    page.get_by_role("link", name="跨单位核对").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("跨单位核对")


def test_the_forms_come_together_and_a_pack_is_made(page: Page) -> None:
    go(page, "汇总", "汇总")
    page.get_by_label("单位（含下属）").select_option(UNIT)
    page.get_by_role("button", name="汇总", exact=True).click()
    expect(page.get_by_role("heading", name=UNIT)).to_be_visible(timeout=LONG_MS)
    go(page, "报送包", "报送包")
    page.get_by_label("单位（含下属）").select_option(UNIT)
    page.get_by_role("button", name="先看看缺什么").click()
    expect(page.get_by_role("heading", name="生成前的检查")).to_be_visible(timeout=LONG_MS)
    page.get_by_label("带问题生成").check()
    page.get_by_label("打印版 PDF").uncheck()  # LibreOffice takes its time, and tests/service look at what it prints
    page.get_by_role("button", name="生成", exact=True).click()
    link = page.get_by_role("link", name="下载", exact=True)
    expect(link).to_be_visible(timeout=LONG_MS)
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith(".zip")


def test_the_first_administrator_makes_an_account_and_its_owner_sets_a_password(page: Page, server: Server) -> None:
    page.goto("/account")
    page.get_by_role("link", name="建立第一个管理员").click()
    printed = re.findall(r"一次性令牌[^:]*:(\S+)", server.log.read_text(encoding="utf-8"))
    page.get_by_label("一次性令牌").fill(printed[-1])
    page.get_by_label("用户名").fill("zhengxitong")
    page.get_by_label("姓名").fill("郑系统")
    _choose_password(page, "建立")
    _first_sign_in(page, "zhengxitong")
    managed(page, "账号")
    page.get_by_label("用户名").fill("lirenshe")
    page.get_by_label("姓名").fill("李人社")
    page.get_by_label("角色").select_option("hr")
    page.get_by_role("button", name="新建").click()
    token = (page.locator("main code.secret").text_content() or "").strip()
    page.get_by_role("button", name="退出", exact=True).click()
    page.goto("/")
    page.get_by_role("link", name="设置密码").click()
    page.get_by_label("管理员给的一次性令牌").fill(token)
    _choose_password(page, "设置")
    _first_sign_in(page, "lirenshe")
    expect(page.locator(".who")).to_contain_text("李人社")
    go(page, "收到的表", "收到的表")


def _choose_password(page: Page, button: str) -> None:
    page.get_by_label("新密码").fill(PASSWORD)
    page.get_by_label("再输一遍").fill(PASSWORD)
    page.get_by_role("button", name=button, exact=True).click()


def _first_sign_in(page: Page, name: str) -> None:
    """登录; who signs in for the first time 绑定动态验证码."""
    expect(page.locator(".alert-success")).to_contain_text("登录")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("绑定动态验证码")
    secret = (page.locator("code.secret").text_content() or "").strip()
    page.get_by_label("六位验证码").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="完成绑定").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("绑定动态验证码")
