"""The data folder that a command is for, and its parts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from service.settings import Settings, read_settings

data_option = click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), default=None, help="data folder of the installation"
)


def settings_of(data: Path | None) -> Settings:
    """The settings of the environment, for that data folder where one is named."""
    settings = read_settings()
    return replace(settings, data_dir=(data or settings.data_dir).resolve())
