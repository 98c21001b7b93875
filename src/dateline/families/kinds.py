"""What two stories are to each other: copy, shortened, extended, revision, background, template, or strangers.

Decided from two signatures and the days between them alone, so that it is the same whoever came
first. The first four kinds make a family; shared background and the daily report in yesterday's
words do not. Text is not read: two reports of one act in different words are strangers here, and
are brought together by the merging of events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dateline.families.signatures import EVERY, NUMBERS, Sketch

Kind = Literal["copy", "shortened", "extended", "revision", "background", "template"]

FAMILY: tuple[Kind, ...] = ("copy", "shortened", "extended", "revision")
"""Kinds that make two stories one wire story."""

DAYS = 2
"""Days within which a story is re-sent or updated. An unknown day counts as the same day."""

SAME_DAY = 0.5
"""Share of the smaller story's shingles that must stand in the larger when both are of one day. Of labelled real pairs
(bench/data/family_pairs.tsv, part "tune") those above it are re-sends and updates, from 0.4 to 0.5 new stories on an
old background."""

NEXT_DAYS = 0.75
"""The same within `DAYS`: yesterday's paragraphs fill today's new story up to two thirds."""

RE_SENT = 0.8
"""Share of all the shingles of both that must be common when stories are further apart: the same text sent again."""

HEADED = 0.2
"""Share that is enough under one headline on one day or the next: a flash and its rewritten lead."""

WHOLE = 0.9
"""From here on the smaller story stands whole in the larger; the rest is sampling and spelling."""

NOTICED = 0.15
"""From here on stories outside a family share background."""

_FIGURES = 4  # numbers that both must have before differing numbers make a template
_UPDATED = 8  # the same on one day: tolls and scores grow during the day
_ALIKE = 0.5  # share of the numbers in common below which figures are other figures
_SURE = 12  # sampled shingles of the smaller story from which their share is trusted alone
_FEW = 4  # shingles in common below which two sketches prove nothing, unless a story is that short


@dataclass(frozen=True, slots=True)
class Common:
    """What two sketches have in common: sampled shingles, and shingles of the openings beyond these."""

    sampled: int
    opening: int


@dataclass(frozen=True, slots=True)
class Link:
    """How the later of two stories stands to the earlier: the kind, and the share of the smaller that is common."""

    kind: Kind
    share: float

    @property
    def family(self) -> bool:
        """Whether it makes them one family."""
        return self.kind in FAMILY


def common(one: Sketch, two: Sketch) -> Common:
    """Count what two sketches share."""
    both = set(one.hashes) & set(two.hashes)
    sampled = sum(value % EVERY == 0 for value in both)
    return Common(sampled, len(both) - sampled)


def share(one: Sketch, two: Sketch, both: Common) -> float:
    """How much of the smaller story stands in the larger, 0 to 1; 0 when too little is shared to tell."""
    small, large = sorted((one, two), key=lambda sketch: (sketch.size, sketch.kept, sketch.sampled))
    shared = both.sampled + both.opening
    if not small.kept or shared < min(_FEW, small.kept, large.kept):
        return 0.0
    if small.sampled >= _SURE:
        return min(1.0, both.sampled / small.sampled)
    sampled = both.sampled / small.sampled if small.sampled >= _FEW else 0.0
    return min(1.0, max(shared / small.kept, sampled))


def link(earlier: Sketch, later: Sketch, apart: int, both: Common | None = None) -> Link | None:
    """How `later` stands to `earlier`, published `apart` days from it; None for strangers.

    Exchanging the two exchanges "shortened" with "extended" and changes nothing else.
    """
    both = both or common(earlier, later)
    part = share(earlier, later, both)
    if part < NOTICED:
        return None
    if _other_figures(earlier, later, _FIGURES if apart else _UPDATED):
        return Link("template", part)
    alike = part * min(earlier.size, later.size)
    union = alike / max(1.0, earlier.size + later.size - alike)
    headed = bool(earlier.headline) and earlier.headline == later.headline and apart <= 1
    needed = SAME_DAY if apart == 0 else NEXT_DAYS
    if (part < (HEADED if headed else needed)) if apart <= DAYS else union < RE_SENT:
        return Link("background", part)
    return Link(_version(earlier, later, part), part)


def _version(earlier: Sketch, later: Sketch, part: float) -> Kind:
    small, large = sorted((earlier.size, later.size))
    if part < WHOLE:
        return "revision"
    if small >= WHOLE * large:
        return "revision" if 30 in (earlier.take, later.take) and earlier.take != later.take else "copy"
    return "shortened" if later.size < earlier.size else "extended"


def _other_figures(one: Sketch, two: Sketch, enough: int) -> bool:
    """Whether the numbers are not the same. Of many numbers a sketch has the smallest, as far as which it is complete."""
    limit = min((max(each.numbers) for each in (one, two) if len(each.numbers) >= NUMBERS), default=None)
    first, second = ({n for n in each.numbers if limit is None or n <= limit} for each in (one, two))
    fewer = min(len(first), len(second))
    return fewer >= enough and len(first & second) < _ALIKE * fewer


def replaces(earlier: Sketch, later: Sketch, found: Link) -> bool:
    """Whether `later` is the version that counts from now on: a revision, or a full story after its flash or lead.

    Never across origins: an outlet's edit does not replace the agency's story.
    """
    if earlier.origin and later.origin and earlier.origin != later.origin:
        return False
    return found.kind == "revision" or (found.kind == "extended" and later.take != earlier.take)
