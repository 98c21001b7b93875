"""Marked sentences: what can be read, what is refused, and that a model can be trained, exported and asked."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.coding.model import Model
from dateline.errors import ConfigError, ModelError
from dateline.ontology import load
from dateline.records import Span
from dateline.training import corpus, evaluate, items
from dateline.training.run import train

ROOT = Path(__file__).parents[1]
SHARED = ROOT / ".." / "shared"
ONTOLOGY = load(None)
GOOD = """## style: body
{1s2s Norland} {1 shelled} {1t a Sudland town} and {2 threatened} {2t it} again, {1k2k monitors} {1c2c said}.
1 ASSAULT/heavy-weapons asserted military
2 THREATEN/violence asserted

The cup went to the side from the valley.
- sport
"""
EXAMPLES, FAULTS = corpus.read(ROOT / "corpus" / "sentences", ONTOLOGY)


def test_a_marked_sentence_is_read() -> None:
    (first, second), faults = corpus.parse(GOOD, ONTOLOGY)
    assert not faults and second.events == () and second.reason == "sport"
    assert first.text == "Norland shelled a Sudland town and threatened it again, monitors said."
    shelling, threat = first.events
    words = {role: [first.text[s.start : s.end] for s in shelling.of(role)] for role, _ in shelling.spans}
    assert words["trigger"] == ["shelled"] and words["source"] == ["Norland"] and words["speaker"] == ["monitors"]
    assert threat.type == "THREATEN" and threat.mode == "violence" and threat.of("source") == shelling.of("source")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{1 shelled}", "{1 shelled", "never closed"),
        ("{1 shelled}", "{x shelled}", "is no tag"),
        ("{1 shelled}", "shelled", "event 1 has no trigger"),
        ("ASSAULT/heavy-weapons", "ATTACK", "'ATTACK' is no type; there are AGREE"),
        ("heavy-weapons", "cannon", "'cannon' is no mode of ASSAULT; there are abduct"),
        ("asserted military", "certain military", "'certain' is no status"),
        ("asserted military", "asserted war", "'war' is no context"),
        ("2 THREATEN/violence asserted\n", "", "tags of event 2 but no line for it"),
        ("2 THREATEN", "1 THREATEN", "two event lines have one number"),
        ("- sport", "", "no event line"),
        ("## style: body", "## style: poem", "'poem' is no style"),
    ],
)
def test_a_fault_is_named_with_its_line_and_the_rest_is_kept(old: str, new: str, told: str) -> None:
    examples, faults = corpus.parse(GOOD.replace(old, new, 1), ONTOLOGY, "a.txt")
    assert len(examples) <= 1 and faults[0].file == "a.txt" and faults[0].line >= 1
    assert told in str(faults[0])


@given(st.lists(st.tuples(st.sampled_from("stkcpd"), st.text("abc ,", min_size=1, max_size=8)), max_size=5))
def test_tags_leave_the_words_as_they_were(pieces: list[tuple[str, str]]) -> None:
    marked = "".join(f"{{1{role} {words}}}" for role, words in pieces)
    text, spans = corpus.unmark(marked)
    assert text == "".join(words for _, words in pieces)
    assert sorted(text[s.start : s.end] for _, s in spans.get("1", [])) == sorted(words for _, words in pieces)


def test_the_corpus_can_be_read_whole_and_is_diverse() -> None:
    assert not FAULTS, "; ".join(map(str, FAULTS[:5]))
    told = corpus.measures(EXAMPLES)
    assert len(EXAMPLES) >= 3300 and float(str(told["without events"])) > 0.3
    assert float(str(told["repeated 4-grams"])) < 0.05
    triggers = told["distinct triggers"]
    assert isinstance(triggers, dict) and set(triggers) == set(ONTOLOGY.types) and min(triggers.values()) >= 25


@pytest.mark.gold
@pytest.mark.skipif(not SHARED.exists(), reason="no development gold beside the project")
def test_no_sentence_shares_eight_words_in_a_row_with_the_gold() -> None:
    grams: dict[tuple[str, ...], str] = {}
    for example in EXAMPLES:
        grams |= dict.fromkeys(corpus.ngrams(example.text, 8), f"{example.file}:{example.line}")
    for path in sorted((SHARED / "gold").glob("*")):
        content = path.read_bytes()
        text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8")
        found = corpus.words(text.replace("\\n", " "))
        for k in range(len(found) - 7):
            assert tuple(found[k : k + 8]) not in grams, (path.name, found[k : k + 8])


def test_a_tenth_is_held_out_whatever_the_order() -> None:
    kept, out = items.held_out(EXAMPLES)
    again, same = items.held_out(EXAMPLES[::-1])
    assert {e.text for e in out} == {e.text for e in same} and len(kept) == len(again)
    assert 0.07 < len(out) / len(EXAMPLES) < 0.13


def test_parties_are_marked_where_they_stand() -> None:
    from dateline.coding.model import mark

    assert mark("Norland met Sudland.", Span(0, 7), Span(12, 19)) == "@ Norland @ met # Sudland #."
    assert mark("Norland met Sudland.", Span(12, 19), Span(0, 7)) == "# Norland # met @ Sudland @."


@pytest.mark.parametrize(
    ("chances", "right", "error"),
    [([0.9] * 10, [True] * 9 + [False], 0.0), ([0.9] * 10, [False] * 10, 0.9), ([0.55, 0.95], [True, True], 0.25)],
)
def test_calibration_error(chances: list[float], right: list[bool], error: float) -> None:
    assert evaluate.calibration_error(chances, right) == pytest.approx(error)


class TestTraining:
    @pytest.fixture(scope="class")
    @classmethod
    def base(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        """Weights of no worth in the shape of a very small BERT, and a tokenizer of the corpus's own words."""
        import torch
        from safetensors.torch import save_file
        from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

        words = {word for example in EXAMPLES[:400] for word in corpus.words(example.text)}
        vocabulary = {word: k for k, word in enumerate(["[PAD]", "[UNK]", "@", "#", *sorted(words)])}
        tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.Lowercase()
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        folder = tmp_path_factory.mktemp("base")
        tokenizer.save(str(folder / "tokenizer.json"))
        wide, layer = 32, "encoder.layer.0."
        torch.manual_seed(0)
        shapes = {"embeddings.word_embeddings.weight": (len(vocabulary), wide), "embeddings.position_embeddings.weight": (200, wide),
                  "embeddings.token_type_embeddings.weight": (2, wide)}  # fmt: skip
        for name in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            shapes |= {f"{layer}{name}.weight": (wide, wide), f"{layer}{name}.bias": (wide,)}
        shapes |= {f"{layer}intermediate.dense.weight": (64, wide), f"{layer}intermediate.dense.bias": (64,)}
        shapes |= {f"{layer}output.dense.weight": (wide, 64), f"{layer}output.dense.bias": (wide,)}
        weights = {name: torch.randn(shape) * 0.05 for name, shape in shapes.items()}
        for name in ("embeddings.LayerNorm", f"{layer}attention.output.LayerNorm", f"{layer}output.LayerNorm"):
            weights |= {f"{name}.weight": torch.ones(wide), f"{name}.bias": torch.zeros(wide)}
        save_file(weights, str(folder / "model.safetensors"))
        return folder

    @pytest.fixture(scope="class")
    @classmethod
    def small(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("corpus")
        (folder / "a.txt").write_text(
            GOOD + "\n" + GOOD.replace("Norland", "Westland").replace("valley", "hill"), "utf-8"
        )
        return folder

    def test_a_model_is_trained_exported_and_asked_the_same_twice(
        self, base: Path, small: Path, tmp_path: Path
    ) -> None:
        said: list[str] = []
        for name in ("one", "two"):
            train(small, ONTOLOGY, tmp_path / name, base=base, epochs=1, seed=3, say=said.append)
        assert any(line.startswith("fewer than 20 events of AGREE (0)") for line in said)
        cards = [json.loads((tmp_path / name / "card.json").read_text("utf-8")) for name in ("one", "two")]
        assert cards[0]["sha256"] == cards[1]["sha256"] and "held out" in cards[0]
        model = Model(tmp_path / "one")
        scores = model.read("Norland shelled a Sudland town.")
        assert scores.types.shape == (len(scores.offsets), 17) and scores.roles.shape[2] == 3
        chances = scores.type_at(Span(8, 15))
        assert chances is not None and float(chances.sum()) == pytest.approx(1.0, abs=1e-4)
        assert model.relate("Norland met Sudland.", Span(0, 7), Span(12, 19)).shape == (17,)

    def test_other_weights_than_the_card_s_are_refused(self, base: Path, small: Path, tmp_path: Path) -> None:
        train(small, ONTOLOGY, tmp_path / "m", base=base, epochs=1, say=lambda _: None)
        with (tmp_path / "m" / "model.onnx").open("ab") as out:
            out.write(b"x")
        with pytest.raises(ModelError, match="not the weights that card"):
            Model(tmp_path / "m")

    def test_what_is_missing_is_named(self, small: Path, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match=r"no model\.safetensors there"):
            train(small, ONTOLOGY, tmp_path / "m", base=tmp_path, say=lambda _: None)
        with pytest.raises(ConfigError, match="no corpus here"):
            train(tmp_path, ONTOLOGY, tmp_path / "m", say=lambda _: None)
