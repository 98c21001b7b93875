"""Coded stories in a terminal: a table of events, one story with its evidence marked, a line for a drop.

Everything is a rich `Text`, never markup, so a story's own brackets and escapes show as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from dateline.records import Coded, Drop, Event, Party, Span, Story
from dateline.show.marks import QUADS, Mark, days, event_marks, evidence, marks_of, one_line, pieces, visible

if TYPE_CHECKING:
    import pyarrow as pa

_QUAD_STYLES = {1: "cyan", 2: "green", 3: "yellow", 4: "red"}
_STATUS_STYLES = {
    **{"asserted": "bold", "negated": "red", "future": "blue"},
    **{"hypothetical": "magenta", "historical": "dim"},
}
_MARK_STYLES = {
    **{"source": "underline", "target": "underline", "speaker": "italic", "cue": "italic magenta"},
    **{"time": "green", "place": "yellow", "content": ""},
}
# Columns of a table of events and their share of the width.
_COLUMNS = {"when": 4, "who → what → whom": 12, "status, says who": 5, "where": 4, "conf": None, "evidence": 11}
_CONTEXT = 44  # characters of the sentence shown on each side of a trigger
_WIDE = 4000  # columns when nobody looks: piped lines are never folded


def plain_console(stream: IO[str]) -> Console:
    """A console on `stream`: colours and its own width on a terminal, plain and wide when piped."""
    seen = _Console(file=stream, highlight=False, emoji=False, markup=False)
    if seen.is_terminal:
        return seen
    return _Console(file=stream, width=_WIDE, no_color=True, highlight=False, emoji=False, markup=False)


class _Console(Console):
    """A console that leaves a closed pipe to its caller, where rich would end the program."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def table(codeds: Iterable[Coded], *, fold: bool = True) -> Group:
    """Each story's title line and, below it, its events: when, who to whom, status, speaker, where, evidence.

    With `fold`, cells wrap to the width of the console; without, every event is one line however long.
    """
    shown: list[Table | Text] = []
    for coded in codeds:
        shown.append(_title(coded.story))
        shown.append(_events(coded, fold) if coded.events else Text("no political event found", "dim"))
        shown.append(Text())
    return Group(*shown)


def drop_line(drop: Drop) -> str:
    """One line for a story that left by the other door: where it stood, and why it fell out."""
    place = drop.file or drop.url or drop.id
    reason = drop.reason  # readers begin theirs with the place, which is said once
    for told in (f"{place}, line {drop.line}: ", f"{place}: "):
        reason = reason.removeprefix(told)
    where = f"{place}:{drop.line}" if drop.line is not None else place
    return one_line(f"dropped {where}: {drop.stage}: {reason}")


def _title(story: Story) -> Text:
    known = [story.id, story.published, story.agency, story.dateline.text if story.dateline else None]
    about = "  " + " · ".join(one_line(item) for item in known if item)
    head = (one_line(story.headline or "(no headline)"), "bold")
    return Text.assemble(head, (about, "dim"), overflow="ellipsis", no_wrap=True)


def _events(coded: Coded, fold: bool) -> Table:
    grid = _grid(_COLUMNS, fold)
    for number, event in enumerate(coded.events):
        found = (_when(event), _act(event), _says(event), _place(event), Text(f"{event.confidence:.2f}"))
        grid.add_row(*found, _context(coded, event, number))
    return grid


def _grid(columns: Mapping[str, int | None], fold: bool) -> Table:
    grid = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, expand=fold, header_style="dim")
    for name, ratio in columns.items():
        grid.add_column(name, ratio=ratio if fold else None, no_wrap=not fold, min_width=12 if name[0] == "s" else None)
    return grid


def _when(event: Event) -> Text:
    return Text(days(event.date.start, event.date.end)) if event.date else Text("-", "dim")


def _act(event: Event) -> Text:
    line = Text()
    line.append_text(_parties(event.sources))
    line.append(" → ", "dim")
    line.append(*_type(event.type, event.mode, event.quad))
    if event.targets:
        line.append(" → ", "dim").append_text(_parties(event.targets))
    return line


