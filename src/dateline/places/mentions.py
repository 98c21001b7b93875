"""Finding the places of a story, and choosing among namesakes.

A capitalised stretch that the gazetteer knows is a candidate unless it is part of a longer name (a
person, a paper, a company). Namesakes are settled by what stands beside the name ("Paris, Texas"),
by the countries and states the story speaks of, by where its other places lie, and by size. A small
place needs evidence: a preposition of place, a named region, a dateline, or neighbours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dateline.places.gazetteer import Entry, as_place, key_of, weight
from dateline.records import Doc, Place, Reading, Token

if TYPE_CHECKING:
    from dateline.places.gazetteer import Gazetteer

LOCATIVE = frozenset(
    "in at near outside inside around across throughout through along toward towards into from to of off over between "
    "beyond above within via via outside amid upon onto against north south east west northeast northwest southeast southwest".split()
)
_STRONG = frozenset(
    "in at near outside inside around across throughout into from to toward towards via within between".split()
)
_JOINERS = frozenset(
    "of and de del la le las los el al du des da do dos di von van der den am an der sur upon on the ' - – bin ibn".split()
)
_DIRECTIONS = frozenset(
    "north south east west northern southern eastern western central northeast northwest southeast southwest northeastern northwestern southeastern southwestern "
    "north-east north-west south-east south-west upper lower greater downtown inner outer mid old new mainland rural suburban metropolitan nearby occupied".split()
)
_TITLES = frozenset(
    "mr mrs ms miss dr sir lady lord president vice prime minister premier chancellor king queen prince princess general gen colonel col major maj captain capt "
    "lieutenant lt sergeant sgt admiral adm senator sen representative rep congressman congresswoman gov governor mayor judge justice professor prof pope cardinal archbishop bishop "
    "ayatollah sheik sheikh imam secretary spokesman spokeswoman chairman director ambassador envoy commander chief deputy sheriff attorney detective officer coach rev reverend saint".split()
)
_PLACE_NOUNS = frozenset(
    "city town village province region district county state suburb neighborhood neighbourhood area airport port border "
    "camp island islands peninsula valley river capital prison base harbor harbour street bridge square mosque enclave settlement municipality township governorate prefecture oblast "
    "countryside outskirts resident residents native police".split()
)
_ORGANISATION = frozenset(
    "post times herald tribune journal gazette news press daily star mirror guardian observer university college institute school bank group inc corp co ltd company united fc city "
    "airlines airways stock exchange securities motors industries holdings partners records symphony orchestra review magazine accord treaty protocol convention declaration agreement "
    "giants bears lions tigers yankees cowboys games cup open olympics marathon act tech".split()
)
_INSTITUTION = frozenset(
    "police department court council county government state sheriff office authority airport hospital high district city commission ministry parliament army".split()
)
_PAPERS = frozenset("post times herald tribune journal gazette news press star mirror guardian observer review".split())
_BODIES = frozenset(
    "library bureau center centre club society chamber association agency service project team museum theater theatre festival fair road street avenue highway river creek lake park "
    "elementary middle high school stadium arena mall market hall church cathedral temple mosque synagogue legislature assembly supreme superior circuit appeals resident official "
    "attorney sheriff fire utilitie health emergency transportation public regional national international municipal memorial community rescue patrol zoo hotel inn".split()
)
_MONTHS = frozenset(
    "april august december february january july june march may november october september friday monday saturday "
    "sunday thursday tuesday wednesday aug dec feb jan nov oct sept".split()
)
# Capitalised words that some village bears as a name and that never mean it in news.
_NEVER = _MONTHS | frozenset(
    "north south east west northeast northwest southeast southwest northern southern eastern western central university college school city church hospital street avenue road "
    "park center centre court congress senate house duma christmas easter section village county state union republic army navy police mayor hamas swat eta plo ira nato opec "
    "fatah taliban obama trump biden putin god bible internet english sunday democrats republican republicans democrat nazi islam muslim muslims arab arabs the a an i he she it "
    "we they this that these those but and or if in on at by for from to of as is are was were will would with not no yes now then there here who what when where why how all "
    "mr mrs ms dr st new old san santa los las la le de el al bin van von data media man men young best good bank golden gate port date field most many chief".split()
)
_NAMES_TOO = frozenset(
    "jordan chad georgia israel kenya india china cuba paris london sydney victoria charlotte florence dallas austin houston madison jackson lincoln washington clinton bush carter".split()
)
_LONGEST = 6


@dataclass
class _Candidate:
    """A stretch of tokens that the gazetteer knows, and the evidence for its being a place."""

    doc: Doc
    first: int
    last: int
    key: str
    entries: tuple[Entry, ...]
    inside: Entry | None = None
    holder: tuple[int, int] | None = None
    prepositions: set[str] = field(default_factory=set)
    beside: bool = False
    dateline: bool = False
    embedded: bool = False
    attribute: bool = False

    @property
    def start(self) -> int:
        return self.doc.tokens[self.first].start

    @property
    def end(self) -> int:
        end = self.doc.tokens[self.last].end
        return end


def find(
    gazetteer: Gazetteer, reading: Reading, *, adjectives: bool = True, unplaced: bool = True
) -> tuple[Place, ...]:
    """The places of a story in text order, each with the namesake that the story's evidence favours."""
    people = _people(gazetteer, reading.docs)
    candidates = [c for doc in reading.docs for c in _candidates(gazetteer, doc, people, adjectives=True)]
    _mark_dateline(gazetteer, reading, candidates)
    context = _context(reading, candidates)
    chosen = _choose(candidates, context)
    places = []
    for candidate, entry in chosen:
        if entry.level == "adjective" and not adjectives:
            continue
        source = "adjective" if entry.level == "adjective" else "text"
        places.append(as_place(entry, candidate.doc.part, candidate.start, candidate.end, source))
    if unplaced:
        known = {(c.doc.part, i) for c, _ in chosen for i in range(c.first, c.last + 1)}
        places += [place for doc in reading.docs for place in _unplaced(gazetteer, doc, known, people)]
        order = {doc.part: n for n, doc in enumerate(reading.docs)}
        places.sort(key=lambda place: (order[place.part], place.start))
    return tuple(places)


