"""Public fakes and builders for tests: a Doc by hand, without a model.

    doc = doc_from('''
        Kenya    Kenya    NNP nsubj 1
        praised  praise   VBD ROOT  1
        Uganda   Uganda   NNP dobj  1
    ''')
"""

from __future__ import annotations

from dateline.records import Doc, Token


def doc_from(table: str, *, part: str = "body") -> Doc:
    """A Doc from a table of `word lemma tag dep head`; a blank line ends a sentence.

    Heads are token indices of the whole table. Words are joined by single spaces, punctuation
    (`.`, `,`, `'s`, `:`, `;`) is glued to the word before it.
    """
    tokens: list[Token] = []
    sentences: list[tuple[int, int]] = []
    text, first = "", 0
    for line in [*table.strip("\n").splitlines(), ""]:
        if not line.strip():
            if len(tokens) > first:
                sentences.append((first, len(tokens)))
                first = len(tokens)
            continue
        word, lemma, tag, dep, head = line.split()
        text += "" if not text or word in {".", ",", "'s", ":", ";", "’s"} else " "
        start = len(text)
        text += word
        i = len(tokens)
        tokens.append(Token(i, word, word.lower(), lemma, tag, dep, int(head), start, len(text), len(sentences)))
    return Doc(part, text, tuple(tokens), tuple(sentences))
