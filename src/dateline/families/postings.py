"""Which stories hold a hash: an inverted index of 8 bytes an entry, searched for a whole batch at once.

Entries lie in sorted runs; a run is merged with the one before it when that is not much larger, so
that a million stories make about ten runs and each entry is moved about ten times. It remembers
32 bits of a key, so that a wrong entry turns up now and then: who asks must count, not trust one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.int64]

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


class Postings:
    """Pairs of a key and a story's number. Memory: 8 bytes a pair, twice that while the largest runs are merged."""

    def __init__(self) -> None:
        self._runs: list[npt.NDArray[np.uint64]] = []

    @property
    def bytes(self) -> int:
        """Memory that is held."""
        return sum(run.nbytes for run in self._runs)

    def add(self, keys: Keys, stories: Numbers) -> None:
        """Enter stories under keys, two arrays of one length."""
        if not len(keys):
            return
        self._runs.append(np.sort(keys.astype(np.uint64) << _HALF | stories.astype(np.uint64)))
        while len(self._runs) > 1 and len(self._runs[-2]) <= 2 * len(self._runs[-1]):
            last = self._runs.pop()
            # "stable" merges what is sorted already, in linear time.
            self._runs[-1] = np.sort(np.concatenate([self._runs[-1], last]), kind="stable")

    def find(self, keys: Keys) -> tuple[Numbers, Numbers]:
        """(place in `keys`, number of a story entered under that key) of every entry found."""
        order = np.argsort(keys, kind="stable")
        asked = keys[order].astype(np.uint64) << _HALF
        places, stories = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for run in self._runs:
            left = np.searchsorted(run, asked)
            inside = left < len(run)
            hit = np.flatnonzero(inside)[(run[left[inside]] ^ asked[inside]) <= _LOW]
            right = np.searchsorted(run, asked[hit] | _LOW, "right")
            counts = right - left[hit]
            spots = np.repeat(left[hit] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
            places.append(order[np.repeat(hit, counts)])
            stories.append((run[spots] & _LOW).astype(np.int64))
        return np.concatenate(places), np.concatenate(stories)