# --------------------------------------------------------------------------- candidates


def _is_name(token: Token) -> bool:
    return token.tag in ("NNP", "NNPS") or (
        token.text[:1].isupper() and token.tag[:2] in ("JJ", "NN", "FW", "VB", "CD", "IN", "DT", "UH")
    )


def _people(gazetteer: Gazetteer, docs: Sequence[Doc]) -> frozenset[str]:
    """Last words of names that open with a word no place opens with, or with a title: "Sharon" after "Ariel Sharon"."""
    found: set[str] = set()
    for doc in docs:
        tokens = doc.tokens
        for i in range(1, len(tokens)):
            token, before = tokens[i], tokens[i - 1]
            if token.tag != "NNP" or before.tag != "NNP" or token.sent != before.sent or not token.text[:1].isupper():
                continue
            word = before.lower.rstrip(".")
            if word in _TITLES or (
                word.isalpha()
                and word not in _DIRECTIONS
                and word not in _MONTHS
                and not gazetteer.opens(word)
                and not before.text.isupper()
            ):
                following = tokens[i + 1] if i + 1 < len(tokens) else None
                if following is None or following.tag != "NNP":
                    found.add(token.lower)
    return frozenset(found)


def _candidates(gazetteer: Gazetteer, doc: Doc, people: frozenset[str], *, adjectives: bool) -> list[_Candidate]:
    found: list[_Candidate] = []
    i, tokens = 0, doc.tokens
    while i < len(tokens):
        token = tokens[i]
        if not token.text[:1].isupper() or token.tag in ("PRP", "PRP$", "WP", "MD"):
            i += 1
            continue
        candidate = _match(gazetteer, doc, i)
        if candidate is None:
            i += 1
            continue
        i = candidate.last + 1
        if _acceptable(gazetteer, candidate, people):
            _beside(gazetteer, candidate)
            found.append(candidate)
            if candidate.holder:
                held = _held(gazetteer, candidate)
                if held is not None:
                    found.append(held)
                    i = held.last + 1
    return found


