"""The trained reader of sentences: what each word triggers, and who stands in its roles.

`Model.load` opens a folder with `model.onnx`, `tokenizer.json` and `card.json`; the one that ships
lies in `data/models`. One pass over a sentence answers every question about it. A sentence is always
read alone: quantised arithmetic scales with the batch, and an answer must not depend on which
other sentences stood beside it. It refuses weights whose digest is not the card's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from dateline.errors import ModelError
from dateline.records import Span

SHIPPED = Path(__file__).parent.parent / "data" / "models" / "plover"
PIECES = 160
NONE = "none"
MARKS = ("@", "#")

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scores:
    """What the network says of one sentence. Offsets are the sentence's own.

    `types` (n, T), `statuses` (n, S), `modes` (n, M) and `contexts` (n, C) are logits at each of the n
    word pieces; `roles` (n, n, 3) are logits that the second piece is source, target, speaker of the
    act that the first triggers.
    """

    offsets: tuple[tuple[int, int], ...]
    types: Floats
    statuses: Floats
    modes: Floats
    contexts: Floats
    roles: Floats

    def pieces(self, span: Span) -> list[int]:
        """The pieces that overlap `span`; empty beyond the end of what was read."""
        return [i for i, (a, b) in enumerate(self.offsets) if a < span.end and b > span.start and b > a]

    def type_at(self, span: Span) -> Floats | None:
        """Probabilities of "none" and of each type for a trigger at `span`."""
        found = self.pieces(span)
        return softmax(self.types[found].mean(0)) if found else None

    def status_at(self, span: Span) -> Floats | None:
        """Probabilities of each status of the act at `span`."""
        found = self.pieces(span)
        return softmax(self.statuses[found].mean(0)) if found else None

    def roles_at(self, trigger: Span, party: Span) -> Floats | None:
        """Probabilities that `party` is source, target, speaker of the act at `trigger`."""
        first, second = self.pieces(trigger), self.pieces(party)
        if not first or not second:
            return None
        logits = self.roles[np.ix_(first, second)].mean((0, 1))
        answer: Floats = 1.0 / (1.0 + np.exp(-logits))
        return answer


def softmax(logits: Floats) -> Floats:
    """Logits to probabilities."""
    powers = np.exp(logits - logits.max())
    answer: Floats = powers / powers.sum()
    return answer


class Model:
    """An opened model. `name` and `digest` belong in every run log."""

    def __init__(self, folder: Path) -> None:
        self.card = _card(folder)
        self.name = str(self.card["name"])
        self.digest = str(self.card["sha256"])
        self.types: tuple[str, ...] = tuple(self.card["types"])
        self.modes: tuple[str, ...] = tuple(self.card["modes"])
        self.statuses: tuple[str, ...] = tuple(self.card["statuses"])
        self.contexts: tuple[str, ...] = tuple(self.card["contexts"])
        weights = (folder / "model.onnx").read_bytes()
        if hashlib.sha256(weights).hexdigest() != self.digest:
            raise ModelError(f"{folder / 'model.onnx'}: not the weights that card.json names ({self.digest[:12]}...)")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    @classmethod
    def load(cls, folder: Path | None = None) -> Model:
        """The model of a folder, or the one that ships. ModelError when it can't be opened."""
        return _shipped() if folder is None else cls(folder)

    def _run(self, text: str) -> tuple[tuple[tuple[int, int], ...], Sequence[Any]]:  # Any: arrays of the session
        encoding = self._tokenizer.encode(text)
        ids = np.asarray([encoding.ids[:PIECES]], dtype=np.int64)
        hidden = np.zeros(ids.shape, dtype=bool)
        return tuple(encoding.offsets[:PIECES]), self._session.run(None, {"ids": ids, "hidden": hidden})

    def read(self, text: str) -> Scores:
        """Scores of one plain sentence."""
        offsets, (types, statuses, modes, contexts, roles, _) = self._run(text)
        return Scores(offsets, types[0], statuses[0], modes[0], contexts[0], roles[0])

    def relate(self, text: str, source: Span, target: Span) -> Floats:
        """Logits of each type (and "none") of what `source` does to `target` in a sentence."""
        _, answers = self._run(mark(text, source, target))
        logits: Floats = answers[-1][0]
        return logits


@lru_cache(maxsize=1)
def _shipped() -> Model:
    return Model(SHIPPED)


def mark(text: str, source: Span, target: Span) -> str:
    """The text with "@ source @" and "# target #", as the network was taught to see parties."""
    cuts = [(source.start, 1, "@ "), (source.end, 0, " @"), (target.start, 1, "# "), (target.end, 0, " #")]
    for at, _, sign in sorted(cuts, reverse=True):
        text = text[:at] + sign + text[at:]
    return text


def _card(folder: Path) -> dict[str, Any]:  # Any: parsed JSON
    path = folder / "card.json"
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ModelError(f"{folder}: no model here: card.json is missing") from None
    except ValueError as wrong:
        raise ModelError(f"{path}: no JSON: {wrong}") from None
