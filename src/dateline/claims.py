"""Who says what: claims with their speaker, their cue and their content, and the speakers of an event.

A claim is found from its cue: a verb of saying, believing, asking, promising, accusing (the
lexicon `data/claims/cues.tsv` names the frames of each), "according to", "as X reported", a noun
that carries a claim ("her warning that ..."), or a hidden speaker ("reportedly", "is believed to").
Direct speech that no cue governs goes to the speaker of its paragraph, or to the one before it.
It refuses to decide whether a claim is true and whether what it tells of happened (see status),
and it never invents a speaker: a passive without an agent has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import cast

from dateline import quotes
from dateline.quotes import Quote
from dateline.records import Claim, ClaimKind, Doc, Party, Reading, Span, Token

_SUBJECTS = ("nsubj", "nsubjpass", "csubj")
_NOUN_LEFT = frozenset({"det", "compound", "amod", "poss", "nummod", "nmod", "quantmod", "predet", "advmod", "case"})
_RELATIVE = frozenset({"who", "which", "that", "whom"})
_FIRST_PERSON = frozenset({"i", "we", "me", "us", "my", "our"})
_HIDDEN = frozenset({"reportedly", "allegedly", "purportedly", "supposedly"})
_SHIFTED = frozenset({"would", "could", "might", "had", "that", "should"})
_NAMES = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP", "WP"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_COMMAS = frozenset({",", '"', "”", "''", "?", "!"})
_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
_STATING = frozenset({"ccomp", "xcomp", "ROOT", "parataxis", "conj", "acl", "pcomp"})
_BORROWING = frozenset({"conj", "xcomp", "advcl", "pcomp", "prep", "ccomp", "dep", "pobj", "aux"})
_OPENING = frozenset("“\"`‘'„")
_AUXILIARIES = frozenset({"aux", "auxpass"})
_MARKS = frozenset({'"', "“", "”", "''", "``"})
_DASHES = frozenset({"-", "--", "–", "—", "―"})
_TURNS = 3  # labelled turns that make a text a transcript
_SHORT = 3  # words; a shorter quotation without a cue is a name or a sneer, not a claim


@dataclass(frozen=True, slots=True)
class Cue:
    """How a word shows a claim. `frames`: c clause, o object, i infinitive, x only what `preps` lead to."""

    kind: ClaimKind
    frames: str
    preps: frozenset[str] = frozenset()


@lru_cache(maxsize=1)
def verbs() -> dict[str, Cue]:
    """The verbs that show claims, by lemma."""
    return {row[0]: Cue(cast(ClaimKind, row[1]), *_frames(row[2])) for row in _rows("cues.tsv")}


@lru_cache(maxsize=1)
def nouns() -> dict[str, ClaimKind]:
    """The nouns that carry the claim of their possessor, by lemma."""
    return {row[0]: cast(ClaimKind, row[1]) for row in _rows("nouns.tsv")}


@lru_cache(maxsize=1)
def _word_lists() -> dict[str, frozenset[str]]:
    return {row[0]: frozenset(row[1].split()) for row in _rows("words.tsv")}


def words(name: str) -> frozenset[str]:
    """One of the short word lists of `data/claims/words.tsv`."""
    return _word_lists()[name]


def _rows(name: str) -> list[list[str]]:
    path = Path(__file__).parent / "data" / "claims" / name
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _frames(cell: str) -> tuple[str, frozenset[str]]:
    frames, _, preps = cell.partition(":")
    return frames, frozenset(preps.split(",")) - {""}


@dataclass(slots=True)
class _Draft:
    """A claim in the making, in token indices; `pieces` are closed ranges."""

    cue: int
    kind: ClaimKind
    speaker: int | None
    end: int
    pieces: list[tuple[int, int]] = field(default_factory=list)
    direct: bool = False
    speaks: bool = True  # may own direct speech
    hidden: bool = False

    def holds(self, i: int) -> bool:
        return any(first <= i <= last for first, last in self.pieces)


# --------------------------------------------------------------------------- finding


def find(reading: Reading) -> tuple[Claim, ...]:
    """The claims of every part of a story, in text order within a part.

    Speakers are resolved through `reading.parties`; a claim whose speaker is named but is no
    known actor has a `speaker` span and no `speakers`.
    """
    claims: list[Claim] = []
    for number, doc in enumerate(reading.docs):
        parties = reading.parties[number] if number < len(reading.parties) else {}
        claims += _Resolver(doc, parties).claims(_drafts(doc))
    return tuple(claims)


def _drafts(doc: Doc) -> list[_Draft]:
    found = quotes.find(doc)
    quoted = [-1] * len(doc.tokens)
    for number, quote in enumerate(found):
        quoted[quote.first : quote.last + 1] = [number] * (quote.last + 1 - quote.first)
    drafts = [draft for token in doc.tokens if (draft := _draft(doc, token, quoted)) is not None]
    drafts = [draft for draft in drafts if not _within(doc, draft, quoted)]
    labelled = _labelled(doc)
    free = [
        quote for quote in found if not any(label.holds(quote.first + 1) or label.cue in quote for label in labelled)
    ]
    _give_quotes(doc, free, drafts, quoted)
    drafts += labelled
    drafts = [draft for draft in drafts if draft.direct or not _is_idle(doc, draft, drafts)]
    return sorted((draft for draft in drafts if draft.pieces), key=lambda draft: draft.cue)


def _draft(doc: Doc, token: Token, quoted: list[int]) -> _Draft | None:
    if token.lower == "according":
        return _according(doc, token)
    if token.tag[0] == "V":
        return _verbal(doc, token, quoted)
    if token.tag in ("NN", "NNS") and token.lemma in nouns():
        return _nominal(doc, token)
    if token.lower in _HIDDEN and token.tag == "RB":
        return _Draft(token.i, "reports", None, token.i, [_whole(doc, token.head, token.i)], speaks=False, hidden=True)
    return None


def _within(doc: Doc, draft: _Draft, quoted: list[int]) -> bool:
    """Whether the cue itself stands in quotation marks: what the quoted one says, not the story."""
    return quoted[draft.cue] >= 0


def _is_idle(doc: Doc, draft: _Draft, drafts: Sequence[_Draft]) -> bool:
    """A cue inside what another one reports counts only as a second speaker: "he said he hopes" is one claim."""
    if not any(other.holds(draft.cue) for other in drafts if other is not draft and other.speaker is not None):
        return False
    if not doc.kids(draft.cue, "ccomp") or draft.speaker is None:
        return True
    return draft.kind in ("believes", "promised") and doc.tokens[draft.speaker].tag == "PRP"


# --------------------------------------------------------------------------- verbs


def _verbal(doc: Doc, verb: Token, quoted: list[int]) -> _Draft | None:
    if verb.dep in _AUXILIARIES:
        return None
    cue = verbs().get(verb.lemma)
    if cue is None:
        return _odd_verb(doc, verb, quoted)
    if _is_passive(doc, verb):
        return _passive(doc, verb, cue)
    speaker = _outside(doc, verb, speaker_of(doc, verb.i), quoted)
    if "c" in cue.frames and verb.tag[:2] == "VB":
        speaker = _inverted(doc, verb, speaker)
    draft = _Draft(verb.i, cue.kind, speaker, _cue_end(doc, verb), speaks="c" in cue.frames)
    draft.pieces = _content(doc, verb, cue, speaker)
    for kid in doc.kids(verb.i, "nsubj") if draft.pieces else ():
        if kid.i not in (speaker, verb.i - 1) and kid.i < verb.i:  # "The risk, said Okello, is high"
            draft.pieces.append((doc.subtree(kid.i)[0], kid.i))
    if not draft.pieces and "c" in cue.frames:
        draft.pieces = _inserted(doc, verb) or _around(doc, verb, speaker, quoted)
    if _is_aim(doc, verb):
        return None
    if speaker is None and verb.tag == "VB" and not doc.kids(verb.i, "aux"):
        return None  # an imperative says what to say
    return draft


def _is_aim(doc: Doc, verb: Token) -> bool:
    """ "a chance to show that": a saying that is only meant to be, unlike "went on to say"."""
    if verb.tag != "VB" or not any(kid.lower == "to" for kid in doc.kids(verb.i, "aux")):
        return False
    return doc.tokens[verb.head].lemma not in words("carries_on")


def _inverted(doc: Doc, verb: Token, speaker: int | None) -> int | None:
    """ "The risk, said Okello, is high": the parser makes the risk say that Okello is high."""
    if speaker is None or speaker > verb.i or doc.tokens[verb.i - 1].text not in _COMMAS:
        return speaker
    for clause in doc.kids(verb.i, "ccomp"):
        for name in doc.kids(clause.i, "nsubj"):
            first, last = _noun_phrase(doc, name.i)
            if first == verb.i + 1 and last + 1 < len(doc.tokens) and doc.tokens[last + 1].text == ",":
                return name.i
    return speaker


def _outside(doc: Doc, verb: Token, speaker: int | None, quoted: list[int]) -> int | None:
    """The speaker of a cue outside quotation marks stands outside them too ('"..., Mr. Roe," Ali told him')."""
    if speaker is None or quoted[verb.i] >= 0 or quoted[speaker] < 0:
        return speaker
    step = -1 if verb.i and quoted[verb.i - 1] < 0 else 1
    i, first, last = verb.i + step, *doc.sentence_of(verb.i)
    while first <= i < last and quoted[i] < 0:
        if doc.tokens[i].tag in _NAMES and doc.tokens[i].dep not in ("compound", "pobj", "poss", "appos"):
            return i
        i += step
    return None


def _around(doc: Doc, verb: Token, speaker: int | None, quoted: list[int]) -> list[tuple[int, int]]:
    """What a verb of saying reports where the parse gives it no clause.

    Both sides of ", she said," inside a sentence, what stands before ", she said." at its end, or
    what follows, when that has a finite verb.
    """
    if speaker is None or quoted[verb.i] >= 0 or abs(speaker - verb.i) > 6:
        return []
    first, last = doc.sentence_of(verb.i)
    left = min(_noun_phrase(doc, speaker)[0], verb.i)
    right = max(_noun_phrase(doc, speaker)[1], verb.i)
    tail = [token for token in doc.tokens[right + 1 : last] if quoted[token.i] < 0]
    finite = [token.i for token in tail if token.tag in _FINITE]
    cut_off = left - first > 1 and doc.tokens[left - 1].text in _COMMAS
    comma = next((token.i for token in tail[:5] if token.text == ","), None)
    if cut_off and comma is not None and finite and finite[0] > comma:
        return [(first, left - 1), (comma + 1, last - 1)]
    if verb.lemma not in words("saying"):
        return []
    if cut_off and not finite and left - first > 3:
        return [(first, left - 1)] if any(quoted[i] < 0 for i in range(first, left - 1)) else []
    if len(tail) > 4 and finite:
        return [(next((token.i for token in tail if token.lower == "that"), right + 1), last - 1)]
    return []


def _odd_verb(doc: Doc, verb: Token, quoted: list[int]) -> _Draft | None:
    """Any verb speaks when its clause stands in quotation marks and it does not: '"No," she sniffed'."""
    for kid in doc.kids(verb.i, "ccomp"):
        if quoted[kid.i] >= 0 and quoted[verb.i] != quoted[kid.i] and verb.lemma != "be":
            speaker = speaker_of(doc, verb.i)
            pieces = [_clause(doc, kid, verb.i, speaker)]
            return _Draft(verb.i, "said", speaker, verb.i, pieces) if speaker is not None else None
    return None


def _cue_end(doc: Doc, verb: Token) -> int:
    particles = [kid.i for kid in doc.kids(verb.i, "prt") if kid.i == verb.i + 1]
    return particles[0] if particles else verb.i


def _is_passive(doc: Doc, verb: Token) -> bool:
    return verb.tag == "VBN" and (
        bool(doc.kids(verb.i, "auxpass", "agent"))
        or (verb.dep in ("acl", "advcl") and not doc.kids(verb.i, "aux", "nsubj"))
    )


def _content(doc: Doc, verb: Token, cue: Cue, speaker: int | None) -> list[tuple[int, int]]:
    kids = doc.kids(verb.i)
    clauses = [kid for kid in kids if kid.dep == "ccomp" and cue.frames != "o"]
    if "i" in cue.frames or verb.lemma == "tell":
        clauses += [kid for kid in kids if kid.dep == "xcomp"]
    if clauses:
        clauses += [kid for kid in kids if kid.dep == "conj" and _still_reported(doc, kid, clauses[-1])]
        why = [kid for kid in kids if kid.dep == "advcl" and kid.i > clauses[-1].i > verb.i and _is_why(doc, kid)]
        return [_clause(doc, kid, verb.i, speaker) for kid in (*clauses, *why)]
    pieces = [_preposed(doc, kid) for kid in kids if kid.dep == "prep" and kid.lower in cue.preps and doc.kids(kid.i)]
    for kid in kids:  # "called for both sides to stop"
        if kid.dep in ("advcl", "ccomp", "xcomp") and any(k.lower in cue.preps for k in doc.kids(kid.i, "mark")):
            pieces.append(_after(doc, kid, verb.i))
    if "x" in cue.frames:
        pieces += [_after(doc, kid, verb.i) for kid in kids if kid.dep == "xcomp" and pieces]
        if not pieces and any(kid.dep == "oprd" or kid.tag in ("``", "''") for kid in kids):  # "called it a lie"
            pieces = [_after(doc, kid, verb.i) for kid in kids if kid.dep in ("dobj", "oprd", "ccomp", "xcomp")]
    elif "o" in cue.frames:
        pieces += [_after(doc, kid, verb.i) for kid in kids if kid.dep in ("dobj", "oprd", "xcomp", "pobj")]
        pieces += [_after(doc, kid, verb.i) for kid in kids if kid.dep == "prep" and kid.lower == "as" and pieces]
    return sorted(pieces)


def _still_reported(doc: Doc, conjunct: Token, clause: Token) -> bool:
    """ "said Chad had won and Mali would leave": a shifted tense after a reported clause goes on reporting."""
    if conjunct.i < clause.i or not doc.kids(conjunct.i, *_SUBJECTS) or conjunct.lemma in verbs():
        return False
    return any(kid.lower in _SHIFTED for kid in doc.kids(conjunct.i, "aux", "mark"))


def _is_why(doc: Doc, clause: Token) -> bool:
    return any(kid.lower in ("because", "if", "unless", "until") for kid in doc.kids(clause.i, "mark"))


def _clause(doc: Doc, kid: Token, cue: int, speaker: int | None) -> tuple[int, int]:
    """The clause under `kid` as one range, cut where the cue and its speaker begin or end."""
    tree = doc.subtree(kid.i)
    if kid.i > cue:
        first = max(tree[0], cue + 1)
        if speaker is not None and cue < speaker < kid.i:
            first = max(first, speaker + 1)
        return first, tree[-1]
    edge = cue if speaker is None or speaker > cue or speaker < kid.i else _noun_phrase(doc, speaker)[0]
    first = doc.sentence_of(cue)[0] if doc.tokens[cue].head == cue or _closes(doc, cue) else tree[0]
    return first, min(tree[-1], edge - 1)


def _closes(doc: Doc, cue: int) -> bool:
    """Whether nothing but marks and a few words follow the cue in its sentence: "..., she said Friday."."""
    return doc.sentence_of(cue)[1] - cue < 5


def _after(doc: Doc, kid: Token, cue: int) -> tuple[int, int]:
    tree = doc.subtree(kid.i)
    return (max(tree[0], cue + 1), tree[-1]) if kid.i > cue else (tree[0], min(tree[-1], cue - 1))


def _preposed(doc: Doc, prep: Token) -> tuple[int, int]:
    tree = doc.subtree(prep.i)
    return max(tree[0], prep.i + 1), tree[-1]


def _inserted(doc: Doc, verb: Token) -> list[tuple[int, int]]:
    """What "..., he said, ..." or "as he said" is put into: the governing clause without it."""
    head = doc.tokens[verb.head]
    marks = [kid.lower for kid in doc.kids(verb.i, "mark", "advmod")]
    like = verb.dep == "advcl" and "as" in marks
    if head.i == verb.i or head.tag[0] not in "VJNM" or not (verb.dep == "parataxis" or like):
        return []
    own = set(doc.subtree(verb.i))
    tree = [i for i in doc.subtree(head.i) if i not in own]
    return _ranges(tree)


def _ranges(indices: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for i in indices:
        if runs and runs[-1][1] == i - 1:
            runs[-1] = (runs[-1][0], i)
        else:
            runs.append((i, i))
    return runs


def _passive(doc: Doc, verb: Token, cue: Cue) -> _Draft | None:
    """ "was accused by Chad of lying", "a ban proposed by Chad", "is believed to have fled"."""
    agent = _agent(doc, verb)
    kids = doc.kids(verb.i)
    clauses = [kid for kid in kids if kid.dep in ("xcomp", "ccomp", "oprd")]
    about = [kid for kid in kids if kid.dep == "prep" and kid.lower in cue.preps]
    if agent is None and not clauses and not about:
        return None
    if agent is None and not (verb.lemma in words("hiding") or "c" in cue.frames or cue.kind in ("accused", "asked")):
        return None
    pieces = [_after(doc, kid, verb.i) for kid in clauses] + [_preposed(doc, kid) for kid in about]
    subjects = [kid for kid in kids if kid.dep == "nsubjpass" and kid.lower != "it"]
    if verb.lemma not in ("tell", "inform", "assure", "warn", "remind"):
        pieces += [_after(doc, kid, verb.i) for kid in subjects]
        if verb.dep == "acl" and not subjects:
            first, last = _noun_phrase(doc, verb.head)
            pieces.append((first, min(last, verb.i - 1)))
    return _Draft(verb.i, cue.kind, agent, verb.i, sorted(pieces), speaks="c" in cue.frames, hidden=agent is None)


def _agent(doc: Doc, verb: Token) -> int | None:
    for by in doc.kids(verb.i, "agent"):
        for kid in doc.kids(by.i, "pobj"):
            return kid.i
    return None


# --------------------------------------------------------------------------- other cues


def _according(doc: Doc, token: Token) -> _Draft | None:
    """ "according to two officials": the clause it hangs on, without it."""
    to = next((kid for kid in doc.kids(token.i) if kid.lower == "to"), None)
    name = next((kid for kid in doc.kids(to.i, "pobj")), None) if to else None
    if to is None or name is None:
        return None
    own = set(doc.subtree(token.i))
    first, last = _whole(doc, token.head, token.i)
    if last - first < 4 or token.i == doc.sentence_of(token.i)[0]:  # what opens a sentence holds for all of it
        first, last = doc.sentence_of(token.i)[0], doc.sentence_of(token.i)[1] - 1
    pieces = _ranges([i for i in range(first, last + 1) if i not in own])
    return _Draft(token.i, "said", name.i, to.i, pieces, speaks=True)


def _whole(doc: Doc, i: int, inner: int) -> tuple[int, int]:
    """The range of the clause that token `i` belongs to."""
    while doc.tokens[i].tag[0] != "V" and doc.tokens[i].head != i:
        i = doc.tokens[i].head
    while doc.tokens[i].dep in ("xcomp", "aux", "auxpass", "conj") and doc.tokens[i].head != i:
        i = doc.tokens[i].head
    tree = doc.subtree(i)
    first, last = tree[0], tree[-1]
    return (first, last) if first <= inner <= last else doc.sentence_of(inner)


def _nominal(doc: Doc, noun: Token) -> _Draft | None:
    """ "Chad's warning that ..." and "the demand by Chad for ..."; a noun without an owner shows nothing."""
    owner = next((kid.i for kid in doc.kids(noun.i, "poss")), None)
    if owner is None:
        by = [kid for kid in doc.kids(noun.i, "prep") if kid.lower in ("by", "from")]
        owner = next((name.i for kid in by for name in doc.kids(kid.i, "pobj")), None)
    if owner is None:
        return None
    pieces = [_after(doc, kid, noun.i) for kid in doc.kids(noun.i, "acl", "ccomp", "relcl") if _is_that(doc, kid)]
    pieces += [
        _preposed(doc, kid) for kid in doc.kids(noun.i, "prep") if kid.lower in ("for", "of", "about", "on", "against")
    ]
    return _Draft(noun.i, nouns()[noun.lemma], owner, noun.i, sorted(pieces), speaks=False)


def _is_that(doc: Doc, clause: Token) -> bool:
    return any(kid.dep in ("mark", "aux") and kid.lower in ("that", "to") for kid in doc.kids(clause.i))


def _labelled(doc: Doc) -> list[_Draft]:
    """Paragraphs that carry their speaker as a label: "MS JONES: ..." and '"..." - Mary Jones'.

    Where a text has three labelled turns or more it is a transcript, and a paragraph without a
    label between two turns goes on with the turn before it.
    """
    turns: list[_Draft] = []
    missed: list[tuple[int, int]] = []
    found: list[_Draft] = []
    for first, last in _paragraph_tokens(doc):
        turn = _turn(doc, first, last)
        if turn is not None:
            if turns and len(turns) > 1:
                turns[-1].pieces += missed
            turns.append(turn)
            missed = []
        else:
            missed.append((first, last))
            signed = _signed(doc, first, last)
            found += [signed] if signed is not None else []
    if len(turns) < _TURNS:
        turns = [replace(turn, pieces=turn.pieces[:1]) for turn in turns]
    return turns + found


def _paragraph_tokens(doc: Doc) -> Iterator[tuple[int, int]]:
    """First and last token of every paragraph."""
    first = 0
    for _, end in quotes.paragraphs(doc):
        last = first
        while last < len(doc.tokens) and doc.tokens[last].end <= end:
            last += 1
        if last > first:
            yield first, last - 1
        first = last


def _turn(doc: Doc, first: int, last: int) -> _Draft | None:
    begin = first + 1 if doc.tokens[first].text in _MARKS else first
    colon = next((i for i in range(begin, min(begin + 6, last)) if doc.tokens[i].text == ":"), None)
    if colon is None or not begin < colon < last - 1 or not _is_name(doc, begin, colon):
        return None
    return _Draft(colon, "said", colon - 1, colon, [(colon + 1, last)], direct=True)


def _signed(doc: Doc, first: int, last: int) -> _Draft | None:
    """A quotation signed with a name after a dash, nothing else in the paragraph."""
    dash = next((i for i in range(last, max(last - 7, first), -1) if doc.tokens[i].text in _DASHES), None)
    if dash is None or dash == last or doc.tokens[first].text not in _MARKS or doc.tokens[dash - 1].text not in _MARKS:
        return None
    names = [i for i in range(dash + 1, last + 1) if doc.tokens[i].text[:1].isalnum()]
    if not names or not all(doc.tokens[i].text[0].isupper() for i in names):
        return None
    return _Draft(dash, "said", names[-1], dash, [(first, dash - 1)], direct=True)


def _is_name(doc: Doc, first: int, colon: int) -> bool:
    """Whether only a name stands before the colon, and no label such as "UPDATE" or "Photo"."""
    tokens = doc.tokens[first:colon]
    if any(token.lower in words("labels") for token in tokens) or len(tokens[0].text) < 3:
        return False
    return all(token.tag in ("NNP", "NNPS") or token.text.isupper() or token.text in ".,()" for token in tokens)


# --------------------------------------------------------------------------- speakers


def speaker_of(doc: Doc, verb: int) -> int | None:
    """Head token of who says, by the parse: the verb's own subject, or the one it borrows.

    A participle, an infinitive or a second conjunct borrows the subject of the verb it hangs on,
    a participle after a noun that noun; a relative pronoun stands as it is.
    """
    seen = 0
    while seen < 8:
        token = doc.tokens[verb]
        subjects = [kid for kid in doc.kids(verb, *_SUBJECTS) if kid.tag != "EX"]
        subject = min(subjects, key=lambda kid: abs(kid.i - verb), default=None)
        if subject is not None:
            if subject.lower in ("that", "which"):
                return _antecedent(doc, subject.i)
            return subject.i if subject.tag[0] != "V" else _inside(doc, subject)
        head = doc.tokens[token.head]
        if token.dep in ("acl", "relcl") and head.tag[0] in "NP":
            return _author(doc, head)
        if head.i == verb or token.dep not in _BORROWING:
            return None
        verb, seen = head.i, seen + 1
    return None


def _author(doc: Doc, noun: Token) -> int:
    """ "Chad issued a statement saying": not the paper speaks but who gives it out, where the clause tells."""
    verb = doc.tokens[noun.head]
    if noun.lemma in words("papers") and noun.dep == "pobj":
        verb = doc.tokens[verb.head]
    if noun.lemma in words("papers") and noun.dep in ("dobj", "pobj") and verb.tag[0] == "V":
        speaker = speaker_of(doc, verb.i)
        return noun.i if speaker is None else speaker
    return noun.i


def _inside(doc: Doc, clause: Token) -> int | None:
    """The noun in a subject that the parser took for a clause ("Roe, who sits at home, said")."""
    return next((kid.i for kid in doc.kids(clause.i, "nsubj") if kid.lower not in _RELATIVE), None)


def _antecedent(doc: Doc, speaker: int) -> int:
    """The noun that a relative pronoun stands for; any other token stands for itself."""
    if doc.tokens[speaker].lower in _RELATIVE:
        for i in doc.ancestors(speaker):
            if doc.tokens[i].dep == "relcl":
                return doc.tokens[i].head
    return speaker


def _noun_phrase(doc: Doc, head: int) -> tuple[int, int]:
    """The shortest full noun phrase around `head`: modifiers, an "of" phrase, further conjuncts."""
    first = last = head
    for kid in reversed(doc.kids(head)):
        if kid.i < head and kid.dep in _NOUN_LEFT:
            first = min(first, doc.subtree(kid.i)[0])
    for kid in doc.kids(head):
        if kid.i > head and (kid.dep == "conj" or (kid.dep == "prep" and kid.lower == "of")):
            inner = _noun_phrase(doc, kid.i) if kid.dep == "conj" else (kid.i, _of_end(doc, kid.i))
            last = max(last, inner[1])
    return first, last


def _of_end(doc: Doc, prep: int) -> int:
    for kid in doc.kids(prep, "pobj"):
        return _noun_phrase(doc, kid.i)[1] if kid.i > prep else prep
    return prep


# --------------------------------------------------------------------------- direct speech


def _give_quotes(doc: Doc, found: Sequence[Quote], drafts: list[_Draft], quoted: list[int]) -> None:
    """Give every quotation to a draft, or make one for it; changes `drafts` in place."""
    previous: tuple[Quote, _Draft] | None = None
    for quote in found:
        owner = _governor(doc, quote, drafts, quoted)
        if owner is None and quote.words > _SHORT:
            owner = _neighbour(doc, quote, drafts, quoted, previous)
        if owner is None:
            continue
        if (quote.first, quote.last) not in owner.pieces:
            owner.pieces = [piece for piece in owner.pieces if not (piece[0] in quote and piece[1] in quote)]
            owner.pieces.append((quote.first, quote.last))
        owner.direct = True
        previous = (quote, owner)


def _governor(doc: Doc, quote: Quote, drafts: list[_Draft], quoted: list[int]) -> _Draft | None:
    """The draft whose content already holds the start of the quotation, its cue outside."""
    inside = [d for d in drafts if d.cue not in quote and (d.holds(quote.first) or d.holds(quote.first + 1))]
    inside = [d for d in inside if not d.hidden]
    return min(inside, key=lambda d: abs(d.cue - quote.first), default=None)


def _neighbour(
    doc: Doc, quote: Quote, drafts: list[_Draft], quoted: list[int], previous: tuple[Quote, _Draft] | None
) -> _Draft | None:
    """The draft that a quotation without a governing cue belongs to."""
    first, last = doc.sentence_of(quote.first)[0], doc.sentence_of(quote.last)[1]
    near = [d for d in drafts if first <= d.cue < last and d.cue not in quote and d.speaks and d.speaker is not None]
    alone = quote.first == first and quote.last >= last - 1
    if previous and previous[0].paragraph == quote.paragraph and quote.first == first:
        near = [d for d in near if d.direct or not d.pieces]
    if near and not alone:
        return min(near, key=lambda d: (bool(d.pieces), min(abs(d.cue - quote.first), abs(d.cue - quote.last))))
    return (
        _bare_next(doc, quote, drafts, last)
        or _beside(doc, quote, drafts, quoted)
        or _same_paragraph(doc, quote, previous)
        or _led_in(doc, quote, drafts, quoted)
        or _carried_on(doc, quote, drafts, previous)
    )


def _bare_next(doc: Doc, quote: Quote, drafts: list[_Draft], after: int) -> _Draft | None:
    """'"Why?" he asked.' where the question mark ended the sentence."""
    if after >= len(doc.tokens) or after != quote.last + 1:
        return None
    if "\n" in doc.text[doc.tokens[quote.last].end : doc.tokens[after].start]:
        return None
    last = min(doc.sentence_of(after)[1], after + 8)
    waiting = [d for d in drafts if d.speaks and not d.pieces and d.speaker is not None]
    return next((d for d in waiting if after <= d.cue < last), None)


def _same_paragraph(doc: Doc, quote: Quote, previous: tuple[Quote, _Draft] | None) -> _Draft | None:
    if previous is None:
        return None
    before, owner = previous
    goes_on = not before.closed and quote.opens and before.paragraph == quote.paragraph - 1
    return owner if goes_on or before.paragraph == quote.paragraph else None


def _led_in(doc: Doc, quote: Quote, drafts: list[_Draft], quoted: list[int]) -> _Draft | None:
    """'She turned to the crowd: "..."': the last verb before the colon or comma speaks."""
    before = quote.first - 1
    if before < 1 or doc.tokens[before].text not in (":", ","):
        return None
    first = doc.sentence_of(before)[0]
    for draft in reversed(drafts):
        if first <= draft.cue < before and draft.speaker is not None and not draft.hidden:
            return draft
    root = next((i for i in range(first, before) if doc.tokens[i].dep == "ROOT" and doc.tokens[i].tag[0] == "V"), None)
    speaker = speaker_of(doc, root) if root is not None and quoted[root] < 0 else None
    if root is None or speaker is None:
        return None
    draft = _Draft(root, "said", speaker, root)
    drafts.append(draft)
    return draft


def _beside(doc: Doc, quote: Quote, drafts: list[_Draft], quoted: list[int]) -> _Draft | None:
    """'"...," the rebels state in a letter.' where the tagger missed the verb: a cue by its form, beside the marks."""
    last = doc.sentence_of(quote.last)[1]
    table, name = verbs(), None
    for i in range(quote.last + 1, min(quote.last + 12, last)):
        token = doc.tokens[i]
        if quoted[i] >= 0 or token.text in (",", ";", "."):
            break
        cue = table.get(token.lemma.lower()) or table.get(token.lower)
        if cue is not None and "c" in cue.frames and token.tag[:2] in ("VB", "NN", "JJ"):
            after = next((k for k in range(i + 1, min(i + 6, last)) if doc.tokens[k].tag in _NAMES), None)
            speaker = name if name is not None else after
            if speaker is None:
                return None
            draft = _Draft(i, cue.kind, speaker, i)
            drafts.append(draft)
            return draft
        if token.tag in _NAMES:
            name = i
    return None


def _carried_on(doc: Doc, quote: Quote, drafts: list[_Draft], previous: tuple[Quote, _Draft] | None) -> _Draft | None:
    """A paragraph of nothing but speech: the speaker of the paragraph before goes on."""
    if not quote.opens:
        return None
    ranges = quotes.paragraphs(doc)
    if quote.paragraph == 0:
        return None
    begin, end = ranges[quote.paragraph - 1][0], ranges[quote.paragraph][0]
    speaking = [d for d in drafts if d.speaker is not None and d.speaks and d.pieces]
    earlier = [
        d
        for d in speaking
        if begin <= doc.tokens[d.cue].start < end and not any(other.holds(d.cue) for other in drafts)
    ]
    if earlier:
        return earlier[-1]
    return previous[1] if previous and previous[0].paragraph == quote.paragraph - 1 else None


# --------------------------------------------------------------------------- resolving


class _Resolver:
    """Turns drafts of one doc into claims, remembering who made the latest statement."""

    def __init__(self, doc: Doc, parties: dict[int, tuple[Party, ...]]) -> None:
        self._doc, self._parties = doc, parties
        self._paper: tuple[Party, ...] = ()

    def claims(self, drafts: Sequence[_Draft]) -> list[Claim]:
        made: list[Claim] = []
        for draft in drafts:
            speakers = self._speakers(draft, made)
            made.append(self._claim(draft, speakers))
        return made

    def _claim(self, draft: _Draft, speakers: tuple[Party, ...]) -> Claim:
        doc, span = self._doc, None
        if draft.speaker is not None:
            first, last = _noun_phrase(doc, draft.speaker)
            span = Span(doc.tokens[first].start, doc.tokens[last].end)
        trimmed = (_trimmed(doc, *piece) for piece in _merged(draft.pieces))
        content = tuple(piece for piece in trimmed if piece is not None)
        cue = Span(doc.tokens[draft.cue].start, doc.tokens[draft.end].end)
        return Claim(doc.part, span, speakers, cue, content, draft.kind)

    def _speakers(self, draft: _Draft, made: Sequence[Claim]) -> tuple[Party, ...]:
        if draft.speaker is None:
            return ()
        head = _antecedent(self._doc, draft.speaker)
        token = self._doc.tokens[head]
        if token.lower in _FIRST_PERSON:
            return self._parties.get(token.i) or _enclosing(made, token.start)
        paper = token.lemma.lower() in words("papers")
        if token.lower == "it" and self._paper and made and made[-1].speakers == self._paper:
            return self._paper
        found = self._named(head)
        if paper and not found:
            found = self._paper or (made[-1].speakers if made else ())
        if paper or self._has_paper(draft):
            self._paper = found
        return found

    def _has_paper(self, draft: _Draft) -> bool:
        preps = self._doc.kids(draft.cue, "prep", "dobj")
        return any(k.lemma in words("papers") for p in preps for k in (p, *self._doc.kids(p.i, "pobj")))

    def _named(self, head: int) -> tuple[Party, ...]:
        """Parties at the phrase's head, at its conjuncts, or at what it belongs to or stands beside."""
        doc, found = self._doc, list(self._parties.get(head, ()))
        if not found:
            for kid in doc.kids(head, "poss", "compound", "amod", "nmod", "appos"):
                found += self._parties.get(kid.i, ())
        if not found:
            for prep in doc.kids(head, "prep", "agent"):
                if prep.lower in ("of", "by", "from", "for", "at", "in"):
                    for kid in doc.kids(prep.i, "pobj"):
                        found += self._parties.get(kid.i, ())
        for kid in doc.kids(head, "conj"):
            found += [party for party in self._named(kid.i) if party not in found]
        return tuple(dict.fromkeys(found))


