"""The network that is trained: a small BERT encoder and, on its one pass, every head the coder asks.

Two ways of reading share the encoder. A plain sentence gives, for every word piece, scores of the
type it triggers (or none), status, mode and contexts of that act, and for every pair of pieces
whether the second stands in a role of the first's act. A sentence with marked parties ("@ source @",
"# target #") gives scores of the type of what the source does to the target.

The encoder is written out here (Devlin et al., "BERT", 2019) so that training needs torch and
nothing above it, and so that the names of its parameters are those of the published weights.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

ROLES = ("source", "target", "speaker")
WIDTH = 64  # of the space in which a trigger meets the pieces that may fill its roles


class Sizes(NamedTuple):
    """Shape of the encoder; the defaults are MiniLM-L6's."""

    words: int = 30522
    hidden: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    positions: int = 512


class Labels(NamedTuple):
    """How many labels each head has. `types` counts "none", which is label 0."""

    types: int
    modes: int
    statuses: int
    contexts: int


class Answers(NamedTuple):
    """Scores (logits). b sentences of n pieces: types (b, n, T), statuses (b, n, S), modes (b, n, M),
    contexts (b, n, C), roles (b, n, n, 3) as [trigger, piece], relation (b, T).
    """

    types: Tensor
    statuses: Tensor
    modes: Tensor
    contexts: Tensor
    roles: Tensor
    relation: Tensor


class _Embeddings(nn.Module):
    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(sizes.words, sizes.hidden)
        self.position_embeddings = nn.Embedding(sizes.positions, sizes.hidden)
        self.token_type_embeddings = nn.Embedding(2, sizes.hidden)
        self.LayerNorm = nn.LayerNorm(sizes.hidden, eps=1e-12)

    def forward(self, ids: Tensor) -> Tensor:
        places = self.position_embeddings.weight[: ids.shape[1]]
        summed = self.word_embeddings(ids) + places + self.token_type_embeddings.weight[0]
        states: Tensor = self.LayerNorm(summed)
        return states


