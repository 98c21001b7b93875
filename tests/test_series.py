"""Series: what is counted, against what was read, how unsure, and when it changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline import series
from dateline.archive import Reader, Store, merged
from dateline.errors import ArchiveError, ConfigError
from dateline.merge import Report, Side
from dateline.ontology import load
from dateline.series import Dyad, Point, changes, parties, start_of
from dateline.show.plot import draw
from test_merged import add

KOREA = Dyad(("KOR",), ("PRK",))


ONTOLOGY = load(None)


def told(name: str, day: str, source: str, target: str, *, kind: str = "CONSULT") -> Report:
    one, other = (Side(f"country:{code}", code, code, ("GOV",)) for code in (source, target))
    found = ONTOLOGY.types[kind]
    return Report(
        f"{name}#0", name, kind, family=name, agency="Alfa", published=day, start=day, end=day, quad=found.quad,
        score=found.score, sources=(one,), targets=(other,), trigger=kind.lower(), sentence=f"{source} {kind} {target}.",
    )  # fmt: skip


def point(start: str, events: int, read: int = 100, *, enough: bool = True) -> Point:
    return Point(start, (events, 0, 0, 0), 0.0, 0.0, read, enough, None, None, None, None, None, None)


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.sampled_from(["day", "week", "month", "year"]))
def test_a_period_holds_its_day_and_begins_itself(day: date, step: series.Step) -> None:
    start = start_of(day, step)
    assert start <= day < series._next(start, step)
    assert start_of(start, step) == start


def test_a_party_is_one_code_or_several() -> None:
    assert parties("KOR") == ("KOR",)
    assert parties("kor, USA+JPN") == ("KOR", "USA", "JPN")
    with pytest.raises(ConfigError, match="did you mean KOR"):
        parties("South Korea")


@given(st.integers(4, 40), st.integers(4, 40))
def test_one_lasting_change_is_found_where_it_is(before: int, after: int) -> None:
    points = [point(f"{2000 + k // 12}-{k % 12 + 1:02}-01", 5 if k < before else 40) for k in range(before + after)]
    assert changes(points) == (points[before].start,)


def test_a_steady_rate_has_no_change_even_when_more_is_read() -> None:
    points = [point(f"{2000 + k // 12}-{k % 12 + 1:02}-01", 5 + k % 2, 100) for k in range(24)]
    more = [point(f"{2002 + k // 12}-{k % 12 + 1:02}-01", 50 + k % 2 * 10, 1000) for k in range(24)]
    assert changes([*points, *more]) == ()


def test_thin_periods_are_left_out_of_the_search() -> None:
    points = [point(f"{2000 + k // 12}-{k % 12 + 1:02}-01", 5 if k % 3 else 90, enough=bool(k % 3)) for k in range(24)]
    assert changes(points) == ()


class TestOnAnArchive:
    @pytest.fixture(scope="class")
    @classmethod
    def archive(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        """Twelve weeks of 20 stories each, two of them about the dyad from the seventh week on; week 10 is thin."""
        reports: list[Report] = []
        for week in range(12):
            for k in range(20 if week != 9 else 2):
                day = date.fromordinal(date(2031, 1, 6).toordinal() + 7 * week + k % 7).isoformat()
                pair = ("KOR", "PRK") if k < (6 if week >= 6 else 1) else ("FRA", "ITA")
                reports.append(told(f"s{week}-{k}", day, *pair, kind="ASSAULT" if week >= 6 else "CONSULT"))
        folder = tmp_path_factory.mktemp("series") / "a"
        with Store(folder) as store:
            add(store, reports)
            merged.update(store)
        return folder

    def test_counts_rates_and_coverage(self, archive: Path) -> None:
        with Reader(archive) as reader:
            found = series.series(reader, KOREA, step="week", reports=True)
        assert [p.events for p in found.points] == [1] * 6 + [6, 6, 6, 2, 6, 6]
        assert [p.read for p in found.points] == [20] * 9 + [2, 20, 20]
        thin = found.points[9]
        assert not thin.enough and thin.rate is None
        busy = found.points[7]
        assert busy.rate == 300.0 and busy.quads == (0, 0, 0, 6) and busy.conflict == 54.0
        assert busy.rate_low is not None and busy.rate_high is not None and busy.rate_low < 300 < busy.rate_high
        assert found.changes == (found.points[6].start,)

    def test_direction_groups_and_weights(self, archive: Path) -> None:
        with Reader(archive) as reader:
            back = series.series(reader, Dyad(("PRK",), ("KOR",), True), step="week", reports=True)
            group = series.series(reader, Dyad(("KOR", "FRA"), ("PRK", "ITA")), step="week", reports=True)
            own = series.series(reader, KOREA, step="week", reports=True, weights={"ASSAULT": -1.0})
        assert not any(p.events for p in back.points)
        assert [p.events for p in group.points] == [20] * 9 + [2, 20, 20]
        assert own.points[7].conflict == 6.0

    def test_the_query_is_shown_with_its_values(self, archive: Path) -> None:
        with Reader(archive) as reader:
            found = series.series(reader, KOREA, since="2031-02", step="week")
        assert "list_contains(source_countries, ?)" in found.query and "'2031-02-01'" in found.query
        assert found.of == "events"

    def test_the_same_numbers_every_time(self, archive: Path) -> None:
        with Reader(archive) as reader:
            assert series.series(reader, KOREA) == series.series(reader, KOREA)

    @pytest.mark.parametrize("ending", [".svg", ".png"])
    def test_it_draws(self, archive: Path, tmp_path: Path, ending: str) -> None:
        with Reader(archive) as reader:
            found = series.series(reader, KOREA, step="week", reports=True)
        path = tmp_path / f"plot{ending}"
        draw(found, path)
        assert path.stat().st_size > 5000
        if ending == ".svg":
            assert "not enough coverage" in path.read_text(encoding="utf-8")

    def test_another_ending_is_refused(self, archive: Path, tmp_path: Path) -> None:
        with Reader(archive) as reader, pytest.raises(ConfigError, match=r"ends in \.svg, \.png, \.pdf"):
            draw(series.series(reader, KOREA), tmp_path / "plot.gif")


def test_an_archive_never_merged_says_how_to_merge_it(tmp_path: Path) -> None:
    with Store(tmp_path / "a") as store:
        add(store, [told("s", "2031-01-06", "KOR", "PRK")])
    with Reader(tmp_path / "a") as reader, pytest.raises(ArchiveError, match="dateline merge"):
        series.series(reader, KOREA)
