"""Each role from signing in to signing out, and a scan on its way from a unit to the district and back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from service.access.matrix import Role
from tests.desk.desk import FAR_DAY, Desk
from tests.desk.test_ways import READ_MS, scan, sign_in, window, windows
from tests.service.making import data_of

__all__ = ["windows"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk"), pytest.mark.timeout(600)]


def signed_in(desk: Desk, chromium: Browser, opened: list[BrowserContext], role: Role, address: str = "/") -> Page:
    page = window(desk, chromium, opened, role)
    sign_in(page, address, role)
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    return page


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_every_page_that_a_role_is_shown_opens_for_it(
    desk: Desk, chromium: Browser, windows: list[BrowserContext], role: Role
) -> None:
    page = signed_in(desk, chromium, windows, role)
    links = page.get_by_role("navigation", name="主要页面").locator("a")
    addresses = [str(links.nth(number).get_attribute("href")) for number in range(links.count())]
    assert len(addresses) >= 2, "there is something for everybody to do"
    for address in addresses:  # asked for as the links do; how they look is seen in test_pages
        answer = page.request.get(address, headers={"Accept": "text/html"})
        assert answer.status == 200, (role, address)
        body = answer.text()
        assert "<h1" in body, (role, address)
        assert "data-problem" not in body, (role, address)
    page.get_by_role("button", name="退出").click()
    page.goto("/records")
    expect(page.get_by_role("button", name="登录")).to_be_visible()


def test_a_scan_goes_from_a_unit_by_its_department_to_the_district_and_back(
    desk: Desk, chromium: Browser, windows: list[BrowserContext], tmp_path: Path
) -> None:
    path = scan("attachment-4", tmp_path / "来回.pdf")
    name = data_of("attachment-4")["records"][0]["name"]
    unit = signed_in(desk, chromium, windows, Role.LIAISON, "/upload")
    unit.get_by_label("选择文件").set_input_files(path)
    expect(unit.locator("#sum")).to_contain_text("已读完 1", timeout=READ_MS)
    unit.get_by_role("link", name="查看 来回.pdf").click()
    expect(unit.get_by_text(name).first).to_be_visible()
    address = unit.url
    unit.get_by_role("button", name="报送").click()
    expect(unit.locator(".alert-success")).to_be_visible()
    department = signed_in(desk, chromium, windows, Role.DEPARTMENT)
    department.goto(address)
    expect(department.get_by_text(name).first).to_be_visible()
    district = signed_in(desk, chromium, windows, Role.HR, address.replace("/documents/", "/review/"))
    expect(district.locator("#desk-panel")).to_be_focused(timeout=READ_MS)  # from then on keys count
    district.keyboard.press("r")
    expect(district.get_by_role("heading", name="补正通知书")).to_be_visible()
    district.get_by_label("补正期限").fill(FAR_DAY)
    district.get_by_role("button", name=re.compile("^Enter 退回|退回，核对下一份")).click()
    district.wait_for_url(lambda url: "/return" not in url)
    unit.goto("/")
    row = unit.get_by_role("row").filter(has_text="来回.pdf").first
    expect(row).to_contain_text(FAR_DAY)
    with unit.expect_download(timeout=READ_MS) as notice:
        row.get_by_role("link", name="Word").click()
    assert notice.value.suggested_filename.endswith(".docx")
    auditor = signed_in(desk, chromium, windows, Role.AUDITOR, "/audit")
    expect(auditor.get_by_role("main").get_by_text("李人社").first).to_be_visible()
