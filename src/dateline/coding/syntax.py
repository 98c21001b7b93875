"""Who stands where in a clause: the grammatical slots of a verb or a noun, whatever the wording.

Passives, control ("urged Chad to leave"), relative clauses, participles, shared subjects and
coordination are undone here, once, so that a trigger lexicon can speak of `subj` and `obj` alone.
Every function takes a Doc and token indices and returns token indices; nothing here knows actors.
"""

from __future__ import annotations

from dateline.records import Doc, Token

VERB_TAGS = frozenset({"VB", "VBD", "VBG", "VBN", "VBP", "VBZ"})
NOUN_TAGS = frozenset({"NN", "NNS", "NNP", "NNPS"})
_PASSIVE = ("nsubjpass", "auxpass", "csubjpass")
_OBJECTS = ("dobj", "oprd", "attr")

# "launch an attack": the verb is empty, its subject is the attacker.
LIGHT_SOURCE = frozenset(
    [
        "launch",
        "carry",
        "conduct",
        "stage",
        "hold",
        "make",
        "mount",
        "wage",
        "issue",
        "begin",
        "start",
        "continue",
        "resume",
        "open",
        "undertake",
        "organise",
        "organize",
        "perform",
        "take",
        "do",
        "deliver",
        "execute",
        "commit",
        "perpetrate",
        "lead",
        "announce",
        "step",
        "intensify",
        "escalate",
        "expand",
        "extend",
        "impose",
        "declare",
        "order",
        "sign",
        "reach",
        "conclude",
        "strike",
        "approve",
        "grant",
        "offer",
        "give",
        "provide",
        "send",
        "pursue",
        "seek",
        "renew",
        "deploy",
        "initiate",
        "orchestrate",
        "plan",
        "prepare",
        "join",
        "participate",
        "engage",
        "attend",
        "host",
        "pay",
        "voice",
        "express",
        "file",
        "bring",
        "submit",
        "put",
        "adopt",
        "pass",
        "enforce",
        "maintain",
        "keep",
        "end",
        "suspend",
        "halt",
        "stop",
        "finish",
        "complete",
        "threaten",
        "call",
        "use",
    ]
)
# "suffer an attack": the verb is empty, its subject is the one it happened to.
LIGHT_TARGET = frozenset(
    [
        "face",
        "suffer",
        "undergo",
        "receive",
        "draw",
        "sustain",
        "survive",
        "endure",
        "encounter",
        "meet",
        "attract",
        "escape",
    ]
)


def is_verb(token: Token) -> bool:
    return token.tag in VERB_TAGS


def is_noun(token: Token) -> bool:
    return token.tag in NOUN_TAGS


def is_passive(doc: Doc, i: int) -> bool:
    """True when the subject of verb `i` undergoes the act: "was shelled", "troops killed by"."""
    token = doc.tokens[i]
    if doc.kids(i, *_PASSIVE):
        return True
    if token.tag != "VBN":
        return False
    if token.dep in ("acl", "relcl", "advcl", "amod"):
        return not doc.kids(i, "aux")
    if token.dep == "conj" and not doc.kids(i, "nsubj", "aux"):
        return is_passive(doc, token.head)
    return False


def coordinated(doc: Doc, i: int) -> list[int]:
    """Token `i` and what is joined to it: "Chad, Niger and Mali"."""
    found, todo = [], [i]
    while todo:
        j = todo.pop(0)
        found.append(j)
        todo.extend(kid.i for kid in doc.kids(j, "conj") if is_noun(kid) or kid.tag in ("PRP", "CD", "JJ"))
        # in "Chad, Niger, and Mali" the parser takes "Niger" for an apposition of "Chad"
        todo.extend(kid.i for kid in doc.kids(j, "appos") if is_noun(kid) and doc.kids(kid.i, "cc"))
    return found


def _spread(doc: Doc, heads: list[int]) -> list[int]:
    return [j for head in heads for j in coordinated(doc, head)]


