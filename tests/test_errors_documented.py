"""Every code of the program stands in docs/errors.md with its sentences, and each sentence can be told."""

from __future__ import annotations

import importlib
import pkgutil
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from forms.errors import FormServiceError
from parsers.gate.notes import SENTENCES
from parsers.outside import PAGE_DOUBTS
from parsers.valuing import DOUBTS

DOCUMENT = (Path(__file__).parents[1] / "docs" / "errors.md").read_text(encoding="utf-8")


def kinds(base: type[FormServiceError] = FormServiceError) -> Iterator[type[FormServiceError]]:
    """All kinds of fault that any module defines."""
    if base is FormServiceError:
        for name in ("forms", "parsers", "writers", "service"):
            for module in pkgutil.walk_packages(importlib.import_module(name).__path__, f"{name}."):
                if not module.name.endswith("__main__"):
                    importlib.import_module(module.name)
    if "code" in vars(base):
        yield base
    for kind in base.__subclasses__():
        yield from kinds(kind)


ALL = sorted(set(kinds()), key=lambda kind: (kind.code, kind.__module__))


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_fault_is_documented(kind: type[FormServiceError]) -> None:
    zh, en = kind.zh.replace("\n", " "), kind.en.replace("\n", " ")
    assert f"| `{kind.code}` | {zh} | {en} | " in DOCUMENT


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_fault_has_a_code_of_plain_letters_and_two_languages(kind: type[FormServiceError]) -> None:
    assert kind.code == kind.code.lower()
    assert set(kind.code) <= set(string.ascii_lowercase + "-")
    assert kind.zh != kind.en


def test_no_code_is_documented_that_nobody_raises() -> None:
    listed = {line.split("`")[1] for line in DOCUMENT.splitlines() if line.startswith("| `")}
    assert listed == {kind.code for kind in ALL} | set(SENTENCES) | set(DOUBTS) | set(PAGE_DOUBTS)


@pytest.mark.parametrize("code", sorted(DOUBTS))
def test_a_doubt_of_a_value_is_documented(code: str) -> None:
    sentence, severity = DOUBTS[code]
    assert f"| `{code}` | {severity.value} | {sentence} |" in DOCUMENT


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_note_is_documented(code: str) -> None:
    severity, sentence = SENTENCES[code]
    assert f"| `{code}` | {severity.value} | {sentence} |" in DOCUMENT
