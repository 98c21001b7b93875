"""Reading: what the user names, as stories; and cleaning, where hostile pages can do no harm.

`read` turns files, folders, globs, standard input and URLs into a Raw or a Drop for every story.
`Cleaner` turns each Raw into a Story or a Drop; HTML is only ever parsed in a process that can be
killed. Nothing is lost in silence: what went in comes out by one of the two doors.
"""

from __future__ import annotations

from .inputs import read
from .readers import READERS
from .sandbox import Cleaner

__all__ = ["READERS", "Cleaner", "read"]
