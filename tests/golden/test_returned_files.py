"""What is read from the sample files, kept as JSON that a person can read; a change of any value is seen here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parsers.reading import ReadOptions, read_path
from samples.returned import FILES, MAKERS

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_a_returned_file_reads_as_it_did(name: str, is_rewriting: bool) -> None:  # noqa: FBT001  # a fixture
    # The rules are tested by themselves; some of them ask what day it is.
    found = read_path(FILES / name, name, ReadOptions(checked=False)).to_plain()
    del found["seconds"]
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    golden = HERE / f"{Path(name).stem}.json"
    if is_rewriting:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