def grammatical_subjects(doc: Doc, i: int, depth: int = 0) -> list[int]:
    """Heads of the grammatical subject of verb `i`, its own or the one it shares.

    Looks, in this order, at the verb's own subject, the noun a participle or relative clause hangs
    on, the subject of the verb it is coordinated with, and the controller in the verb above.
    """
    token = doc.tokens[i]
    own = [kid.i for kid in doc.kids(i, "nsubj", "nsubjpass", "csubj")]
    if own and token.dep == "relcl" and doc.tokens[own[0]].tag in ("WDT", "WP"):
        return _spread(doc, [token.head])
    if own:
        return _spread(doc, own)
    if depth > 6 or token.head == i:
        return []
    head = doc.tokens[token.head]
    if token.dep in ("acl", "relcl") and (is_noun(head) or head.tag == "PRP"):
        if token.dep == "relcl" and any(kid.tag in ("WP", "WDT") for kid in doc.kids(i, "dobj", "pobj")):
            return []
        if token.dep == "acl" and token.tag == "VB":
            return _controller_of_noun(doc, head.i, depth)
        return _spread(doc, [head.i])
    if token.dep == "conj" and is_verb(head):
        return grammatical_subjects(doc, head.i, depth + 1)
    if token.dep == "amod" and is_noun(head):
        return [head.i]
    if token.dep in ("xcomp", "ccomp") and is_verb(head):
        controllers = [kid.i for kid in doc.kids(head.i, "dobj", "dative")] if token.dep == "xcomp" else []
        if controllers and head.lemma not in _SUBJECT_CONTROL and not is_passive(doc, head.i):
            return _spread(doc, controllers)
        return grammatical_subjects(doc, head.i, depth + 1)
    if token.dep in ("advcl", "dep", "prep") and is_verb(head):
        return grammatical_subjects(doc, head.i, depth + 1)
    if token.dep == "pcomp":
        return _subject_through_preposition(doc, i, depth)
    return []


_SUBJECT_CONTROL = frozenset(["promise", "vow", "threaten", "offer", "swear", "use", "take", "have"])


def _controller_of_noun(doc: Doc, noun: int, depth: int) -> list[int]:
    """ "Seoul's plan to arm Kyiv", "his decision to leave": who would do it."""
    owners = [kid.i for kid in doc.kids(noun, "poss")]
    if owners:
        return _spread(doc, owners)
    token = doc.tokens[noun]
    if token.dep in ("dobj", "attr") and is_verb(doc.tokens[token.head]):
        return grammatical_subjects(doc, token.head, depth + 1)
    mods = [kid.i for kid in doc.kids(noun, "amod", "compound", "nmod")]
    return mods


def _subject_through_preposition(doc: Doc, i: int, depth: int) -> list[int]:
    """ "responded by supplying", "accused Chad of arming": the one who does the -ing."""
    preposition = doc.tokens[doc.tokens[i].head]
    above = doc.tokens[preposition.head]
    if is_verb(above):
        objects = [kid.i for kid in doc.kids(above.i, "dobj")]
        if objects and preposition.lower in ("of", "from", "into", "for") and above.lemma not in ("thank",):
            return _spread(doc, objects)
        if is_passive(doc, above.i) or not objects or preposition.lower in ("by", "in", "after", "before", "while"):
            return grammatical_subjects(doc, above.i, depth + 1)
        return _spread(doc, objects)
    if is_noun(above):
        return _controller_of_noun(doc, above.i, depth)
    return []


def verb_subjects(doc: Doc, i: int) -> list[int]:
    """Heads of who does what verb `i` says: the subject, or the agent of a passive."""
    if is_passive(doc, i):
        heads = [pobj.i for by in doc.kids(i, "agent") for pobj in doc.kids(by.i, "pobj")]
        heads += [pobj.i for by in doc.kids(i, "prep") if by.lower == "by" for pobj in doc.kids(by.i, "pobj")]
        return _spread(doc, heads)
    return grammatical_subjects(doc, i)


def verb_objects(doc: Doc, i: int) -> list[int]:
    """Heads of what verb `i` acts on: its object, or the subject of a passive."""
    if is_passive(doc, i):
        heads = grammatical_subjects(doc, i)
        return heads + _spread(doc, [kid.i for kid in doc.kids(i, "dobj", "oprd")])
    heads = [kid.i for kid in doc.kids(i, *_OBJECTS) if kid.tag not in ("WP", "WDT")]
    if heads:
        return _spread(doc, heads)
    token = doc.tokens[i]
    if token.dep == "relcl" and (doc.kids(i, "nsubj") or any(k.tag in ("WP", "WDT") for k in doc.kids(i, "dobj"))):
        subject_pronoun = any(kid.tag in ("WP", "WDT") for kid in doc.kids(i, "nsubj", "nsubjpass"))
        if not subject_pronoun:
            return [token.head]
    if token.dep == "conj" and is_verb(doc.tokens[token.head]) and _shares_object(doc, i):
        return []
    right = [kid.i for kid in doc.kids(i, "conj") if is_verb(kid) and not doc.kids(kid.i, "nsubj", "nsubjpass")]
    # "condemned and rejected the plan": the object hangs on the last verb only
    return verb_objects(doc, right[0]) if right and right[0] - i <= 3 else []