def _parties(parties: Sequence[Party]) -> Text:
    line = Text()
    for number, party in enumerate(parties):
        actor = party.actor
        line.append(("; " if number else "") + one_line(actor.name))
        line.append(f" [{' '.join(filter(None, [actor.country, *actor.sectors]))}]", "dim")
    return line if parties else Text("nobody named", "dim italic")


def _says(event: Event) -> Text:
    return _status(event.status, [party.actor.name for party in event.speakers])


def _status(status: str, speakers: Iterable[str]) -> Text:
    said = "; ".join(one_line(name) for name in speakers)
    return Text.assemble((status, _STATUS_STYLES.get(status, "")), f", {said}" if said else "")


def _place(event: Event) -> Text:
    return _located(event.place.name, event.place.country) if event.place else _located(None, None)


def _located(name: str | None, country: str | None) -> Text:
    return Text(one_line(name) + (f" [{country}]" if country else "")) if name else Text("-", "dim")


def _context(coded: Coded, event: Event, number: int) -> Text:
    """The trigger in its sentence, cut to a window."""
    text, sentence = evidence(coded, event)
    quads = [event.quad] * (number + 1)
    return _window(text, sentence, list(event_marks(event, number)), event.trigger, quads)


def _window(text: str, sentence: Span, marks: Iterable[Mark], trigger: Span, quads: Sequence[int]) -> Text:
    """`_CONTEXT` characters of the sentence on each side of the trigger, cut between words where there is a space."""
    start, end = max(sentence.start, trigger.start - _CONTEXT), min(sentence.end, trigger.end + _CONTEXT)
    if start > sentence.start:
        start = max(start, text.find(" ", start, trigger.start) + 1)
    if end < sentence.end and (space := text.rfind(" ", trigger.end, end)) >= 0:
        end = space
    line = Text("…" if start > sentence.start else "")
    line.append_text(_marked(text, Span(start, end), marks, quads))
    return line.append("…" if end < sentence.end else "")


def _marked(text: str, span: Span, marks: Iterable[Mark], quads: Sequence[int], *, numbered: bool = False) -> Text:
    """A stretch of text with its marks as styles; with `numbered`, [n] after the trigger of event n."""
    line = Text()
    for start, end, covering in pieces(span, marks):
        triggers = [mark for mark in covering if mark.kind == "trigger" and mark.event is not None]
        styles = " ".join(filter(None, (_MARK_STYLES.get(mark.kind, "") for mark in covering)))
        if triggers:
            styles = f"bold reverse {_QUAD_STYLES.get(quads[triggers[0].event or 0], '')}"
        line.append(visible(text[start:end]).replace("\n", " "), styles)
        if numbered:
            for mark in triggers:
                line.append(f"[{(mark.event or 0) + 1}]" if mark.end == end else "", "bold")
    return line


def story_text(coded: Coded) -> Group:
    """One story for reading: its head, its body with triggers numbered and marked, its events, what was kept aside."""
    story = coded.story
    shown: list[Table | Text] = [Text(one_line(story.headline or "(no headline)"), "bold"), *_head(story), Text()]
    marks, quads = marks_of(coded, "body"), [event.quad for event in coded.events]
    for span in story.paragraphs or (Span(0, len(story.text)),):
        shown += [_marked(story.text, span, marks, quads, numbered=True), Text()]
    for number, photo in enumerate(story.photos):
        caption = Text.assemble((f"Photo ({photo.copies} on the page): ", "dim"))
        span = Span(0, len(photo.caption))
        caption.append_text(_marked(photo.caption, span, marks_of(coded, f"caption:{number}"), quads, numbered=True))
        credit = ", ".join(one_line(item) for item in (photo.photographer, photo.agency, photo.via) if item)
        shown += [caption.append(f" ({credit})" if credit else "", "dim"), Text()]
    shown += [_numbered(number, event) for number, event in enumerate(coded.events, 1)]
    if not coded.events:
        shown.append(Text("No political event found.", "dim"))
    shown += [Text(f"{note.kind}: {one_line(note.text)}", "dim") for note in story.notes]
    return Group(*shown)


