"""The list of files that came: all of them, or those of a unit, of a form, in a state."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.service.api.test_review import API, Work, data, made, post, show, upload

GONE = "(已清除)"
"""What stands in place of the name of a file that was deleted."""


def listed(client: FlaskClient, **asked: str) -> list[dict[str, Any]]:
    answer = client.get(f"{API}/documents", query_string=asked)
    assert answer.status_code == 200, answer.get_json()
    found: list[dict[str, Any]] = answer.get_json()["documents"]
    return found


@pytest.fixture
def files(client: FlaskClient, work: Work) -> dict[str, str]:
    """Two forms of one unit, one of which was given back, and one of another."""
    ids: dict[str, str] = {}
    for form, unit, name in (
        ("attachment-2", "海州区示范清单局", "甲2.xlsx"),
        ("attachment-3", "海州区示范清单局", "甲3.xlsx"),
        ("attachment-2", "海州区示范目录局", "乙2.xlsx"),
        ("attachment-2", "海州区示范清单局", "甲2删.xlsx"),
    ):
        given = data(form, 1, seed=len(ids) + 60)
        given["header"]["unit"] = unit
        ids[name] = upload(client, made(given), name, work, unit=unit)
    given_back = show(client, ids["甲3.xlsx"])
    if given_back["state"] == "read":
        answer = post(client, ids["甲3.xlsx"], "return", deadline="2099-12-31", version=given_back["version"])
        assert answer.status_code == 200, answer.get_json()
    deleted = post(client, ids["甲2删.xlsx"], "delete", reason="重复报送")
    assert deleted.status_code == 200, deleted.get_json()
    return ids


def test_the_list_is_of_a_unit_a_form_and_a_state(client: FlaskClient, files: dict[str, str]) -> None:
    every = {line["id"]: line for line in listed(client, limit="500")}
    assert set(files.values()) <= set(every)
    assert every[files["甲2删.xlsx"]]["state"] == "deleted"
    assert every[files["乙2.xlsx"]]["unit"] == "海州区示范目录局"

    def names(**asked: str) -> set[str]:
        return {line["file"] for line in listed(client, **asked)}

    assert names(unit="示范清单局") == {"甲2.xlsx", "甲3.xlsx", GONE}
    assert names(unit="示范清单局", form="附件2") == {"甲2.xlsx", GONE}
    assert names(unit="示范清单局", state="returned") == {"甲3.xlsx"}
    assert names(unit="示范清单局", state="read") == {"甲2.xlsx"}
    assert names(unit="示范清单局", state="deleted") == {GONE}
    assert names(unit="示范%局") == set(), "a sign of the database is a letter like others"


def test_pages_of_the_list_keep_what_was_asked(client: FlaskClient, files: dict[str, str]) -> None:
    page = client.get("/documents", query_string={"unit": "示范清单局", "form": "attachment-3"}).get_data(as_text=True)
    assert "甲3.xlsx" in page
    assert "甲2.xlsx" not in page
    assert "海州区示范清单局" in page
    nothing = client.get("/documents", query_string={"unit": "没有这个单位"}).get_data(as_text=True)
    assert "没有符合条件的文件" in nothing


def test_a_form_or_state_that_is_none_is_refused(client: FlaskClient) -> None:
    assert client.get(f"{API}/documents?state=lost").status_code == 422
    assert client.get(f"{API}/documents?form=attachment-9").status_code == 404
