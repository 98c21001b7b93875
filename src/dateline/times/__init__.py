"""Time expressions: what a story says about when, and the days on which an event happened.

Three files, one idea each: `phrases` finds the words, `calendar` turns them into TIMEX3 values and
days, `events` picks the date of one event. Nothing here guesses a clock's time zone, and a phrase
that can't be placed without a publication day stays unplaced when there is none.
"""

from dateline.times.calendar import find, find_in_text
from dateline.times.events import date_of

__all__ = ["date_of", "find", "find_in_text"]
