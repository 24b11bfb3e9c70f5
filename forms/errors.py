"""The one base of every fault that stops the program, with its stable code.

Faults a person made in the data are :class:`forms.finding.Finding` values and are never raised. An exception here
means that an input cannot be used at all. The code is part of the interface: the HTTP API and the command line map
it to a status in one table (``service/problems.py``), and ``docs/errors.md`` lists it.
"""

from __future__ import annotations

from typing import ClassVar


class FormServiceError(Exception):
    """An input or a request that cannot be used.

    Sub-classes set ``code`` (stable, kebab-case) and the sentences ``zh`` and ``en``, which may name keyword
    arguments in braces. ``pointer`` is the place in the input, as a path such as ``rows.field[3].key``, where known.
    """

    code: ClassVar[str] = "internal-error"
    zh: ClassVar[str] = "程序内部错误"
    en: ClassVar[str] = "Internal error"

    def __init__(self, *, pointer: str | None = None, **detail: object) -> None:
        self.pointer = pointer
        self.detail = {name: str(value) for name, value in detail.items()}
        super().__init__(f"{self.code}: {self.message_en}")

    @property
    def message_zh(self) -> str:
        """The sentence a clerk reads."""
        return self.zh.format_map(self.detail)

    @property
    def message_en(self) -> str:
        """The same sentence in English."""
        return self.en.format_map(self.detail)

    def __reduce__(self) -> tuple[object, ...]:
        """Keyword-only constructors need help to cross a process border."""
        return (_rebuild, (type(self), self.pointer, self.detail))


def _rebuild(kind: type[FormServiceError], pointer: str | None, detail: dict[str, object]) -> FormServiceError:
    return kind(pointer=pointer, **detail)


class UnknownFormError(FormServiceError):
    """No definition has this id, number or title."""

    code = "unknown-form"
    zh = "没有这种表:{form}。可用的表:{known}"
    en = "There is no form {form}. Known forms: {known}"


class DefinitionError(FormServiceError):
    """A ``definition.toml`` is wrong. ``faults`` names every fault found, one a line, with file and place."""

    code = "definition-invalid"
    zh = "表定义有误:\n{faults}"
    en = "The form definition is invalid:\n{faults}"


class UnusableDataError(FormServiceError):
    """The data given to fill or check is not of the shape that the contract names."""

    code = "data-invalid"
    zh = "数据格式不对({pointer_text}):{reason_zh}"
    en = "The data is not of the expected shape ({pointer_text}): {reason_en}"