def _head(story: Story) -> list[Text]:
    rows = [
        ("by", ", ".join(one_line(name) for name in story.byline)),
        ("agency", one_line(story.agency or "")),
        ("dateline", one_line(story.dateline.text) if story.dateline else ""),
        ("published", _published(story)),
        *(("rejected", one_line(conflict)) for conflict in story.conflicts),
        ("story", " · ".join(one_line(item) for item in (story.id, story.file, story.url) if item)),
    ]
    return [Text.assemble((f"{name:>10}  ", "dim"), value) for name, value in rows if value]


def _published(story: Story) -> str:
    if not story.published:
        return "no date found"
    return one_line(story.published + (f" (from the {story.published_from})" if story.published_from else ""))


def _numbered(number: int, event: Event) -> Text:
    line = Text.assemble((f"[{number}] ", "bold"))
    line.append_text(_act(event)).append("  ").append_text(_says(event))
    for item in (_when(event) if event.date else None, _place(event) if event.place else None):
        if item:
            line.append("  ").append_text(item)
    line.append(f"  {QUADS.get(event.quad, '')}, {event.confidence:.2f}", "dim")
    for ruling in event.rulings:
        line.append(f"\n      {one_line(ruling)}", "dim")
    return line


def answers(rows: Iterable[Mapping[str, Any]], *, fold: bool = True) -> Table:  # Any: cells of an events table
    """Rows of an events table (`exports.event_columns`, `query.COLUMNS`) as a table for reading, story id last."""
    grid = _grid(_COLUMNS | {"story": 3}, fold)
    for row in rows:
        day = row["date_start"]
        when = Text(days(str(day), str(row["date_end"] or day))) if day else Text("-", "dim")
        says = _status(row["status"], row["speaker_names"] or ())
        where = _located(row["place_name"], row["place_country"])
        confidence = Text(f"{row['confidence']:.2f}")
        story = Text(one_line(row["story"]), "dim")
        grid.add_row(when, _row_act(row), says, where, confidence, _row_context(row), story)
    return grid


def _row_act(row: Mapping[str, Any]) -> Text:  # Any: as in answers
    line = Text.assemble(_named(row, "source") or ("nobody named", "dim italic"), (" → ", "dim"))
    line.append(*_type(row["type"], row["mode"], row["quad"]))
    if row["target_names"]:
        line.append(" → ", "dim").append(_named(row, "target"))
    return line


def _row_context(row: Mapping[str, Any]) -> Text:  # Any: as in answers
    sentence, offset = row["sentence"] or "", row["sentence_start"]
    trigger = Span(row["trigger_start"] - offset, row["trigger_end"] - offset)
    mark = Mark(trigger.start, trigger.end, "trigger", 0)
    return _window(sentence, Span(0, len(sentence)), [mark], trigger, [row["quad"]])


def _type(kind: str, mode: str | None, quad: int) -> tuple[str, str]:
    return one_line(f"{kind}/{mode}" if mode else kind), f"bold {_QUAD_STYLES.get(quad, '')}"


def _named(row: Mapping[str, Any], role: str) -> str:  # Any: as in answers
    pairs = zip(row[f"{role}_names"] or (), row[f"{role}_countries"] or (), strict=False)
    return "; ".join(one_line(name) + (f" [{country}]" if country else "") for name, country in pairs)


def rows_table(rows: pa.Table) -> Table:
    """Any Arrow table as a plain grid of text."""
    names = rows.column_names
    grid = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="dim")
    for name in names:
        grid.add_column(name, overflow="fold")
    for row in rows.select(names).to_pylist():
        grid.add_row(*(_cell(value) for value in row.values()))
    return grid


def _cell(value: object) -> Text:
    if isinstance(value, (list, tuple)):
        return Text("; ".join(one_line(str(item)) for item in value if item is not None))
    if isinstance(value, float):
        return Text(f"{value:.10g}")
    return Text("" if value is None else one_line(str(value)))
