"""Dateline: newswire in, political event data out.

    import dateline
    coder = dateline.load()
    result = coder.code(text)

Names are fetched when they are first used, so that `import dateline` itself loads nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateline.api import Coder, Result, load, read_records
    from dateline.archive import Reader
    from dateline.errors import ArchiveError, ConfigError, DatelineError, InputError, ModelError, UserError
    from dateline.exports import events_table
    from dateline.records import Coded, Drop, Event, Raw, Story

__version__ = "0.1.0"

_HOMES = {
    "dateline.api": ("Coder", "Result", "load", "read_records"),
    "dateline.archive": ("Reader",),
    "dateline.errors": ("ArchiveError", "ConfigError", "DatelineError", "InputError", "ModelError", "UserError"),
    "dateline.exports": ("events_table",),
    "dateline.records": ("Coded", "Drop", "Event", "Raw", "Story"),
}

__all__ = [
    "ArchiveError",
    "Coded",
    "Coder",
    "ConfigError",
    "DatelineError",
    "Drop",
    "Event",
    "InputError",
    "ModelError",
    "Raw",
    "Reader",
    "Result",
    "Story",
    "UserError",
    "__version__",
    "events_table",
    "load",
    "read_records",
]


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'dateline' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
