"""Charts as SVG inside a page: bars with their figures, no script, no style of their own, legible in black and white.

Everything is an attribute, for the pages allow no inline style (docs/decisions/0016-charts.md). A table with the same
figures stands beside each chart; the picture itself is named and described for who does not see it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup, escape

from service.operations.progress.charts import Figures

WIDTH = 1180
BAR, GAP = 20, 8
"""Height of a bar and of the room between two groups, in units of the drawing."""
_CHAR = 14
_FIGURE = 8.5
_LEGEND = 34
_FOOT = 8
_TONES = ("#8c1d12", "#b86e00", "#6b4fa0", "#2f6fb5", "#1f8a8a", "#2e7d4f", "#9aa5b1")
_INK, _PAPER = "#1b2430", "#ffffff"
_LONGEST_NAME = 16


def draw(chart: Figures) -> Markup:
    """The chart as SVG; without any bars nothing."""
    if not chart.bars:
        return Markup()
    names = [_cut(name) for name in chart.bars]
    left = max(_width_of(name) for name in names) + 12
    lines = 1 if chart.stacked else len(chart.series)
    height = _LEGEND + len(names) * (lines * BAR + GAP) + _FOOT
    parts = [*_legend(list(chart.series), left), *_bars(chart, names, left, lines)]
    return Markup(
        '<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" '
        'role="img" aria-labelledby="t-{key} d-{key}"><title id="t-{key}">{title}</title>'
        '<desc id="d-{key}">{told}</desc>{parts}</svg>'
    ).format(w=WIDTH, h=height, key=chart.key, title=chart.title, told=describe(chart), parts=Markup().join(parts))


def describe(chart: Figures) -> str:
    """The chart in a sentence: the sum of each series."""
    sums = "，".join(f"{name} {sum(values)}" for name, values in chart.series.items())
    return f"{chart.title}：共 {len(chart.bars)} 组；合计{sums}。各项数字见图旁的表。"


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _width_of(text: str) -> float:
    return sum(_CHAR if ord(char) > 0x2E7F else _FIGURE for char in text)  # noqa: PLR2004  # where wide characters begin


def _tone(number: int, count: int) -> str:
    return _TONES[number % len(_TONES)] if count > 3 else _TONES[(0, 3, 5)[number]]  # noqa: PLR2004  # few: far apart


def _legend(names: Sequence[str], left: float) -> Iterator[Markup]:
    at = left
    for number, name in enumerate(names):
        yield _box(at, 6, 14, 14, _tone(number, len(names)))
        yield _text(at + 20, 18, name)
        at += 20 + _width_of(name) + 22


def _bars(chart: Figures, names: Sequence[str], left: float, lines: int) -> Iterator[Markup]:
    room = WIDTH - left - 60
    longest = _longest(chart)
    for place, name in enumerate(names):
        top = _LEGEND + place * (lines * BAR + GAP)
        yield _text(left - 8, top + lines * BAR / 2 + 5, name, anchor="end", told=chart.bars[place])
        values = {series: figures[place] for series, figures in chart.series.items()}
        drawn = _stacked if chart.stacked else _beside
        yield from drawn(values, (left, top), room / longest)


def _longest(chart: Figures) -> int:
    """The largest figure that a bar shows, at least one."""
    columns = list(zip(*chart.series.values(), strict=True))
    reached: list[int] = [sum(column) if chart.stacked else max(column) for column in columns]
    return max([1, *reached])


def _stacked(values: Mapping[str, int], at: tuple[float, float], scale: float) -> Iterator[Markup]:
    left, top = at
    for number, (name, value) in enumerate(values.items()):
        if not value:
            continue
        width = value * scale
        yield _box(left, top, width, BAR, _tone(number, len(values)), told=f"{name} {value}")
        if width >= _width_of(str(value)) + 4:
            yield _text(left + width / 2, top + 15, str(value), anchor="middle", fill=_PAPER)
        left += width
    yield _text(left + 6, top + 15, str(sum(values.values())))


def _beside(values: Mapping[str, int], at: tuple[float, float], scale: float) -> Iterator[Markup]:
    left, top = at
    for number, (name, value) in enumerate(values.items()):
        y = top + number * BAR
        yield _box(left, y + 1, max(value * scale, 1), BAR - 2, _tone(number, len(values)), told=f"{name} {value}")
        yield _text(left + max(value * scale, 1) + 6, y + 15, str(value))


def _box(
    x: float, y: float, width: float, height: float, fill: str, *, told: str = ""
) -> Markup:  # a rectangle and its colour
    look = Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}" stroke="{}" stroke-width="1"')
    inside = Markup("><title>{}</title></rect>").format(told) if told else Markup("/>")
    return look.format(x, y, width, height, fill, _PAPER) + inside


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", fill: str = _INK, told: str = ""
) -> Markup:  # a text, its place and colour
    inside = Markup("<title>{}</title>").format(told) if told and told != text else Markup()
    look = Markup('<text x="{:.1f}" y="{:.1f}" font-size="14" text-anchor="{}" fill="{}">{}{}</text>')
    return look.format(x, y, anchor, fill, inside, escape(text))
