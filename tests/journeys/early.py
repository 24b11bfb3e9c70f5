"""A page whose script is still on its way: what a clerk on a slow PC does meanwhile must not be lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route


@contextmanager
def before_its_script(page: Page, address: str, script: str) -> Iterator[None]:
    """Go to a page and keep that script of it back until the block ends."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(f"**/{script}", keep)
    page.goto(address, wait_until="commit")
    page.locator("main").wait_for()
    yield
    assert held, f"{script} was not asked for"
    for route in held:
        route.continue_()
    page.unroute(f"**/{script}", keep)
