"""``service forms``: the definitions, one a line."""

from __future__ import annotations

import json

import click

from forms.schema import record_schema
from service.operations.editions import catalogue_of
from service.settings import read_settings
from writers.template import compile_template


@click.command()
@click.option("--json", "as_json", is_flag=True, help="whole definitions as JSON Schema, one object a line")
@click.option("--check", "checked", is_flag=True, help="compile every official file and fail on the first fault")
def forms(*, as_json: bool, checked: bool) -> None:
    """List the form definitions, one a line."""
    for definition in catalogue_of(read_settings()).definitions:
        if checked:
            compile_template(definition)
        if as_json:
            click.echo(json.dumps(record_schema(definition), ensure_ascii=False))
        else:
            fields = len(definition.fields) + len(definition.header)
            click.echo(
                "\t".join(
                    (
                        definition.form,
                        f"附件{definition.number}",
                        definition.edition,
                        definition.file_format,
                        f"{fields} 项",
                        definition.title,
                    )
                )
            )