def _shares_object(doc: Doc, i: int) -> bool:
    return not doc.kids(i, *_OBJECTS) and bool(doc.kids(i, "prep"))


def indirect_objects(doc: Doc, i: int) -> list[int]:
    """Heads of the one to whom: "gave Chad arms", "supplied arms to Chad"."""
    heads = [kid.i for kid in doc.kids(i, "dative") if is_noun(kid) or kid.tag == "PRP"]
    heads += [pobj.i for to in doc.kids(i, "dative") if to.lower == "to" for pobj in doc.kids(to.i, "pobj")]
    return _spread(doc, heads)


def prepositional(doc: Doc, i: int, words: frozenset[str] | None = None) -> list[int]:
    """Heads of the objects of prepositions that hang on token `i`, all of them or those in `words`.

    Two-step prepositions count under their last and first word: "out of", "along with".
    """
    heads: list[int] = []
    for prep in doc.kids(i, "prep", "dative", "agent", "prt", "advmod"):
        objects = [kid.i for kid in doc.kids(prep.i, "pobj")]
        inner = [(deep.lower, kid.i) for deep in doc.kids(prep.i, "prep") for kid in doc.kids(deep.i, "pobj")]
        if prep.dep in ("prt", "advmod"):
            objects = []
        if words is None or prep.lower in words:
            heads += objects + [obj for _, obj in inner]
        else:
            heads += [obj for word, obj in inner if word in words]
    return _spread(doc, heads)


def preposition_words(doc: Doc, i: int) -> set[str]:
    """The particles and prepositions that hang on token `i`."""
    return {kid.lower for kid in doc.kids(i, "prt", "prep", "agent", "dative")} | {
        kid.lower for kid in doc.kids(i, "advmod") if kid.tag in ("RP", "IN", "RB")
    }


def complements(doc: Doc, i: int) -> list[int]:
    """Verbs of the clauses that complete token `i`: that-clauses, infinitives, "of -ing"."""
    kinds = ("xcomp", "ccomp", "acl") if is_noun(doc.tokens[i]) else ("xcomp", "ccomp")
    found = [kid.i for kid in doc.kids(i, *kinds) if is_verb(kid)]
    found += [kid.i for prep in doc.kids(i, "prep") for kid in doc.kids(prep.i, "pcomp")]
    # the parser often hangs "to leave" of "agreed to leave", or "for Chad to leave", as advcl
    found += [
        kid.i
        for kid in doc.kids(i, "advcl")
        if kid.tag == "VB" and any(k.lower == "to" for k in doc.kids(kid.i, "aux"))
    ]
    return found


def light_verb(doc: Doc, noun: int) -> int | None:
    """The verb that carries the event noun `noun`: "launched an attack", "took part in talks"."""
    token = doc.tokens[noun]
    head = doc.tokens[token.head]
    if token.dep == "conj" and is_noun(head):
        return light_verb(doc, head.i)
    if token.dep in ("dobj", "nsubjpass") and is_verb(head):
        return head.i
    if token.dep == "acl" or head.i == noun:
        return None
    if token.dep == "pobj" and head.lower in ("in", "on", "into", "with", "out", "to", "for"):
        above = doc.tokens[head.head]
        if is_verb(above):
            return above.i
        if above.lemma in ("part", "series", "wave", "number", "round") and above.dep in ("dobj", "nsubjpass"):
            return above.head if is_verb(doc.tokens[above.head]) else None
    if token.dep == "pobj" and head.lower == "of":
        above = doc.tokens[head.head]
        if above.lemma in (
            "series",
            "wave",
            "number",
            "round",
            "kind",
            "string",
            "campaign",
            "spate",
            "act",
            "barrage",
        ):
            return light_verb(doc, above.i)
    return None
