"""Who is meant: every actor mention of a story, resolved by reading the story from its start.

A `Finder` walks the sentences in order with a memory of who was named. Names come from the
dictionary, valid on the story's day; role nouns take their country from their own phrase first
(modifier, possessor, "of X", "in X"), then from what the story has said of the same role, then from
the sentence and the dateline, and the actor says which (`reason`). Pronouns and descriptions ("the
two sides", "the North", "the group") go to their antecedents. An unknown name stays itself.
It refuses to decide who acts: that is the coder's business.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from dateline.actors.dictionary import Agent, Dictionary, Entry, normal
from dateline.records import Actor, Doc, Party, Reading, Token

NOUNS = frozenset({"NN", "NNS", "NNP", "NNPS"})
_MODIFIERS = ("amod", "compound", "nmod", "poss", "nummod", "det", "appos")
_HE = frozenset("he she him her his hers himself herself".split())
_IT = frozenset("it its itself".split())
_THEY = frozenset("they them their theirs themselves".split())
_WE = frozenset("we us our ours i me my mine".split())
_SAYING = frozenset(
    """say tell add write state announce declare warn claim insist argue note stress tweet reply ask urge call
    explain quote report comment remark""".split()
)
_PAIRS = frozenset(
    "side country nation leader party neighbor neighbour government state ally foe rival power minister president "
    "official capital militaries military army team delegation adversary enemy people".split()
)
_HALVES = (("PRK", "KOR"), ("SDN", "SSD"))
_TOWARD = frozenset("ambassador envoy emissary diplomat consul attache delegate".split())
_LOCATIVE = frozenset("in at near outside inside around across throughout within".split())
_HOME_FIRST = frozenset({"REB", "CVL", "COP", "EDU", "LAB", "MED", "REL", "OPP"})
_NOBODY_S = frozenset("international multinational foreign allied western global regional".split())
_STATES = frozenset(
    "country nation state government kingdom republic power superpower ally side leader leadership".split()
)
_GENERIC = frozenset("group organization organisation movement company firm body network militia team party".split())

Locate = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Name:
    """A dictionary name in a Doc: tokens `first` to `last` (half-open), its syntactic head, its entry."""

    first: int
    last: int
    head: int
    entry: Entry


@dataclass(slots=True)
class Seen:
    """One mention in the memory of a reading."""

    parties: tuple[Party, ...]
    kind: str
    plural: bool
    subject: bool
    sentence: int


@dataclass(slots=True)
class Memory:
    """What a story has told so far. Lives for one reading only."""

    day: str | None
    home: str | None
    main: str | None = None
    counts: Counter[str] = field(default_factory=Counter)
    seen: list[Seen] = field(default_factory=list)
    people: dict[str, Actor] = field(default_factory=dict)
    roles: dict[str, Actor] = field(default_factory=dict)
    titles: dict[str, Actor] = field(default_factory=dict)
    pair: tuple[Actor, ...] = ()


class Finder:
    """Finds the actor mentions of readings with one dictionary.

    `locate`: name of a well-known city to ISO3, or None; `region` the same of any place on the map, asked where
    the grammar says that a place must stand there ("Rakhine rebels").
    """

    def __init__(self, dictionary: Dictionary, locate: Locate, region: Locate) -> None:
        self._dictionary = dictionary
        self._locate = locate
        self._region = region

    def __call__(self, reading: Reading) -> tuple[dict[int, tuple[Party, ...]], ...]:
        """One dict per doc: token index of a mention's head -> the parties it names."""
        story = reading.story
        memory = Memory(story.published, story.dateline.country if story.dateline else None)
        pages = [_Page(self._dictionary, self._locate, self._region, doc, memory) for doc in reading.docs]
        for page in pages:
            memory.counts.update(name.entry.country for name in page.names.values() if name.entry.country)
        ranked = [country for country, _ in memory.counts.most_common() if len(country) == 3]
        memory.main = memory.home or (ranked[0] if ranked else None)
        return tuple(page.read() for page in pages)