def _match(gazetteer: Gazetteer, doc: Doc, i: int) -> _Candidate | None:
    """The longest known name that starts at token `i`."""
    tokens = doc.tokens
    first = tokens[i]
    abbreviation = gazetteer.abbreviations.get(first.text)
    if (
        abbreviation is not None
        and (first.text.endswith(".") or len(first.text) > 2)
        and i
        and tokens[i - 1].text == ","
    ):
        return _Candidate(doc, i, i, key_of(first.text), (abbreviation,))
    opening = key_of(first.text).split(" ", 1)[0]
    if not opening or not gazetteer.opens(opening):
        return None
    stop = min(doc.sentences[first.sent][1], i + _LONGEST)
    last = i
    while last + 1 < stop and (
        tokens[last + 1].text[:1].isupper() or tokens[last + 1].lower in _JOINERS or tokens[last + 1].text[:1].isdigit()
    ):
        last += 1
    for end in range(last, i - 1, -1):
        final = tokens[end]
        if end > i and not (final.text[:1].isupper() or (tokens[end - 1].text == "-" and final.text.isalpha())):
            continue
        key = key_of(doc.text[first.start : final.end])
        if len(key) < 2 or len(key) > 60:
            continue
        entries = gazetteer.entries(key)
        if entries:
            return _Candidate(doc, i, end, key, entries)
    return None


def _acceptable(gazetteer: Gazetteer, candidate: _Candidate, people: frozenset[str]) -> bool:
    """Whether the stretch stands as a name of its own rather than inside a longer one."""
    doc, tokens = candidate.doc, candidate.doc.tokens
    first, last = tokens[candidate.first], tokens[candidate.last]
    single = candidate.first == candidate.last
    big = max(weight(e) for e in candidate.entries)
    if (
        single
        and (len(first.text) < 3 or (first.text.isupper() and len(first.text) < 5))
        and not any(e.level in ("country", "region", "continent") for e in candidate.entries)
        and not first.text.endswith(".")
    ):
        return False
    if single and first.text == "US" and first.tag == "PRP":
        return False
    if any(e.level == "adjective" for e in candidate.entries) and not any(
        e.level == "country" for e in candidate.entries
    ):
        return True
    before = tokens[candidate.first - 1] if candidate.first else None
    after = tokens[candidate.last + 1] if candidate.last + 1 < len(tokens) else None
    same_before = before is not None and before.sent == first.sent
    same_after = after is not None and after.sent == last.sent
    if same_before and before is not None and not _stands_after(gazetteer, candidate, before):
        return False
    if single and (candidate.key in _NEVER or first.tag in ("DT", "IN", "PRP", "CC")):
        return False
    if (
        single
        and after is not None
        and first.dep == "compound"
        and first.head == after.i
        and after.tag == "NNP"
        and big < 6
    ):
        return False  # "Michael Jordan": a first name that is also a small district
    if same_after and after is not None and not _stands_before(gazetteer, candidate, after, big):
        if after.lower in _PAPERS or len(candidate.key) < 4 or _looks_personal(candidate, after):
            return False
        candidate.embedded = True
    candidate.prepositions = _prepositions(doc, candidate)
    candidate.attribute = bool(
        same_after
        and after is not None
        and (
            after.text in ("'s", "’s", "-")
            or (after.tag in ("NN", "NNS") and first.dep in ("compound", "nmod", "amod"))
        )
    )
    if (
        single
        and first.lower in people
        and big < 8.7
        and not candidate.prepositions & _STRONG
        and _after_comma(candidate) is None
    ):
        return any(e.level == "region" for e in candidate.entries)
    if single and candidate.key in gazetteer.words and big < 9.5:
        return first.tag in ("NNP", "NNPS") and bool(
            candidate.prepositions & _STRONG or _after_comma(candidate) is not None
        )
    if single and first.tag not in ("NNP", "NNPS") and big < 8.5 and first.text.lower() != first.text:
        return bool(candidate.prepositions & _STRONG)
    return True


