"""Filled approval forms (attachment-4, docx) against a plain docxtpl loop: open, render, save.

Both print the same text into the same official file. Ours also completes the record, draws a print mark and proves
every file by reading it back.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable

from docxtpl import DocxTemplate

from bench.people import definition_of, records_of
from writers.completing import complete
from writers.filling import FillJob, fill, fill_many
from writers.template import compile_template
from writers.values import content_of

TITLE = "filled 附件4 docx"
UNIT = "documents"
PEER = "docxtpl: open, render, save"
SIZES = (100, 1_000, 10_000)
PEER_SIZES = (100, 1_000)
QUICK = (30,)
LEAST = 10.0
MOST_MB: float | None = None

FORM = "attachment-4"


def ours(size: int) -> Callable[[], None]:
    """Fill and prove; the template is compiled beforehand, as it is in a running program."""
    definition, records = definition_of(FORM), records_of(FORM, size)
    fill(definition, records[0])

    def work() -> None:
        deque(fill_many(FillJob(definition, record) for record in records), maxlen=0)

    return work


def peer(size: int) -> Callable[[], None]:
    """The same texts through docxtpl as its own examples do it."""
    definition = definition_of(FORM)
    tags = compile_template(definition).tags
    contexts = []
    for record in records_of(FORM, size):
        content = content_of(definition, complete(definition, record)[0], tags, numeric=False)
        values = {"header": content.header, "box": content.boxes, "tick": content.ticks, "options": definition.options}
        contexts.append({**values, "record": next(content.rows())})

    def work() -> None:
        for context in contexts:
            template = DocxTemplate(definition.template_path)
            template.render(context, autoescape=True)
            template.save(io.BytesIO())

    return work
