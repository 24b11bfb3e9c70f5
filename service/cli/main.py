"""The command group, and the one place where a fault becomes an exit code."""

from __future__ import annotations

import sys

import click

from forms.errors import FormServiceError
from service.cli.lazily import LazyGroup
from service.problems import Exit, outcome_of

COMMANDS = {
    "admin": "service.cli.admin:admin",
    "check": "service.cli.check:check",
    "consolidate": "service.cli.consolidate:consolidate",
    "export": "service.cli.export:export",
    "fill": "service.cli.fill:fill",
    "forms": "service.cli.forms:forms",
    "pack": "service.cli.pack:pack",
    "read": "service.cli.read:read",
    "serve": "service.cli.serve:serve",
    "worker": "service.cli.serve:worker",
}


@click.group(
    cls=LazyGroup,
    places=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: docs/operations.md, docs/errors.md.",
)
def service() -> None:
    """借用人员、编外用工专项清理:填表、读表、核对、报送。Fill, read, check and pack the five official forms."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command and end with its documented exit code."""
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        code = service.main(args=arguments, prog_name="service", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return Exit.INTERRUPTED
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as fault:
        fault.show()
        return Exit.USAGE
    except FormServiceError as fault:
        click.echo(f"错误 {fault.code}:{fault.message_zh}", err=True)
        click.echo(f"error {fault.code}: {fault.message_en}", err=True)
        return outcome_of(fault).exit
    except BrokenPipeError:
        sys.stderr.close()
        return Exit.DONE
    except FileNotFoundError as fault:
        click.echo(f"错误:没有这个文件 {fault.filename}\nerror: no such file {fault.filename}", err=True)
        return Exit.NOT_FOUND
    except OSError as fault:
        click.echo(f"错误:不能读写 {fault.filename}:{fault.strerror}\nerror: {fault}", err=True)
        return Exit.STORAGE
    return code if isinstance(code, int) else Exit.DONE
