"""How good a model is on sentences it never saw: labels at given triggers, triggers found, trust in its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from dateline.coding.model import Model, softmax
from dateline.training.corpus import Example

BINS = 10


def f1_by_label(gold: Sequence[str], found: Sequence[str]) -> dict[str, float]:
    """F1 of every label that is in the gold."""
    scores = {}
    for label in sorted(set(gold)):
        hits = sum(g == f == label for g, f in zip(gold, found, strict=True))
        scores[label] = 2 * hits / (sum(g == label for g in gold) + sum(f == label for f in found))
    return scores


def macro(scores: dict[str, float]) -> float:
    """The mean over labels."""
    return sum(scores.values()) / max(1, len(scores))


def calibration_error(chances: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al., "On Calibration", 2017)."""
    at = np.minimum((np.asarray(chances) * BINS).astype(int), BINS - 1)
    truth, said = np.asarray(right, dtype=float), np.asarray(chances)
    gaps = [
        abs(truth[at == b].mean() - said[at == b].mean()) * (at == b).mean() for b in range(BINS) if (at == b).any()
    ]
    return float(sum(gaps))


def measure(model: Model, examples: Iterable[Example]) -> dict[str, object]:
    """Figures of a model on marked sentences.

    `type`, `mode`, `status`: macro-F1 at the gold's triggers, mode among those of the right type; `contexts`: micro-F1 from
    probability 0.5; `calibration error` of the type's probability; `triggers`: F1 of words taken for triggers, with the type.
    """
    gold: dict[str, list[str]] = {"type": [], "mode": [], "status": []}
    found: dict[str, list[str]] = {"type": [], "mode": [], "status": []}
    chances: list[float] = []
    contexts, spans = Counter[str](), Counter[str]()
    for example in examples:
        scores = model.read(example.text)
        spans.update(_spans(model, example))
        for event in example.events:
            span = event.of("trigger")[0]
            types, status = scores.type_at(span), scores.status_at(span)
            if types is None or status is None:
                continue
            shares = types[1:] / types[1:].sum()
            best = int(shares.argmax())
            chances.append(float(shares[best]))
            pieces = scores.pieces(span)
            own = [k for k, label in enumerate(model.modes) if label.startswith(f"{event.type}/")]
            modes = scores.modes[pieces].mean(0)
            told = scores.contexts[pieces].mean(0)
            named = {name for name, logit in zip(model.contexts, told, strict=True) if logit > 0}
            contexts.update(hits=len(named & set(event.contexts)), told=len(named), gold=len(event.contexts))
            gold["type"].append(event.type)
            found["type"].append(model.types[best + 1])
            gold["mode"].append(f"{event.type}/{event.mode or ''}")
            found["mode"].append(model.modes[max(own, key=lambda k: float(modes[k]))])
            gold["status"].append(event.status)
            found["status"].append(model.statuses[int(status.argmax())])
    right = [g == f for g, f in zip(gold["type"], found["type"], strict=True)]
    return {
        "events": len(right),
        **{name: round(macro(f1_by_label(gold[name], found[name])), 3) for name in gold},
        **{f"{name}, share right": round(_share(gold[name], found[name]), 3) for name in gold},
        "contexts": round(2 * contexts["hits"] / max(1, contexts["told"] + contexts["gold"]), 3),
        "calibration error": round(calibration_error(chances, right), 3) if right else None,
        "triggers": round(2 * spans["hits"] / max(1, spans["found"] + spans["gold"]), 3),
        "by type": {name: round(value, 2) for name, value in f1_by_label(gold["type"], found["type"]).items()},
    }


def _share(gold: Sequence[str], found: Sequence[str]) -> float:
    return sum(g == f for g, f in zip(gold, found, strict=True)) / max(1, len(gold))


def _spans(model: Model, example: Example) -> Counter[str]:
    """Runs of pieces that are more likely a trigger than none, against the gold's triggers and types."""
    scores = model.read(example.text)
    hot = [k for k, logits in enumerate(scores.types) if softmax(logits)[0] < 0.5 and scores.offsets[k][1] > 0]
    runs: list[list[int]] = []
    for k in hot:
        if runs and k - runs[-1][-1] == 1:
            runs[-1].append(k)
        else:
            runs.append([k])
    open_gold = [(event.of("trigger")[0], event.type) for event in example.events]
    count = Counter(found=len(runs), gold=len(open_gold))
    for run in runs:
        start, end = scores.offsets[run[0]][0], scores.offsets[run[-1]][1]
        name = model.types[1 + int(scores.types[run].mean(0)[1:].argmax())]
        hit = next((g for g in open_gold if g[0].start < end and start < g[0].end and g[1] == name), None)
        if hit is not None:
            open_gold.remove(hit)
            count["hits"] += 1
    return count
