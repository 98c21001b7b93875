"""What can go wrong, as a tree.

    DatelineError
    |-- UserError            something the user gave can't be used; the message says what would work
    |   |-- InputError       a file, a line, a record
    |   |-- ConfigError      an option, an ontology, an actor folder
    |   `-- ArchiveError     an archive that is locked, foreign or too new
    `-- ModelError           a model is missing or is not the one that was pinned

A message names the file, the line and the value where there are any. The command line prints it
in one line and exits with `exit_code`.
"""

from __future__ import annotations


class DatelineError(Exception):
    """Base of every error that Dateline raises on purpose."""

    exit_code = 1


class UserError(DatelineError):
    """Something the user gave can't be used."""

    exit_code = 2


class InputError(UserError):
    """A file, a line or a record that can't be read at all."""


class ConfigError(UserError):
    """An option, an ontology or an actor folder that can't be used."""


class ArchiveError(UserError):
    """An archive that is locked by another process, is not ours, or is newer than this program."""

    exit_code = 3


class ModelError(DatelineError):
    """A model is missing, or its files are not the ones that were pinned."""

    exit_code = 4
