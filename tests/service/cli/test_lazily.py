"""A command brings in what it needs, and every name leads to its command."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from service.cli import admin, main

ROOT = Path(__file__).parents[3]
HEAVY = ("celery", "kombu", "redis", "boto3", "flask", "waitress", "onnxruntime", "cv2")


@pytest.mark.parametrize(("name", "place"), sorted({**main.COMMANDS, **admin.COMMANDS}.items()))
def test_every_name_leads_to_its_command(name: str, place: str) -> None:
    module, _, attribute = place.partition(":")
    assert getattr(import_module(module), attribute).name == name


def test_listing_the_forms_brings_in_neither_brokers_nor_readers_nor_the_web() -> None:
    program = (
        "import sys; sys.argv = ['service', 'forms']; from service.cli.main import main\n"
        "try: main()\n"
        f"finally: print(*sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "attachment-5" in done.stdout
    assert done.stderr.strip() == ""
