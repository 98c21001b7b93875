"""Reading: every story of every format, once, as a Raw or as a Drop that says why not."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.errors import InputError
from dateline.ingest import READERS, read
from dateline.ingest.days import day
from dateline.ingest.decoding import UnreadableError, chunks, decode, lines, sniff
from dateline.records import Drop, Raw

BODY = "The ministers of Ostravia and Meridia met on Monday.\n\nThey agreed to meet again."


def wrote(folder: Path, name: str, data: str | bytes) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)


def only(path: str, **options: str) -> Raw | Drop:
    (found,) = read([path], **options)  # type: ignore[arg-type]
    return found


# ----------------------------------------------------------------- the promise of a clean body


@pytest.mark.parametrize("text", [BODY, "  edges  \n", "SEOUL (AP) — x", 'tab\tquote" ünï 😀', "a\r\nb"])
def test_a_jsonl_body_comes_back_unchanged(tmp_path: Path, text: str) -> None:
    path = wrote(tmp_path, "in.jsonl", json.dumps({"id": "k7", "text": text, "published": "2024-11-28"}) + "\n")
    raw = only(path)
    assert isinstance(raw, Raw)
    assert (raw.id, raw.kind, raw.text, raw.published, raw.line) == ("k7", "body", text, "2024-11-28", 1)


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1).filter(str.strip), max_size=8))
def test_every_line_of_jsonl_is_one_record(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("lines")
    path = wrote(folder, "in.jsonl", "".join(json.dumps({"text": text}) + "\n" for text in texts) or "\n")
    found = [item for item in read([path]) if isinstance(item, Raw)]
    assert [raw.text for raw in found] == texts
    assert len({raw.id for raw in found}) == len(texts)


# ----------------------------------------------------------------- formats


def test_one_file_is_one_story_named_by_its_stem(tmp_path: Path) -> None:
    wrote(tmp_path, "0.html", "<html><body><p>x</p></body></html>")
    wrote(tmp_path, "note.txt", BODY)
    kinds = [(item.id, item.kind) for item in read([str(tmp_path)]) if isinstance(item, Raw)]
    assert kinds == [("0", "page"), ("note", "scrape")]


def test_gzip_is_undone_for_any_format(tmp_path: Path) -> None:
    raw = only(wrote(tmp_path, "a.txt.gz", gzip.compress(b"one") + gzip.compress(b" two")))
    assert isinstance(raw, Raw) and (raw.id, raw.text) == ("a", "one two")


@pytest.mark.parametrize(
    "content", ['{"text":"x"}', '[{"text":"x"}]', '{"articles":[{"text":"x"}]}', '{"text":"x"}\n{"text":"x"}']
)
def test_json_is_an_object_a_list_or_lines(tmp_path: Path, content: str) -> None:
    found = list(read([wrote(tmp_path, "in.json", content)]))
    assert {item.text for item in found if isinstance(item, Raw)} == {"x"}


def test_csv_columns_by_their_usual_names(tmp_path: Path) -> None:
    path = wrote(tmp_path, "in.csv", 'DocID;Body;Date;Title;Author\n7;"a; b";28 Nov 2024;Head;Ann Lee\n')
    raw = only(path)
    assert isinstance(raw, Raw)
    assert (raw.id, raw.text, raw.published, raw.headline, raw.byline) == (
        "7",
        "a; b",
        "2024-11-28",
        "Head",
        ("Ann Lee",),
    )


def test_columns_may_be_named_by_the_caller(tmp_path: Path) -> None:
    (raw,) = read([wrote(tmp_path, "in.tsv", "a\tb\nx\ty\n")], columns={"text": "b"})
    assert isinstance(raw, Raw) and raw.text == "y"
    with pytest.raises(InputError, match="no field 'colour'"):
        read([str(tmp_path)], columns={"colour": "a"})


def test_parquet_rows(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table({"id": [1, 2], "content": ["x", None], "date": ["20241128", None]}), path)
    raw, drop = read([str(path)])
    assert isinstance(raw, Raw) and (raw.id, raw.text, raw.published) == ("1", "x", "2024-11-28")
    assert isinstance(drop, Drop) and "empty" in drop.reason


def test_feed_items_become_scrapes_without_tags(tmp_path: Path) -> None:
    item = (
        "<item><title>T</title><guid>g1</guid><pubDate>Thu, 28 Nov 2024 10:00:00 GMT</pubDate>"
        "<description>&lt;p&gt;One.&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;&lt;p&gt;Two.&lt;/p&gt;</description></item>"
    )
    raw = only(wrote(tmp_path, "f.xml", f"<?xml version='1.0'?><rss version='2.0'><channel>{item}</channel></rss>"))
    assert isinstance(raw, Raw)
    assert (raw.id, raw.kind, raw.text, raw.published) == ("g1", "scrape", "One.\nTwo.", "2024-11-28")


def test_an_html_key_makes_a_page(tmp_path: Path) -> None:
    raw = only(wrote(tmp_path, "in.jsonl", '{"html":"<p>x</p>","url":"https://example.org/a"}'))
    assert isinstance(raw, Raw) and (raw.kind, raw.url) == ("page", "https://example.org/a")


def test_standard_input_is_sniffed(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b'{"id":"a","text":"x"}\n{"id":"b","text":"y"}\n'))
    monkeypatch.setattr("sys.stdin", stdin)
    assert [item.id for item in read(["-"])] == ["a", "b"]


def test_every_reader_of_the_table_reports_an_unusable_file(tmp_path: Path) -> None:
    for extension in READERS:
        found = list(read([wrote(tmp_path, f"x{extension}", b"\x00\x01\x02\x03" * 99)]))
        assert found and all(isinstance(item, Drop) and item.reason for item in found), extension


# ----------------------------------------------------------------- ids, order, arguments


def test_ids_are_distinct_and_the_order_is_repeatable(tmp_path: Path) -> None:
    for name in ("b/0.txt", "a/0.txt", "a/1.txt"):
        wrote(tmp_path, name, name)
    ids = [item.id for item in read([str(tmp_path)])]
    assert ids == ["0", "1", "b/0"]
    assert ids == [item.id for item in read([str(tmp_path)])]


def test_a_repeated_id_is_numbered(tmp_path: Path) -> None:
    path = wrote(tmp_path, "in.jsonl", '{"id":"a","text":"x"}\n' * 3)
    assert [item.id for item in read([path])] == ["a", "a#2", "a#3"]


def test_globs_and_a_file_named_twice(tmp_path: Path) -> None:
    path = wrote(tmp_path, "a.txt", "x")
    assert len(list(read([path, str(tmp_path / "*.txt")]))) == 1


@pytest.mark.parametrize("name", ["missing.txt", "*.nothing", "empty"])
def test_an_argument_that_names_nothing_stops_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=name.strip("*")):
        read([str(tmp_path / name)])


# ----------------------------------------------------------------- bad input


BAD = {
    "empty.txt": (b"", "is empty"),
    "binary.txt": (bytes(range(256)) * 9, "binary"),
    "paper.pdf": (b"%PDF-1.4 ....", "a PDF"),
    "keys.jsonl": (b'{"a":1}', "found 'a'"),
    "list.jsonl": (b"[1]", "found a list"),
    "columns.csv": (b"a,b\n1,2\n", "found 'a', 'b'"),
    "ragged.csv": (b"id,text\n1\n", "line 2: 1 cells where the header has 2"),
    "cut.txt.gz": (gzip.compress(b"x" * 999)[:-9], "ends too early"),
    "doctype.rss": (b"<!DOCTYPE rss><rss/>", "DOCTYPE"),
    "other.xml": (b"<?xml version='1.0'?><book/>", "neither RSS nor Atom"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_says_why_and_where(tmp_path: Path, name: str) -> None:
    data, reason = BAD[name]
    drop = only(wrote(tmp_path, name, data))
    assert isinstance(drop, Drop) and reason in drop.reason and name in drop.reason


def test_a_broken_line_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    rows = [b'{"text":"x%d"}\n' % n for n in range(9)]
    rows[6] = b'{"text": oops\n'
    found = list(read([wrote(tmp_path, "in.jsonl", b"".join(rows))]))
    assert [type(item) for item in found] == [Raw] * 6 + [Drop] + [Raw] * 2
    assert "in.jsonl, line 7: not JSON" in found[6].reason  # type: ignore[union-attr]


def test_a_gzip_bomb_stops_early(tmp_path: Path) -> None:
    for name in ("bomb.txt.gz", "bomb.jsonl.gz"):
        drop = only(wrote(tmp_path, name, gzip.compress(b"a" * 30_000_000)))
        assert isinstance(drop, Drop) and ("bomb" in drop.reason or "more than 5 MB" in drop.reason)


# ----------------------------------------------------------------- bytes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_decoding_finds_the_character_set(encoding: str) -> None:
    text = "The café’s owner said “no” on Monday, and that was all there was to say."
    assert decode(text.encode(encoding)) == text


def test_one_bad_byte_costs_one_character() -> None:
    assert (
        decode("Señor Núñez habló con la niña – ".encode() * 3 + b"\xff")
        == "Señor Núñez habló con la niña – " * 3 + "\ufffd"
    )


@given(st.binary(max_size=400))
def test_decoding_never_fails_and_sniffing_always_answers(data: bytes) -> None:
    assert isinstance(decode(data), str)
    assert sniff(data)


@given(st.lists(st.binary(max_size=20), max_size=9), st.integers(1, 30))
def test_lines_do_not_depend_on_the_chunks(pieces: list[bytes], cap: int) -> None:
    assert list(lines(pieces, cap=cap)) == list(lines([b"".join(pieces)], cap=cap))


def test_a_long_line_is_skipped_and_counted() -> None:
    assert list(lines([b"ab\n", b"cccc", b"cccc\nd"], cap=4)) == [(1, b"ab"), (2, None), (3, b"d")]


def test_chunks_keep_to_their_cap() -> None:
    with pytest.raises(UnreadableError, match="more than"):
        list(chunks(io.BytesIO(b"x" * 3_000_000), cap=2_000_000))


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024-11-28T23:59:00+09:00", "2024-11-28"), ("Thu, 28 Nov 2024 10:00:00 GMT", "2024-11-28"),
        ("November 28th, 2024", "2024-11-28"), ("28. Sept 2024", "2024-09-28"), ("20241128", "2024-11-28"),
        ("1732752000", "2024-11-28"), ("2024-02-30", None), ("03/04/2024", None), ("soon", None), ("", None),
    ],
)  # fmt: skip
def test_days(text: str, iso: str | None) -> None:
    assert day(text) == iso
