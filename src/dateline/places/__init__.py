"""Places: which words of a story name one, where it is, and where an event happened.

Three files, one idea each: `gazetteer` knows places and answers by name, `mentions` finds them in a
story and decides which of several namesakes is meant, `events` picks the place of one event. Nothing
here asks a network, and a name that no evidence places is left out rather than put somewhere.
"""

from dateline.places.events import place_of
from dateline.places.gazetteer import Gazetteer

__all__ = ["Gazetteer", "place_of"]
