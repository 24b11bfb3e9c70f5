"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.problems import SettingsError
from service.settings import Settings, read_settings


def test_without_variables_the_defaults_hold() -> None:
    assert read_settings({"PATH": "/bin"}) == Settings()


def test_every_kind_of_value_is_read() -> None:
    found = read_settings(
        {
            "HZFORMS_PORT": "8123",
            "HZFORMS_DATA_DIR": "/srv/forms",
            "HZFORMS_PRINT_MARK": "no",
            "HZFORMS_LEASE_SECONDS": "2.5",
            "HZFORMS_PACKS": "f, s2",
        }
    )
    assert (found.port, found.data_dir, found.print_mark) == (8123, Path("/srv/forms"), False)
    assert (found.lease_seconds, found.rule_packs) == (2.5, frozenset({"F", "S2"}))


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"HZFORMS_PROT": "1", "HZFORMS_PORT": "x", "HZFORMS_PRINT_MARK": "perhaps"})
    for name in ("HZFORMS_PROT", "HZFORMS_PORT", "HZFORMS_PRINT_MARK"):
        assert name in str(caught.value)


def test_every_setting_is_documented(root: Path) -> None:
    text = (root / "docs" / "operations.md").read_text(encoding="utf-8")
    for name in Settings.__dataclass_fields__:
        assert f"HZFORMS_{name.upper()}" in text


@pytest.mark.parametrize("text", ["-0.1", "1.5", "nan"])
@pytest.mark.parametrize("name", ["HZFORMS_SILENT_RATE", "HZFORMS_AUDIT_RATE"])
def test_a_share_lies_between_none_and_all(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({name: text})
