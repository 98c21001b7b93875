"""One event from many reports.

`merge` takes reports (one story's record of an act) and gives events (the act, with all its
reports). It is pure, order-free and deterministic; rulings made by hand are part of its input. It
refuses to guess what no report says, and it never drops a report: a report like no other is an
event of its own.
"""

from __future__ import annotations

from dateline.merge.explain import headline, why
from dateline.merge.merging import Group, blocks, groups, linked, merge, span
from dateline.merge.reports import (
    Amount,
    Contradiction,
    Event,
    Figure,
    Report,
    Side,
    Spot,
    event_from,
    event_json,
    report_from,
)
from dateline.merge.rulings import NONE, Ruling, Rulings

__all__ = [
    "NONE", "Amount", "Contradiction", "Event", "Figure", "Group", "Report", "Ruling", "Rulings", "Side", "Spot",
    "blocks", "event_from", "event_json", "groups", "headline", "linked", "merge", "report_from", "span", "why",
]  # fmt: skip
