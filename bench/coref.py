"""Which mentions tell of one event, across stories: CoNLL F1 on ECB+, given its mentions and no training.

usage: python bench/coref.py [--part dev] [--gold-topics] [--lemma]

Setting: the event mentions of the validated sentences are given (1,245 in dev), singletons included; which
stories belong together is not given but predicted by tf-idf (`--gold-topics` gives it instead, to see what
that costs); no entity or event chain is read but for scoring. The meaning of triggers and the clustering
are those of `dateline.merge`; arguments come from our parse, since these stories are no political news and
have no coded parties. The numbers in `LIMITS` were chosen by hand on the train part. `--lemma` gives
the baseline: same head lemma in the same predicted cluster of stories.
"""

from __future__ import annotations

import argparse
import calendar
import gzip
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from conll import clusters, conll, scores
from dateline.language import Annotator
from dateline.merge import meaning
from dateline.merge.clusters import cluster, components
from dateline.records import Doc, Span, Story, Token

GOLD = Path(__file__).resolve().parents[1] / ".." / "shared" / "gold"
LIMITS = {
    "near": 0.10,  # least tf-idf cosine of two stories whose mentions are compared
    "alike": 0.21,  # average linkage of stories goes down to this cosine
    "strange": 0.80,  # factor for mentions of stories in different clusters
    "full": 0.30,  # from this cosine on two stories are as alike as can be
    "link": 0.54,  # score from which two mentions are one event, and mean score that keeps clusters together
}
WORTH = {"bare": 0.15, "story": 0.5, "same_story": 0.9, "sentence": 0.3, "arguments": 0.25, "role": 0.15, "names": 0.05}
AGAINST = {"agent": 0.1, "number": 0.05, "time": 0.1, "same_sentence": 1.0, "reporting": 0.35}
_STOP = frozenset("the a an of to in on at by for from with and or but as that this it its his her their".split())
_TIMES = frozenset(name.lower() for name in (*calendar.month_name[1:], *calendar.day_name))
_SAYING = frozenset(
    meaning.stem(word)
    for word in "say tell report announce state add confirm claim according note declare comment speak statement ask "
    "call describe explain quote write".split()
)
_CONTENT = ("NN", "VB", "JJ", "CD")


@dataclass(frozen=True)
class Mention:
    """One given trigger with what our parse says around it. Word sets hold stems."""

    name: tuple[str, int]
    gold: str
    topic: str
    story: int
    sentence_number: int
    word: str
    stems: frozenset[str]
    senses: frozenset[int]
    roles: Mapping[str, frozenset[str]]
    sentence: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]
    times: frozenset[str]

    @property
    def arguments(self) -> frozenset[str]:
        return frozenset().union(*self.roles.values())


# --------------------------------------------------------------------------- reading


