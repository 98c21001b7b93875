"""Why an event is one event: which reports, why together, what spoke against, what is disputed.

Everything is said in sentences for a reader who knows no code. Nothing is decided here: the
features are computed again by the functions that decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from dateline.merge.likeness import LINK, Likeness, Sketch, compare, sketch
from dateline.merge.merging import KEEP, score
from dateline.merge.reports import Event, Report
from dateline.merge.rulings import NONE, Rulings, pair

_GOOD, _BAD = 0.75, 0.5  # a feature from here up speaks for, below the other speaks against


def why(event: Event, rulings: Rulings = NONE) -> list[str]:
    """Lines of text: the event, its reports, why they are together, what spoke against, what is disputed."""
    lines = [headline(event), "", f"Reports ({len(event.reports)}):"]
    stages = {key: stage for _, stage, key in event.history}
    lines += [f"  {_report_line(report, stages.get(report.key))}" for report in event.reports]
    for title, found in (
        ("Why together:", list(_bonds(event))),
        ("What spoke against:", list(_doubts(event))),
        ("Disputed:", [f"{item.kind}: {item.text} ({item.between[0]}, {item.between[1]})" for item in event.contradictions]),
        ("Figures:", [f"{item.unit}: {_spread(item.low, item.high)}" for item in event.figures]),
        ("By hand:", [f"{item.kind} {item.id}: {', '.join(item.left)} | {', '.join(item.right)}"
                      for item in rulings.on(report.key for report in event.reports)]),
    ):  # fmt: skip
        lines += ["", title, *(f"  {line}" for line in found or ["nothing"])] if found or title != "By hand:" else []
    return lines


def headline(event: Event) -> str:
    """The event in one line."""
    kind = f"{event.type}/{event.mode}" if event.mode else event.type
    sides = [" and ".join(side.name for side in some) or "nobody named" for some in (event.sources, event.targets)]
    when = event.start if event.start == event.end else f"{event.start} to {event.end}"
    where = f", {event.place.name}" if event.place else ""
    disputed = ", disputed" if any(item.kind == "denied" for item in event.contradictions) else ""
    told = f"{len(event.reports)} reports, {len(event.agencies)} independent sources"
    return f"{event.id}  {sides[0]} → {kind} → {sides[1]}, {when or 'no day'}{where}: {event.status}{disputed}; {told}"


def _spread(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _report_line(report: Report, stage: str | None) -> str:
    who = report.agency or report.publisher or "no agency"
    said = f", says {' and '.join(side.name for side in report.speakers)}" if report.speakers else ""
    copy = "" if stage else " (copy)"
    return (
        f"{report.key}  {report.published or 'no day'}  {who}: {stage or report.status}{said}{copy}: {report.sentence}"
    )


# --------------------------------------------------------------------------- for and against


def _told(event: Event) -> list[Sketch]:
    """The reports that speak for their copies."""
    speaking = {key for _, _, key in event.history}
    return [sketch(report) for report in event.reports if report.key in speaking]


def _bonds(event: Event) -> Iterator[str]:
    """For each report after the first, the earlier report that it is most like, and in what."""
    told = _told(event)
    for n, one in enumerate(told[1:], 1):
        other = max(told[:n], key=lambda held: (score(one, held, compare(one, held)), held.report.key))
        found = compare(one, other)
        worth = score(one, other, found) / 1000
        what = "; ".join(reasons(found, for_it=True)) or "by hand"
        yield f"{one.report.key} with {other.report.key}, {worth:.2f} (needs {LINK:.2f}): {what}"
    if not told[1:]:
        yield "one report only"


def _doubts(event: Event) -> Iterator[str]:
    """What is unlike between reports that are together all the same, the strongest doubts first, ten at most."""
    doubts = []
    for one, other in combinations(_told(event), 2):
        found = compare(one, other)
        worth = score(one, other, found) / 1000
        text = [found.veto] if found.veto else list(reasons(found, for_it=False))
        if text and (worth < LINK or len(event.reports) == 2):
            first, second = pair(one.report.key, other.report.key)
            doubts.append((worth, f"{first} and {second}, {worth:.2f}: {'; '.join(text)}"))
    yield from (text for _, text in sorted(doubts)[:10])


_FOR = {
    "meaning": "the trigger says the same", "sources": "the sources can be one party",
    "targets": "the targets can be one party", "time": "the days agree", "place": "the same place",
    "figures": "the same figures", "words": "the sentences share their words",
}  # fmt: skip
_AGAINST = {
    "meaning": "the triggers differ", "sources": "the sources differ", "targets": "the targets differ",
    "time": "the days do not quite agree", "place": "the places differ", "figures": "the figures differ",
    "words": "the sentences share few words",
}  # fmt: skip


def reasons(found: Likeness, *, for_it: bool) -> Sequence[str]:
    """The features of a pair that speak for one act, or against it, as short phrases with their worth."""
    names = _FOR if for_it else _AGAINST
    return [
        f"{names[name]} ({value:.2f})" for name, value in found.known() if (value >= _GOOD if for_it else value < _BAD)
    ]


__all__ = ["KEEP", "headline", "reasons", "why"]
