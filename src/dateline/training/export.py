"""From a trained network to a folder that the coder opens: ONNX in 8 bits, tokenizer, card."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from dateline.training.items import Inventory
from dateline.training.network import Answers, Network


def export(network: Network, labels: Inventory, tokenizer: Path, folder: Path, card: Mapping[str, object]) -> None:
    """Write `model.onnx` (weights in 8 bits a channel), `tokenizer.json` and `card.json` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        _as_onnx(network, whole)
        quantize_dynamic(whole, folder / "model.onnx", weight_type=QuantType.QInt8, per_channel=True)
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    digest = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    told = {**card, "sha256": digest, **labels_of(labels)}
    (folder / "card.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def labels_of(labels: Inventory) -> dict[str, tuple[str, ...]]:
    """The labels as the card names them."""
    return {"types": labels.types, "modes": labels.modes, "statuses": labels.statuses, "contexts": labels.contexts}


def _as_onnx(network: Network, path: Path) -> None:
    network.eval()
    example = (torch.randint(1000, 2000, (1, 12)), torch.zeros(1, 12, dtype=torch.bool))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of shapes that it takes as fixed: none is
        torch.onnx.export(
            network,
            example,
            str(path),
            input_names=["ids", "hidden"],
            output_names=list(Answers._fields),
            dynamic_axes={"ids": {1: "n"}, "hidden": {1: "n"}},
            opset_version=17,
            dynamo=False,
        )


def add_figures(folder: Path, figures: Mapping[str, object]) -> None:
    """Write figures into the card of an exported model."""
    path = folder / "card.json"
    card = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**card, "held out": dict(figures)}, indent=1) + "\n", encoding="utf-8")