class _Page:
    """The mentions of one Doc, read from its start with the story's memory."""

    def __init__(self, dictionary: Dictionary, locate: Locate, region: Locate, doc: Doc, memory: Memory) -> None:
        self.doc, self.memory = doc, memory
        self._dictionary, self._locate, self._region = dictionary, locate, region
        self._words = [normal(token.text) for token in doc.tokens]
        self._lemmas = [token.lemma.lower() for token in doc.tokens]
        self.names = {name.head: name for name in self._find_names()}
        self._inside = {i: name for name in self.names.values() for i in range(name.first, name.last)}
        self.found: dict[int, tuple[Party, ...]] = {}

    # ------------------------------------------------------------------ names

    def _find_names(self) -> Iterable[Name]:
        i, tokens = 0, self.doc.tokens
        while i < len(tokens):
            length = 0
            if tokens[i].text[:1].isupper() or tokens[i].lower in ("the", "al", "bin"):
                length, entries = self._dictionary.longest(self._words, i)
                if length and any(t.text[:1].isupper() for t in tokens[i : i + length]):
                    head = _head_of(self.doc, i, i + length)
                    entry = self._valid(entries)
                    if not self._is_a_person_s_name(i, length, head, entry):
                        yield Name(i, i + length, head, entry)
                else:
                    length = 0
            i += length or 1

    def _valid(self, entries: tuple[Entry, ...]) -> Entry:
        day = self.memory.day
        return next((entry for entry in entries if entry.holds(day)), _nearest(entries, day))

    def _is_a_person_s_name(self, i: int, length: int, head: int, entry: Entry) -> bool:
        """ "Michael Jordan", "Paris Hilton": a country's or city's name that is part of a person's."""
        if length > 1 or entry.kind not in ("country", "capital", "demonym", "person"):
            return False
        token = self.doc.tokens[i]
        if entry.kind == "person":
            return self._is_a_stranger_s(i)
        left = [kid for kid in self.doc.kids(i, "compound") if kid.tag == "NNP" and kid.i == i - 1]
        if left and token.dep != "compound" and entry.kind != "demonym":
            return not self._dictionary.longest(self._words, left[0].i)[0] and not self._agent_word(left[0].i)
        above = self.doc.tokens[token.head]
        if token.dep == "compound" and entry.kind == "capital" and above.i == i + 1 and above.tag == "NNP":
            return self._agent_word(above.i) is None and not self._dictionary.longest(self._words, above.i)[0]
        return False

    def _is_a_stranger_s(self, i: int) -> bool:
        """A known surname with another's forename before it ("Ana Putin"), or with a surname after it."""
        tokens = self.doc.tokens
        sides = [tokens[j] for j in (i - 1, i + 1) if 0 <= j < len(tokens) and tokens[j].sent == tokens[i].sent]
        for side in sides:
            joined = side.dep in ("compound", "nmod", "flat") and side.head == i
            joined = joined or (tokens[i].dep == "compound" and tokens[i].head == side.i)
            if joined and side.tag == "NNP" and side.text[1:].islower() and not self._agent_word(side.i):
                return not self._dictionary.longest(self._words, side.i)[0]
        return False

    def _agent_word(self, i: int) -> Agent | None:
        return self._dictionary.agent_ending(self._lemmas, i + 1)

    # ------------------------------------------------------------------ reading

    def read(self) -> dict[int, tuple[Party, ...]]:
        for token in self.doc.tokens:
            parties = self._resolve(token)
            if parties:
                self.found[token.i] = parties
        return self.found

    def _resolve(self, token: Token) -> tuple[Party, ...]:
        if token.i in self.found:
            return self.found[token.i]
        if token.tag in ("PRP", "PRP$"):
            return self._pronoun(token)
        name = self.names.get(token.i)
        if name is not None:
            return self._named(token, name)
        if token.i in self._inside:
            return ()
        if token.tag in ("NNP", "NNPS") and token.dep not in ("compound", "amod", "nmod"):
            return self._proper(token)
        if token.tag in NOUNS and token.dep not in ("compound", "nmod"):
            return self._role(token)
        if token.tag == "DT" and token.lower == "both" and token.dep in ("nsubj", "dobj", "pobj", "nsubjpass"):
            return self._last_two(token, token.i)
        return ()

    def _keep(
        self, token: Token, actors: Iterable[Actor], first: int, kind: str, *, plural: bool = False
    ) -> tuple[Party, ...]:
        doc = self.doc
        start, end = doc.tokens[first].start, token.end
        parties = tuple(Party(start, end, doc.text[start:end], token.i, actor) for actor in actors)
        if parties:
            subject = token.dep in ("nsubj", "nsubjpass") or (
                token.dep == "conj" and doc.tokens[token.head].dep == "nsubj"
            )
            self.memory.seen.append(Seen(parties, kind, plural, subject, token.sent))
        return parties

    # ------------------------------------------------------------------ named

    def _named(self, token: Token, name: Name) -> tuple[Party, ...]:
        entry = name.entry
        if (
            entry.kind == "demonym"
            and token.tag in ("NNS", "NNPS", "NN", "NNP")
            and token.dep not in ("amod", "compound", "nmod")
        ):
            people = Actor(
                self._text(name), entry.country, ("CVL",), f"people:{entry.country}", f"people of {entry.name}"
            )
            return self._keep(token, [people], name.first, "group", plural=True)
        if entry.kind == "capital" and self._is_locative(token):
            return ()
        if entry.kind == "seat" and (owners := self._owners(token, name)) and entry.country not in owners:
            # "Chile's Defense Department": the ministry of that name, but of that country
            body = Actor(self._text(name), owners[0], entry.sectors, f"seat:{owners[0]}:{entry.name.lower()}", "owned")
            return self._keep(token, [body], name.first, "body")
        kind = {"person": "person", "group": "group", "seat": "body"}.get(entry.kind, "state")
        actor = _actor(entry, self.memory.day)
        if entry.kind == "person":
            self._remember_person(self._text(name), actor)
            title = self._title(token.i)
            if title is not None:
                self.memory.titles.setdefault(title.word, actor)
        modifier = token.dep in ("amod", "compound", "nmod", "npadvmod")
        parties = self._keep(token, [actor], name.first, kind)
        if modifier:
            self.memory.seen.pop()
        return parties

    def _owners(self, token: Token, name: Name) -> list[str]:
        """Countries that stand before a seat's name as its owner, possessor or nationality."""
        kids = [kid for kid in self.doc.kids(token.i, "poss", "amod", "compound", "nmod") if kid.i < name.first]
        owned = (self._inside.get(kid.i) for kid in kids)
        return [o.entry.country for o in owned if o and o.entry.kind in ("country", "demonym") and o.entry.country]

    def _text(self, name: Name) -> str:
        return self.doc.slice(name.first, name.last - 1)

    def _is_locative(self, token: Token) -> bool:
        above = self.doc.tokens[token.head]
        return (token.dep == "pobj" and above.lower in (*_LOCATIVE, "from", "for", "via")) or token.dep == "appos"

    def _remember_person(self, text: str, actor: Actor) -> None:
        """A person comes back by whole name, by last word, or by first ("Yoon" of Yoon Suk Yeol)."""
        words = text.lower().split()
        for key in (text.lower(), words[-1], words[0]):
            self._remember(key, actor)

    def _remember(self, key: str, actor: Actor) -> None:
        if len(key) > 2:
            self.memory.people[key] = actor

    # ------------------------------------------------------------------ proper nouns outside the dictionary

    def _proper(self, token: Token) -> tuple[Party, ...]:
        first = self._first_of_name(token.i)
        half = self._half(token)
        if half is not None:
            return self._keep(token, [half], token.i, "state")
        agent = self._agent_word(token.i)
        if agent is not None:
            return self._role(token)
        text = self.doc.slice(first, token.i)
        title = self._title(token.i)
        known = self.memory.people.get(text.lower()) or self.memory.people.get(token.lower)
        if known is not None and (title is None or self._own_countries(token.i) in ([], [known.country])):
            return self._keep(token, [known], first, "person")
        if title is None and first == token.i:
            country = self._locate(token.text) if self._looks_like_a_place(token) else None
            if country is not None:
                place = Actor(
                    token.text, country, ("CVL",), f"place:{country}:{token.lower}", "a place in that country"
                )
                return () if self._is_locative(token) else self._keep(token, [place], first, "place")
        agent = title or self._apposition(token)
        if agent is None:
            return self._unknown(token, first, text)
        actor = self._with_country(token, agent, text, person=True)
        self._remember_person(text, actor)
        self.memory.titles.setdefault(agent.word, actor)
        return self._keep(token, [actor], first, "person")

    def _unknown(self, token: Token, first: int, text: str) -> tuple[Party, ...]:
        countries = self._own_countries(token.i)
        if not countries and (first == token.i or token.tag == "NNPS"):
            return ()
        country = countries[0] if countries else None
        reason = f"named with {country}" if country else "a name that the dictionary does not know"
        actor = Actor(text, country, ("UNK",), f"name:{text.lower()}", reason)
        self._remember(token.lower, actor)
        return self._keep(token, [actor], first, "person")

    def _half(self, token: Token) -> Actor | None:
        """ "the North" in a Korean story, "the South" in a Sudanese one."""
        if token.lower not in ("north", "south") or not self.doc.kids(token.i, "det"):
            return None
        for north, south in _HALVES:
            if self.memory.counts[north] or self.memory.counts[south]:
                country = north if token.lower == "north" else south
                if self.memory.counts[country]:
                    return Actor(
                        f"the {token.text}", country, ("GOV",), f"country:{country}", "a half of the story's country"
                    )
        return None

    def _looks_like_a_place(self, token: Token) -> bool:
        return token.tag == "NNP" and len(token.text) > 3 and not self.doc.kids(token.i, "compound")

    def _first_of_name(self, i: int) -> int:
        """First token of the unbroken run of proper nouns (titles left out) that ends at `i`."""
        first = i
        while first > 0:
            left = self.doc.tokens[first - 1]
            joined = left.tag in ("NNP", "NNPS") or left.lower in ("-", "al", "bin", "van", "de", "von")
            if not joined or left.sent != self.doc.tokens[i].sent or left.i in self._inside or self._agent_word(left.i):
                break
            if self.doc.tokens[left.head].i not in range(left.i, i + 1) and left.dep != "punct":
                break
            first -= 1
        return first

    def _title(self, i: int) -> Agent | None:
        """The role noun that stands before the name with head `i` in its own phrase."""
        for kid in reversed(self.doc.kids(i, "compound", "nmod", "amod")):
            agent = self._agent_word(kid.i) if kid.i not in self._inside else None
            if agent is not None and agent.kind == "person":
                return agent
        left = self._first_of_name(i) - 1
        if left >= 0 and self.doc.tokens[left].sent == self.doc.tokens[i].sent and left not in self._inside:
            agent = self._agent_word(left)
            if agent is not None and agent.kind == "person" and self.doc.tokens[left].text[:1].isupper():
                return agent
        return None

    def _apposition(self, token: Token) -> Agent | None:
        """The role noun in apposition: "Shin, the security adviser", "the adviser, Shin"."""
        heads = [kid.i for kid in self.doc.kids(token.i, "appos")]
        if token.dep == "appos":
            heads.append(token.head)
        for head in heads:
            agent = self._agent_word(head)
            if agent is not None and agent.kind == "person":
                return agent
        return None

    # ------------------------------------------------------------------ role nouns

    def _role(self, token: Token) -> tuple[Party, ...]:
        agent = self._agent_word(token.i)
        if agent is None:
            return ()
        if self._is_pair(token):
            return self._last_two(token, self._first_of_phrase(token.i))
        if token.lemma.lower() in _GENERIC and agent.sectors == ("UNK",):
            again = self._again(token, agent)
            if again:
                return again
        first = self._first_of_phrase(token.i)
        if token.lower == "exile" and first == token.i and not self.doc.kids(token.i, "det", "poss"):
            return ()  # "fled into exile": no one
        text = self.doc.slice(first, token.i)
        plural = token.tag in ("NNS", "NNPS")
        countries = self._own_countries(token.i)
        if not countries and (agent.kind == "thing" or (plural and agent.word in _STATES)):
            return ()
        if len(countries) > 1:
            actors = [_role_actor(agent, text, country, "named in its phrase") for country in countries]
            return self._keep(token, actors, first, agent.kind, plural=plural)
        actor = self._with_country(token, agent, text, person=False)
        self.memory.roles[agent.word] = actor
        return self._keep(token, [actor], first, agent.kind, plural=plural)

    def _with_country(self, token: Token, agent: Agent, text: str, *, person: bool) -> Actor:
        """The actor of a role, with its country and where that was read."""
        own = self._own_countries(token.i) or self._apposed_countries(token)
        if own:
            return _role_actor(agent, text, own[0], "named in its phrase")
        abroad = any(kid.lower in _NOBODY_S for kid in self.doc.kids(token.i, "amod", "compound", "nmod"))
        if abroad and agent.sectors[0] in ("MIL", "REB", "CVL", "JRN", "LAB", "BUS"):
            return _role_actor(agent, text, None, "of several countries or of another, and of which it does not say")
        # "the president" is the first president that the story named, not the last one it mentioned
        before = self.memory.titles.get(agent.word) or self.memory.roles.get(agent.word)
        if before is not None and before.country is not None:
            return before if not person else _role_actor(agent, text, before.country, f"as '{before.name}' before")
        country, reason = self._context(token, agent)
        return _role_actor(agent, text, country, reason)

    def _apposed_countries(self, token: Token) -> list[str]:
        heads = [kid.i for kid in self.doc.kids(token.i, "appos")] + ([token.head] if token.dep == "appos" else [])
        return [country for head in heads for country in self._own_countries(head)]

    def _context(self, token: Token, agent: Agent) -> tuple[str | None, str]:
        """The country of a role noun that names none, and why."""
        here = self._place_in_sentence(token)
        if here is not None:
            return here, "the place in its sentence"
        near = self._nearest_before(token)
        home = self.memory.home
        if agent.sectors[0] in _HOME_FIRST:
            order = [(home, "the dateline"), (self.memory.main, "the story's main country"), (near, "named before it")]
        else:
            last = self._last_subject(token)
            order = [(near, "named before it"), (home, "the dateline"), (last, "the last subject"),
                     (self.memory.main, "the story's main country")]  # fmt: skip
        return next(((country, why) for country, why in order if country), (None, "nothing tells its country"))

    def _place_in_sentence(self, token: Token) -> str | None:
        first, last = self.doc.sentence_of(token.i)
        for i in range(first, last):
            here = self.doc.tokens[i]
            if here.dep == "pobj" and here.tag in ("NNP", "NNPS") and self.doc.tokens[here.head].lower in _LOCATIVE:
                country = self._country_at(i)
                if country is not None and len(country) == 3 and country not in ("UNO", "EUR"):
                    return country
        return None

    def _country_at(self, i: int) -> str | None:
        name = self._inside.get(i)
        if name is not None:
            return name.entry.country if name.entry.kind in ("country", "capital", "demonym") else None
        token = self.doc.tokens[i]
        return self._locate(self.doc.slice(self._first_of_name(i), i)) if token.tag == "NNP" else None

    def _nearest_before(self, token: Token) -> str | None:
        for seen in reversed(self.memory.seen):
            if seen.sentence != token.sent:
                break
            country = seen.parties[0].actor.country
            if country is not None:
                return country
        return None

    def _last_subject(self, token: Token) -> str | None:
        """Country of the state or body that was the subject of a sentence before: whose minister speaks next."""
        for seen in reversed(self.memory.seen):
            country = seen.parties[0].actor.country
            if seen.sentence < token.sent and seen.subject and seen.kind in ("state", "body") and country is not None:
                return country
        return None

    def _own_countries(self, i: int) -> list[str]:
        """Countries that the phrase of noun `i` names itself, in text order."""
        found = self._modifier_countries(i)
        if found:
            return found
        for kid in self.doc.kids(i, "poss"):
            parties = self.found.get(kid.i) or self._resolve(kid)
            found += [p.actor.country for p in parties if p.actor.country is not None]
        if found:
            return list(dict.fromkeys(found))
        toward = self.doc.tokens[i].lemma.lower() in _TOWARD
        for prep in self.doc.kids(i, "prep"):
            if prep.lower in ("of", "in", "from", "at") or (prep.lower == "for" and not toward):
                for kid in self.doc.kids(prep.i, "pobj"):
                    found += self._phrase_countries(kid.i)
        return list(dict.fromkeys(found))

    def _phrase_countries(self, i: int) -> list[str]:
        joined = [kid.i for kid in self.doc.kids(i, "conj")]
        country = self._country_at(i)
        found = [country] if country is not None else self._modifier_countries(i)
        return found + [c for j in joined if (c := self._country_at(j)) is not None]

    def _modifier_countries(self, i: int) -> list[str]:
        found: list[str] = []
        bodies: list[str] = []
        todo = [kid.i for kid in self.doc.kids(i, "amod", "compound", "nmod")]
        while todo:
            j = todo.pop(0)
            name = self._inside.get(j)
            if name is not None and name.entry.country is not None:
                (bodies if name.entry.kind in ("group", "seat") else found).append(name.entry.country)
            todo += [kid.i for kid in self.doc.kids(j, "amod", "compound", "nmod", "conj")]
        if not bodies and not found and (place := self._place_before(i)) is not None:
            return [place]
        return list(dict.fromkeys(bodies or found))

    def _place_before(self, i: int) -> str | None:
        """Country of the place that stands before role noun `i`: "Shanghai police", "Kano State government"."""
        kids = [kid for kid in self.doc.kids(i, "compound", "nmod") if kid.tag == "NNP" and kid.i not in self._inside]
        if not kids or self._agent_word(i) is None:
            return None
        last = kids[-1].i
        name = self.doc.slice(self._first_of_name(last), last)
        return self._region(name) if last == i - 1 and len(name) > 3 else None

    def _first_of_phrase(self, i: int) -> int:
        """First token of the unbroken run of modifiers before noun `i`."""
        first = i
        kids = {kid.i for kid in self.doc.kids(i, "compound", "amod", "nmod")}
        kids |= {j for kid in list(kids) for j in self.doc.subtree(kid)}
        while first - 1 in kids:
            first -= 1
        return first

    # ------------------------------------------------------------------ back references

    def _is_pair(self, token: Token) -> bool:
        if token.lemma.lower() not in _PAIRS or token.tag not in ("NNS", "NNPS"):
            return False
        words = {kid.lower for kid in self.doc.kids(token.i, "nummod", "det", "predet", "amod")}
        return bool(words & {"two", "both"}) and not self._modifier_countries(token.i)

    def _last_two(self, token: Token, first: int) -> tuple[Party, ...]:
        """ "the two sides", "both countries": the last two states or bodies the story named, then the same two."""
        if self.memory.pair:
            return self._keep(token, self.memory.pair, first, "state", plural=True)
        countries: dict[str, bool] = {}  # country -> whether it is the subject of this very sentence
        for seen in reversed(self.memory.seen):
            here = seen.subject and seen.sentence == token.sent and token.dep not in ("nsubj", "nsubjpass")
            for party in seen.parties:
                if party.actor.country is not None and seen.kind != "place":
                    countries.setdefault(party.actor.country, here)
            if list(countries.values()).count(False) >= 2:
                break
        # "Kenya urged both countries": the two others, where the story has named two others
        others = [country for country, subject in countries.items() if not subject]
        two = tuple(self._state(country) for country in (others if len(others) >= 2 else list(countries))[:2])
        if len(two) < 2:
            return ()
        self.memory.pair = two
        return self._keep(token, two, first, "state", plural=True)

    def _state(self, country: str) -> Actor:
        """The government of `country` under the country's own name."""
        name = next((n.entry.name for n in self.names.values() if n.entry.country == country), country)
        return Actor(name, country, ("GOV",), f"country:{country}", "one of the two named")

    def _again(self, token: Token, agent: Agent) -> tuple[Party, ...]:
        """ "the group", "the company": the last group or body that was named."""
        if not any(kid.lower in ("the", "this", "that") for kid in self.doc.kids(token.i, "det")):
            return ()
        if self._modifier_countries(token.i):
            return ()
        for seen in reversed(self.memory.seen):
            if seen.kind in ("group", "body") and token.sent - seen.sentence <= 6:
                return self._keep(token, [p.actor for p in seen.parties], token.i, "group")
        return ()

    def _pronoun(self, token: Token) -> tuple[Party, ...]:
        if token.lower in _WE:
            return self._speaker(token)
        if token.lower in _HE:
            kinds: tuple[str, ...] = ("person",)
            plural = False
        elif token.lower in _IT:
            kinds, plural = ("state", "body", "group"), False
        elif token.lower in _THEY:
            kinds, plural = ("group", "person", "state", "body"), True
        else:
            return ()
        if token.dep in ("expl",) or (token.lower == "it" and self._is_dummy(token)):
            return ()
        seen = self._blamed(token, kinds) or self._antecedent(token, kinds, plural=plural)
        if seen is None:
            return ()
        actors = [party.actor for party in seen.parties]
        return self._keep(token, actors, token.i, seen.kind, plural=plural)

    def _is_dummy(self, token: Token) -> bool:
        """ "it is likely that", "it was reported": no one."""
        above = self.doc.tokens[token.head]
        if above.lemma == "be":
            return bool(self.doc.kids(above.i, "acomp", "ccomp", "advcl")) and token.dep == "nsubj"
        return token.dep == "nsubjpass" and bool(self.doc.kids(above.i, "ccomp"))

    def _blamed(self, token: Token, kinds: tuple[str, ...]) -> Seen | None:
        """ "condemned Chad for its raid": the object, when a possessive stands in what somebody is blamed for."""
        noun = self.doc.tokens[token.head]
        preposition = self.doc.tokens[noun.head]
        if token.tag != "PRP$" or noun.dep != "pobj" or preposition.lower not in ("for", "over", "of"):
            return None
        objects = {kid.i for kid in self.doc.kids(preposition.head, "dobj")}
        for seen in reversed(self.memory.seen):
            if seen.kind in kinds and seen.sentence == token.sent and seen.parties[0].head in objects:
                return seen
        return None

    def _antecedent(self, token: Token, kinds: tuple[str, ...], *, plural: bool) -> Seen | None:
        """The mention that a pronoun means: recent, a subject if one is near, of the right kind and number."""
        best, best_score = None, 0.0
        for age, seen in enumerate(reversed(self.memory.seen)):
            distance = token.sent - seen.sentence
            if distance > 3 or age > 25:
                break
            if seen.kind not in kinds or distance < 0:
                continue
            score = 3.0 - distance + (1.2 if seen.subject else 0.0) - 0.05 * age
            score += (
                (1.0 if seen.plural or len(seen.parties) > 1 else -0.8) if plural else (-1.0 if seen.plural else 0.0)
            )
            if plural and seen.kind == "person" and not seen.plural:
                score -= 2.0
            if best is None or score > best_score:
                best, best_score = seen, score
        return best

    def _speaker(self, token: Token) -> tuple[Party, ...]:
        """ "we", "our" and "I" in a quotation: whoever is quoted there."""
        first, last = self.doc.sentence_of(token.i)
        for i in range(first, last):
            verb = self.doc.tokens[i]
            if verb.lemma in _SAYING and verb.tag.startswith("VB"):
                for kid in self.doc.kids(i, "nsubj"):
                    parties = self.found.get(kid.i) or (self._resolve(kid) if kid.tag not in ("PRP", "PRP$") else ())
                    if parties:
                        return self._keep(
                            token, [p.actor for p in parties], token.i, "person", plural=token.lower in _WE
                        )
        for seen in reversed(self.memory.seen):
            if seen.subject and seen.kind in ("person", "body") and token.sent - seen.sentence <= 2:
                return self._keep(token, [p.actor for p in seen.parties], token.i, "person")
        return ()


