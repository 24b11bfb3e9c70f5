"""The fence holds: a file that crashes, hangs, swells or lies costs its own answer and no other."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from parsers.fence import Answer, Fence, FenceLimits
from parsers.issued import MAP_FILE
from parsers.tools import sandbox
from parsers.tools.isolation import Level

ROOT = Path(__file__).parents[2]
TASKS = "tests.parsers.fenced_tasks"
LIMITS = FenceLimits(base=5.0, each_page=0.0)


def fence_of(limits: FenceLimits = LIMITS, jobs: int = 1) -> Fence:
    return Fence(jobs, limits, see=[ROOT / "tests"])


@pytest.fixture(scope="module")
def fence() -> Iterator[Fence]:
    with fence_of() as made:
        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_text("内容", encoding="utf-8")
    return path


def done(fence: Fence, task: str, file: Path, **options: object) -> Answer:
    return fence.submit(f"{TASKS}:{task}", file, "表.docx", options).result(60)


def code_of(answer: Answer) -> str | None:
    return answer.fault.code if answer.fault else None


def test_a_task_gets_a_copy_its_name_and_its_options(fence: Fence, file: Path) -> None:
    plain = done(fence, "echo", file, form="attachment-4").plain
    assert plain is not None
    assert (plain["text"], plain["name"], plain["options"]) == ("内容", "表.docx", {"form": "attachment-4"})


def test_a_file_beside_comes_along(fence: Fence, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("旁边", encoding="utf-8")
    answer = fence.submit(f"{TASKS}:sidecar", file, "a", beside={".converted": other}).result(60)
    assert answer.plain == {"text": "旁边"}


def test_only_plain_files_are_taken_over(fence: Fence, file: Path, tmp_path: Path) -> None:
    into = tmp_path / "into"
    fence.submit(f"{TASKS}:leave", file, "a", collect=into).result(60)
    assert [path.name for path in into.iterdir()] == ["page-1.png"]


def test_a_fault_comes_back_as_itself(fence: Fence, file: Path) -> None:
    answer = done(fence, "too_large", file)
    assert answer.fault is not None
    assert answer.fault.message_zh == "文件超过 1 MiB 上限"
    assert answer.fault.pointer == "表.docx"


@pytest.mark.parametrize(
    ("task", "code"),
    [
        ("damaged", "file-damaged"),
        ("raises", "parse-crashed"),
        ("swell", "file-too-complex"),
        ("recurse", "file-too-complex"),
    ],
)
def test_the_fence_goes_on_after(fence: Fence, file: Path, task: str, code: str) -> None:
    assert code_of(done(fence, task, file)) == code
    assert code_of(done(fence, "echo", file)) is None


def test_one_that_never_answers_is_ended(file: Path) -> None:
    with fence_of(FenceLimits(base=1.0, each_page=0.0)) as fence:
        late = done(fence, "hang", file)
        assert code_of(late) == "parse-timeout"
        assert late.seconds < 4
        assert code_of(done(fence, "echo", file)) is None


@pytest.fixture
def crowded() -> Iterator[None]:
    """A single processor for this thread and what it starts, with others at work on it."""
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(mine)})
    loop = [sys.executable, "-c", "import os\nos.nice(5)\nwhile True: pass"]
    others = [subprocess.Popen(loop) for _ in range(3)]
    yield
    for other in others:
        other.kill()
        other.wait()
    os.sched_setaffinity(0, mine)


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="this system does not count waiting")
def test_waiting_for_a_processor_is_not_counted(file: Path, crowded: None) -> None:
    with fence_of(FenceLimits(base=2.0, each_page=0.0, starved=10.0)) as fence:
        answer = done(fence, "burn", file, seconds=1.0)
        assert answer.fault is None
        assert answer.seconds > 2.0
    with fence_of(FenceLimits(base=1.0, each_page=0.0, starved=2.0)) as fence:
        assert code_of(done(fence, "burn", file, seconds=3600)) == "parse-timeout"


def test_pages_lengthen_the_time(file: Path) -> None:
    with fence_of(FenceLimits(base=1.0, each_page=1.0)) as fence:
        assert done(fence, "hang", file, pages=5, seconds=1.5).plain == {}


def test_a_bad_file_costs_no_other(file: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.write_text("crash", encoding="utf-8")
    with fence_of(jobs=2) as fence:
        task = f"{TASKS}:crash_at_word"
        answers = [future.result(60) for future in [fence.submit(task, path, "a") for path in (file, bad) * 3]]
    assert [code_of(answer) for answer in answers] == [None, "parse-crashed"] * 3


def test_a_crash_is_told_without_the_values_in_it(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    with fence_of() as fence, caplog.at_level(logging.WARNING):
        done(fence, "raises", file)
    assert "KeyError" in caplog.text
    assert "unforeseen" not in caplog.text


@pytest.mark.parametrize(
    "message",
    [
        "[]",
        "not json",
        "{}",
        '{"fault": {"code": "no-such-code", "detail": {}}}',
        '{"fault": {"code": "file-damaged", "detail": 1}}',
        '{"fault": "file-damaged"}',
        '{"answer": 7}',
    ],
)
def test_an_answer_of_no_known_shape_is_a_crash(file: Path, message: str) -> None:
    with fence_of() as fence:
        assert code_of(done(fence, "forge", file, message=message)) == "parse-crashed"


def test_an_answer_without_end_is_refused(file: Path) -> None:
    with fence_of() as fence:
        assert code_of(done(fence, "babble", file)) == "file-too-complex"


def test_a_forged_fault_cannot_carry_more_than_a_sentence(file: Path) -> None:
    fault = {"code": "too-large", "pointer": "p" * 9_999, "detail": {"limit": "x" * 9_999}}
    with fence_of() as fence:
        answer = done(fence, "forge", file, message=json.dumps({"fault": fault, "memory": 0}))
    assert answer.fault is not None
    assert len(answer.fault.message_zh) < 600
    assert len(answer.fault.pointer or "") == 500


def test_a_child_is_replaced_when_it_has_done_enough_or_grown(file: Path) -> None:
    def born(limits: FenceLimits, task: str) -> list[object]:
        with fence_of(limits) as fence:
            return [(done(fence, task, file).plain or {})["born"] for _ in range(4)]

    assert len(set(born(FenceLimits(tasks=2), "keep"))) == 2
    assert len(set(born(FenceLimits(resident=100 << 20), "keep"))) == 4


def test_the_network_is_out_of_a_childs_reach(fence: Fence, file: Path) -> None:
    if sandbox.sandbox_level() is Level.NONE:
        pytest.skip("this machine cannot keep the network away")
    with socket.create_server(("127.0.0.1", 0)) as server:
        plain = done(fence, "connect", file, port=server.getsockname()[1]).plain
    assert plain is not None
    assert plain["reached"] is False


def test_a_child_sees_code_but_no_data(fence: Fence, file: Path, tmp_path: Path) -> None:
    if sandbox.sandbox_level() is not Level.BWRAP:
        pytest.skip("bwrap does not work on this machine")
    paths = [str(tmp_path / "file"), str(ROOT / "forms"), str(ROOT / "service"), "/etc/passwd"]
    assert done(fence, "see", file, paths=paths).plain == dict(zip(paths, (False, True, False, False), strict=True))


def test_a_missing_file_is_the_callers_fault(fence: Fence, tmp_path: Path, file: Path) -> None:
    with pytest.raises(FileNotFoundError):
        done(fence, "echo", tmp_path / "none")
    assert code_of(done(fence, "echo", file)) is None


def test_a_closed_fence_takes_nothing(file: Path) -> None:
    fence = fence_of()
    fence.close()
    with pytest.raises(RuntimeError):
        fence.submit(f"{TASKS}:echo", file, "a")


def lend(document_id: str, folder: Path) -> bool:
    """A store that printed one document."""
    if document_id != "0123456789AB":
        return False
    (folder / MAP_FILE).write_text(document_id, encoding="utf-8")
    return True


def test_a_document_that_we_printed_is_lent_by_its_id_alone(fence: Fence, file: Path) -> None:
    ids = ["0123456789AB", "ZZZZZZZZZZZZ", "../../../etc/", "0123456789AB"]
    answer = fence.submit(f"{TASKS}:borrower", file, "a", {"ids": ids}, lend=lend).result(60)
    assert answer.plain == {"lent": ["0123456789AB", None, None, None]}


def test_nothing_is_lent_where_nothing_was_printed(fence: Fence, file: Path) -> None:
    assert done(fence, "borrower", file, ids=["0123456789AB"]).plain == {"lent": [None]}


def test_a_loan_follows_no_link(fence: Fence, file: Path) -> None:
    options = {"id": "0123456789AB"}
    answer = fence.submit(f"{TASKS}:trapping_borrower", file, "a", options, lend=lend).result(60)
    assert answer.plain == {"lent": None, "caught": []}
