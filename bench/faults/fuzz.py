"""Inputs that a fuzzer makes up, led by the code they reach: only stated faults may come of them, quickly and small.

.venv/bin/python -m bench.faults.fuzz TARGET FOLDER [libFuzzer's options]     one target, in this process
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import atheris  # type: ignore[import-untyped]  # it has no types of its own

with atheris.instrument_imports(include=["parsers.gate", "parsers.sniffing", "parsers.readers.ofd", "forms"]):
    from forms import identity
    from forms.catalogue import Catalogue
    from forms.errors import FormServiceError
    from forms.intake import take_in
    from parsers.gate.admission import admit
    from parsers.readers import ofd

from bench.faults.mutating import sources, spoilt
from samples.records import make_records

MOST_MIB, MOST_SECONDS = 512, 1.0
"""Memory of the process, and time of the processor for one input."""
LARGEST = 1 << 16
"""Bytes of an input: what is larger is cut, so that many are tried."""
_CATALOGUE = Catalogue.load()
_FOLDER = tempfile.TemporaryDirectory(prefix="fuzz-")
_FILE = Path(_FOLDER.name, "input")


def gate(data: bytes) -> None:
    """The look at a file as it comes in; its first byte chooses what its name ends in."""
    endings = (".docx", ".xlsx", ".pdf", ".ofd", ".png", ".doc", ".xls", ".odt", ".html")
    _FILE.write_bytes(data[1:])
    admit(_FILE, f"a{endings[data[0] % len(endings)]}" if data else "a")


def ofd_file(data: bytes) -> None:
    """The reader of OFD files, over a page description in an archive that is whole."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in _OFD.items():
            archive.writestr(name, data if name.endswith("Content.xml") else content)
    _FILE.write_bytes(whole.getvalue())
    ofd.read(_FILE)


def numbers(data: bytes) -> None:
    """Identity numbers, and what is told by them."""
    text = data.decode("utf-8", "replace")
    if identity.has_valid_check(text):
        identity.birth_of(text)
        identity.sex_of(text)
        identity.is_known_province(text)


def intake(data: bytes) -> None:
    """Data of forms as JSON."""
    try:
        asked = json.loads(data)
    except (ValueError, RecursionError):
        return
    take_in(asked, _CATALOGUE)


_OFD = {
    "OFD.xml": "<OFD><DocBody><DocRoot>Doc/Document.xml</DocRoot></DocBody></OFD>",
    "Doc/Document.xml": "<Document><CommonData><PageArea><PhysicalBox>0 0 210 297</PhysicalBox></PageArea></CommonData>"
    '<Pages><Page ID="1" BaseLoc="Pages/Content.xml"/></Pages></Document>',
    "Doc/Pages/Content.xml": "",
}
_OFD_PAGE = (
    '<Page><Content><Layer><TextObject ID="3" Boundary="10 10 90 8" CTM="1 0 0 1 0 0" Size="4">'
    '<TextCode X="0" Y="4" DeltaX="g 3 4">借用人员备案表</TextCode></TextObject>'
    '<PathObject ID="4" Boundary="10 20 90 1"><AbbreviatedData>M 0 0 L 90 0</AbbreviatedData></PathObject>'
    "</Layer></Content></Page>"
)
TARGETS: dict[str, Callable[[bytes], None]] = {
    "gate": gate,
    "ofd": ofd_file,
    "numbers": numbers,
    "intake": intake,
}


def seeds(target: str) -> Iterable[bytes]:
    """What the fuzzer begins with."""
    if target == "gate":
        files = sources([])
        yield from (bytes([number % 2]) + content[:LARGEST] for number, (_, content) in enumerate(files))
        yield from (b"\2" + item.content[:LARGEST] for item in spoilt(files, 10, 3))
    elif target == "ofd":
        yield _OFD_PAGE.encode()
    elif target == "numbers":
        yield from (b"320799198001010016", "３２０".encode(), b"32079919900307121X")
    else:
        yield from (json.dumps(make_records(form, 1, 5)).encode() for form in ("attachment-1", "attachment-4"))


def fuzz(seconds: float) -> bool:
    """All targets one after the other, each for so long; prints what each came to."""
    kept = True
    for target in TARGETS:
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, tempfile.TemporaryDirectory(prefix="fuzz-") as own:
            for number, content in enumerate(seeds(target)):
                Path(folder, f"seed-{number}").write_bytes(content)
            asked = [f"-max_total_time={seconds:.0f}", f"-rss_limit_mb={MOST_MIB}", f"-max_len={LARGEST}"]
            asked += ["-timeout=60", f"-artifact_prefix={folder}/", "-verbosity=1", "-print_final_stats=1", folder]
            command = [sys.executable, "-m", "bench.faults.fuzz", target, *asked]
            where = {**os.environ, "TMPDIR": own}  # the fuzzer ends without putting away what it made
            done = subprocess.run(command, env=where, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603  # our own program
        told = dict(line[6:].split(":", 1) for line in done.stderr.splitlines() if line.startswith("stat::"))
        runs, peak = (told.get(name, "?").strip() for name in ("number_of_executed_units", "peak_rss_mb"))
        print(
            f"fuzz {target}: {runs} inputs, {peak} MiB -> {'kept' if not done.returncode else 'NOT KEPT'}", flush=True
        )
        if done.returncode:
            print(done.stdout[-3000:], done.stderr[-1000:], flush=True)
        kept = kept and not done.returncode
    return kept


def _one_input(work: Callable[[bytes], None]) -> Callable[[bytes], None]:
    def one(data: bytes) -> None:
        began = time.process_time()
        with contextlib.suppress(FormServiceError):
            work(data)
        took = time.process_time() - began
        if took > MOST_SECONDS:
            raise AssertionError(f"{took:.1f} s")

    return one


if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], _one_input(TARGETS[sys.argv[1]]))
    atheris.Fuzz()
