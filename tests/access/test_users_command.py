"""``service admin users``: the first account by the printed token, then people for it to work with."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from service.cli.keeping import audit
from service.cli.users import users
from tests.access.world import PASSWORD


def test_the_terminal_makes_the_first_account_and_others(tmp_path: Path) -> None:
    data = ["--data", str(tmp_path / "data")]

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(users, [*arguments, *data], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout.strip()

    token = run("token")
    first = run("first", "--token", token, "--name", "guanli", "--title", "管理员", "--password", PASSWORD)
    assert json.loads(first)["role"] == "system"
    assert run("token") == ""
    added = json.loads(run("add", "--name", "renshe", "--title", "人社", "--role", "hr"))
    assert added["state"] == "active"
    assert len(added["link"]) >= 32
    assert json.loads(run("disable", "renshe"))["state"] == "disabled"
    assert [json.loads(line)["name"] for line in run("list").splitlines()] == ["guanli", "renshe"]


def test_what_the_terminal_does_is_written_down(tmp_path: Path) -> None:
    data = ["--data", str(tmp_path / "data")]
    first = ["--name", "guanli", "--title", "管理员", "--password", PASSWORD]
    token = CliRunner().invoke(users, ["token", *data], catch_exceptions=False).stdout.strip()
    CliRunner().invoke(users, ["first", "--token", token, *first, *data], catch_exceptions=False)
    CliRunner().invoke(users, ["unlock", "guanli", *data], catch_exceptions=False)
    printed = CliRunner().invoke(audit, data, catch_exceptions=False).stdout
    rows = [row for row in map(json.loads, printed.splitlines()) if row["action"] == "account"]
    assert [(row["who"], row["details"]["command"], row["object_id"]) for row in rows] == [
        ("终端", "token", ""),
        ("终端", "first", "guanli"),
        ("终端", "unlock", "guanli"),
    ]
    assert token not in printed
