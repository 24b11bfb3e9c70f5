"""A group whose commands are imported when they are called: listing the forms needs no broker, reader or database."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """Commands by name and place (``package.module:name``), besides those that are added as usual."""

    def __init__(self, *arguments: Any, places: Mapping[str, str], **named: Any) -> None:  # noqa: ANN401  # click's own
        super().__init__(*arguments, **named)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        return sorted({*super().list_commands(ctx), *self._places})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported if it was not yet."""
        place = self._places.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, _, name = place.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command