def _looks_personal(candidate: _Candidate, after: Token) -> bool:
    """Two capitalised words, the first a given name too or the second ending the run: "Paris Hilton", "Chad Smith"."""
    tokens = candidate.doc.tokens
    further = tokens[after.i + 1] if after.i + 1 < len(tokens) else None
    ends = further is None or further.tag not in ("NNP", "NNPS") or further.sent != after.sent
    return candidate.first == candidate.last and ends and (candidate.key in _NAMES_TOO or not _is_noun_like(after))


def _is_noun_like(token: Token) -> bool:
    """Whether a capitalised word reads as a common noun of an institution ("Library", "Bureau") rather than a surname."""
    word = token.lower.rstrip("s")
    return (
        word in _INSTITUTION
        or word in _ORGANISATION
        or word in _BODIES
        or word.endswith(("tion", "ment", "ship", "ing", "ies", "ance", "ency"))
    )


def _stands_after(gazetteer: Gazetteer, candidate: _Candidate, before: Token) -> bool:
    """Whether the word before leaves the name a place: not a first name, a title or an initial."""
    word = before.lower.rstrip(".")
    if before.tag not in ("NNP", "NNPS") or before.end < candidate.start - 1:
        return word not in _TITLES or before.tag not in ("NN", "NNP")
    if word in _DIRECTIONS or word in _MONTHS or before.text in {"-", "/"}:
        return True
    if gazetteer.entries(key_of(before.text)) and any(
        e.level in ("country", "adjective") for e in gazetteer.entries(key_of(before.text))
    ):
        return True
    return before.text.isupper() and len(before.text) > 3


def _stands_before(gazetteer: Gazetteer, candidate: _Candidate, after: Token, big: float) -> bool:
    """Whether the word behind leaves the name a place: not a surname, a paper, a firm or a team."""
    if after.text == "-" or (after.start == candidate.end and after.text[:1] == "-"):
        return big > 5
    if after.tag not in ("NNP", "NNPS") or not after.text[:1].isupper():
        return True
    word = after.lower.rstrip(".")
    if word in _ORGANISATION:
        return False
    if word in _INSTITUTION or word in _MONTHS or word in _PLACE_NOUNS or word in _TITLES:
        return True
    if gazetteer.abbreviations.get(after.text) or any(
        e.level in ("country", "region") for e in gazetteer.entries(key_of(after.text))
    ):
        return True
    return big > 8.5 and candidate.key not in _NAMES_TOO


def _prepositions(doc: Doc, candidate: _Candidate) -> set[str]:
    """Prepositions that govern the name: by the parse, and the word before it."""
    found = set()
    tokens = doc.tokens
    i = candidate.first - 1
    while i >= 0 and (
        tokens[i].lower in _DIRECTIONS or (tokens[i].lower in ("the", "and", ",") and i > candidate.first - 3)
    ):
        i -= 1
    if i >= 0 and tokens[i].lower in LOCATIVE:
        found.add(tokens[i].lower)
    head = tokens[candidate.last]
    for _ in range(4):
        if head.dep == "pobj":
            found.add(tokens[head.head].lower)
            break
        if head.dep not in ("conj", "compound", "appos", "nmod"):
            break
        head = tokens[head.head]
    return found


def _after_comma(candidate: _Candidate) -> int | None:
    """Index of the first token of "..., Region" right behind the name."""
    tokens, i = candidate.doc.tokens, candidate.last + 1
    if (
        i + 1 < len(tokens)
        and tokens[i].text == ","
        and tokens[i + 1].text[:1].isupper()
        and tokens[i + 1].sent == tokens[i].sent
    ):
        return i + 1
    if i < len(tokens) and tokens[i].text == "(" and i + 1 < len(tokens) and tokens[i + 1].text[:1].isupper():
        return i + 1
    return None


