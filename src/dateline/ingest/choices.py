"""Which of a page's candidates is its headline, its byline and its day of publication.

Candidates back one another: a headline that two places agree on beats one that stands alone. What
was rejected and says something else is kept as a sentence. It never makes up a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from dateline import wire

from .days import day, moment
from .metadata import AUTHOR_META, TITLE_META, Metadata, clean

_WORD = re.compile(r"\w+")
_BREAK = re.compile(r"\s+(?:[|\u2013\u2014\u00b7\u2022»-]|::)\s+")
_URL_DAY = re.compile(r"/(\d{4})[/-](\d{1,2}|[a-z]{3})[/-](\d{1,2})(?=[/_.-]|$)")
_JUNK_NAME = re.compile(
    r"https?:|www\.|[@/{}<>#]|\.(?:com|org|net)\b|^\d+$|^(?:admin|author|editor|null|undefined)$", re.I
)
_BY = re.compile(r"^(?:by|from|words by|written by|reported by|story by)\b:?\s+", re.I)


def folded(text: str) -> str:
    """Lower-case words of a text, for comparing candidates."""
    return " ".join(_WORD.findall(text.lower().replace("’", "'")))


def headline(metadata: Metadata) -> str | None:
    """The publisher's own headline.

    JSON-LD speaks first because it is written for this, an h1 nearly as loud, then the title
    element and the social titles (often shortened or teasing); places that agree add up. On a live
    page the heading is a running label, so the social title speaks first there.
    """
    votes: dict[str, float] = {}
    texts: dict[str, str] = {}
    for text, weight in _titles(metadata):
        key = folded(text)
        if key:
            votes[key] = votes.get(key, 0.0) + weight
            texts.setdefault(key, text)
    return texts[max(votes, key=lambda key: votes[key])] if votes else None


def _titles(metadata: Metadata) -> Iterator[tuple[str, float]]:
    declared = metadata.headlines()[:1]
    social = _bare(metadata.values("og:title")[:1] or metadata.values(*TITLE_META)[:1], metadata)
    title = _bare(metadata.titles(), metadata)
    heads = _bare(_nearest(metadata.headings(), [*declared, *title, *social]), metadata)
    if declared and heads and _cut_short(declared[0], heads[0]):
        declared = heads
    yield from ((text, 1.5) for text in declared)
    yield from ((text, 1.2) for text in heads)
    yield from ((text, 5.0 if metadata.live else 0.7) for text in social)
    yield from ((text, 0.8) for text in title)


def _cut_short(text: str, whole: str) -> bool:
    """Whether `text` is `whole` cut off, as headlines in JSON-LD are at 110 characters."""
    short, full = folded(text), folded(whole)
    return short != full and full.startswith(short) and (len(text) > 100 or text.rstrip().endswith(("...", "…")))


def _nearest(headings: Sequence[str], others: Sequence[str]) -> list[str]:
    """The heading that shares most words with the other candidates; without any, the first."""
    wanted = set(folded(" ".join(others)).split())
    ranked = sorted(headings, key=lambda text: -_overlap(set(folded(text).split()), wanted))
    return ranked[:1]


def _overlap(words: set[str], wanted: set[str]) -> float:
    return len(words & wanted) / len(words) if words and wanted else 0.0


def _bare(titles: Iterable[str], metadata: Metadata) -> list[str]:
    """Titles without the site's name ("... | Example News - World"): what another place gives bare, else by rule."""
    known = {folded(text) for text in (*metadata.headings(), *metadata.headlines())}
    return [_known_part(title, known) or wire.clean_headline(title, metadata.publisher) for title in titles]


def _known_part(title: str, known: set[str]) -> str | None:
    if folded(title) in known:
        return title
    cuts = [match.start() for match in _BREAK.finditer(title[:500])]
    return next((title[:cut] for cut in reversed(cuts) if folded(title[:cut]) in known), None)


def _is_site(text: str, sites: Sequence[str]) -> bool:
    """Whether `text` (folded) is a name of the site."""
    names = {folded(site).removeprefix("the ") for site in sites}
    return text.removeprefix("the ") in names


def byline_paragraph(found: Sequence[str]) -> tuple[int, tuple[str, ...]] | None:
    """(index, people) of a paragraph near the top that is nothing but names: "Ann Lee/Bo Chen"."""
    for index, text in enumerate(found[:4]):
        if len(text) > 80 or text[-1:] in '.!?"”':
            continue
        names = wire.people([text])
        left = set(folded(_BY.sub("", text)).split()) - set(folded(" ".join(names)).split()) - {"and"}
        if names and not left:
            return index, names
    return None


