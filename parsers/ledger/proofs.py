"""What the values of a table prove of its columns, whatever their heads say: nothing else could hold just these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from forms import identity
from forms.fieldtypes.registry import make_type
from parsers.ledger.evidence import ColumnValues, births_of, is_name

_FEWEST = 3
"""Values, and different ones among them, that a proof needs."""
_HALF = 0.5
_NAMES, _NUMBERS, _BIRTHS = 0.8, 0.8, 0.9
"""Part of the values that must be what is to be proved: a misread number or a slip of the pen is no counter-proof."""
_MONTH = make_type("month")


def proven(columns: Sequence[ColumnValues]) -> Mapping[int, str]:
    """The keys that values prove, by the place of the column in ``columns``.

    Identity numbers all with the right check digit; months that are all months of birth of these numbers, sexes as many
    as theirs, and names where one column alone has any. Two columns that could both be it prove nothing.
    """
    numbers = _only(columns, _are_numbers)
    found = {} if numbers is None else {numbers: "id_number"}
    names = _only(columns, _are_names)
    if names is not None and sum(_are_names(column, _HALF) for column in columns) == 1:
        found[names] = "name"
    if numbers is not None:
        births, women = births_of(columns), _women(columns[numbers])
        tests: tuple[tuple[str, Callable[[ColumnValues], bool]], ...] = (
            ("birth_month", lambda values: _are_births(values, births)),
            ("sex", lambda values: _are_sexes(values, women)),
        )
        for key, test in tests:
            place = _only(columns, test)
            if place is not None:
                found[place] = key
    return found


def _only(columns: Sequence[ColumnValues], test: Callable[[ColumnValues], bool]) -> int | None:
    places = [place for place, values in enumerate(columns) if len(values.cells) >= _FEWEST and test(values)]
    return places[0] if len(places) == 1 else None


def _are_numbers(values: ColumnValues) -> bool:
    valid = [text.upper() for text in values.texts if identity.has_valid_check(text.upper())]
    return len(set(valid)) >= _FEWEST and len(valid) >= _NUMBERS * len(values.texts)


def _are_names(values: ColumnValues, least: float = _NAMES) -> bool:
    """Whether a column names persons, hardly one of them twice."""
    return values.share(is_name) >= least and len(set(values.texts)) > least * len(values.texts) > 0


def _are_births(values: ColumnValues, births: frozenset[str]) -> bool:
    read = [str(one.value) for one in map(_MONTH.read, values.texts) if one.settled]
    own = [month for month in read if month in births]
    return len(set(own)) >= _FEWEST and len(own) >= _BIRTHS * len(values.texts)


def _are_sexes(values: ColumnValues, women: Counter[bool]) -> bool:
    told = Counter(text == "女" for text in values.texts)
    return values.kinds["sex"] == 1.0 and len(told) > 1 and told == women


def _women(values: ColumnValues) -> Counter[bool]:
    """How many of the identity numbers are women's, and how many are not; none where one of them is misread."""
    numbers = [text.upper() for text in values.texts]
    is_whole = all(map(identity.has_valid_check, numbers))
    return Counter(identity.sex_of(number) == "女" for number in numbers if is_whole)
