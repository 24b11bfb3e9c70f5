"""The proof of many cards of one template, at a cost that leaves filling quick.

The first card of each pattern (which values are blank, which options ticked) is proved in full by reader and locator.
The text of the next one with this pattern, taken out of the finished file again, must be the same to the letter but
for the values, and these must be what was asked. A card with anything out of the ordinary is proved in full: an
opinion, a text moved to the 续页 or broken over lines, words of the form among the values, a value not settled.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from forms.definition import Field, FormDefinition
from forms.labels import normalise_label
from forms.record import Entry, Record
from writers.docx import BODY, WordTemplate
from writers.errors import OutputCheckFailedError
from writers.tags import Tag
from writers.values import GUIDES, Content, printed

FullProof = Callable[[Record, bytes], None]

_MOST_PATTERNS = 256
_MOST_JUDGED = 50_000
_SLOT = "HZSLOT"
_UNSAFE = frozenset("\n\t\r:\uff1a□☑☒√✓■|")


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A proved card with its values taken out: the text between them, and which stands where."""

    segments: tuple[str, ...]
    tags: tuple[Tag, ...]


class CardProver:
    """Remembers the patterns that have been proved for one template."""

    def __init__(self, template: WordTemplate) -> None:
        self._template = template
        self._definition = template.definition
        self._patterns: dict[object, _Pattern] = {}
        self._judged: dict[tuple[str, object], bool] = {}
        self._words = frozenset(labels_of(template.definition))
        self._shared = template.shared_tags

    def prove(self, content: Content, data: bytes, document_id: str | None, prove_fully: FullProof) -> None:
        """Prove a card.

        Raises:
            OutputCheckFailedError: naming the first difference.
        """
        record = content.record
        values = dict(self._values(record))
        sizes = self._template.sizes(content)
        if sizes is None or self._is_odd(content, values):
            prove_fully(record, data)
            return
        ticks = tuple((key, tuple(options.items())) for key, options in content.ticks.items())
        key = (frozenset(values), ticks, sizes, document_id is not None)
        pattern = self._patterns.get(key)
        if pattern is None:
            prove_fully(record, data)
            if len(self._patterns) >= _MOST_PATTERNS:
                self._patterns.clear()
            pattern = self._patterns[key] = self._pattern(content, list(values), is_marked=document_id is not None)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            body = archive.read(BODY).decode()
        _match(body, pattern, values)

    def _values(self, record: Record) -> Iterator[tuple[Tag, tuple[Field, Entry]]]:
        """The values that are printed as text, by tag."""
        row: Mapping[str, Entry] = record.rows[0] if record.rows else {}
        sides = (("record", self._definition.fields, row), ("header", self._definition.header, record.header))
        for root, fields, entries in sides:
            for field in fields:
                entry = entries.get(field.key)
                tag = Tag(root, field.key)
                if entry is not None and entry.value not in (None, "") and tag in self._template.tags:
                    yield tag, (field, entry)

    def _is_odd(self, content: Content, values: Mapping[Tag, tuple[Field, Entry]]) -> bool:
        for box in content.boxes.values():
            for part, text in box.items():
                if text and (part != "date" or text != GUIDES["day"]):
                    return True
        return any(self._is_odd_value(tag, field, entry) for tag, (field, entry) in values.items())

    def _is_odd_value(self, tag: Tag, field: Field, entry: Entry) -> bool:
        key = (f"{tag.root}.{tag.key}", (type(entry.value), entry.value))
        found = self._judged.get(key)
        if found is None:
            if len(self._judged) > _MOST_JUDGED:
                self._judged.clear()
            found = self._judged[key] = _is_odd(field, entry, self._words, is_shared=tag in self._shared)
        return found

    def _pattern(self, content: Content, tags: Sequence[Tag], *, is_marked: bool) -> _Pattern:
        """The text of a card of this pattern between its values."""
        names = {tag: f"{_SLOT}{number}." for number, tag in enumerate(tags)}
        text = self._template.body_with(content, names, is_marked=is_marked)
        segments: list[str] = []
        order: list[Tag] = []
        while (start := text.find(_SLOT)) >= 0:
            end = text.index(".", start)
            segments.append(text[:start])
            order.append(tags[int(text[start + len(_SLOT) : end])])
            text = text[end + 1 :]
        return _Pattern((*segments, text), tuple(order))


@lru_cache(maxsize=32)
def card_prover(template: WordTemplate) -> CardProver:
    """The one prover of a compiled template."""
    return CardProver(template)


def labels_of(definition: FormDefinition) -> Iterator[str]:
    """Every word that the locator may take for a label of the form, normalised."""
    yield from map(normalise_label, definition.printed)
    for item in (*definition.fields, *definition.header):
        yield from map(normalise_label, (item.label, item.group, *item.synonyms, *item.ambiguous))
    for box in definition.boxes:
        yield from map(normalise_label, (box.label, *box.synonyms))
    for combined in definition.combined:
        yield from map(normalise_label, (combined.label, *combined.synonyms))


def _is_odd(field: Field, entry: Entry, words: frozenset[str], *, is_shared: bool) -> bool:
    """Whether only the whole locator can say how this value will be read.

    ``is_shared`` says that other words stand in the same cell or line; there a value must not hold a label at all.
    """
    text = field.type.write(entry.value)
    reading = field.type.read(text)
    if not reading.settled or reading.value != entry.value or type(reading.value) is not type(entry.value):
        return True
    if not isinstance(entry.value, str):
        return False
    bare = normalise_label(text)
    if not bare or bare in words or "续页" in text or _UNSAFE & set(text) or text != text.strip():
        return True
    is_free = field.type.name not in ("day", "month", "id_number", "phone")
    return is_shared and is_free and (" " in text or any(len(word) > 1 and word in bare for word in words))


def _match(body: str, pattern: _Pattern, values: Mapping[Tag, tuple[Field, Entry]]) -> None:
    """Walk the text of a finished file along its pattern and compare each value."""
    if not body.startswith(pattern.segments[0]):
        raise OutputCheckFailedError(differences="文件开头与已核对的样本不同")
    place = len(pattern.segments[0])
    for tag, segment in zip(pattern.tags, pattern.segments[1:], strict=True):
        end = body.find(segment, place) if segment else len(body)
        raw = body[place:end] if end >= 0 else ""
        field, entry = values[tag]
        wanted = printed(field, entry, numeric=False, guided=True)
        if end < 0 or "<" in raw or unescape(raw) != wanted:
            raise OutputCheckFailedError(differences=f"{tag}: 应为“{wanted}”,读回“{raw[:60]}”")
        place = end + len(segment)
    if place != len(body):
        raise OutputCheckFailedError(differences="文件结尾与已核对的样本不同")
