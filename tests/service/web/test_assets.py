"""What pages load: named files of packages and own ones, kept by browsers as long as they are the same."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from service.web.assets import FOR_A_YEAR, VENDORED, icon_markup, vendor


def test_each_file_of_a_package_is_served_for_a_year_under_its_version(client: FlaskClient) -> None:
    for name in VENDORED:
        answer = client.get(vendor(name), buffered=True)
        assert answer.status_code == 200, name
        assert answer.headers["Cache-Control"] == FOR_A_YEAR
        assert answer.mimetype == ("text/css" if name.endswith(".css") else "text/javascript")
        assert "Set-Cookie" not in answer.headers


def test_another_version_is_answered_but_not_kept(client: FlaskClient) -> None:
    old = client.get("/static/vendor/000000000000/htmx/htmx.min.js", buffered=True)
    assert old.status_code == 200
    assert "immutable" not in old.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/vendor/0/htmx/htmx-2.js",
        "/static/vendor/0/../../pages.py",
        "/static/vendor/0/bootstrap/../../__init__.py",
        "/static/own/0/../assets.py",
        "/static/%2e%2e/assets.py",
        "/static/own/0/nothing.css",
    ],
)
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_page_loads_only_versioned_files_of_its_own_server_and_no_script_of_its_own(client: FlaskClient) -> None:
    page = client.get("/upload").get_data(as_text=True)
    loaded = re.findall(r'<(?:script|link)[^>]*(?:src|href)="([^"]*)"', page)
    assert len(loaded) >= 6
    for address in loaded:
        assert re.match(r"/static/(vendor|own)/[0-9a-f]{12}/", address), address
        assert client.get(address, buffered=True).status_code == 200, address
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page)


def test_icons_are_drawn_in_the_page_and_an_unknown_one_is_a_fault() -> None:
    assert icon_markup("house").startswith("<svg")
    with pytest.raises(LookupError):
        icon_markup("no-such-icon")


def test_a_message_comes_from_the_program_alone(client: FlaskClient) -> None:
    assert "已保存。" in client.get("/forms?done=saved").get_data(as_text=True)
    assert "alert-success" not in client.get("/forms?done=<b>x</b>").get_data(as_text=True)
