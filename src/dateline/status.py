"""The status of an event: asserted, negated, future, hypothetical or historical, with the reason.

Scope follows the parse from the trigger up: its own auxiliaries, negation and modifiers, then each
governing verb, adjective or noun, whose lexical class (`data/status/governors.tsv`) says what it
does to what it governs ("failed to" undoes, "plans to" puts off, "managed to" passes on). Reported
speech changes nothing: that somebody says so is the speaker's matter (see claims).
It refuses to weigh how likely a thing is, and a wish, a fear, a plan or a denial is never asserted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from dateline.records import Claim, Doc, Status, TimeExpression, Token

Verdict = tuple[Status, str]

_DEPTH = 12  # governors looked at; real sentences stay below, cyclic parses don't
_YEAR = 366  # days before publication after which an asserted event is historical

_STATUS: dict[str, Status] = {"f": "future", "h": "hypothetical", "-": "negated"}

_NEGATORS = frozenset({"not", "n't", "never", "no", "neither", "nor", "hardly", "barely", "scarcely", "nowhere"})
_NOBODY = frozenset({"nobody", "none", "neither", "nothing"})
_ALMOST = frozenset({"almost", "nearly"})
_MAYBE = frozenset({"possibly", "perhaps", "maybe", "potentially", "probably", "hopefully", "presumably"})
_FUTURE = frozenset({"will", "shall", "'ll", "wo", "’ll"})
_MODALS = frozenset({"could", "may", "might", "would", "should", "can", "must", "ought", "ca", "need", "'d", "’d"})
_DENYING = frozenset({"can", "ca", "could", "would", "'d"}) | _FUTURE
_IFS = frozenset({"if", "unless", "whether", "lest", "provided", "providing", "supposing", "assuming", "case"})
_THE = frozenset({"the", "this", "that", "these", "those"})
_CLAUSES = frozenset({"ccomp", "relcl", "advcl", "parataxis", "acl"})
_NOMINAL_PREPS = frozenset({"for", "of", "against", "with", "from", "to", "in"})


@lru_cache(maxsize=1)
def governors() -> dict[tuple[str, str], tuple[str, str]]:
    """(word, verb|noun|adj) to what it does to a clause and to a noun that it governs."""
    path = Path(__file__).parent / "data" / "status" / "governors.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {(row[0], row[1]): (row[2], row[3]) for row in rows if len(row) == 4}


@lru_cache(maxsize=1)
def _word_lists() -> dict[str, frozenset[str]]:
    path = Path(__file__).parent / "data" / "status" / "words.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {row[0]: frozenset(row[1].split()) for row in rows}


def words(name: str) -> frozenset[str]:
    """One of the short word lists of `data/status/words.tsv`."""
    return _word_lists()[name]


def status_of(
    doc: Doc, trigger: int, claims: Sequence[Claim], times: Sequence[TimeExpression], published: str | None
) -> tuple[Status, tuple[str, ...]]:
    """Status of the event at token `trigger`, and the rulings that led to it (none when asserted).

    `times` are those of the same story, `published` an ISO day or None; both serve "historical"
    alone. `claims` are the story's claims: what a denying one holds is negated even where the
    parse lost the way to its cue.
    """
    verdict = _Scope(doc).judge(trigger) or _denied(doc, trigger, claims)
    if verdict is None and any(kid.lower == "any" for kid in doc.kids(trigger, "det")):
        verdict = _of_any(doc, trigger)
    if verdict is None:
        verdict = _long_ago(doc, trigger, times, published)
    return (verdict[0], (verdict[1],)) if verdict else ("asserted", ())


def _of_any(doc: Doc, trigger: int) -> Verdict | None:
    """ "is not aware of any attack": "any" is no thing of its own."""
    verb = next((i for i in doc.ancestors(trigger) if doc.tokens[i].tag[0] == "V"), None)
    above = _Scope(doc).judge(verb) if verb is not None else None
    return above if above is not None and above[0] in ("negated", "hypothetical") else None


def _denied(doc: Doc, trigger: int, claims: Sequence[Claim]) -> Verdict | None:
    token = doc.tokens[trigger]
    for claim in claims if token.tag[0] == "V" else ():
        if claim.kind == "denied" and claim.part == doc.part and _is_clause(doc, claim, token):
            cue = doc.text[claim.cue.start : claim.cue.end]
            if token.start not in claim.cue and cue.lower().startswith(("den", "refut")):
                return "negated", f"negated by '{cue}'"
    return None


def _is_clause(doc: Doc, claim: Claim, token: Token) -> bool:
    """Whether the claim's content holds the token in its first clause, not in a relative one."""
    if not any(token.start in span for span in claim.content):
        return False
    path = [token.i, *doc.ancestors(token.i)]
    for i in path:
        if doc.tokens[i].start in claim.cue:
            return True
        if doc.tokens[i].dep in ("relcl", "advcl", "acl"):
            return False
    return False


