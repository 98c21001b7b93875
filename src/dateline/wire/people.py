"""Names of people in bylines and page metadata: "HYUNG-JIN KIM Associated Press" is Hyung-Jin Kim.

It returns people only. It refuses desks, agencies, publishers, addresses, handles and titles, and
never invents a name from an e-mail address or a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dateline.wire import agencies
from dateline.wire.localities import fold

# A word that makes a name an organisation, a desk or a label wherever it stands in it.
_DESK = frozenset(
    """agency agencies staff desk desks team teams newsroom editorial editors correspondents reporters bureau bureaus
    service services network media news newspaper radio television tv channel online web digital wire wires press
    associated report reports magazine journal gazette herald tribune times post daily weekly today observer chronicle
    courier telegraph guardian independent mirror dispatch examiner inquirer bulletin bbc cnn nbc cbs abc npr pbs fox
    ministry office department command government embassy corporation company inc ltd llc group foundation institute
    university association organization organisation committee council commission administrator admin webmaster
    contributor contributors content sponsored subscribe newsletter unknown anonymous author authors guest various
    copyright redaktion rédaction redacción com org net www http https communications relations archive archives
    advertising partner partners publisher publishing entertainment sport sports weather politics business opinion""".split()
)
_LEAD = re.compile(
    r"(?i)^\s*(?:(?:by|from|von|par|por|words by|written by|reported by|posted by|story by|published by|text by|author|"
    r"authors|report by|reporting by|edited by|compiled by)\b\s*:?\s*)+"
)
_TITLE = re.compile(
    r"(?i)\b(?:staff writers?|staff reporters?|staff correspondents?|special correspondents?|senior correspondents?|"
    r"foreign correspondents?|chief correspondents?|(?:\w+ ){0,2}(?:correspondents?|reporters?|editors?|columnists?|writers?|"
    r"producers?|journalists?|analysts?|fellow|bureau chief))\b.*$"
)
_JUNK_AFTER = re.compile(
    r"(?i)\s*(?:\||•|·|\u2013\s*\d|-\s*\d|\d+\s+(?:mins?|minutes?|hours?|days?|hrs?)\s+(?:ago|read)|@|https?:|\bupdated?\b|"
    r"\bpublished\b|\bposted\b|\bmin read\b|\b(?:apr|aug|dec|feb|jan|jul|jun|mar|may|nov|oct|sep)[a-z]*\.?\s+\d|\b\d{1,2}\b).*$"
)
_SPLIT = re.compile(r"\s*(?:;|,|\band\b|\bund\b|\bet\b|\by\b(?=\s+[A-Z])|&|\bwith\b|\u2022|\|)\s*", re.IGNORECASE)
_TITLE_BEFORE = re.compile(
    r"(?i)^(?:[\w’'-]+ ){0,3}(?:correspondent|reporter|editor|writer|columnist|producer|journalist|analyst)s?:?\s+(?=\S+\s+\S)"
)
_NAME_WORD = re.compile(r"^(?:[^\W\d_][\w.'’\-]*|\w\.)$")
_PARTICLES = {"al", "ap", "bin", "bint", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "ibn", "la",
              "le", "ten", "ter", "van", "von", "y", "zu", "abu", "ul", "of", "st.", "dela", "das"}  # fmt: skip
_SUFFIX = {"jr", "sr", "ii", "iii", "iv", "phd", "md", "esq"}
_HONORIFIC = re.compile(r"(?i)^(?:mr|mrs|ms|dr|prof|professor|sir)\.?\s+(?=\w+\s+\w)")


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote it: people in the order given, the agency they write for, the desk if that is all."""

    people: tuple[str, ...]
    agency: str | None = None
    desk: str | None = None


def person_case(name: str) -> str:
    """ "HYUNG-JIN KIM" as "Hyung-Jin Kim", "Ezequiel BECERRA" as "Ezequiel Becerra", "O'BRIEN" as "O'Brien".

    Words in mixed case stay as they are, as do initials.
    """
    if name.islower():
        name = name.title()
    return " ".join(_word_case(word) for word in name.split())


