"""The first page and the way around, for each role: what is theirs, and no way to what is not."""

from __future__ import annotations

import re

import pytest

from service.access.matrix import Role
from tests.access.world import NAMES, World

pytestmark = pytest.mark.xdist_group("access")  # one district for all tests of a process


def home(world: World, role: Role) -> str:
    return str(world.clients[role].get("/").get_data(as_text=True))


def test_every_entry_in_the_head_leads_somewhere_and_every_link_of_the_first_page_too(world: World) -> None:
    for role in Role:
        page = home(world, role)
        links = set(re.findall(r'href="(/[^"#?]*)', page)) - {"/help"}
        assert "/account" in links, role
        for address in links:
            if address.startswith(("/static/", "/api/v1/")) or "/blank" in address:
                continue
            answer = world.clients[role].get(address, buffered=True)
            assert answer.status_code in {200, 303}, (role, address, answer.status_code)


def test_a_unit_sees_what_it_owes_and_nobody_else(world: World) -> None:
    page = home(world, Role.LIAISON)
    assert NAMES["own"] in page
    assert page.count("逾期") + page.count("待报送") >= 1
    for place in ("child", "sibling", "parent", "other"):
        assert f">{NAMES[place]}<" not in page


def test_a_department_sees_its_units_and_no_others(world: World) -> None:
    page = home(world, Role.DEPARTMENT)
    assert f">{NAMES['child']}<" in page
    assert f">{NAMES['sibling']}<" not in page
    assert f">{NAMES['other']}<" not in page


@pytest.mark.parametrize("role", [Role.ORGANIZATION, Role.HR, Role.FINANCE])
def test_the_district_sees_the_board_and_each_figure_leads_to_its_rows(world: World, role: Role) -> None:
    page = home(world, role)
    assert "全区报送情况" in page
    assert "data-chart" in page
    figures = re.findall(r'<a href="(/progress\?[^"]*)#units">(\d+)</a>', page.partition("<figure")[0])
    assert len(figures) > 3
    for address, number in figures:
        rows = world.clients[role].get(address.replace("&amp;", "&")).get_data(as_text=True)
        assert f"共 {number} 个单位" in rows, address


@pytest.mark.parametrize("role", [Role.TEMPLATES, Role.SYSTEM, Role.SECURITY, Role.AUDITOR])
def test_who_has_nothing_to_do_with_contents_sees_none(world: World, role: Role) -> None:
    page = home(world, role)
    assert role.label in page
    for place, name in NAMES.items():
        assert f">{name}<" not in page, place


def test_a_refusal_is_told_on_a_page_with_the_way_around(world: World) -> None:
    answer = world.clients[Role.LIAISON].get("/accounts", headers={"Accept": "text/html"})
    assert answer.status_code == 403
    page = answer.get_data(as_text=True)
    assert "没有这项权限" in page
    assert 'aria-label="主要页面"' in page
    gone = world.clients[Role.LIAISON].get("/no/such/page", headers={"Accept": "text/html"})
    assert (gone.status_code, gone.mimetype) == (404, "text/html")
    assert world.clients[Role.LIAISON].get("/no/such/page").mimetype == "application/problem+json"