@dataclass(frozen=True, slots=True)
class _Scope:
    """Judges tokens of one doc by what governs them; None stands for asserted."""

    doc: Doc

    def judge(self, i: int, depth: int = 0) -> Verdict | None:
        token = self.doc.tokens[i]
        if depth > _DEPTH:
            return None
        if token.tag[0] in "NPC" and token.dep not in ("aux", "auxpass"):
            return self._noun(token, depth)
        own = self._local(token)
        if own is not None and own[0] != "future":
            return own
        above = self._above(token, depth)
        return above if own is None or (above is not None and above[0] in ("hypothetical", "negated")) else own

    # ------------------------------------------------------------------ a verb's own words

    def _local(self, verb: Token) -> Verdict | None:
        doc, kids = self.doc, self.doc.kids(verb.i)
        mark = next((k for k in kids if k.lower in _IFS and k.dep in ("mark", "advmod", "prep", "nsubj")), None)
        if mark is not None:
            return "hypothetical", f"conditional on '{mark.text}'"
        modal = next((k for k in kids if k.dep == "aux" and (k.tag == "MD" or k.lower in _FUTURE)), None)
        negator = self._negator(verb)
        if negator is not None and (modal is None or modal.lower in _DENYING):
            words = f"{modal.text} {negator.text}" if modal is not None else self._with_aux(verb, negator)
            return "negated", f"negated by '{words}'"
        if modal is not None and modal.lower in _FUTURE:
            return "future", f"future by '{modal.text}'"
        if modal is not None and modal.lower in _MODALS:
            return self._modal(verb, modal)
        maybe = next((k for k in kids if k.lower in _MAYBE and k.dep == "advmod"), None)
        if maybe is not None:
            return "hypothetical", f"hedged by '{maybe.text}'"
        almost = next((k for k in kids if k.lower in _ALMOST and k.dep == "advmod" and k.i == verb.i - 1), None)
        if almost is not None:
            return "negated", f"negated by '{almost.text}'"
        last = doc.tokens[doc.sentence_of(verb.i)[1] - 1]
        if verb.dep == "ROOT" and "?" in (last.text, doc.tokens[max(last.i - 1, 0)].text):
            return "hypothetical", "a question"
        return None

    def _negator(self, verb: Token) -> Token | None:
        for kid in self.doc.kids(verb.i):
            if kid.dep == "neg" or (kid.dep in ("advmod", "preconj", "det", "cc") and kid.lower in _NEGATORS):
                follows = self.doc.tokens[kid.i + 1].lower if kid.i + 1 < len(self.doc.tokens) else ""
                if follows not in ("only", "just", "least") and not (kid.lower == "no" and follows == "doubt"):
                    return kid
            if kid.lower == "longer" and any(k.lower in ("no", "any") for k in self.doc.kids(kid.i)):
                return kid
            if kid.dep in ("nsubj", "nsubjpass", "dobj", "attr"):
                if kid.lower in _NOBODY:
                    return kid
                for word in self.doc.kids(kid.i, "det", "neg", "preconj"):
                    if word.lower in ("no", "neither"):
                        return word
        return None

    def _with_aux(self, verb: Token, negator: Token) -> str:
        before = self.doc.tokens[negator.i - 1] if negator.i else negator
        joined = before.dep in ("aux", "auxpass") and before.head == verb.i
        return self.doc.slice(before.i, negator.i) if joined else negator.text

    def _modal(self, verb: Token, modal: Token) -> Verdict:
        """ "would" after a past verb of saying is a future told later; every other modal is a possibility."""
        head = self.doc.tokens[verb.head]
        told = verb.dep == "ccomp" and head.tag in ("VBD", "VBN") and self._class(head)[0] != "h"
        if modal.lower in ("would", "'d") and told and not self.doc.kids(verb.i, "advcl"):
            return "future", f"future by '{modal.text}'"
        return "hypothetical", f"possible only, by '{modal.text}'"

    # ------------------------------------------------------------------ what governs a verb

    def _above(self, verb: Token, depth: int) -> Verdict | None:
        head, dep = self.doc.tokens[verb.head], verb.dep
        if head.i == verb.i:
            return ("future", "announced by an infinitive") if self._is_infinitive(verb) else None
        if dep == "conj":
            return self._conjunct(verb, head, depth)
        if dep in ("xcomp", "ccomp", "oprd", "dep"):
            return self._complement(verb, head, depth)
        if dep == "advcl":
            return self._adverbial(verb, head, depth)
        if dep == "relcl":
            return ("hypothetical", f"only an aim, by '{head.text}'") if self._is_infinitive(verb) else None
        if dep in ("pcomp", "pobj"):
            return self._after_preposition(verb, head, depth)
        if dep == "acl":
            return self._of_noun(verb, head, depth)
        if dep in ("acomp", "attr", "csubj", "csubjpass", "dobj", "nsubj", "nsubjpass", "auxpass"):
            return self.judge(head.i, depth + 1)
        if dep in ("amod", "compound") and head.tag[0] == "N" and verb.tag == "VBG":
            return self.judge(head.i, depth + 1)
        return None

    def _conjunct(self, verb: Token, head: Token, depth: int) -> Verdict | None:
        """A second verb without subject and auxiliary of its own shares those of the first."""
        own = self.doc.kids(verb.i, "nsubj", "nsubjpass", "expl") or self.doc.kids(verb.i, "aux")
        if verb.tag == "VBD" and head.tag == "VB":
            return None  # "failed to pay and left": the parser hung a past tense on an infinitive
        if head.tag[0] not in "VJ":
            return None if own else self.judge(head.i, depth + 1)
        if own and not self._is_infinitive(verb):
            return None if head.dep == "ROOT" else self._above(self._top(head), depth + 1)
        if verb.tag == head.tag or self._is_infinitive(verb):
            return self.judge(head.i, depth + 1) if head.tag != "VBD" else self._above(self._top(head), depth + 1)
        return self._above(self._top(head), depth + 1) if head.dep != "ROOT" else None

    def _top(self, token: Token) -> Token:
        while token.dep == "conj" and token.head != token.i:
            token = self.doc.tokens[token.head]
        return token

    def _complement(self, verb: Token, head: Token, depth: int) -> Verdict | None:
        if head.lemma == "go" and head.tag == "VBG" and self._is_infinitive(verb):
            return self._put_off(head, depth, "future")
        if head.lemma == "have" and self._is_infinitive(verb):
            duty: Verdict = ("hypothetical", f"an obligation, by '{head.text}'")
            return self.judge(head.i, depth + 1) if head.tag in ("VBD", "VBN") else duty
        if head.lower == "able" and self._was(head):
            return self.judge(head.i, depth + 1)
        if head.lemma == "rule" and not self.doc.kids(head.i, "prt"):
            return None
        kind = self._class(head)[0]
        if verb.dep == "ccomp" and self._is_told(verb, head):
            return self._reported(head)
        if head.lemma == "be" and verb.dep == "ccomp":
            return self._what(head)
        if not kind:
            return ("hypothetical", "only an aim") if self._is_infinitive(verb) and verb.dep == "xcomp" else None
        return self._govern(head, kind, depth)

    def _is_told(self, verb: Token, head: Token) -> bool:
        """A clause that a verb of wishing or ordering merely reports: "..., he warned", "suggested that it had"."""
        if verb.i < head.i:
            return head.lemma not in words("fearing")
        finite = [kid.tag for kid in self.doc.kids(verb.i, "aux", "auxpass")] or [verb.tag]
        return head.lemma in words("telling") and finite[0] in ("VBD", "VBZ", "VBP")

    def _what(self, copula: Token) -> Verdict | None:
        """ "What we fear is that ..." """
        for kid in self.doc.kids(copula.i, "csubj", "nsubj"):
            if self._class(kid)[0] == "h":
                return "hypothetical", f"hypothetical by '{kid.text}'"
        return None

    def _govern(self, head: Token, kind: str, depth: int) -> Verdict | None:
        """What a governor of this class makes of what it governs."""
        if kind == "=":
            return self._reported(head)
        above = self.judge(head.i, depth + 1)
        if kind == "+":
            return above
        if kind == "-":
            if above is None or above[0] == "historical":
                return "negated", f"negated by '{head.text}'"
            return None if above[0] == "negated" else ("hypothetical", above[1])
        return self._put_off(head, depth, "future" if kind == "f" else "hypothetical")

    def _put_off(self, head: Token, depth: int, status: Status) -> Verdict:
        above = self.judge(head.i, depth + 1)
        if above is not None and above[0] == "negated":
            return above
        if above is not None and above[0] == "hypothetical":
            return above
        return status, f"{status} by '{head.text}'"

    def _reported(self, head: Token) -> Verdict | None:
        negator = self._negator(head) if head.tag[0] == "V" else None
        if negator is None:
            return None
        if head.lemma in words("raising"):
            return "negated", f"negated by '{negator.text} {head.text}'"
        return ("hypothetical", f"not said, by '{negator.text} {head.text}'") if head.lemma in words("saying") else None

    def _adverbial(self, verb: Token, head: Token, depth: int) -> Verdict | None:
        marks = {kid.lower for kid in self.doc.kids(verb.i, "mark", "advmod", "prep")}
        if self._is_infinitive(verb):
            return self._aim(verb, head, depth)
        if "without" in marks:
            return "negated", "negated by 'without'"
        if marks & {"until", "till", "before", "once", "when"} and not marks & {"after"}:
            above = self._local(head)
            if above is not None and above[0] in ("future", "hypothetical") and verb.tag in ("VBZ", "VBP", "VBG", "VB"):
                return above
        finite = self.doc.kids(verb.i, "nsubj", "nsubjpass")
        return None if finite or marks & {"after", "since", "while"} else self.judge(head.i, depth + 1)

    def _aim(self, verb: Token, head: Token, depth: int) -> Verdict | None:
        kind = self._class(head)[0]
        if kind in ("-", "f", "h"):
            return self._govern(head, kind, depth)
        above = self.judge(head.i, depth + 1)
        return above if above is not None and above[0] == "future" else ("hypothetical", "only an aim")

    def _after_preposition(self, verb: Token, prep: Token, depth: int) -> Verdict | None:
        word, head = prep.lower, self.doc.tokens[prep.head]
        if word in ("without", "instead"):
            return "negated", f"negated by '{prep.text}'"
        if word == "of" and head.lower in ("short", "instead"):
            return "negated", f"negated by '{head.text} of'"
        if word in ("after", "since", "while", "despite", "upon", "following", "before"):
            return None
        if head.tag[0] == "N":
            return self._of_noun(verb, head, depth)
        kind = self._class(head)[0]
        if word == "from" and head.lemma in ("keep", "stop", "protect", "save"):
            kind = "-"
        if (word == "for" and kind not in ("f", "h")) or (kind == "-" and word not in ("from", "against")):
            return None
        if kind == "=" or not kind:
            above = self.judge(head.i, depth + 1)
            return above if word in ("by", "in", "with", "through") or (above and above[0] != "negated") else None
        return self._govern(head, kind, depth)

    def _of_noun(self, verb: Token, noun: Token, depth: int) -> Verdict | None:
        """ "plans to supply", "fears that ... would", "the risk of losing"; a participle stands by itself."""
        if noun.tag[0] != "N":
            return ("hypothetical", "only an aim") if self._is_infinitive(verb) else None
        if verb.dep == "acl" and verb.tag in ("VBG", "VBN") and not self.doc.kids(verb.i, "mark"):
            return None
        kind = self._class(noun)[0]
        if kind in ("f", "h", "-"):
            return self._by_noun(noun, kind, depth)
        verb_above = self.doc.tokens[noun.head]
        if kind == "=" and noun.dep in ("dobj", "nsubjpass") and self._class(verb_above)[0] == "-":
            return self._govern(verb_above, "-", depth)  # "denied the charge that ..."
        return ("hypothetical", f"only an aim, by '{noun.text}'") if self._is_infinitive(verb) else None

    def _by_noun(self, noun: Token, kind: str, depth: int) -> Verdict:
        no = next((k for k in self.doc.kids(noun.i) if k.lower == "no" and k.dep in ("det", "neg")), None)
        if no is not None and kind != "-":
            return "negated", f"negated by 'no {noun.text}'"
        for kid in self.doc.kids(noun.i, "amod"):
            if governors().get((kid.lower, "adj"), ("", ""))[0] == "-":
                return "negated", f"negated by '{kid.text} {noun.text}'"
        status = _STATUS[kind]
        return status, f"{status} by '{noun.text}'"

    # ------------------------------------------------------------------ nouns

    def _noun(self, noun: Token, depth: int) -> Verdict | None:
        for kid in self.doc.kids(noun.i):
            if kid.lower in ("no", "neither") and kid.dep in ("det", "neg", "preconj"):
                return "negated", f"negated by '{kid.text}'"
            if kid.dep in ("amod", "advmod", "compound") and kid.lower in _MAYBE:
                return "hypothetical", f"hedged by '{kid.text}'"
            kind = governors().get((kid.lower, "adj"), ("", ""))[1] if kid.dep == "amod" else ""
            if kind:
                status = _STATUS[kind]
                return status, f"{status} by '{kid.text}'"
            if kid.dep == "acl" and kid.lemma in ("plan", "schedule", "expect") and kid.tag == "VBN":
                return "future", f"future by '{kid.text}'"
        return self._noun_above(noun, depth)

    def _noun_above(self, noun: Token, depth: int) -> Verdict | None:
        head, dep = self.doc.tokens[noun.head], noun.dep
        if head.i == noun.i:
            return None
        if dep in ("conj", "appos"):
            return self.judge(head.i, depth + 1) if head.tag[0] == "N" else None
        if dep in ("compound", "nmod", "amod") and head.tag[0] == "N":
            kind = self._class(head)[1]
            return self._by_noun(head, kind, depth) if kind in ("f", "h", "-") else self._noun_part(head, depth)
        if dep in ("pobj", "pcomp"):
            return self._noun_after(noun, head, depth)
        if head.tag[0] in "VM":
            return self._argument(noun, head, dep, depth)
        return None

    def _noun_part(self, head: Token, depth: int) -> Verdict | None:
        return self._noun(head, depth + 1)

    def _argument(self, noun: Token, verb: Token, dep: str, depth: int) -> Verdict | None:
        kind, definite = self._class(verb)[1], self._definite(noun)
        if dep in ("nsubj", "csubj"):
            if verb.lemma in words("happening") or (verb.lemma == "be" and self.doc.kids(verb.i, "expl")):
                return self.judge(verb.i, depth + 1)
            above = self._local(verb)
            return above if above and above[0] in ("future", "hypothetical") and not definite else None
        if kind in ("h", "f", "-") and definite and verb.lemma in words("presupposing"):
            return None
        if kind == "-" and self._class(noun)[0]:
            return None  # what is rejected was asked or said all the same
        if kind:
            return self._govern(verb, kind, depth) if kind != "=" else None
        if verb.lemma == "be" or not definite:
            return self.judge(verb.i, depth + 1)
        return None

    def _noun_after(self, noun: Token, prep: Token, depth: int) -> Verdict | None:
        word, head = prep.lower, self.doc.tokens[prep.head]
        if word == "without":
            return "negated", "negated by 'without'"
        if word == "of" and head.lower in ("ahead", "short", "instead"):
            ahead = head.lower == "ahead"
            return ("future", "future by 'ahead of'") if ahead else ("negated", f"negated by '{head.text} of'")
        if word not in _NOMINAL_PREPS:
            return None
        if head.tag[0] == "N":
            kind = self._class(head)[1]
            return self._by_noun(head, kind, depth) if kind in ("f", "h", "-") else None
        kind = self._class(head)[1]
        definite = self._definite(noun)
        if kind == "-" and word != "from":
            return None
        if kind in ("h", "f", "-") and word != "in" and not (definite and head.lemma in words("presupposing")):
            return self._govern(head, kind, depth)
        return self.judge(head.i, depth + 1) if kind == "+" and not definite else None

    # ------------------------------------------------------------------ small questions

    def _class(self, token: Token) -> tuple[str, str]:
        table, lemma = governors(), token.lemma.lower()
        if token.tag[0] == "V":
            if token.tag in ("VBN", "VBG") and (token.lower, "adj") in table and self.doc.kids(token.i, "auxpass"):
                return table[token.lower, "adj"]
            return table.get((lemma, "verb")) or table.get((token.lower, "adj"), ("", ""))
        kind = "noun" if token.tag[0] == "N" else "adj"
        return table.get((lemma, kind)) or table.get((token.lower, kind), ("", ""))

    def _is_infinitive(self, verb: Token) -> bool:
        return any(kid.lower == "to" for kid in self.doc.kids(verb.i, "aux"))

    def _definite(self, noun: Token) -> bool:
        return any(kid.dep == "poss" or kid.lower in _THE for kid in self.doc.kids(noun.i, "det", "poss"))

    def _was(self, adjective: Token) -> bool:
        copula = self.doc.tokens[adjective.head]
        return copula.lower in ("was", "were", "been") and not self.doc.kids(copula.i, "neg")


