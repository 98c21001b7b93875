"""What training would add to `bench/coref.py`: a pair scorer fitted on ECB+ train, with MPNet vectors. It does not ship.

usage: python bench/coref_trained.py FOLDER

FOLDER holds all-mpnet-base-v2 (model.safetensors, tokenizer.json). Setting as in `bench/coref.py`: mentions given,
stories belong together by tf-idf alone. A pair of mentions is what `coref.py` knows of it and the cosines of the
triggers' vectors in four layers, of their sentences and of their stories; the scorer is scikit-learn's
HistGradientBoostingClassifier, mean of three seeds. The link threshold is chosen on train, by fitting on the
even topics and scoring the odd ones. Needs torch, tokenizers, safetensors and scikit-learn; about ten minutes.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from sklearn.ensemble import HistGradientBoostingClassifier
from tokenizers import Tokenizer
from torch.nn.functional import gelu, layer_norm, linear

import coref
from conll import clusters, conll, scores
from dateline.merge import meaning
from dateline.records import Doc

Array = Any  # numpy arrays of floats
LAYERS = (3, 6, 8, 11)
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45)


class Encoder:
    """MPNet (Song et al. 2020), forward only: text to the states of its word pieces in every layer."""

    def __init__(self, folder: Path) -> None:
        self._words = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._words.no_padding()
        self._words.enable_truncation(200)
        found = load_file(str(folder / "model.safetensors"))
        self._weights = {name.removeprefix("mpnet."): value.float() for name, value in found.items()}

    @torch.no_grad()
    def __call__(self, text: str) -> tuple[list[tuple[int, int]], list[torch.Tensor]]:
        """Character spans of the pieces, and their states after each layer."""
        pieces = self._words.encode(text)
        n, w = len(pieces.ids), self._weights
        states = w["embeddings.word_embeddings.weight"][pieces.ids]
        states = self._norm(states + w["embeddings.position_embeddings.weight"][2 : 2 + n], "embeddings.LayerNorm")
        bias = w["encoder.relative_attention_bias.weight"][self._buckets(n)].permute(2, 0, 1)
        layers = []
        for number in range(12):
            name = f"encoder.layer.{number}."
            q, k, v = (self._line(states, f"{name}attention.attn.{x}").view(n, 12, 64).transpose(0, 1) for x in "qkv")
            seen = (q @ k.transpose(1, 2) / 8 + bias).softmax(-1) @ v
            mixed = self._line(seen.transpose(0, 1).reshape(n, 768), name + "attention.attn.o")
            states = self._norm(states + mixed, name + "attention.LayerNorm")
            inner = gelu(self._line(states, name + "intermediate.dense"))
            states = self._norm(states + self._line(inner, name + "output.dense"), name + "output.LayerNorm")
            layers.append(states)
        return pieces.offsets, layers

    def _line(self, states: torch.Tensor, name: str) -> torch.Tensor:
        return linear(states, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def _norm(self, states: torch.Tensor, name: str) -> torch.Tensor:
        return layer_norm(states, (768,), self._weights[f"{name}.weight"], self._weights[f"{name}.bias"], 1e-5)

    @staticmethod
    def _buckets(n: int) -> torch.Tensor:
        """32 buckets of relative distance, up to 128 pieces, as in T5."""
        places = torch.arange(n)
        back = places[:, None] - places[None, :]
        far = 8 + (torch.log(back.abs().float().clamp(min=1) / 8) / math.log(16) * 8).long()
        near = torch.where(back.abs() < 8, back.abs(), far.clamp(max=15))
        return (back < 0).long() * 16 + near


def _unit(vector: torch.Tensor) -> Array:
    return (vector / (vector.norm() + 1e-9)).numpy()


def vectors(encoder: Encoder, rows: Sequence[Any], docs: Sequence[Doc], found: Sequence[coref.Mention]) -> list[Array]:
    """One matrix for each layer, for the sentences and for the stories: a row a mention."""
    stories = [_unit(encoder(row["text"][:1200])[1][-1].mean(0)) for row in rows]
    seen: dict[tuple[int, int], Any] = {}
    kept: list[list[Array]] = []
    for mention in found:
        doc, place = docs[mention.story], (mention.story, mention.sentence_number)
        first, last = doc.sentences[mention.sentence_number]
        start = doc.tokens[first].start
        if place not in seen:
            seen[place] = encoder(doc.text[start : doc.tokens[last - 1].end])
        spans, layers = seen[place]
        given = rows[mention.story]["gold"]["events"][mention.name[1]]
        inside = [
            i for i, (a, b) in enumerate(spans) if b > a and a + start < given["end"] and b + start > given["start"]
        ]
        kept.append([*(_unit(layers[n][inside or [0]].mean(0)) for n in LAYERS), _unit(layers[-1].mean(0)),
                     stories[mention.story]])  # fmt: skip
    return [np.stack(column) for column in zip(*kept, strict=True)]


def pair_features(
    one: coref.Mention, other: coref.Mention, near: float, kin: bool, weight: Callable[[str], float]
) -> list[float]:
    """What `coref.likeness` looks at, unweighted."""
    role = coref._role
    return [
        one.word == other.word, bool(one.stems & other.stems), bool(one.senses & other.senses), one.story == other.story,
        near, kin, one.story == other.story and one.sentence_number == other.sentence_number,
        coref.overlap(one.arguments, other.arguments, weight), coref.overlap(one.sentence, other.sentence, weight),
        coref.overlap(one.names, other.names, weight), bool(role(one, "agent") & role(other, "agent")),
        bool(role(one, "patient") & role(other, "patient")), coref._apart(role(one, "agent"), role(other, "agent")),
        coref._apart(role(one, "patient"), role(other, "patient")), coref._apart(one.numbers, other.numbers),
        coref._apart(one.times, other.times), one.word in coref._SAYING, other.word in coref._SAYING,
        one.word in other.sentence, other.word in one.sentence, weight(one.word), coref.likeness(one, other, near, weight),
    ]  # fmt: skip


class Part:
    """A part of ECB+ as pairs of mentions with their features."""

    def __init__(self, name: str, encoder: Encoder) -> None:
        rows, docs = coref.read(name)
        self.mentions = coref.mentions(rows, docs)
        counts = Counter(word for doc in docs for word in {meaning.stem(token.lower) for token in doc.tokens})
        alike, kin = coref.cosines(docs, 1), coref.story_clusters(docs)
        columns = vectors(encoder, rows, docs, self.mentions)
        self.pairs, found = [], []
        for i, j in combinations(range(len(self.mentions)), 2):
            a, b = self.mentions[i], self.mentions[j]
            near = float(alike[a.story, b.story])
            if a.story == b.story or near >= coref.LIMITS["near"]:
                self.pairs.append((i, j))
                known = pair_features(
                    a,
                    b,
                    near,
                    kin[a.story] == kin[b.story],
                    lambda word: math.log(len(docs) / max(1, counts[word])) + 0.01,
                )
                found.append([*map(float, known), *(float(column[i] @ column[j]) for column in columns)])
        self.features = np.array(found, dtype=np.float32)
        self.same = np.array([self.mentions[i].gold == self.mentions[j].gold for i, j in self.pairs])
        self.odd = np.array([int(rows[self.mentions[i].story]["topic"]) % 2 == 1 for i, _ in self.pairs])
        self.odd_mentions = {i for i, m in enumerate(self.mentions) if int(rows[m.story]["topic"]) % 2 == 1}

    def score(self, worth: Array, threshold: float, only: set[int] | None = None) -> dict[str, Any]:
        given = dict(zip(self.pairs, map(float, worth), strict=True))
        labels = coref.grouped(len(self.mentions), given, threshold)
        chosen = [i for i in range(len(self.mentions)) if only is None or i in only]
        gold = clusters({i: self.mentions[i].gold for i in chosen})
        return dict(scores(gold, clusters({i: labels[i] for i in chosen})))


def fitted(features: Array, same: Array, asked: Array) -> Array:
    """Mean probability over three seeds that a pair is one event."""
    found = []
    for seed in range(3):
        model = HistGradientBoostingClassifier(
            max_iter=250, learning_rate=0.05, max_leaf_nodes=12, min_samples_leaf=80, l2_regularization=2.0,
            max_features=0.4, random_state=seed,
        )  # fmt: skip
        found.append(model.fit(features, same).predict_proba(asked)[:, 1])
    return np.mean(found, axis=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    encoder = Encoder(parser.parse_args().folder)
    train, dev = Part("train", encoder), Part("dev", encoder)
    even = ~train.odd
    worth = fitted(train.features[even], train.same[even], train.features) * train.odd
    held_out = {t: conll(train.score(worth, t, train.odd_mentions)) for t in THRESHOLDS}
    threshold = max(THRESHOLDS, key=lambda t: held_out[t])
    print("odd topics of train:", {t: round(value, 4) for t, value in held_out.items()}, "chosen:", threshold)
    result = dev.score(fitted(train.features, train.same, dev.features), threshold)
    for name, score in result.items():
        print(f"  {name:6} R {score.recall:.3f}  P {score.precision:.3f}  F1 {score.f1:.3f}")
    print(f"dev, trained and not shipped: CoNLL F1 {conll(result):.4f}")


if __name__ == "__main__":
    main()
