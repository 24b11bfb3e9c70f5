"""How our forms are read from paper that others' models of scanners, printers and cameras have worn.

    scripts/foreign-wear
    .venv/bin/python -m bench.foreign_wear [--seeds 912] [--kinds all] [--forms attachment-4] [--keep DIR]

``samples/paper`` wears paper as we think that paper is worn; a reader mended against that alone may know nothing but
that. Here the same filled, sealed and signed forms (condition ``stamped``, 200 dpi) go through augraphy (Groleau et
al., "Augraphy: A Data Augmentation Library for Document Images", ICDAR 2023), one of its faults at a time, at
strengths at which a person still reads the page. Seeds from 900 up are kept for tables: nothing is mended on them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from PIL import Image

from bench.read_scans import run
from bench.scans.papers import Task
from bench.scans.tables import COLUMNS, plain, silent_list
from samples.paper.official import FORMS
from samples.paper.returned import ReturnedPaper, returned_papers

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / "build/foreign-wear/bin/python"
WEARER = Path(__file__).with_name("scans") / "wearing_others.py"
KINDS = (
    "bad-copy", "bleed-through", "bright-texture", "coloured-paper", "double-exposure", "fold", "gamma", "ink-bleed",
    "ink-mottling", "ink-shift", "jpeg", "letterpress", "light", "low-ink", "low-ink-hairs", "low-light", "moire",
    "noise", "page-border", "reflection", "rollers", "shadow", "stains", "subtle-noise", "watermark",
)  # fmt: skip
"""Faults of :data:`WEARER`."""
DPI = (200, 200)


def worn(papers: Sequence[ReturnedPaper], kinds: Sequence[str], folder: Path) -> Iterator[Task]:
    """Each paper in each kind of wear, as files; what a model of others cannot do is said and left out."""
    pages = []
    for paper in papers:
        for number, page in enumerate(paper.pages):
            pages.append(folder / f"{paper.truth.form}-{paper.seed}-{number}.png")
            Image.fromarray(page).save(pages[-1], compress_level=1)
    names = [str(page) for page in pages]
    subprocess.run([str(PYTHON), str(WEARER), ",".join(kinds), *names], check=True, cwd=folder)  # noqa: S603 - our own script
    for kind in kinds:
        for paper in papers:
            stem = f"{paper.truth.form}-{paper.seed}"
            found = [folder / f"{kind}-{stem}-{number}.png" for number in range(len(paper.pages))]
            if all(page.exists() for page in found):
                path = _together([Image.open(page).convert("RGB") for page in found], folder / f"{kind}-{stem}")
                yield Task(kind, paper.seed, path, len(found), paper.truth)


def _together(pages: Sequence[Image.Image], stem: Path) -> Path:
    """The pages as one file, as a scanner saves them."""
    first, *rest = pages
    if not rest:
        path = stem.with_suffix(".jpg")
        first.save(path, dpi=DPI, quality=90)
        return path
    path = stem.with_suffix(".tiff")
    first.save(path, dpi=DPI, save_all=True, append_images=rest, compression="tiff_lzw")
    return path


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="912", help="first and last seed: 912-913")
    parser.add_argument("--kinds", default="all", help=f"all, or some of {', '.join(KINDS)}")
    parser.add_argument("--forms", default=",".join(FORMS))
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the papers there")
    parser.add_argument("--jobs", type=int, default=1, help="files read at once; times are those of one alone")
    return parser.parse_args()


def main() -> int:
    """Wears, reads, prints the table and the list of silent errors."""
    given = _arguments()
    if not PYTHON.exists():
        print("run scripts/foreign-wear first", file=sys.stderr)
        return 2
    first, _, last = given.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    kinds = KINDS if given.kinds == "all" else tuple(given.kinds.split(","))
    with ExitStack() as stack:
        folder = (given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        papers = [paper for form in given.forms.split(",") for paper in returned_papers(form, seeds, ["stamped"])]
        table = run(list(worn(papers, kinds, folder)), given.jobs, {}, None)
    rows = list(table.ours.values())
    silent = silent_list(rows)
    print(plain(rows, COLUMNS), f"\n{len(silent)} silent errors", *silent, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
