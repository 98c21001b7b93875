"""Train the network on a corpus: one loop, seeded, on one core or more.

Batches of plain sentences and of marked pairs take turns, so that both tasks shape the encoder. The word
embeddings stay as published: what the corpus never shows keeps its meaning.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn

from dateline.training.items import Inventory, Pair, Plain
from dateline.training.network import Answers, Network

T = TypeVar("T", Plain, Pair)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the network is trained. The defaults are those of the shipped model."""

    epochs: int = 6
    batch: int = 16
    rate: float = 2e-4
    warm: float = 0.1
    smoothing: float = 0.05
    none_weight: float = 0.4
    decay: float = 0.01
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Data:
    """What is learned from."""

    plain: Sequence[Plain]
    pairs: Sequence[Pair]


def padded(rows: Sequence[tuple[int, ...]]) -> tuple[Tensor, Tensor]:
    """(ids, hidden): rows of piece ids as one block, and where it is only filled up."""
    length = max(len(row) for row in rows)
    ids = torch.tensor([[*row, *([0] * (length - len(row)))] for row in rows])
    hidden = torch.tensor([[False] * len(row) + [True] * (length - len(row)) for row in rows])
    return ids, hidden


class Losses:
    """What each head's answers cost."""

    def __init__(self, labels: Inventory, recipe: Recipe) -> None:
        weights = torch.ones(len(labels.types))
        weights[0] = recipe.none_weight
        self._types = nn.CrossEntropyLoss(weights, ignore_index=-100, label_smoothing=recipe.smoothing)
        self._choice = nn.CrossEntropyLoss(label_smoothing=recipe.smoothing)
        self._yes_no = nn.BCEWithLogitsLoss(reduction="none")
        self._contexts = len(labels.contexts)

    def plain(self, answers: Answers, batch: Sequence[Plain], hidden: Tensor) -> Tensor:
        """Cost of a batch of plain sentences."""
        wanted = torch.zeros(hidden.shape, dtype=torch.long).masked_fill(hidden, -100)
        rows = [(b, act) for b, item in enumerate(batch) for act in item.acts]
        for b, act in rows:
            wanted[b, list(act.trigger)] = act.type
        loss: Tensor = self._types(answers.types.flatten(0, 1), wanted.flatten())
        if not rows:
            return loss
        at = [(b, list(act.trigger)) for b, act in rows]

        def over(scores: Tensor) -> Tensor:
            return torch.stack([scores[b, trigger].mean(0) for b, trigger in at])

        def numbers(values: list[int]) -> Tensor:
            return torch.tensor(values)

        loss = loss + 0.5 * self._choice(over(answers.statuses), numbers([act.status for _, act in rows]))
        loss = loss + 0.4 * self._choice(over(answers.modes), numbers([act.mode for _, act in rows]))
        contexts = torch.zeros(len(rows), self._contexts)
        roles = torch.zeros(len(rows), hidden.shape[1], 3)
        for row, (_, act) in enumerate(rows):
            contexts[row, list(act.contexts)] = 1.0
            for number, found in enumerate(act.roles):
                roles[row, list(found), number] = 1.0
        loss = loss + 3.0 * self._yes_no(over(answers.contexts), contexts).mean()
        told = torch.stack([~hidden[b] for b, _ in rows])[..., None].float().expand_as(roles)
        costs = self._yes_no(over(answers.roles), roles) * told
        whole: Tensor = loss + 3.0 * costs.sum() / told.sum()
        return whole

    def pairs(self, answers: Answers, batch: Sequence[Pair], rng: random.Random) -> Tensor:
        """Cost of a batch of marked pairs; of several types that hold, one is asked for at a time."""
        wanted = torch.tensor([rng.choice(item.types) for item in batch])
        cost: Tensor = self._choice(answers.relation, wanted)
        return cost


def fit(network: Network, data: Data, labels: Inventory, recipe: Recipe, say: Callable[[str], None]) -> None:
    """Train `network` in place. `say` is told of every epoch's mean cost."""
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)
    network.embeddings.word_embeddings.weight.requires_grad_(False)
    learned = [p for p in network.parameters() if p.requires_grad]
    steps = recipe.epochs * (_count(data.plain, recipe.batch) + _count(data.pairs, recipe.batch))
    optimizer = torch.optim.AdamW(learned, lr=recipe.rate, weight_decay=recipe.decay)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _slope(step, steps, recipe.warm))
    losses = Losses(labels, recipe)
    network.train()
    for epoch in range(recipe.epochs):
        total, count = 0.0, 0
        for batch in _mixed(data, recipe.batch, rng):
            ids, hidden = padded([item.ids for item in batch])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                answers = network(ids, hidden)
            answers = Answers(*(part.float() for part in answers))
            if isinstance(batch[0], Plain):
                loss = losses.plain(answers, batch, hidden)  # type: ignore[arg-type]
            else:
                loss = losses.pairs(answers, batch, rng)  # type: ignore[arg-type]
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
            schedule.step()
            total, count = total + float(loss.detach()), count + 1
        say(f"epoch {epoch + 1} of {recipe.epochs}: mean cost {total / max(count, 1):.3f}")
    network.eval()


def _count(items: Sequence[object], size: int) -> int:
    return -(-len(items) // size)


def _slope(step: int, steps: int, warm: float) -> float:
    """Share of the full rate: up over the first `warm` of the steps, then down to 0."""
    first = max(1, int(steps * warm))
    return step / first if step < first else max(0.0, (steps - step) / max(1, steps - first))


def _mixed(data: Data, size: int, rng: random.Random) -> Iterator[Sequence[Plain] | Sequence[Pair]]:
    """Batches of both tasks in one shuffled order, each of sentences of about one length."""
    batches: list[Sequence[Plain] | Sequence[Pair]] = [
        *_batches(data.plain, size, rng),
        *_batches(data.pairs, size, rng),
    ]
    rng.shuffle(batches)
    yield from batches


def _batches(items: Sequence[T], size: int, rng: random.Random) -> Iterator[list[T]]:
    order = sorted(items, key=lambda item: len(item.ids) + rng.uniform(0, 8))
    for start in range(0, len(order), size):
        yield order[start : start + size]
