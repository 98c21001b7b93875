"""Documentation that can't go stale in silence: what users can name is named in docs/."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

import dateline
from dateline import exports, ontology
from dateline.api import Coder, Result, load
from dateline.cli.app import app

ROOT = Path(__file__).parents[1]
DOCS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands() -> Iterator[tuple[str, object]]:
    """Every command as users type it, with what typer made of it."""
    todo = [("", typer.main.get_command(app))]
    while todo:
        name, command = todo.pop()
        below = getattr(command, "commands", {})
        todo += [(f"{name} {key}".strip(), value) for key, value in below.items()]
        if name and not below:
            yield name, command


COMMANDS = dict(commands())


def section(page: str, name: str) -> str:
    """What stands under the heading `name`, up to the next heading of that level."""
    match = re.search(rf"^## {re.escape(name)}$(.*?)(?=^## |\Z)", page, re.M | re.S)
    return match[1] if match else ""


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_its_section(name: str) -> None:
    assert f"dateline {name}" in section(DOCS["cli.md"], name)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_is_in_the_docs(name: str) -> None:
    options = {option for param in COMMANDS[name].params for option in (*param.opts, *param.secondary_opts)}  # type: ignore[attr-defined]
    for option in sorted(option for option in options if option.startswith("--")):
        assert f"`{option}`" in DOCS["cli.md"] or f"{option} " in section(DOCS["cli.md"], name), option


def test_options_before_the_command_are_in_the_docs() -> None:
    for param in typer.main.get_command(app).params:
        assert all(f"`{option}`" in DOCS["cli.md"] for option in param.opts)


def test_no_command_of_the_docs_is_made_up() -> None:
    named = set(re.findall(r"^## (.+)$", DOCS["cli.md"], re.M)) - {"Exit codes"}
    assert named == set(COMMANDS)


@pytest.mark.parametrize("name", dateline.__all__)
def test_every_public_name_is_in_the_docs(name: str) -> None:
    assert re.search(rf"\b{name}\b", DOCS["api.md"])


@pytest.mark.parametrize("thing", [Coder, Result])
def test_every_public_method_is_in_the_docs(thing: type) -> None:
    for name in vars(thing):
        if not name.startswith("_"):
            assert re.search(rf"`{name}[`(]", DOCS["api.md"]), name


def test_every_parameter_of_load_is_in_the_docs() -> None:
    assert all(f"{name}=" in DOCS["api.md"] for name in inspect.signature(load).parameters)


def keys(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for value in schema.values():
            yield from keys(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from keys(value)


@pytest.mark.parametrize("name", sorted(set(keys(json.loads(exports.schema_text())))))
def test_every_field_of_the_record_is_in_the_docs(name: str) -> None:
    assert re.search(rf"[`\"]{name}[`\"]", DOCS["record.md"])


@pytest.mark.parametrize("name", exports.event_columns().names)
def test_every_column_is_in_the_docs(name: str) -> None:
    assert re.search(rf"\b{name}\b", section(DOCS["record.md"], "The events table"))


@pytest.mark.parametrize("status", json.loads(exports.schema_text())["$defs"]["event"]["properties"]["status"]["enum"])
def test_every_status_is_in_the_docs(status: str) -> None:
    assert status in DOCS["record.md"] and status in DOCS["cli.md"] + DOCS["ontology.md"] + DOCS["record.md"]


def test_ontology_page_is_that_of_the_ontology() -> None:
    shipped = ontology.load(None)
    for name, kind in shipped.types.items():
        (row,) = re.findall(rf"^\| {name} \|.*$", DOCS["ontology.md"], re.M)
        assert f"| {kind.quad} | {kind.score:g} | {kind.cameo} |" in row
        assert all(re.search(rf"[ |]{mode}[ ,|(]", row) for mode in kind.modes)
    assert all(context in DOCS["ontology.md"] for context in shipped.contexts)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_exit_codes_are_in_the_docs() -> None:
    from dateline import errors
    from dateline.cli import outputs

    codes = {kind.exit_code for kind in vars(errors).values() if inspect.isclass(kind) and hasattr(kind, "exit_code")}
    for code in codes | {0, outputs.ALL_DROPPED, outputs.INTERRUPTED}:
        assert f"| {code} |" in DOCS["cli.md"]


def test_readme_names_its_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for script in ("demo.sh", "test.sh"):
        assert f"./{script}" in readme and (ROOT / script).stat().st_mode & 0o111
