"""What the terminal shows of findings and of long work; standard output stays for results."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from forms.finding import Finding, Severity
from service.problems import OUTCOMES, Exit

T = TypeVar("T")
WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}


def show_findings(findings: Iterable[Finding], most: int = 50) -> None:
    """Findings as lines on standard error, the first ``most`` of them."""
    shown = 0
    rest = 0
    for finding in findings:
        if shown >= most:
            rest += 1
            continue
        shown += 1
        hint = f"(建议:{finding.suggestion})" if finding.suggestion else ""
        click.echo(f"{WORDS[finding.severity]} {finding.code} {finding.path}:{finding.message}{hint}", err=True)
    if rest:
        click.echo(f"……另有 {rest} 条", err=True)


def with_progress(items: Iterator[T], total: int, what: str) -> Iterator[T]:
    """The items, with a bar on standard error while they come, where that is a terminal."""
    console = Console(stderr=True)
    if total < 2 or not console.is_terminal:  # noqa: PLR2004  # one item needs no bar
        yield from items
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(what, total=total)
        for item in items:
            yield item
            progress.advance(task)


def exit_for(codes: Collection[str]) -> Exit:
    """The exit code of a run in which files had these problems: theirs, or "could not be read" where they differ."""
    exits = {OUTCOMES[code].exit for code in codes}
    return exits.pop() if len(exits) == 1 else Exit.UNREADABLE
