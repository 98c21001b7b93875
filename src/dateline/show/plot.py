"""A dyad's series as a picture for a paper: events by quad class, the balance with its interval, the reading behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from dateline.errors import ConfigError
from dateline.series import Series

QUADS = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")
# Okabe and Ito's colours: told apart in print and by the colour-blind.
COLOURS = ("#56B4E9", "#0072B2", "#E69F00", "#D55E00")
KINDS = (".svg", ".png", ".pdf")


def draw(series: Series, path: Path) -> None:
    """Write the picture to `path` (.svg, .png or .pdf). ConfigError for another ending or without matplotlib."""
    if path.suffix.lower() not in KINDS:
        raise ConfigError(f"{path}: a plot ends in {', '.join(KINDS)}")
    try:
        import matplotlib
    except ImportError:
        raise ConfigError('a plot needs matplotlib: pip install "dateline[plot]"') from None
    matplotlib.use("Agg")
    from matplotlib import pyplot

    style = {
        "font.size": 8,
        "svg.hashsalt": "dateline",
        "svg.fonttype": "none",
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    with pyplot.rc_context(style):
        figure, axes = pyplot.subplots(
            3, 1, figsize=(7.0, 5.2), sharex=True, height_ratios=(3, 3, 1), constrained_layout=True
        )
        _counts(axes[0], series)
        _balance(axes[1], series)
        _reading(axes[2], series)
        for axis in axes:
            for change in series.changes:
                axis.axvline(date.fromisoformat(change), color="0.35", linewidth=0.8, linestyle=(0, (4, 3)))
        first, last = (series.points[0].start, series.points[-1].start) if series.points else ("", "")
        figure.suptitle(f"{series.dyad.name}, {first} to {last}, by {series.step}", x=0.01, ha="left", fontsize=10)
        figure.savefig(path, metadata={"Date": None} if path.suffix.lower() == ".svg" else None, dpi=200)
        pyplot.close(figure)


def _days(series: Series) -> list[date]:
    return [date.fromisoformat(point.start) for point in series.points]


def _width(series: Series) -> float:
    return {"day": 0.9, "week": 6.0, "month": 26.0, "year": 330.0}[series.step]


def _counts(axis: Any, series: Series) -> None:  # Any: matplotlib's Axes
    days, base = _days(series), [0] * len(series.points)
    for quad, (name, colour) in enumerate(zip(QUADS, COLOURS, strict=True)):
        heights = [point.quads[quad] for point in series.points]
        axis.bar(days, heights, _width(series), bottom=base, color=colour, label=name, linewidth=0)
        base = [a + b for a, b in zip(base, heights, strict=True)]
    axis.set_ylabel(series.of)
    axis.yaxis.get_major_locator().set_params(integer=True)
    axis.legend(loc="upper left", frameon=False, ncols=4, fontsize=7, bbox_to_anchor=(0, 1.14))


def _balance(axis: Any, series: Series) -> None:  # Any: matplotlib's Axes
    days = _days(series)
    middle = _numbers([point.balance for point in series.points])
    low, high = (
        _numbers([getattr(point, name) for point in series.points]) for name in ("balance_low", "balance_high")
    )
    axis.fill_between(days, low, high, color="0.8", linewidth=0, label="90 % (stories drawn anew)")
    axis.plot(days, middle, color="0.1", linewidth=1.1, label="cooperation less conflict")
    axis.axhline(0, color="0.5", linewidth=0.6)
    axis.set_ylabel(f"{series.scale} score\na thousand stories")
    if series.changes:
        axis.plot([], [], color="0.35", linewidth=0.8, linestyle=(0, (4, 3)), label="the rate changes")
    axis.legend(loc="best", frameon=False, fontsize=7)


def _reading(axis: Any, series: Series) -> None:  # Any: matplotlib's Axes
    days = _days(series)
    axis.bar(days, [point.read for point in series.points], _width(series), color="0.75", linewidth=0)
    thin = [(day, point.read) for day, point in zip(days, series.points, strict=True) if not point.enough]
    if thin:
        axis.plot(
            [day for day, _ in thin],
            [n for _, n in thin],
            "x",
            color="#D55E00",
            markersize=4,
            label="not enough coverage",
        )
        axis.legend(loc="lower right", frameon=False, fontsize=7, bbox_to_anchor=(1, 0.95), borderpad=0)
    axis.set_ylabel("stories\nread")


def _numbers(values: Sequence[float | None]) -> list[float]:
    return [float("nan") if value is None else value for value in values]