class _Layer(nn.Module):
    def __init__(self, sizes: Sizes, dropout: float) -> None:
        super().__init__()
        hidden = sizes.hidden
        self.heads = sizes.heads
        self.query, self.key, self.value = (nn.Linear(hidden, hidden) for _ in range(3))
        self.mixed = nn.Linear(hidden, hidden)
        self.mixed_norm = nn.LayerNorm(hidden, eps=1e-12)
        self.inner = nn.Linear(hidden, sizes.inner)
        self.outer = nn.Linear(sizes.inner, hidden)
        self.outer_norm = nn.LayerNorm(hidden, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, hidden_pieces: Tensor) -> Tensor:
        b, n, d = states.shape
        q, k, v = (
            part(states).view(b, n, self.heads, d // self.heads).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        scores = q @ k.transpose(-1, -2) / (d // self.heads) ** 0.5
        weights = scores.masked_fill(hidden_pieces[:, None, None, :], -1e4).softmax(-1)
        seen = (weights @ v).transpose(1, 2).reshape(b, n, d)
        states = self.mixed_norm(states + self.dropout(self.mixed(seen)))
        inner = nn.functional.gelu(self.inner(states))
        after: Tensor = self.outer_norm(states + self.dropout(self.outer(inner)))
        return after


class Network(nn.Module):
    """Encoder and heads. `marks` are the ids of the pieces "@" and "#" that mark the parties."""

    def __init__(self, labels: Labels, marks: tuple[int, int], sizes: Sizes = Sizes(), dropout: float = 0.1) -> None:  # noqa: B008 - a tuple
        super().__init__()
        self.marks = marks
        self.embeddings = _Embeddings(sizes)
        self.layers = nn.ModuleList(_Layer(sizes, dropout) for _ in range(sizes.layers))
        self.dropout = nn.Dropout(dropout)
        hidden = sizes.hidden
        self.types = nn.Linear(hidden, labels.types)
        self.statuses = nn.Linear(2 * hidden, labels.statuses)
        self.modes = nn.Linear(hidden, labels.modes)
        self.contexts = nn.Linear(2 * hidden, labels.contexts)
        self.trigger_side = nn.Linear(hidden, len(ROLES) * WIDTH)
        self.party_side = nn.Linear(hidden, len(ROLES) * WIDTH)
        self.role_bias = nn.Parameter(torch.full((len(ROLES),), -2.0))
        self.related = nn.Linear(3 * hidden, hidden)
        self.relation = nn.Linear(hidden, labels.types)

    def encode(self, ids: Tensor, hidden_pieces: Tensor) -> Tensor:
        """States (b, n, hidden). `hidden_pieces` is true where a piece is padding."""
        states: Tensor = self.dropout(self.embeddings(ids))
        for layer in self.layers:
            states = layer(states, hidden_pieces)
        return states

    def forward(self, ids: Tensor, hidden_pieces: Tensor) -> Answers:
        """All scores for a batch of sentences (b, n) of piece ids."""
        states = self.dropout(self.encode(ids, hidden_pieces))
        b, n, _ = states.shape
        whole = states[:, :1].expand(-1, n, -1)
        wide = torch.cat([states, whole], -1)
        triggers = self.trigger_side(states).view(b, n, len(ROLES), WIDTH).transpose(1, 2)
        parties = self.party_side(states).view(b, n, len(ROLES), WIDTH).transpose(1, 2)
        roles = (triggers @ parties.transpose(-1, -2) / WIDTH**0.5).permute(0, 2, 3, 1) + self.role_bias
        marked = [self._pooled(states, ids == mark) for mark in self.marks]
        related = torch.tanh(self.related(torch.cat([states[:, 0], *marked], -1)))
        return Answers(
            self.types(states),
            self.statuses(wide),
            self.modes(states),
            self.contexts(wide),
            roles,
            self.relation(self.dropout(related)),
        )

    @staticmethod
    def _pooled(states: Tensor, chosen: Tensor) -> Tensor:
        weights = chosen.to(states.dtype)[..., None]
        return (states * weights).sum(1) / weights.sum(1).clamp(min=1.0)


def seeded(seed: int) -> None:
    """Begin all of torch's chance anew."""
    torch.manual_seed(seed)


def sizes_of(weights: Path, heads: int | None = None) -> Sizes:
    """The shape of published BERT weights. `heads` of attention are not told by the file: 32 wide when not given."""
    found = load_file(str(weights))
    words, hidden = found["embeddings.word_embeddings.weight"].shape
    layers = 1 + max(int(name.split(".")[2]) for name in found if name.startswith("encoder.layer."))
    inner = found["encoder.layer.0.intermediate.dense.weight"].shape[0]
    positions = found["embeddings.position_embeddings.weight"].shape[0]
    return Sizes(words, hidden, layers, heads or max(1, hidden // 32), inner, positions)


_RENAMED = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "mixed",
    "attention.output.LayerNorm": "mixed_norm",
    "intermediate.dense": "inner",
    "output.dense": "outer",
    "output.LayerNorm": "outer_norm",
}


def start_from(network: Network, weights: Path, layers: tuple[int, ...] | None = None) -> None:
    """Fill the encoder with published BERT weights (a safetensors file).

    `layers` names which of the published layers to take, in order, when the network has fewer. Raises
    KeyError when the file lacks a parameter.
    """
    found = load_file(str(weights))
    wanted: dict[str, Tensor] = {}
    taken = layers if layers is not None else tuple(range(len(network.layers)))
    for name, value in network.state_dict().items():
        if name.startswith("embeddings."):
            wanted[name] = found[name]
        elif name.startswith("layers."):
            _, number, rest = name.split(".", 2)
            ours, kind = rest.rsplit(".", 1)
            published = next(theirs for theirs, mine in _RENAMED.items() if mine == ours)
            wanted[name] = found[f"encoder.layer.{taken[int(number)]}.{published}.{kind}"]
        else:
            wanted[name] = value
    network.load_state_dict(wanted)
