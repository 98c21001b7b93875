"""Doc to events: candidates from a trigger lexicon on the parse, roles, settling, telling.

`Coder` is the stage. `syntax` undoes passives, control and coordination, `roles` fills slots with
parties, `matching` finds triggers, `quantities` reads counts. The folder refuses to guess: a
trigger without a resolvable party gives no event.
"""

from dateline.coding.coder import CARRIERS, Coder, Frame, event_id

__all__ = ["CARRIERS", "Coder", "Frame", "event_id"]