def read(part: str) -> tuple[list[dict[str, Any]], list[Doc]]:
    """Stories of a part and their parses, a line a paragraph."""
    with gzip.open(GOLD / f"event_coref_{part}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    spans = [tuple(Span(*found.span()) for found in re.finditer(r"[^\n]+", row["text"])) for row in rows]
    stories = [Story(row["id"], row["text"], paragraphs=some) for row, some in zip(rows, spans, strict=True)]
    return rows, [docs[0] for docs in Annotator()(stories)]


def mentions(rows: Sequence[Mapping[str, Any]], docs: Sequence[Doc]) -> list[Mention]:
    """The given mentions of validated sentences."""
    return [
        _mention(row, n, doc, found, number)
        for number, (row, doc) in enumerate(zip(rows, docs, strict=True))
        for n, found in enumerate(row["gold"]["events"])
        if found["validated"]
    ]


def _mention(row: Mapping[str, Any], n: int, doc: Doc, found: Mapping[str, Any], number: int) -> Mention:
    tokens = [token for token in doc.tokens if token.start < found["end"] and token.end > found["start"]]
    tokens = tokens or [min(doc.tokens, key=lambda token: abs(token.start - int(found["start"])))]
    inside = {token.i for token in tokens}
    head = next((token for token in tokens if token.head not in inside or token.head == token.i), tokens[0])
    sentence = [doc.tokens[i] for i in range(*doc.sentence_of(head.i))]
    heavy = {meaning.stem(token.lower) for token in tokens if token.tag[:2] in ("NN", "VB", "JJ", "RP", "IN")}
    return Mention(
        name=(row["id"], n), gold=found["cluster"], topic=row["seminal_event"], story=number,
        sentence_number=head.sent, word=meaning.stem(head.lower),
        stems=frozenset(heavy - {"to", "of", "in", "into", "the", "up", "out", "off", "for", "on"}),
        senses=meaning.senses(head.lower)[1],
        roles={role: _stems(some) for role, some in _roles(doc, head).items()},
        sentence=_stems(sentence), names=_stems(token for token in sentence if token.tag in ("NNP", "NNPS")),
        numbers=frozenset(token.lower for token in sentence if token.tag == "CD"),
        times=frozenset(token.lower for token in sentence if token.lower in _TIMES),
    )  # fmt: skip


def _stems(tokens: Any) -> frozenset[str]:  # Any: an iterable of tokens
    return frozenset(
        meaning.stem(token.lower) for token in tokens if token.tag[:2] in _CONTENT and token.lower not in _STOP
    )


_ROLE_OF = {"nsubj": "agent", "csubj": "agent", "poss": "agent", "dobj": "patient", "nsubjpass": "patient",
            "attr": "patient", "dative": "patient", "oprd": "patient", "compound": "modifier", "amod": "modifier",
            "nmod": "modifier", "npadvmod": "time"}  # fmt: skip


def _roles(doc: Doc, head: Token) -> dict[str, list[Token]]:
    """The words around a trigger by the part they play; those of the governing verb for a noun."""
    roles: dict[str, list[Token]] = defaultdict(list)
    for kid in doc.kids(head.i):
        if kid.dep in _ROLE_OF:
            roles[_ROLE_OF[kid.dep]] += _phrase(doc, kid)
        elif kid.dep in ("prep", "agent"):
            role = "agent" if kid.dep == "agent" else "patient" if kid.lower == "of" else "other"
            roles[role] += [token for below in doc.kids(kid.i) for token in _phrase(doc, below)]
    above = doc.tokens[head.head]
    if head.tag[0] == "N":
        _around(doc, head, roles)
    elif head.dep in ("relcl", "acl"):
        roles["patient" if head.tag == "VBN" else "agent"].append(above)
    elif head.dep in ("xcomp", "conj", "advcl") and not roles["agent"]:
        roles["agent"] += [token for kid in doc.kids(above.i, "nsubj", "nsubjpass") for token in _phrase(doc, kid)]
    return roles


def _around(doc: Doc, head: Token, roles: dict[str, list[Token]]) -> None:
    above = doc.tokens[head.head]
    if head.dep == "compound":
        roles["other"] += _phrase(doc, above)
    if head.dep not in ("dobj", "nsubj", "nsubjpass", "pobj", "attr"):
        return
    verb = above if head.dep != "pobj" else doc.tokens[above.head]
    for kid in doc.kids(verb.i, "nsubj", "nsubjpass", "dobj", "poss", "prep"):
        if kid.i not in (head.i, above.i):
            below = doc.kids(kid.i) if kid.dep == "prep" else [kid]
            roles["other"] += [token for some in below for token in _phrase(doc, some)]


def _phrase(doc: Doc, token: Token) -> list[Token]:
    """The first content words of a phrase: later ones are relative clauses."""
    return [doc.tokens[i] for i in doc.subtree(token.i) if doc.tokens[i].tag[:2] in _CONTENT][:12]


# --------------------------------------------------------------------------- stories


def cosines(docs: Sequence[Doc], extra: int) -> np.ndarray[Any, Any]:
    """tf-idf cosines of all pairs of stories; names count `extra` times more."""
    bags = []
    for doc in docs:
        bag: Counter[str] = Counter()
        for token in doc.tokens:
            if token.tag[:2] in _CONTENT and token.lower not in _STOP and len(token.lower) > 1:
                word = token.lower if token.tag == "CD" else meaning.stem(token.lower)
                bag[word] += 1 + extra * (token.tag in ("NNP", "NNPS"))
        bags.append(bag)
    counts = Counter(word for bag in bags for word in bag)
    column = {word: i for i, word in enumerate(sorted(word for word in counts if counts[word] > 1))}
    matrix = np.zeros((len(bags), len(column)))
    for i, bag in enumerate(bags):
        for word, n in bag.items():
            if word in column:
                matrix[i, column[word]] = (1 + math.log(n)) * math.log(len(bags) / counts[word])
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True) + 1e-9
    return np.asarray(matrix @ matrix.T)


def grouped(size: int, worth: Mapping[tuple[int, int], float], keep: float) -> list[int]:
    """Number of the cluster of each thing, by the average linkage of `dateline.merge`."""
    thousandths = {both: round(1000 * value) for both, value in worth.items()}
    links = [both for both, value in thousandths.items() if value >= 1000 * keep]
    label, place = [0] * size, 0
    of = {i: n for n, members in enumerate(components(size, links)) for i in members}
    inside: dict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    for (i, j), value in thousandths.items():
        if of[i] == of[j]:
            inside[of[i]][i, j] = value
    for n, members in enumerate(components(size, links)):
        for some in cluster(members, inside[n], keep=round(1000 * keep), together=frozenset(), apart=frozenset()):
            place += 1
            for i in some:
                label[i] = place
    return label