# --------------------------------------------------------------------------- long ago


def _long_ago(doc: Doc, trigger: int, times: Sequence[TimeExpression], published: str | None) -> Verdict | None:
    """A date in the trigger's own clause that lies more than a year before publication."""
    if published is None:
        return None
    limit = (date.fromisoformat(published[:10]) - timedelta(days=_YEAR)).isoformat()
    clause = _own_clause(doc, trigger)
    near: list[tuple[int, TimeExpression]] = []
    for time in times:
        inside = [i for i in clause if time.start <= doc.tokens[i].start < time.end] if time.part == doc.part else []
        if inside and time.last is not None:
            near.append((min(abs(i - trigger) for i in inside), time))
    for _, time in sorted(near, key=lambda pair: pair[0]):
        first = next(i for i in clause if doc.tokens[i].start >= time.start)
        above = [doc.tokens[a].lower for a in doc.ancestors(first) if a != trigger]
        if "since" in above or (first and doc.tokens[first - 1].lower in ("since", "from", "until")):
            return None  # "since the invasion in 2022, it has joined": what began then still holds
        return ("historical", f"more than a year ago: '{time.text}'") if (time.last or "") < limit else None
    return None


def _own_clause(doc: Doc, trigger: int) -> list[int]:
    """Tokens of the trigger's clause, without clauses below it; a noun brings the clause it stands in."""
    top = trigger
    while doc.tokens[top].tag[0] not in "VM" and doc.tokens[top].head != top:
        top = doc.tokens[top].head
    found, todo = [], [top]
    while todo:
        i = todo.pop()
        found.append(i)
        inner = doc.tokens[i].dep in ("dobj", "pobj", "attr")  # the date of the raid is not that of its condemning
        skipped = _CLAUSES | {"prep"} if inner else _CLAUSES
        todo += [kid.i for kid in doc.kids(i) if kid.dep not in skipped or kid.i == trigger]
    return sorted(set(found) | set(doc.subtree(trigger))) if doc.tokens[trigger].tag[0] != "V" else sorted(found)
