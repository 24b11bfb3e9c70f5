"""Reads a code table strictly and finds in it what a person wrote."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from forms.cleaning import squeeze
from forms.tomlcheck import TomlChecker

_FOLDER = Path(__file__).parent
_CODE_THEN_NAME = re.compile(r"\(?([0-9]{1,2}|[A-Z])[).、:.\-]*(.*)", re.IGNORECASE)
_NAME_THEN_CODE = re.compile(r"(.+?)\(([0-9]{1,2}|[A-Z])\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Code:
    """One line of a table. ``aliases`` stand for the name silently, ``informal`` words with a hint to write it out."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    informal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A word that stands for several codes: only the person who wrote it can say which."""

    text: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeMatch:
    """What a text was found to be: one code, or several candidates (``code`` is then ``None``).

    ``hint`` says that the word is understood but the full name is to be written (``汉`` for ``汉族``).
    """

    code: Code | None
    candidates: tuple[str, ...] = ()
    hint: bool = False


@dataclass(frozen=True)
class CodeTable:
    """A closed list of names with their codes."""

    name: str
    standard: str
    codes: tuple[Code, ...]
    unsettled: tuple[Unsettled, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The full names in the order of the table."""
        return tuple(code.name for code in self.codes)

    @cached_property
    def by_code(self) -> dict[str, Code]:
        """The lines by their codes."""
        return {code.code: code for code in self.codes}

    @cached_property
    def words(self) -> dict[str, CodeMatch]:
        """Every word of the table, blanks removed and in half width, with what it stands for."""
        found: dict[str, CodeMatch] = {squeeze(item.text): CodeMatch(None, item.candidates) for item in self.unsettled}
        for code in self.codes:
            found.update((squeeze(word), CodeMatch(code, hint=True)) for word in code.informal)
            found.update((squeeze(word), CodeMatch(code)) for word in (code.name, *code.aliases))
        return found

    def name_of(self, code: str) -> str | None:
        """The full name of a code."""
        line = self.by_code.get(code)
        return line.name if line else None

    def code_of(self, name: str) -> str | None:
        """The code of a full name."""
        found = self.words.get(squeeze(name))
        return found.code.code if found and found.code and found.code.name == name else None

    def find(self, text: str) -> CodeMatch | None:
        """What ``text`` stands for: a name, an alias, a code, or a code beside its name; ``None`` if nothing."""
        word = squeeze(text)
        if (found := self.words.get(word)) is not None:
            return found
        if (line := self._line(word)) is not None:
            return CodeMatch(line)
        return self._code_beside_name(word)

    def similar(self, text: str) -> tuple[str, ...]:
        """Names that look like ``text``, best first, for a suggestion."""
        close = difflib.get_close_matches(squeeze(text)[:40], list(self.words), n=3, cutoff=0.6)
        matches = (self.words[word] for word in close)
        return tuple(dict.fromkeys(name for m in matches for name in ((m.code.name,) if m.code else m.candidates)))

    def _line(self, word: str) -> Code | None:
        """The line of a bare code; ``1`` also means ``01`` where the table has two figures."""
        code = word.upper()
        return self.by_code.get(code) or (self.by_code.get(f"0{code}") if len(code) == 1 and code.isdigit() else None)

    def _code_beside_name(self, word: str) -> CodeMatch | None:
        """``1男``, ``01 汉族``, ``男(1)``: both must say the same, or the word is unsettled."""
        if found := _CODE_THEN_NAME.fullmatch(word):
            code, name = found.groups()
        elif found := _NAME_THEN_CODE.fullmatch(word):
            name, code = found.groups()
        else:
            return None
        line, named = self._line(code), self.words.get(name)
        if line is None or named is None:
            return None
        if named.code is line or line.name in named.candidates:
            return CodeMatch(line)
        return CodeMatch(None, (line.name, *((named.code.name,) if named.code else named.candidates)))


def table_names() -> tuple[str, ...]:
    """The names of all code tables."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@lru_cache(maxsize=64)
def load_table(name: str) -> CodeTable:
    """The code table of that name.

    Raises:
        ValueError: there is no such table, or its file is wrong; the message lists every fault with its place.
    """
    if name not in table_names():
        raise ValueError(f"没有码表 {name};可用:{'、'.join(table_names())}")
    return read_table(_FOLDER / f"{name}.toml")


def read_table(path: Path) -> CodeTable:
    """A code table from its file, read strictly.

    Raises:
        ValueError: the file is wrong; the message lists every fault with its place.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    checker = TomlChecker(path.name)
    checker.keys(data, "", required={"standard", "code"}, optional={"unsettled"})
    standard = checker.text(data, "standard", "", filled=True)
    codes = tuple(_code(checker, item, place) for item, place in checker.tables(data, "code", ""))
    unsettled = tuple(_unsettled(checker, item, place) for item, place in checker.tables(data, "unsettled", ""))
    _no_word_twice(checker, codes, unsettled)
    if checker.faults:
        raise ValueError("\n".join(checker.faults))
    return CodeTable(path.stem, standard, codes, unsettled)


def _code(checker: TomlChecker, item: dict[str, object], place: str) -> Code:
    checker.keys(item, place, required={"code", "name"}, optional={"aliases", "informal"})
    return Code(
        code=checker.text(item, "code", place, filled=True),
        name=checker.text(item, "name", place, filled=True),
        aliases=checker.texts(item, "aliases", place),
        informal=checker.texts(item, "informal", place),
    )


def _unsettled(checker: TomlChecker, item: dict[str, object], place: str) -> Unsettled:
    checker.keys(item, place, required={"text", "candidates"})
    return Unsettled(checker.text(item, "text", place, filled=True), checker.texts(item, "candidates", place))


def _no_word_twice(checker: TomlChecker, codes: tuple[Code, ...], unsettled: tuple[Unsettled, ...]) -> None:
    seen: dict[str, str] = {}
    used: set[str] = set()
    for index, code in enumerate(codes):
        place = f"code[{index}]"
        if code.code in used:
            checker.fault(f"{place}.code", f"编码 {code.code} 重复")
        used.add(code.code)
        for word in (code.name, *code.aliases, *code.informal):
            _take(checker, seen, word, place)
    names = {code.name for code in codes}
    for index, item in enumerate(unsettled):
        place = f"unsettled[{index}]"
        _take(checker, seen, item.text, place)
        if unknown := [name for name in item.candidates if name not in names]:
            checker.fault(f"{place}.candidates", f"码表中没有 {'、'.join(unknown)}")
        if not item.candidates:
            checker.fault(f"{place}.candidates", "不能为空")


def _take(checker: TomlChecker, seen: dict[str, str], word: str, place: str) -> None:
    key = squeeze(word)
    if key in seen:
        checker.fault(place, f"“{word}”已用于 {seen[key]}")
    seen.setdefault(key, place)
