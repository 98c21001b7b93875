"""Copies, re-sends and write-thrus: which stories are one wire story, and which version counts.

`sign` gives a story its signature; `FamilyIndex` names families and keeps them the same whatever
the order of arrival; `link` says what two stories are to each other. It never decides that a story
is not worth reading: copies are kept and coded like any other.
"""

from __future__ import annotations

from dateline.families.index import FamilyIndex, Row, Version, key_of
from dateline.families.kinds import FAMILY, Kind, Link, link, replaces
from dateline.families.signatures import Sketch, day_of, read, sign, signature

__all__ = [
    "FAMILY", "FamilyIndex", "Kind", "Link", "Row", "Sketch", "Version", "day_of", "key_of", "link", "read", "replaces",
    "sign", "signature",
]  # fmt: skip
