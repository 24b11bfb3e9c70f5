"""Every fault of the program has its HTTP status and exit code, and none stands for nothing."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

import forms
import parsers
import service
import writers
from forms.errors import FormServiceError
from service.problems import OUTCOMES, Exit

# Programs that run when they are imported, and the child's view of scans
NOT_IMPORTED = {"service.__main__", "parsers.tools.launcher"}


def load_all(package: ModuleType) -> None:
    for item in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if item.name not in NOT_IMPORTED:
            importlib.import_module(item.name)


def kinds(base: type[FormServiceError]) -> set[type[FormServiceError]]:
    return {base}.union(*(kinds(kind) for kind in base.__subclasses__()))


def test_every_code_has_its_outcome_and_every_outcome_its_code() -> None:
    for package in (forms, parsers, writers, service):
        load_all(package)
    ours = {
        kind
        for kind in kinds(FormServiceError)
        if kind.__module__.split(".")[0] in {"forms", "parsers", "writers", "service"}
    }
    codes = {kind.code for kind in ours}
    assert codes - OUTCOMES.keys() == set()
    assert OUTCOMES.keys() - codes == set()


def test_every_fault_speaks_both_languages() -> None:
    for kind in kinds(FormServiceError):
        assert kind.zh
        assert kind.en
        assert any("\u4e00" <= char <= "\u9fff" for char in kind.zh)
        assert kind.en.isascii()


def test_outcomes_are_faults() -> None:
    for code, outcome in OUTCOMES.items():
        assert 400 <= outcome.status < 600, code
        assert outcome.exit is not Exit.DONE, code