# --------------------------------------------------------------------------- mentions


def overlap(ours: frozenset[str], theirs: frozenset[str], weight: Callable[[str], float]) -> float:
    """Weighted share of common words, 0 to 1: a cosine of sets."""
    if not ours or not theirs:
        return 0.0
    both = sum(weight(word) for word in sorted(ours & theirs))
    return both / math.sqrt(sum(map(weight, sorted(ours))) * sum(map(weight, sorted(theirs))) + 1e-9)


def likeness(one: Mention, other: Mention, alike: float, weight: Callable[[str], float]) -> float:
    """How far two mentions can be one event: the likeness of their triggers times that of what stands around them."""
    if one.word == other.word or one.stems & other.stems:
        told = 1.0
    elif one.senses & other.senses:
        told = 0.8
    else:
        return 0.0
    told_by = overlap(one.arguments, other.arguments, weight)
    found = WORTH["bare"] + WORTH["arguments"] * told_by + WORTH["names"] * overlap(one.names, other.names, weight)
    found += WORTH["sentence"] * overlap(one.sentence, other.sentence, weight)
    found += WORTH["role"] * any(_role(one, role) & _role(other, role) for role in ("agent", "patient"))
    same = one.story == other.story
    found += WORTH["story"] * (WORTH["same_story"] if same else min(1.0, alike / LIMITS["full"]))
    for name, differs in (
        ("agent", _apart(_role(one, "agent"), _role(other, "agent"))),
        ("number", _apart(one.numbers, other.numbers)),
        ("time", _apart(one.times, other.times)),
        ("same_sentence", same and one.sentence_number == other.sentence_number),
    ):
        found -= AGAINST[name] * differs
    if one.word in _SAYING and other.word in _SAYING:
        found -= AGAINST["reporting"] * (1 - told_by)
    return max(0.0, min(1.0, told * found))


def _role(mention: Mention, role: str) -> frozenset[str]:
    return mention.roles.get(role, frozenset())


def _apart(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether both sides say something and nothing in common."""
    return bool(ours) and bool(theirs) and not ours & theirs


def predicted(found: Sequence[Mention], docs: Sequence[Doc], *, gold_topics: bool) -> list[int]:
    """The cluster of each mention."""
    counts = Counter(word for doc in docs for word in {meaning.stem(token.lower) for token in doc.tokens})

    def weight(word: str) -> float:
        return math.log(len(docs) / max(1, counts[word])) + 0.01

    alike, kin = cosines(docs, 1), story_clusters(docs)
    worth = {}
    for i, j in combinations(range(len(found)), 2):
        a, b = found[i], found[j]
        near = float(alike[a.story, b.story])
        if (gold_topics and a.topic != b.topic) or (a.story != b.story and near < LIMITS["near"]):
            continue
        factor = 1.0 if gold_topics or kin[a.story] == kin[b.story] else LIMITS["strange"]
        value = factor * likeness(a, b, near, weight)
        if value:
            worth[i, j] = value
    return grouped(len(found), worth, LIMITS["link"])


def story_clusters(docs: Sequence[Doc]) -> list[int]:
    """The cluster of each story, by tf-idf alone."""
    alike = cosines(docs, 3)
    pairs = {(i, j): float(alike[i, j]) for i, j in combinations(range(len(docs)), 2) if alike[i, j] > 0.02}
    return grouped(len(docs), pairs, LIMITS["alike"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("dev", "train"), default="dev")
    parser.add_argument("--gold-topics", action="store_true")
    parser.add_argument("--lemma", action="store_true")
    given = parser.parse_args()
    rows, docs = read(given.part)
    found = mentions(rows, docs)
    labels: Sequence[object]
    if given.lemma:
        kin = story_clusters(docs)
        labels = [(m.topic if given.gold_topics else kin[m.story], m.word) for m in found]
    else:
        labels = predicted(found, docs, gold_topics=given.gold_topics)
    gold = clusters({m.name: m.gold for m in found})
    told = clusters({m.name: label for m, label in zip(found, labels, strict=True)})
    result = scores(gold, told)
    setting = "gold topics" if given.gold_topics else "stories clustered by tf-idf"
    print(f"{given.part}: {len(rows)} stories, {len(found)} mentions, {len(gold)} events, {len(told)} found; {setting}")
    for name, score in result.items():
        print(f"  {name:6} R {score.recall:.3f}  P {score.precision:.3f}  F1 {score.f1:.3f}")
    print(f"  CoNLL F1 {conll(result):.4f}")


if __name__ == "__main__":
    main()