def _enclosing(claims: Sequence[Claim], offset: int) -> tuple[Party, ...]:
    for claim in reversed(claims):
        if any(offset in span for span in claim.content):
            return claim.speakers
    return ()


def _merged(pieces: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(pieces):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        elif first <= last:
            merged.append((first, last))
    return merged


def _trimmed(doc: Doc, first: int, last: int) -> Span | None:
    while first <= last and doc.tokens[first].text in {",", ":", ";", "-", "–", "—", "."}:
        first += 1
    while last >= first and doc.tokens[last].text in {",", ":", ";", "-", "–", "—"}:
        last -= 1
    return Span(doc.tokens[first].start, doc.tokens[last].end) if first <= last else None


# --------------------------------------------------------------------------- speakers of an event


def speakers_of(
    doc: Doc, trigger: int, sources: Sequence[Party], claims: Sequence[Claim]
) -> tuple[tuple[Party, ...], int | None]:
    """Who says that the event at token `trigger` happened, and the index of that claim in `claims`.

    The innermost claim that puts the event forward counts: its content holds the trigger, it is not
    a request, and the trigger is no noun that the sentence takes for granted ("condemned the raid").
    Who does the event does not report it: a claim by the event's own source is passed over for the
    next one out, so a verbal act ("X warned Y") has a speaker only when a third party tells of it.
    Nothing found, or the story itself asserts it: `((), None)`.
    """
    token = doc.tokens[trigger]
    if _is_given(doc, token):
        return (), None
    holding = [
        (sum(span.end - span.start for span in claim.content), number)
        for number, claim in enumerate(claims)
        if claim.part == doc.part
        and claim.kind != "asked"
        and token.start not in claim.cue
        and any(token.start in span for span in claim.content)
    ]
    for _, number in sorted(holding):
        claim = claims[number]
        if not _puts_forward(doc, token, claim):
            continue
        if not _tells_of_itself(claim.speakers, sources):
            return claim.speakers, number
    return (), None


def _tells_of_itself(speakers: Sequence[Party], sources: Sequence[Party]) -> bool:
    """Whether all speakers are the event's own sources, or one leader speaks for a country that acts."""
    tellers, doers = {party.actor.id for party in speakers}, {party.actor.id for party in sources}
    if not tellers or not doers:
        return False
    if tellers == doers or (len(doers) == 1 and tellers <= doers):
        return True
    leaders = {party.actor.country for party in speakers if party.actor.id.startswith("person:")}
    countries = {party.actor.country for party in sources if party.actor.id.startswith("country:")}
    return len(speakers) == len(sources) == 1 and bool(leaders & countries)


def _is_given(doc: Doc, token: Token) -> bool:
    """A noun that the clause presupposes instead of stating: a definite one, or one inside a subject or an aside."""
    if token.tag[0] == "V" or token.dep == "attr":
        return False
    kids = doc.kids(token.i)
    if any(kid.dep == "poss" or (kid.dep == "det" and kid.lower in _DEFINITE) for kid in kids):
        return True
    i = token.i
    while doc.tokens[i].head != i and doc.tokens[i].tag[0] != "V":
        if doc.tokens[i].dep in ("nsubj", "nsubjpass") and doc.tokens[doc.tokens[i].head].lemma not in words(
            "take_place"
        ):
            return True
        i = doc.tokens[i].head
    return (
        doc.tokens[i].dep == "relcl"
        and i > 0
        and any(kid.lower == "which" for kid in doc.kids(i, "nsubj"))
        and (doc.tokens[i].lemma in ("stem", "result", "come", "follow", "arise"))
    )


def _puts_forward(doc: Doc, token: Token, claim: Claim) -> bool:
    """Whether the claim states the event, rather than being about it: a clause or speech lies between them."""
    if doc.text[claim.content[0].start : claim.content[0].start + 1] in _OPENING:
        return True
    for i in (token.i, *doc.ancestors(token.i)):
        if doc.tokens[i].start in claim.cue:
            return False
        if doc.tokens[i].tag[0] == "V" and doc.tokens[i].dep not in ("amod", "compound"):
            head = doc.tokens[doc.tokens[i].head]
            if doc.tokens[i].dep in _STATING or head.start in claim.cue:
                return True
    return True
