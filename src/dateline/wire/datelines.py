"""The dateline: "SEOUL, South Korea (AP) —", "BEIRUT/THE HAGUE, March 7 (Reuters) -", "Jan 30 (Reuters) -".

A line is cut at the first separator whose left side reads as places, a date and an agency. The more
of the three there is, the less is asked of the place. It refuses look-alikes: caption heads
("MANCHESTER, ENGLAND - SEPTEMBER 28:"), kickers ("FILE -", "ANALYSIS:"), speakers of an interview,
acronyms in brackets, sentences with dashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dateline.records import Dateline
from dateline.wire import agencies, days
from dateline.wire.localities import Locality, country_of, fold, locate, state_of

_HEAD = 140  # characters: the longest real dateline seen, with three places and a date, is under 90
_SEPARATOR = re.compile(
    r"(?P<slash>/(?P<slashed>[A-Z][\w .,'-]{1,30})/\s*[.,:]?(?:\s*[-–—]+)?\s)"
    r"|(?P<dash>\s*(?:--+|[—―]|[–‒]|\.[-−]|(?<=[\s)])[-−](?=\s)|(?<=[A-Z][A-Z])[-−](?=\s)|(?<=\))\s?[-−]|\s_(?=\s)|>>+|»)\s*)"
    r"|(?P<colon>\s?:\s+)"
    r"|(?P<bracket>(?<=[)])\.?\s+(?=[A-Z“\"‘']))"
)
_STRIP_AGENCY = re.compile(r"[\s,]*[(\[]\s*([^()\[\]]{2,48})\s*[)\]][\s.,]*$")
_BARE_AGENCY = re.compile(rf"(?:^|[\s,./]+)({agencies.pattern()}|[\w-]{{2,20}}\.(?:com|net|org|id))[\s,.]*$")
_LEADING_AGENCY = re.compile(rf"^\(?({agencies.pattern()})\)?(?:\s*[,/|]\s*|\)?\s+[-–—]+\s+|\)\s+)(?=[A-Z])")
_TRAILING_DATE = re.compile(
    rf"(?:^|[\s,;]+)(?:{days.WEEKDAY}\.?,?\s+)?(?:{days.DAY.pattern})(?:,?\s+(?:{days.WEEKDAY}))?[\s.,]*$",
    re.IGNORECASE,
)
_GLUED = re.compile(r"(?:REUTERS|Reuters|AFP|EPA|EPA-EFE|Getty Images|Yonhap|Handout|AP)(?=[A-ZÀ-Þ]{3})")
_AFTER = re.compile(rf"^\(?(?P<a>{agencies.pattern()})\)?\s*(?:--?|[–—:])\s+|^\((?P<b>{agencies.pattern()})\)\s+")
_SMALL = {"a", "al", "am", "and", "an", "d", "da", "das", "de", "del", "della", "den", "der", "des", "di", "do", "dos", "du",
          "e", "el", "en", "es", "et", "i", "in", "la", "las", "le", "les", "lès", "los", "na", "near", "of", "off", "on",
          "sur", "sous", "the", "to", "upon", "van", "von", "y", "ad", "auf", "at"}  # fmt: skip
_KEPT_SMALL = _SMALL - {"el", "los", "las", "in", "to", "a", "i", "e", "la", "le"}
_AREAS = {"border", "borders", "province", "region", "district", "area", "state", "county", "island", "islands", "coast",
          "frontier", "governorate", "peninsula", "northern", "southern", "eastern", "western", "central"}  # fmt: skip
# Words that open kickers, caption heads and notes; never the first word of a place.
_KICKERS = frozenset(
    """analysis alert archive background blog breaking bulletin caption cartoon column comment commentary copyright
    correction corrected credit developing editor editors editorial embargoed excerpt exclusive explainer exclusive
    fact factbox feature file flash focus gallery graphic guest highlights hold image images insight interview investigation
    just key last latest letter letters live lead more news newsletter note notes obituary obit opinion photo photos
    picture pictures podcast poll preview profile ps q qa question quote quotes read refile related report reportage
    retransmission review roundup rpt scoreboard sidebar sources special spotlight stocks story subscribe summary table
    timeline tips top trending update updated updates urgent video videos viewpoint warning watch what who why how wrapup
    writethru advisory advance attention eds factfile chronology urgent exclusif analyse enquête portrait tribune reportage
    entretien health sports politics business science education technology weather entertainment markets stocks world nation
    buy note nota nd foto video vidéo decryptage décryptage récit grand foto dossier document
    scene setting spoiler disclaimer moderator host narrator speaker answer question reporter anchor""".split()
)
# Cities that are also words or first names, which before a colon are a label or a speaker.
_WORDY = frozenset("reading mobile nice bath orange best male split most tours cork hull buy of phoenix lincoln austin madison "
                   "jackson chelsea victoria charlotte sydney paris florence sofia santiago jordan martin gary chang santa "
                   "george troy eugene marion aurora".split())  # fmt: skip
_SPOKEN = re.compile(
    r"(?i)^(?:[\"“']?(?:i|i'm|i've|i’m|i’ve|we|we're|we’re|they|you|yeah|yes|no|well|so|oh|thank|thanks|okay|ok)\b)"
)
_CAPTION_HEAD = re.compile(
    rf"(?i)^(?:\d{{4}}[/.-]\d\d[/.-]\d\d|{days.MONTH}\s*\d{{1,2}}|\d{{1,2}}\s+{days.MONTH})[^:]{{0,12}}:"
)


@dataclass(frozen=True, slots=True)
class _Head:
    places: tuple[tuple[str, str | None, str | None], ...]  # as written: city, region, country
    agency: str | None
    date: str | None
    bracketed: bool


def _agency_name(written: str) -> str | None:
    """An agency from a bracket: one we know, else an acronym or a short proper name as written."""
    first = written.split(",")[0].split(";")[0].strip(" .")
    known = agencies.canonical(first) or agencies.canonical(first.split("/")[0])
    if known:
        return known
    words = first.split()
    proper = all(word[:1].isupper() or word.casefold() in {"of", "the", "de", "and"} for word in words)
    shaped = proper or "." in first or re.fullmatch(r"[\w/.+&-]{2,14}", first) is not None
    return first if words and first[0].isalpha() and len(words) <= 4 and shaped and not days.days_in(first) else None


def _is_caps(text: str) -> bool:
    """Capitals as datelines write them: "PORT-AU-PRINCE", "COEUR d'ALENE", "McALLEN", "ST. LOUIS"."""
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 3 or sum(c.isupper() for c in letters) < 0.65 * len(letters):
        return False
    words = [w for w in re.split(r"[\s/]+", text) if any(c.isalpha() for c in w)]
    return all(w.lstrip("'’(")[:1].isupper() or w in _SMALL or w[1:2] in "'’" for w in words)


def proper_case(name: str) -> str:
    """ "PORT-AU-PRINCE" as "Port-au-Prince"; a name already in mixed case is left as it is."""
    if not _is_caps(name):
        return name
    found = locate(name)
    if found and found.name.casefold() == name.casefold() and not found.name.isupper():
        return found.name
    parts = re.split(r"([\s/-]+)", name)
    return "".join(_cased(part, first=not i, hyphened=i > 0 and "-" in parts[i - 1]) for i, part in enumerate(parts))


def _cased(word: str, *, first: bool, hyphened: bool) -> str:
    low = word.lower()
    if not first and (low in _KEPT_SMALL or (hyphened and low in {"au", "aux", "le", "la", "en", "sur", "on", "by"})):
        return low
    if re.fullmatch(r"(?:[A-Z]\.)+[A-Z]?", word):
        return word
    if match := re.match(r"^(Mc|Mac(?=[A-Z])|O['’]|D['’]|d['’]|L['’]|N['’])(.+)$", word):
        return match[1] + match[2].capitalize()
    return word[:1].upper() + word[1:].lower()


def _split_places(text: str) -> Iterator[list[str]]:
    for part in re.split(r"\s*[/;|]\s*|\s+and\s+(?=[A-ZÀ-Þ]{3})|\s+&\s+", text):
        pieces = [
            piece.strip(" .") if not re.search(r"\w\.\w?\.?$|[a-z]\.$", piece.strip()) else piece.strip()
            for piece in part.split(",")
        ]
        yield [piece for piece in pieces if piece]


def _read_places(text: str) -> tuple[tuple[str, str | None, str | None], ...] | None:
    """Places as (city, region, country), or None when the text has not the shape of places."""
    places: list[tuple[str, str | None, str | None]] = []
    for pieces in _split_places(text):
        if not pieces or len(pieces) > 3 or any(not _shaped(piece) for piece in pieces):
            return None
        city = pieces[0] if re.search(r"\.\w\.$", pieces[0]) else pieces[0].rstrip(".")
        region, country = [*pieces[1:], None, None][:2]
        places.append((city, region, country))
    return tuple(places) if places and len(places) <= 5 else None


def _shaped(piece: str) -> bool:
    words = piece.split()
    if (
        not 1 <= len(words) <= 7
        or len(piece) > 60
        or re.search(r"[\d:?!\"“”()\[\]%$@#*=+<>—]|(?:^|\s)[-–_]|[-–_]$", piece)
    ):
        return False
    allowed = _SMALL | _AREAS
    return words[0][:1].isalpha() and all(w[:1].isupper() or w.casefold() in allowed or w[1:2] in "'’" for w in words)


def _read_head(head: str) -> _Head | None:
    """Places, date and agency of the text before a separator; None when something is left over."""
    agency, bracketed, rest = None, False, head.strip()
    if match := _LEADING_AGENCY.match(rest):
        agency, bracketed, rest = agencies.canonical(match[1]), True, rest[match.end() :]
    if agency is None and (match := _STRIP_AGENCY.search(rest)):
        agency, bracketed = _agency_name(match[1]), True
        inner = days.days_in(match[1])
        if agency is None and not inner:
            return None
        rest = rest[: match.start()] + (", " + match[1] if inner and agency is None else "")
    day, rest = _take_date(rest)
    if agency is None and (match := _BARE_AGENCY.search(rest)):
        agency, rest = agencies.canonical(match[1]) or match[1], rest[: match.start()]
        if day is None:
            day, rest = _take_date(rest)
    rest = rest.strip(" ,.;") if not re.search(r"\.\w\.$|[a-z]\.$", rest.strip(" ,;")) else rest.strip(" ,;")
    places = _read_places(rest) if rest else ()
    bare = bracketed and day is None and agencies.canonical(agency) is not None and not rest
    if places is None or (not places and not (day and agency) and not bare):
        return None
    return _Head(places, agency, day, bracketed)


def _take_date(text: str) -> tuple[str | None, str]:
    match = _TRAILING_DATE.search(text)
    found = days.days_in(match.group()) if match else []
    return (found[-1].iso, text[: match.start()]) if match and found else (None, text)


def _first_word(head: _Head) -> str:
    return fold(head.places[0][0]).split()[0] if head.places and fold(head.places[0][0]) else ""


def _where(place: tuple[str, str | None, str | None]) -> Locality | None:
    city, region, country = place
    found = locate(city, region)
    if country and (found is None or not found.country):
        found = locate(city, country)
    return found


def _convincing(head: _Head, rest: str, *, kind: str) -> bool:
    """Whether the evidence is enough: the less date and agency there is, the better the place must be."""
    if not head.places:
        return kind == "dash" or head.date is not None
    first = _first_word(head)
    city, region, _country = head.places[0]
    spot = _where(head.places[0])
    city_known = spot is not None and spot.population > 0
    region_known = bool(region and (state_of(region) or country_of(region)))
    if _CAPTION_HEAD.match(rest) or (first in _KICKERS and not (city_known and (head.agency or " " in city))):
        return False
    supplied = head.agency is not None and (agencies.canonical(head.agency) is not None or head.bracketed)
    capitals = _is_caps(city)
    if kind in {"colon", "bracket"}:
        return _colon_convincing(head, rest, spot, capitals=capitals, supplied=supplied, bracket=kind == "bracket")
    if head.date or (supplied and (capitals or spot) and (agencies.canonical(head.agency) or spot or region_known)):
        return capitals or spot is not None or supplied
    if capitals:
        return _bare_capitals(head, spot, region_known=region_known)
    return not supplied and _mixed_convincing(head, rest, spot, region_known=region_known)


def _bare_capitals(head: _Head, spot: Locality | None, *, region_known: bool) -> bool:
    """ "VIENNA —", "KHAN YOUNIS, GAZA —" : nothing but the place, so it must be known."""
    city, region, _country = head.places[0]
    city_known = spot is not None and spot.population > 0
    if country_of(city) and not city_known:
        return False  # "CHINA — ..." is a kicker; countries stand alone only beside an agency or a day
    big = spot is not None and spot.population >= 100_000
    if region is None:
        return city_known and (big or len(city) > 4)  # "MAGA — ..." is also a town in Cameroon
    beside = locate(region)
    # An unknown region may be a province ("KAIFENG, Henan"); another city or a first name is none.
    return region_known or (
        big and spot is not None and spot.country != "USA" and not (beside and beside.population >= 300_000)
    )


def _colon_convincing(
    head: _Head, rest: str, spot: Locality | None, *, capitals: bool, supplied: bool, bracket: bool
) -> bool:
    if bracket:  # "LONDON (AFP) Talks on ..." : no separator but the bracket itself
        placed = capitals or (spot is not None and spot.population > 0 and head.date is not None)
        return placed and agencies.canonical(head.agency) is not None and len(rest) > 30
    if supplied and (capitals or spot):
        return spot is not None or head.date is not None
    if not (capitals and spot and spot.population) or _SPOKEN.match(rest) or _first_word(head) in _WORDY:
        return False
    big = spot.population >= 100_000 or head.places[0][1] is not None or head.date is not None
    return big and len(head.places[0][0].split()) <= 3 and rest[:1].isupper()


def _mixed_convincing(head: _Head, rest: str, spot: Locality | None, *, region_known: bool) -> bool:
    """ "Seoul, South Korea — ..." or "London — ..." : a known place, then what opens a sentence."""
    opens = len(rest) > 40 and rest.lstrip("\"“‘'")[:1].isupper() and " " in rest[:40]
    lower_follows = bool(re.match(r"\S+ (?:\S+ ){0,7}[a-z]", rest))
    if not (opens and lower_follows and spot and spot.population):
        return False
    return region_known or (spot.population >= 300_000 and len(head.places) == 1 and head.places[0][1] is None)


def _built(text: str, head: _Head) -> Dateline:
    spot = _where(head.places[0]) if head.places else None
    names = tuple((proper_case(city), proper_case(region) if region else None) for city, region, _ in head.places)
    return Dateline(
        text=text.strip(),
        place=names[0][0] if names else None,
        country=spot.country if spot else None,
        lat=spot.lat if spot else None,
        lon=spot.lon if spot else None,
        places=names,
        agency=head.agency,
        date=head.date,
    )


def _at_separator(line: str) -> tuple[Dateline, str] | None:
    agency_only: tuple[Dateline, str] | None = None  # "(ANSA) - ROMA, 27 NOV - ..." : look on before settling
    for match in _SEPARATOR.finditer(line, 0, min(len(line), _HEAD)):
        slashed = match["slashed"]
        kind = "slash" if slashed else "dash" if match["dash"] else "colon" if match["colon"] else "bracket"
        rest = line[match.end() :]
        if kind == "dash" and _hyphenated(line, match):
            continue
        head = _read_head(line[: match.start()] + (f" ({slashed})" if slashed else ""))
        if head is None or not _convincing(head, rest, kind=kind):
            continue
        written = line[: match.end()].rstrip() if kind != "bracket" else line[: match.start()]
        found = _with_late_agency(_built(written, head), rest, line)
        if head.places or head.date:
            return found
        agency_only = agency_only or found
    return agency_only


def _hyphenated(line: str, match: re.Match[str]) -> bool:
    """An en dash inside a word ("Bosnia–Herzegovina") is no separator."""
    return (
        match["dash"] in {"–", "‒"}
        and line[match.start() - 1 : match.start()].isalpha()
        and line[match.end() :][:1].islower()
    )


def _with_late_agency(dateline: Dateline, rest: str, line: str) -> tuple[Dateline, str]:
    """ "JERUSALEM — (AP) The ..." : the agency stands after the separator."""
    match = _AFTER.match(rest[:60]) if dateline.agency is None else None
    if not match:
        return dateline, rest
    whole = line[: len(line) - len(rest) + match.end()].rstrip()
    return replace(dateline, text=whole, agency=agencies.canonical(match["a"] or match["b"])), rest[match.end() :]


def _alone(line: str) -> tuple[Dateline, str] | None:
    """A dateline that is its whole line: "KUALA LUMPUR, April 1 , 1997 (AFP)", "ANKARA - Anadolu Agency"."""
    text = line.strip()
    if len(text) > 90:
        return None
    spaced = re.sub(r"\s*[-–—]+\s*([A-Z][\w ]+)$", r" (\1)", text) if _ends_with_agency(text) else text
    head = _read_head(re.sub(r"\s*(?:--?|[–—_:])\s*$", "", spaced))
    if head is None:
        return None
    if head.places:
        city, region, _ = head.places[0]
        spot = _where(head.places[0])
        if _first_word(head) in _KICKERS and not (spot and spot.population):
            return None
        firm = bool(head.date) + bool(head.agency) + bool(region and (state_of(region) or country_of(region)))
        if not (_is_caps(city) or (spot and spot.population and head.agency and head.date)):
            return None
        if not (spot or firm >= 2) or (not firm and not (spot and spot.population >= 100_000)):
            return None
    return _built(text, head), ""


def _ends_with_agency(text: str) -> bool:
    match = re.search(r"[-–—]\s*([A-Z][\w ]+)$", text)
    return bool(match and (agencies.canonical(match[1]) or re.search(r"\b(?:News|Agency|Press|Times)$", match[1])))


def parse_dateline(line: str) -> tuple[Dateline, str] | None:
    """The dateline that opens `line` and the rest of the line, or None when none does.

    `Dateline.text` is the dateline as written with its separator, `date` an ISO day ("--03-07"
    when the line gives no year), `agency` the short name. A photo credit glued before the dateline
    ("Yonhap via REUTERSSEOUL, Aug 4 (Reuters) - ...") is cut off. Lines count up to 2,000 characters.
    """
    stripped = line.lstrip(" \t\u00a0^\ufeff")
    capped, beyond = stripped[:2000], stripped[2000:]
    if not capped or not (capped[0].isalnum() or capped[0] in "(/'’"):
        return None
    found = _alone(capped) or _at_separator(capped) or _unglued(capped)
    return (found[0], found[1] + beyond) if found else None


def _unglued(line: str) -> tuple[Dateline, str] | None:
    for match in _GLUED.finditer(line, 0, 120):
        found = _at_separator(line[match.end() :])
        if found and found[0].agency and found[0].place:
            return found
    return None
