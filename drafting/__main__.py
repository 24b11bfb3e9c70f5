"""``python -m drafting [FORM …]``: draws the official files anew and puts them beside their definitions."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from drafting.official import FORMS, draw_form, folder_of
from forms.loading import load_definition


def main(arguments: Sequence[str]) -> int:
    """Draws the named forms, or all of them; 2 when a name is unknown."""
    unknown = [name for name in arguments if name not in FORMS]
    if unknown:
        sys.stderr.write(f"no drawing of {', '.join(unknown)}; there are {', '.join(FORMS)}\n")
        return 2
    for form in arguments or FORMS:
        definition = load_definition(folder_of(form))
        definition.template_path.write_bytes(draw_form(definition))
        sys.stdout.write(f"{definition.template_path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
