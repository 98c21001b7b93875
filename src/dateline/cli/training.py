"""Commands for those who teach the coder: check a corpus, train a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from dateline.cli.app import OntologyFolder, app
from dateline.cli.outputs import say
from dateline.errors import ConfigError

corpus_app = typer.Typer(help="Check marked corpora.", no_args_is_help=True)
app.add_typer(corpus_app, name="corpus")


@corpus_app.command("check")
def corpus_check(
    folder: Annotated[Path, typer.Argument(help="Folder of marked .txt files.")], ontology: OntologyFolder = None
) -> None:
    """Check a corpus: every block that can't be read, with file and line, and how diverse the rest is."""
    from dateline import ontology as ontologies
    from dateline.training import corpus

    found = ontologies.load(Path(ontology) if ontology else None)
    examples, faults = corpus.read(folder, found)
    for fault in faults:
        say(str(fault))
    for name, value in corpus.measures(examples).items():
        told = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        print(f"{name}: {round(told, 3) if isinstance(told, float) else told}")
    if faults:
        raise ConfigError(f"{folder}: {len(faults)} blocks can't be used; the form is that of corpus/GUIDE.md")


@app.command()
def train(
    corpus: Annotated[Path, typer.Option("--corpus", help="Folder of marked .txt files.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the model.")],
    ontology: OntologyFolder = None,
    base: Annotated[Path | None, typer.Option(help="Folder of BERT weights to start from.")] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over the corpus.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of all chance.")] = 1,
) -> None:
    """Train a model on a marked corpus, and print its figures on the tenth that is held out."""
    from dateline import ontology as ontologies
    from dateline.training.run import train as trained

    found = ontologies.load(Path(ontology) if ontology else None)
    figures = trained(corpus, found, output, base=base, epochs=epochs, seed=seed, say=say)
    print(json.dumps(figures, indent=1))