def _head_of(doc: Doc, first: int, last: int) -> int:
    """The token of the range whose head lies outside it (the last such)."""
    for i in range(last - 1, first - 1, -1):
        head = doc.tokens[i].head
        if not first <= head < last or head == i:
            return i
    return last - 1


def _nearest(entries: tuple[Entry, ...], day: str | None) -> Entry:
    """Of entries that do not hold on `day`, the one that ended last before it, else the first."""
    if day is None:
        return entries[0]
    past = [entry for entry in entries if entry.until and entry.until < day]
    return max(past, key=lambda entry: entry.until) if past else entries[0]


def _actor(entry: Entry, day: str | None) -> Actor:
    if entry.kind in ("country", "demonym", "capital"):
        reason = {"country": "a country's name", "demonym": "a nationality", "capital": "a capital for its government"}
        return Actor(entry.name, entry.country, entry.sectors, f"country:{entry.country}", reason[entry.kind])
    held = "" if entry.holds(day) else f"; held {entry.since or '...'} to {entry.until or '...'}, not that day"
    reason_given = f"in the dictionary, {entry.where}{held}"
    return Actor(entry.name, entry.country, entry.sectors, f"{entry.kind}:{entry.name.lower()}", reason_given)


def _role_actor(agent: Agent, text: str, country: str | None, reason: str) -> Actor:
    sector = agent.sectors[0]
    return Actor(
        text, country, agent.sectors, f"role:{country or '-'}:{sector}:{agent.word}", f"{agent.word}: {reason}"
    )