def byline(metadata: Metadata, found: Sequence[str], opening: Sequence[str] = ()) -> tuple[str, ...]:
    """Who wrote it: people first; a newsroom or an agency only where no person is named anywhere.

    `found` are the names that the extractor saw, `opening` those of a paragraph of names over the
    story. Order of trust: JSON-LD, meta tags, the line marked as byline, `opening`, the extractor.
    """
    persons, bodies = metadata.authors()
    meta = [name for name in metadata.values(*AUTHOR_META) if not _JUNK_NAME.search(name)]
    visible = metadata.visible_bylines()
    for names in (persons, meta, visible, opening, found):
        chosen = _people(names, metadata)
        if chosen:
            return chosen
    return _newsroom([*persons, *meta], visible, bodies, metadata)


def _people(names: Sequence[str], metadata: Metadata) -> tuple[str, ...]:
    plain = [name for name in names if not _JUNK_NAME.search(name)] or list(names)
    return tuple(
        name for name in wire.people(plain, publisher=metadata.publisher) if not _is_site(folded(name), metadata.sites)
    )


def _newsroom(
    declared: Sequence[str], visible: Sequence[str], bodies: Sequence[str], metadata: Metadata
) -> tuple[str, ...]:
    """The desk or agency named as author: declared ones other than the site, then visible, then the site."""
    foreign = [name for name in declared if not _is_site(folded(name), metadata.sites)]
    shown = [named for line in visible if (named := _desk_line(line)) and not _is_site(folded(named), metadata.sites)]
    for names in (foreign, [name for name in bodies if name not in metadata.sites], shown, bodies, declared):
        for name in names:
            if not _JUNK_NAME.search(name) and 2 <= len(name) <= 60 and any(letter.isalpha() for letter in name):
                plain = name.strip(" ,|-")
                return (plain.title() if plain.isupper() and " " in plain and "," not in plain else plain,)
    return ()


def _desk_line(line: str) -> str | None:
    """The desk or agency of a visible line: what "By" introduces, or a short line without figures."""
    if _BY.match(line):
        return re.split(r",|\s[·|•–-]\s|\sin\s", _BY.sub("", line))[0]
    return line if len(line) <= 40 and not any(char.isdigit() for char in line) else None


@dataclass(frozen=True, slots=True)
class Dated:
    """The chosen day, where it came from, and a sentence for every other day that was found."""

    published: str | None
    source: str | None
    conflicts: tuple[str, ...]


def published(metadata: Metadata, *, guess: str | None, url: str | None, declared: str | None) -> Dated:
    """The day of publication in the zone the page writes it in.

    `declared` comes from the input itself and wins; `guess` is htmldate's. Below JSON-LD, meta
    tags, time tags and the visible date come the guess and the URL.
    """
    found = [("the input", declared)] if declared else []
    found += metadata.dates()
    in_url = url_day(url or "")
    # htmldate reads the same tags: where it repeats one of them it is no witness of its own.
    if guess and guess not in [day(clean(text)) for _, text in found]:
        found.append(("htmldate", guess))
    if in_url:
        found.append(("the URL", in_url))
    days = [(source, text, iso) for source, text in found if (iso := day(clean(text)))]
    if not days:
        return Dated(None, None, ())
    source, text, chosen = days[0]
    conflicts = dict.fromkeys(
        f"{other} says {iso}, not {chosen} as {source} says"
        for other, said, iso in days[1:]
        if not _same(text, said, chosen, iso)
    )
    return Dated(chosen, source, tuple(conflicts))


def _same(text: str, said: str, chosen: str, iso: str) -> bool:
    """The same day, or the same instant written in two zones."""
    if chosen == iso:
        return True
    one, other = moment(text), moment(said)
    return one is not None and other is not None and abs((one - other).total_seconds()) < 60


def url_day(url: str) -> str | None:
    """ISO day in the path of a URL ("/2024/11/28/", "/2023/apr/28/")."""
    match = _URL_DAY.search(urlsplit(url).path.lower())
    if not match:
        return None
    if match[2].isdigit():
        return day(f"{match[1]}-{match[2]}-{match[3]}")
    return day(f"{match[3]} {match[2]} {match[1]}")