def _beside(gazetteer: Gazetteer, candidate: _Candidate) -> None:
    """Notes the region or country written behind the name, where one of its namesakes lies in it."""
    at = _after_comma(candidate)
    if at is None:
        return
    tokens = candidate.doc.tokens
    word = tokens[at].text
    holders: list[tuple[Entry, int, int]] = []
    if word in gazetteer.abbreviations:
        holders.append((gazetteer.abbreviations[word], at, at))
    else:
        match = _match(gazetteer, candidate.doc, at)
        if match is not None:
            holders += [(e, match.first, match.last) for e in match.entries if e.level in ("country", "region", "area")]
    for holder, first, last in holders:
        inside = [e for e in candidate.entries if _holds(holder, e)]
        if inside:
            candidate.inside, candidate.holder, candidate.beside = holder, (first, last), True
            return


def _holds(holder: Entry, entry: Entry) -> bool:
    if (
        entry.level in ("country", "continent", "sea", "adjective")
        or holder.country != entry.country
        or holder == entry
    ):
        return False
    if holder.level == "country":
        return True
    return holder.admin1 is None or entry.admin1 is None or holder.admin1 == entry.admin1


def _held(gazetteer: Gazetteer, candidate: _Candidate) -> _Candidate | None:
    assert candidate.holder is not None and candidate.inside is not None
    first, last = candidate.holder
    text = candidate.doc.text[candidate.doc.tokens[first].start : candidate.doc.tokens[last].end]
    return _Candidate(candidate.doc, first, last, key_of(text), (candidate.inside,), beside=True)


# --------------------------------------------------------------------------- choosing

_LOCAL = frozenset({"city", "part", "area", "point"})
AMONG = 1.0  # weight of names near by from which a name that may be a place is taken for one
NEAR, NEAR_MOST = 1.2, 5.0  # what each name of the neighbourhood adds to a namesake's score, and all of them at most


@dataclass(frozen=True)
class _Context:
    """What the story speaks of: weights of countries, of (country, admin1), and what lies near what.

    `cells`: for each square of one degree the names that may mean a place in it, each with its weight: 1 for
    a name of one meaning, less for one of many.
    """

    countries: Counter[str]
    states: Counter[tuple[str, str]]
    cells: dict[tuple[int, int], dict[str, float]]

    def neighbours(self, key: str, entry: Entry) -> float:
        """Weight of the other names of the story that may mean a place within about a degree of `entry`."""
        near: dict[str, float] = {}
        row, column = _cell(entry)
        for i in (row - 1, row, row + 1):
            for j in (column - 1, column, column + 1):
                for other, weight_there in self.cells.get((i, j), {}).items():
                    if other != key and weight_there > near.get(other, 0.0):
                        near[other] = weight_there
        return sum(near.values())