def _word_case(word: str) -> str:
    if not word.isupper() or len(word.replace(".", "")) < 2 or re.fullmatch(r"(?:\w\.)+\w?", word):
        return word
    if word in {"JR", "JR.", "SR", "SR."}:
        return word.capitalize()
    if word in {"II", "III", "IV", "AJ", "JJ", "TJ", "CJ", "DJ", "PJ", "RJ", "JD", "MJ"}:
        return word
    cased = "-".join(part.capitalize() for part in word.split("-"))
    cased = re.sub(r"\b(Mc|O['’]|D['’])(\w)", lambda m: m[1] + m[2].upper(), cased)
    return cased.lower() if cased.casefold() in _PARTICLES - {"al", "el"} else cased


def looks_like_person(name: str) -> bool:
    """Whether `name` has the shape of a person's name: two to five name words, none of a desk."""
    words = name.replace(",", " ").split()
    if not 2 <= len(words) <= 6 or len(name) > 60 or re.search(r"[\d@/:|©®(){}\[\]<>?!\"“”#_]", name):
        return False
    if any(fold(word).replace(" ", "") in _DESK for word in words) or agencies.canonical(name):
        return False
    if fold(words[0]) in {"the", "a", "our", "this", "your", "more", "read", "sign", "top", "my"}:
        return False
    proper = [w for w in words if w.casefold() not in _PARTICLES and w.casefold().strip(".") not in _SUFFIX]
    return bool(proper) and all(
        (_NAME_WORD.match(w) and w[:1].isupper()) or w.startswith(("d'", "d’", "al-", "el-")) for w in proper
    )


def _strip_agency(text: str) -> tuple[str, str | None]:
    """Cut an agency name off either end: "HYUNG-JIN KIM Associated Press", "AP / Jane Roe"."""
    bare = text.strip(" ,/|-–—()")
    if known := agencies.canonical(bare):
        return "", known
    names = agencies.pattern()
    after = re.search(
        rf"(?:\s*[,/|(\[–—-]\s*|\s+(?:of|for|at)\s+(?:the\s+)?|\s+)(?:the\s+)?({names})\)?"
        r"(?:\s+(?:writers?|reporters?|correspondents?|staff|news agency|journalists?))?\s*$",
        bare,
        re.IGNORECASE,
    )
    if after and _agency_cased(after[1]):
        return bare[: after.start()], agencies.canonical(after[1])
    before = re.match(rf"({names})\s*(?:[,/|:–—-]\s*|\s+(?:writers?|reporters?|correspondents?)\s+)", bare)
    if before:
        return bare[before.end() :], agencies.canonical(before[1])
    return text, None


def _agency_cased(written: str) -> bool:
    # "Kim Trend" or "Paul Map" may be people: an agency is written with a capital or as it writes itself.
    return written[:1].isupper() or written in agencies.AGENCIES


def _one(name: str) -> str | None:
    """One person's name made plain, or None when it is not one."""
    if re.search(r"https?:|www\.|@|\.com\b|\.org\b", name, re.IGNORECASE):
        name = re.sub(r"\S*@\S*|\(?https?:\S*|www\.\S*", " ", name)
    name = _LEAD.sub("", re.sub(r"\(.*?\)|\[.*?\]", " ", name[:200]))
    name = _HONORIFIC.sub("", name.strip(" .,;:/|-–—\u00a0*"))
    name = re.sub(r"\s+", " ", name)
    if not looks_like_person(name):
        return None
    return person_case(name)


def _swapped(pieces: list[str]) -> list[str]:
    """ "Last, First" as one person: two pieces, the first one word, the second at most two."""
    if len(pieces) == 2 and len(pieces[0].split()) == 1 and 1 <= len(pieces[1].split()) <= 3:
        return [f"{pieces[1]} {pieces[0]}"]
    return pieces


def _split(text: str) -> list[str]:
    pieces = [piece for piece in _SPLIT.split(text) if piece.strip()]
    singles = [piece for piece in pieces if len(piece.split()) == 1]
    if len(pieces) > 1 and singles:
        by_comma = [p.strip() for p in re.split(r"\s*(?:;|\band\b|&)\s*", text) if p.strip()]
        swapped = [_swapped([q.strip() for q in p.split(",") if q.strip()]) for p in by_comma]
        if any(len(group) == 1 and "," in source for group, source in zip(swapped, by_comma, strict=True)):
            return [name for group in swapped for name in group]
    return pieces


