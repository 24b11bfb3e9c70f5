"""The command group, and the one place where a fault becomes an exit code."""

from __future__ import annotations

import sys

import click

from forms.errors import FormServiceError
from service.cli.check import check
from service.cli.fill import fill
from service.cli.forms import forms
from service.cli.read import read
from service.cli.serve import serve, worker
from service.problems import Exit, outcome_of

EXITS = "\n".join(f"  {code.value:>3}  {code.name.lower().replace('_', ' ')}" for code in Exit)


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog="Exit codes: see docs/errors.md.")
def service() -> None:
    """借用人员、编外用工专项清理:填表、读表、核对。Fill, read and check the five official forms."""


for command in (forms, fill, read, check, serve, worker):
    service.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Run a command and end with its documented exit code."""
    try:
        code = service.main(args=arguments, prog_name="service", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(Exit.INTERRUPTED)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as fault:
        fault.show()
        sys.exit(Exit.USAGE)
    except FormServiceError as fault:
        click.echo(f"错误 {fault.code}:{fault.message_zh}", err=True)
        click.echo(f"error {fault.code}: {fault.message_en}", err=True)
        sys.exit(outcome_of(fault).exit)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(Exit.DONE)
    except OSError as fault:
        click.echo(f"错误 storage:{fault}", err=True)
        sys.exit(Exit.NOT_FOUND if isinstance(fault, FileNotFoundError) else Exit.STORAGE)
    sys.exit(code if isinstance(code, int) else Exit.DONE)
