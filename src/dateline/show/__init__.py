"""Coded stories for people: a table and a marked story in the terminal, one self-contained HTML page.

Views read records and never change, filter or re-rank what is in them. Text from stories is hostile
until shown otherwise: the terminal gets no control characters, the page no unescaped ones.
"""

from __future__ import annotations

from dateline.show.page import html
from dateline.show.terminal import answers, drop_line, plain_console, rows_table, story_text, table

__all__ = ["answers", "drop_line", "html", "plain_console", "rows_table", "story_text", "table"]