def _read(text: str) -> tuple[list[str], str | None]:
    text = _LEAD.sub("", text[:600].strip())
    text = re.sub(r"\S+@\S+|https?:\S+|www\.\S+", " ", text)
    text = _JUNK_AFTER.sub("", text) if not re.match(r"(?i)^\W*(?:updated|published)", text) else ""
    text, agency = _strip_agency(text)
    found: list[str] = []
    for piece in _split(re.sub(r"\s*/\s*", "; ", text)):
        piece, own = _strip_agency(piece)
        agency = agency or own
        piece = _TITLE_BEFORE.sub("", piece)
        piece = _TITLE.sub("", piece) if not looks_like_person(piece) or _TITLE.search(piece) else piece
        if (name := _one(piece)) is not None:
            found.append(name)
    return found, agency


def people(names: Sequence[str], *, publisher: str | None = None) -> tuple[str, ...]:
    """The people among `names` (authors as pages, feeds and bylines declare them), each once, in order.

    Capitals become proper case, "Last, First" is turned, "By ..." goes, "A and B" is split. Agencies,
    desks, links, addresses, handles and the publisher's own name are left out. Never raises.
    """
    kept: dict[str, str] = {}
    barred = _squeezed(publisher) if publisher else ""
    for raw in names:
        if not isinstance(raw, str):
            continue
        for name in _read(raw)[0]:
            key = _squeezed(name)
            if barred and (key == barred or (len(key) > 6 and key in barred)):
                continue
            kept.setdefault(key, name)
    return tuple(_without_parts(kept.values()))


def _squeezed(name: str) -> str:
    return re.sub(r"[\W_]+", "", fold(name))


def _without_parts(names: Iterable[str]) -> list[str]:
    """Drop a name whose words all stand in a longer one ("Ana Ruiz" beside "Ana Maria Ruiz")."""
    listed = list(names)
    sets = [set(fold(name).split()) for name in listed]
    return [name for i, name in enumerate(listed) if not any(sets[i] < other for other in sets)]


def parse_byline(line: str) -> Byline | None:
    """The byline that `line` is, or None when it is something else.

    "By A and B / Reuters", "PETER ROE, Associated Press Writer", "HYUNG-JIN KIM Associated Press",
    "Reuters Staff", "By Associated Press". Without "By", an agency or a writer's title must stand
    in the line, so a bare name is no byline.
    """
    text = line.strip(" \t\u00a0^<=")
    if not text or len(text) > 220:
        return None
    lead = re.match(r"(?i)(?:by|words by|written by|reported by|story by)\b:?\s+(?=\S)", text)
    agency_only = agencies.canonical(re.sub(r"(?i)\s*\b(?:staff|news desk|newsroom|editors?|reporters?)\s*$", "", text))
    if agency_only and not lead:
        return Byline((), agency_only)
    found, agency = _read(text)
    titled = bool(_TITLE.search(text)) and len(text) < 120
    if not lead and not ((agency or titled) and found and _only_names(text, found)):
        return None
    if lead and not found and not agency:
        desk = _desk_of(text[lead.end() :])
        return Byline((), None, desk) if desk else None
    if lead and found and re.search(r"[.!?]\s*$", text) and len(text.split()) > 14:
        return None
    return Byline(tuple(dict.fromkeys(found)), agency)


def _only_names(text: str, found: list[str]) -> bool:
    """Whether a line without "By" is names, agency and title and nothing else: no running prose."""
    rest = _JUNK_AFTER.sub("", text)
    lower = [
        w
        for w in rest.split()
        if w.islower() and w not in {"and", "for", "of", "the", "in", "staff", "dpa"} | _PARTICLES
    ]
    return (
        len(lower) <= 1 and len(rest.split()) <= 8 * len(found) + 4 and not rest.rstrip().endswith((".", "!", "?", ":"))
    )


def _desk_of(text: str) -> str | None:
    desk = _JUNK_AFTER.sub("", text).strip(" .,")
    words = {fold(word) for word in desk.split()}
    return desk if desk and len(desk) < 60 and words & _DESK and not desk.islower() else None
