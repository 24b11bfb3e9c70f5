"""What deploy/ says is what the program knows: settings, commands, volumes, ports, and versions that are tested."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it has no types of its own

from service.cli.main import main
from service.settings import read_settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
TIMERS = sorted((DEPLOY / "systemd").glob("*.timer"))
PROGRAM = "/srv/forms/.venv/bin/python -m service "
SECRETS = {"POSTGRES_PASSWORD": "p", "RABBITMQ_PASSWORD": "r", "REDIS_PASSWORD": "s"}
DEBIAN = {"postgres": "postgresql", "rabbitmq": "rabbitmq-server", "redis": "redis-server"}


def unit(path: Path) -> dict[str, dict[str, list[str]]]:
    """The sections of a unit, each name with all its values."""
    found: dict[str, dict[str, list[str]]] = {}
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            found[section] = {}
        elif line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found[section].setdefault(name, []).append(value)
    return found


def takes(command: str) -> None:
    """Whether the command line takes these words; what it would do with them is tried elsewhere."""
    with pytest.raises(SystemExit) as ended:
        main([*shlex.split(command), "--help"])
    assert ended.value.code in (0, None), command


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_runs_commands_and_settings_that_there_are_and_nothing_as_root(path: Path) -> None:
    configparser.ConfigParser(strict=False, interpolation=None, allow_no_value=True).read(path)
    service = unit(path)["Service"]
    for line in service["ExecStart"]:
        assert PROGRAM in line
        takes(line.partition(PROGRAM)[2].partition('"')[0])
    pairs = dict(pair.split("=", 1) for line in service["Environment"] for pair in line.split())
    settings = read_settings(pairs)
    assert not settings.outer_key.file.is_relative_to(settings.data_dir), "the key is not beside what it opens"
    places = {f"/var/lib/{name}" for line in service["StateDirectory"] for name in line.split()}
    assert {str(settings.data_dir), str(settings.outer_key.file.parent)} <= places
    for name, value in {"User": "forms", "NoNewPrivileges": "yes", "UMask": "0077", "LimitCORE": "0"}.items():
        assert service[name] == [value]
    assert service["TemporaryFileSystem"][0].startswith("/tmp:"), "opened files stay in memory"  # noqa: S108  # the unit's own
    assert service["CapabilityBoundingSet"] == [""]


@pytest.mark.parametrize("path", TIMERS, ids=lambda path: path.stem)
def test_a_timer_has_its_service_and_catches_up(path: Path) -> None:
    assert path.with_suffix(".service") in UNITS
    timer = unit(path)["Timer"]
    assert timer["Persistent"] == ["true"]
    checker = shutil.which("systemd-analyze")
    if checker:
        subprocess.run([checker, "calendar", *timer["OnCalendar"]], check=True, capture_output=True)


def test_systemd_itself_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    checker = shutil.which("systemd-analyze")
    if checker is None:
        pytest.skip("no systemd on this machine")
    for path in (*UNITS, *TIMERS):  # the program is not where an installation has it
        text = path.read_text(encoding="utf-8").replace("/srv/forms/.venv/bin/python", sys.executable)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    asked = [checker, "verify", "--man=no", *(str(tmp_path / path.name) for path in (*UNITS, *TIMERS))]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def compose() -> dict[str, Any]:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    filled = re.sub(r"\$\{(\w+)(?:[:?-][^}]*)?\}", lambda match: SECRETS[match[1]], text)
    content: dict[str, Any] = yaml.safe_load(filled)
    return content


def services() -> Iterator[tuple[str, dict[str, Any]]]:
    yield from compose()["services"].items()


def test_the_compose_file_sets_what_the_program_knows() -> None:
    ours = [(name, item) for name, item in services() if "build" in item]
    assert [name for name, _ in ours] == ["web", "worker"]
    for name, item in ours:
        settings = read_settings({key: str(value) for key, value in item["environment"].items()})
        assert settings.queue == "celery"
        assert settings.sign_in == "always"
        assert settings.database.endswith("@postgres/forms")
        assert item["command"][:3] == [".venv/bin/python", "-m", "service"]
        takes(shlex.join(item["command"][3:]))
        assert set(item["depends_on"]) <= compose()["services"].keys()
        assert "/tmp:mode=1777" in item["tmpfs"]  # noqa: S108  # the container's own
        assert (settings.proxies == 1) == (name == "web")


def test_the_image_keeps_its_key_apart_in_a_place_that_it_may_write() -> None:
    """Whoever runs it may write in these folders alone: a volume takes over the owner that the image gave them."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    pairs = dict(re.findall(r"(HZFORMS_\w+)=(\S+)", text))
    settings = read_settings(pairs)
    places = {str(settings.data_dir), str(settings.outer_key.file.parent)}
    assert len(places) == 2, "the key is not with what it opens"
    volumes = re.search(r"^VOLUME (.+)$", text, re.MULTILINE)
    assert volumes is not None
    assert set(json.loads(volumes[1])) == places
    made = re.search(r"install --directory --mode 700 --owner forms --group forms ([^&]+)&&", text)
    assert made is not None
    assert set(made[1].split()) == places
    for _, item in services():
        if "build" in item:
            assert {volume.partition(":")[2] for volume in item["volumes"]} == places
            assert settings.outer_key.file == Path(item["environment"]["HZFORMS_KEY_FILE"])
            options = re.findall(r"--security-opt (\S+)", text)
            assert item["security_opt"] == options, "what the fence of the readers needs"


def test_nothing_but_the_pages_is_reached_from_outside_and_these_from_this_machine_alone() -> None:
    ports = {name: item.get("ports", []) for name, item in services()}
    assert {name: found for name, found in ports.items() if found} == {"web": ["127.0.0.1:8000:8000"]}


def test_every_volume_and_file_of_the_compose_file_is_there() -> None:
    for _, item in services():
        for volume in item.get("volumes", []):
            source = volume.partition(":")[0]
            assert (DEPLOY / source).is_file() if source.startswith(".") else source in compose()["volumes"]


@pytest.mark.parametrize("name", DEBIAN)
def test_the_servers_are_those_that_the_tests_run_against(name: str) -> None:
    image = next(item["image"] for found, item in services() if found == name)
    asked = ["/usr/bin/dpkg-query", "-W", "-f", "${Version}", DEBIAN[name]]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    if done.returncode or not done.stdout:
        pytest.skip("not installed as a Debian package")
    tested = re.match(r"(?:\d+:)?(\d+)", done.stdout)
    assert tested is not None
    assert image == f"{name}:{tested[1]}"


def test_the_bill_of_materials_names_what_is_pinned(tmp_path: Path) -> None:
    written = tmp_path / "sbom.json"
    subprocess.run([sys.executable, ROOT / "scripts" / "sbom.py", written], check=True, capture_output=True)
    content = json.loads(written.read_text(encoding="utf-8"))
    named = {part["purl"].rpartition("@")[::2] for part in content["components"] if part["purl"].startswith("pkg:pypi")}
    pinned = re.findall(r"^([a-z0-9.-]+)==(\S+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert named == {(f"pkg:pypi/{name.replace('.', '-')}", version) for name, version in pinned}
    assert content["specVersion"] == "1.6"
    needed = {part["ref"]: part.get("dependsOn", []) for part in content["dependencies"]}
    assert "pypi:kombu" in needed["pypi:celery"]
    assert all(part.get("licenses") for part in content["components"] if part["name"] in {"flask", "lxml", "numpy"})
