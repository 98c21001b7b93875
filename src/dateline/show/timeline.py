"""Where the dated events of a story stand on one line of time, as percentages for an inline SVG.

News is dense near the day it is published and thin long before, so days are set on a logarithmic
scale on both sides of that day: x = sign(d) * log(1 + |d|), d in days from publication.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from dateline.records import Coded, Event
from dateline.show.marks import days

ROW, TOP, FOOT = 40, 8, 30  # heights in pixels: one event, above the first, the axis
_TICKS = {
    **{0: "published", 1: "1 day", 7: "1 week", 30: "1 month", 365: "1 year", 1826: "5 years"},
    **{3652: "10 years", 9131: "25 years", 18262: "50 years", 36525: "100 years"},
}
_THIN = 1.2  # per cent: the width of a bar below which it could not be seen
_AROUND = 3  # days on each side of publication that the line shows at least
_APART = 17.0  # per cent between two tick labels, so that they stay apart on a phone


@dataclass(frozen=True, slots=True)
class Bar:
    """One event on the line: `x` and `width` in per cent, `y` in pixels."""

    number: int
    event: Event
    x: float
    width: float
    y: int
    when: str


@dataclass(frozen=True, slots=True)
class Tick:
    """One label under the line, `x` in per cent."""

    x: float
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars in order of time, ticks in order of place, `height` in pixels, events left out for want of a date."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    zero: float
    height: int
    undated: int


def timeline(coded: Coded) -> Timeline | None:
    """The timeline of a story, None when none of its events has a date."""
    dated = []
    for number, event in enumerate(coded.events):
        first, last = (_day(event.date.start), _day(event.date.end)) if event.date else (None, None)
        if first and last:
            dated.append((min(first, last), max(first, last), number, event))
    if not dated:
        return None
    dated.sort(key=lambda item: item[:3])
    zero = _day(coded.story.published) or max(last for _, last, _, _ in dated)
    scale = _Scale([(day - zero).days for first, last, _, _ in dated for day in (first, last)])
    bars = []
    for row, (first, last, number, event) in enumerate(dated):
        left, right = scale((first - zero).days - 0.5), scale((last - zero).days + 0.5)
        when = days(first.isoformat(), last.isoformat())
        width = round(max(right - left, _THIN), 2)
        bars.append(Bar(number, event, min(left, round(100 - width, 2)), width, TOP + row * ROW, when))
    height = TOP + len(bars) * ROW + FOOT
    return Timeline(tuple(bars), tuple(scale.ticks()), scale(0), height, len(coded.events) - len(bars))


def _day(iso: str | None) -> date | None:
    try:
        return date.fromisoformat(iso) if iso else None
    except ValueError:
        return None


class _Scale:
    """Days from publication to per cent of the width, with room at both ends."""

    def __init__(self, offsets: list[int]) -> None:
        low, high = _log(min(*offsets, -_AROUND) - 0.5), _log(max(*offsets, _AROUND) + 0.5)
        self._low, self._width = low - 0.1, high - low + 0.2

    def __call__(self, offset: float) -> float:
        return round(100 * (_log(offset) - self._low) / self._width, 2)

    def ticks(self) -> list[Tick]:
        """Labels from publication outwards, each far enough from the last."""
        found = [self._tick(0, "published")]
        for sign, mark in ((-1, "−"), (1, "+")):
            near = found[0].x
            for offset, label in list(_TICKS.items())[1:]:
                x = self(sign * offset)
                if abs(x - near) >= _APART and 0 <= x <= 100:
                    found.append(self._tick(sign * offset, f"{mark}{label}"))
                    near = x
        return sorted(found, key=lambda tick: tick.x)

    def _tick(self, offset: int, label: str) -> Tick:
        x = self(offset)
        return Tick(x, label, "start" if x < 10 else "end" if x > 85 else "middle")


def _log(offset: float) -> float:
    return math.copysign(math.log1p(abs(offset)), offset)
