"""The notes that a form prints below its tables (注:1.一人一表…): told by how they begin; they hold no data."""

from __future__ import annotations

import re

from forms.cleaning import squeeze

_NOTE = re.compile(r"^(?:注|备注|说明|填表说明|填报说明|填写说明|附注|填表须知)(?:[:：.、\d]|$)|^\d{1,2}[.、．)](?!\d)")


def begins_note(text: str) -> bool:
    """Whether a line of text begins as a printed note does."""
    return _NOTE.match(squeeze(text)) is not None