def _cell(entry: Entry) -> tuple[int, int]:
    return int(entry.lat // 1), int(entry.lon // 1)


def _cells(candidates: Sequence[_Candidate]) -> dict[tuple[int, int], dict[str, float]]:
    cells: dict[tuple[int, int], dict[str, float]] = {}
    for candidate in candidates:
        if candidate.embedded:
            continue
        entries = [e for e in candidate.entries if e.level in _LOCAL]
        if candidate.inside is not None:
            entries = [e for e in entries if _holds(candidate.inside, e)]
        for entry in entries:
            names = cells.setdefault(_cell(entry), {})
            names[candidate.key] = max(names.get(candidate.key, 0.0), 1.0 / len(entries) ** 0.5)
    return cells


def _mark_dateline(gazetteer: Gazetteer, reading: Reading, candidates: Iterable[_Candidate]) -> None:
    dateline = reading.story.dateline
    names = {key_of(dateline.place)} if dateline and dateline.place else set()
    if dateline:
        names |= {key_of(place) for place, _ in dateline.places}
    for candidate in candidates:
        candidate.dateline = candidate.key in names


def _context(reading: Reading, candidates: Sequence[_Candidate]) -> _Context:
    countries: Counter[str] = Counter()
    states: Counter[tuple[str, str]] = Counter()
    dateline = reading.story.dateline
    if dateline and dateline.country:
        countries[dateline.country] += 3
    seen: set[str] = set()
    for candidate in candidates:
        if candidate.embedded or (candidate.key in seen and not candidate.beside):
            continue
        seen.add(candidate.key)
        _vote(candidate, countries, states)
    return _Context(countries, states, _cells(candidates))


def _vote(candidate: _Candidate, countries: Counter[str], states: Counter[tuple[str, str]]) -> None:
    """A name says which country and state the story is in: all of its vote when it has one meaning, shares else."""
    if candidate.inside is not None:
        if candidate.inside.country:
            countries[candidate.inside.country] += 2
            if candidate.inside.admin1:
                states[candidate.inside.country, candidate.inside.admin1] += 3
        return
    top = max(candidate.entries, key=weight)
    if top.level in ("country", "adjective") and top.country:
        countries[top.country] += 2
        return
    if top.level == "region" and top.country:
        countries[top.country] += 1
        if top.admin1:
            states[top.country, top.admin1] += 3
        return
    options = {(e.country, e.admin1) for e in candidate.entries if e.country and e.admin1}
    for country, admin1 in options:
        assert country and admin1
        states[country, admin1] += 1 / len(options)  # type: ignore[assignment]
    for country in {c for c, _ in options if c}:
        countries[country] += 0.5 / len({c for c, _ in options})  # type: ignore[assignment]


def _choose(candidates: Sequence[_Candidate], context: _Context) -> list[tuple[_Candidate, Entry]]:
    """The namesake of every candidate that has evidence enough; the same name means the same place all through a story."""
    best: dict[str, tuple[float, Entry]] = {}
    for candidate in candidates:
        if candidate.embedded and candidate.key in best:
            continue
        entry, score = _best(candidate, context)
        if candidate.key not in best or score > best[candidate.key][0]:
            best[candidate.key] = (score, entry)
    sure = {c.key for c in candidates if not c.embedded and _sure(c, best[c.key][1], context)}
    chosen = []
    for candidate in candidates:
        entry = best[candidate.key][1]
        if candidate.key in sure or (
            candidate.embedded and entry.level in ("region", "area") and candidate.key not in _NAMES_TOO
        ):
            entry = _best(candidate, context)[0] if candidate.beside else best[candidate.key][1]
            chosen.append((candidate, entry))
    return chosen


def _best(candidate: _Candidate, context: _Context) -> tuple[Entry, float]:
    scored = [(_score(candidate, entry, context), -n, entry) for n, entry in enumerate(candidate.entries)]
    score, _, entry = max(scored, key=lambda item: item[:2])
    return entry, score


def _score(candidate: _Candidate, entry: Entry, context: _Context) -> float:
    score = weight(entry)
    if (
        entry.level == "country"
        and len(candidate.entries) > 1
        and entry.country
        and context.countries[entry.country] <= 2.5
    ):
        score -= 4.0  # nothing else in the story speaks of that country: a town or state of the same name may be meant
    if candidate.inside is not None and _holds(candidate.inside, entry):
        score += 20
    if entry.level in ("country", "adjective", "continent"):
        return score
    if entry.country:
        own = 0.0
        score += min(2.0, 0.7 * (context.countries[entry.country] - own))
        if entry.admin1:
            share = 1 / max(1, len({(e.country, e.admin1) for e in candidate.entries if e.admin1}))
            score += min(4.0, 1.4 * max(0.0, context.states[entry.country, entry.admin1] - share))
    if entry.level in _LOCAL:
        score += min(NEAR_MOST, NEAR * context.neighbours(candidate.key, entry))
    return score


def _sure(candidate: _Candidate, entry: Entry, context: _Context) -> bool:
    """Whether this mention is evidence enough that the name is a place here."""
    if candidate.beside or candidate.dateline or entry.level in ("country", "continent", "adjective", "sea", "point"):
        return True
    if entry.level == "region" or entry.population >= 200_000 or entry.capital:
        return True
    if candidate.prepositions & _STRONG or (
        candidate.attribute and candidate.key not in _NAMES_TOO and entry.population >= 15_000
    ):
        return True
    multi = candidate.last > candidate.first
    near = bool(entry.country and entry.admin1 and context.states[entry.country, entry.admin1] >= 3)
    near = near or (entry.level in _LOCAL and context.neighbours(candidate.key, entry) >= AMONG)
    if near and (multi or candidate.prepositions or candidate.attribute or entry.population >= 5000):
        return True
    return bool(multi and candidate.prepositions) or (entry.population >= 20_000 and bool(candidate.prepositions))


# --------------------------------------------------------------------------- places no gazetteer knows

_FEATURES = frozenset(
    "airport airfield airbase base hospital mountains mountain valley river forest forests village town district province governorate square street avenue boulevard bridge camp "
    "island islands farms hills hill crossing prison dam oilfield junction gate stadium mosque church cathedral tehsil desert plains heights peninsula strait bay lake port harbor "
    "neighborhood neighbourhood suburb checkpoint barracks quarter countryside region county subdistrict sub-district highlands plateau prospect road highway market cemetery embassy".split()
)
_LEADS = frozenset(
    "wadi jabal jebel tal tell tel khirbet camp lake mount cape fort port kfar kafr beit bayt deir umm abu ain ayn".split()
)
_KINDS = frozenset(
    "village villages town towns city cities district districts province provinces region suburb suburbs neighborhood neighbourhood neighborhoods area enclave settlement hamlet "
    "stronghold island camp port municipality township commune locality county governorate".split()
)
_INSIDE = frozenset("in near outside at around".split())


def _unplaced(gazetteer: Gazetteer, doc: Doc, known: set[tuple[str, int]], people: frozenset[str]) -> list[Place]:
    """Names that the words around say are places though the gazetteer has none: kept by name, without coordinates."""
    found, i, tokens = [], 0, doc.tokens
    while i < len(tokens):
        if tokens[i].tag not in ("NNP", "NNPS") or not tokens[i].text[:1].isupper() or (doc.part, i) in known:
            i += 1
            continue
        last = i
        stop = doc.sentences[tokens[i].sent][1]
        while last + 1 < min(stop, i + 6) and (
            tokens[last + 1].tag in ("NNP", "NNPS")
            or (tokens[last + 1].text in ("-", "'", "’") and last + 2 < stop and tokens[last + 2].tag == "NNP")
        ):
            last += 1
        if _reads_as_place(gazetteer, doc, i, last, people) and not any(
            (doc.part, k) in known for k in range(i, last + 1)
        ):
            point = tokens[last].lower in _FEATURES
            found.append(
                Place(
                    doc.part,
                    tokens[i].start,
                    tokens[last].end,
                    doc.slice(i, last),
                    precision="point" if point else "city",
                    source="unplaced",
                )
            )
        i = last + 1
    return found


def _reads_as_place(gazetteer: Gazetteer, doc: Doc, first: int, last: int, people: frozenset[str]) -> bool:
    """ "the town of X", "X district", "the X Mountains", "in X, <known place>" and "in X" where X was never a person here."""
    tokens = doc.tokens
    before = [tokens[k].lower for k in range(max(0, first - 3), first)]
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    word = tokens[last].lower
    if (word in _NEVER and last == first) or tokens[last].text.isupper() or tokens[first].lower.rstrip(".") in _TITLES:
        return False
    if before[-1:] == ["of"] and before[-2:-1] and before[-2] in _KINDS:
        return True
    if before[-1:] and before[-1] in _KINDS:
        return before[-1] in ("village", "town", "suburb")
    governed = {t.lower for t in (tokens[tokens[last].head],) if tokens[last].dep == "pobj"} | {
        b for b in before[-2:] if b in LOCATIVE
    }
    if last > first and (word in _FEATURES or tokens[first].lower in _LEADS):
        return bool(governed & LOCATIVE) or tokens[last].dep in ("dobj", "pobj")
    if after is not None and after.lower in _KINDS and after.tag.startswith("NN"):
        return True
    if (
        not before[-1:]
        or before[-1] not in _INSIDE
        or word in people
        or (
            tokens[last].text[:1] + tokens[last].text[1:].lower() != tokens[last].text
            and "-" not in tokens[last].text
            and last == first
        )
    ):
        return False
    return (
        last - first <= 1
        and after is not None
        and not (word in _ORGANISATION or word in _INSTITUTION or word in _BODIES)
        and len(word) > 3
    )
