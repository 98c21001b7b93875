"""Merging: one event from many reports, whatever their order, and what an event keeps of them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.merge import (
    Amount,
    Event,
    Report,
    Ruling,
    Rulings,
    Side,
    event_from,
    event_json,
    groups,
    linked,
    merge,
    why,
)
from dateline.merge.clusters import cluster, components
from dateline.merge.figures import figures
from dateline.merge.likeness import compare, sketch
from dateline.merge.meaning import likeness as meaning_of
from dateline.merge.meaning import stem
from dateline.merge.sides import level
from golden_merge import rows, truth

TRUTH = truth()
REPORTS = [report for _, report in TRUTH]
ACT = {report.key: act for act, report in TRUTH}
subsets = st.lists(st.sampled_from(REPORTS), unique_by=lambda report: report.key, max_size=25)


def of(act: str) -> Event:
    """The event of the golden set that holds the first report of an act."""
    first = next(key for key, name in ACT.items() if name == act)
    return next(event for event in merge(REPORTS) if any(report.key == first for report in event.reports))


def told(events: Iterable[Event]) -> list[dict[str, object]]:
    return [event_json(event) for event in events]


# --------------------------------------------------------------------------- the golden set


def test_every_act_of_the_golden_set_is_one_event() -> None:
    true: dict[str, set[str]] = defaultdict(set)
    for key, act in ACT.items():
        true[act].add(key)
    found = [{report.key for report in event.reports} for event in merge(REPORTS)]
    assert sorted(map(sorted, found)) == sorted(map(sorted, true.values()))


def test_every_contradiction_is_found_and_no_other() -> None:
    found = {(ACT[event.reports[0].key], item.kind) for event in merge(REPORTS) for item in event.contradictions}
    assert found == {(row["act"], row["kind"]) for row in rows("contradictions.tsv")}


def test_an_event_counts_independent_sources_once() -> None:
    event = of("bombing")
    assert event.agencies == ("Lagos Daily", "Northwire")
    assert len(event.reports) == 3
    assert event.speakers == ("police",)


def test_an_event_keeps_the_spread_of_its_figures() -> None:
    assert [(figure.unit, figure.low, figure.high) for figure in of("bombing").figures] == [("killed", 12, 17)]


def test_history_tells_what_was_announced_begun_and_confirmed() -> None:
    assert [stage for _, stage, _ in of("pullout").history] == ["announced", "begun", "confirmed"]
    assert [stage for _, stage, _ in of("drill").history] == ["begun", "confirmed", "denied"]


def test_a_threat_is_an_event_of_its_own_and_opens_the_history_of_what_follows() -> None:
    assert next((stage, key) for _, stage, key in of("sanction").history) == ("threatened", "j1#0")
    assert [stage for _, stage, _ in of("sanction").history] == ["threatened", "begun", "confirmed"]
    assert [report.key for report in of("sanction-threat").reports] == ["j1#0"]


def test_a_denial_disputes_an_event_and_does_not_end_it() -> None:
    assert of("shelling").status == "asserted"
    assert [item.kind for item in of("shelling").contradictions if item.kind == "denied"] == ["denied"]


def test_a_denial_that_is_a_reject_disputes_the_event_and_stays_its_own() -> None:
    fired = next(report for report in REPORTS if report.key == "b1#0")
    denial = replace(
        fired, key="y#0", story="y", family="y", agency="Other", type="REJECT", mode="change", trigger="denied", quad=3,
        published="2031-03-13", start="2031-03-13", end="2031-03-13", quantities=(), place=None,
        sentence="South Korea denied on Thursday that its army had fired at the north.",
    )  # fmt: skip
    event, reject = merge([fired, denial])
    assert [(item.kind, item.between) for item in event.contradictions] == [("denied", ("b1#0", "y#0"))]
    assert [stage for _, stage, _ in event.history] == ["begun", "denied"]
    assert (reject.type, len(event.reports), len(reject.reports)) == ("REJECT", 1, 1)


def test_first_and_last_are_days_of_publication() -> None:
    assert (of("pullout").first, of("pullout").last) == ("2031-10-01", "2031-10-09")


# --------------------------------------------------------------------------- properties


@settings(max_examples=25, deadline=None)
@given(subsets, st.randoms(use_true_random=False))
def test_order_makes_no_difference(some: list[Report], chance: random.Random) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert told(merge(shuffled)) == told(merge(some))


@settings(max_examples=25, deadline=None)
@given(subsets)
def test_merging_twice_changes_nothing(some: list[Report]) -> None:
    events = merge(some)
    assert told(merge(report for event in events for report in event.reports)) == told(events)
    assert sorted(report.key for event in events for report in event.reports) == sorted(report.key for report in some)


@settings(max_examples=25, deadline=None)
@given(subsets, st.data())
def test_a_copy_changes_nothing_but_the_list_of_copies(some: list[Report], data: st.DataObject) -> None:
    if not some:
        return
    first = data.draw(st.sampled_from(some))
    copies = [
        replace(report, key=report.key.replace("#", "-copy#"), story=f"{report.story}-copy", family=report.family)
        for report in some
        if report.story == first.story
    ]
    before, after = merge(some), merge([*some, *copies])
    keep = ("id", "type", "status", "sources", "agencies", "speakers", "contradictions", "history", "first", "last")
    assert [[getattr(event, name) for name in keep] for event in before] == [
        [getattr(event, name) for name in keep] for event in after
    ]
    assert sum(len(event.reports) for event in after) == len(some) + len(copies)


@settings(max_examples=25, deadline=None)
@given(subsets)
def test_a_neighbourhood_merges_as_the_whole_does(some: list[Report]) -> None:
    new, held = some[: len(some) // 2], some[len(some) // 2 :]
    before = groups(held)
    near = linked(new, held)
    touched = [group for group in before if near & {report.key for report in group.reports}]
    again = groups([*new, *(report for group in touched for report in group.reports)])
    kept = [group for group in before if group not in touched]
    assert sorted(map(repr, [*kept, *again])) == sorted(map(repr, groups(some)))


@given(subsets)
@settings(max_examples=10, deadline=None)
def test_events_go_to_json_and_back(some: list[Report]) -> None:
    assert [event_from(event_json(event)) for event in merge(some)] == merge(some)


# --------------------------------------------------------------------------- by hand


def test_a_split_takes_reports_out_and_a_later_join_brings_them_back() -> None:
    keys = [report.key for report in of("loan").reports]
    split = Ruling("split", (keys[0],), tuple(keys[1:]), "r1")
    parted = [event for event in merge(REPORTS, Rulings((split,))) if {r.key for r in event.reports} & set(keys)]
    assert sorted(len(event.reports) for event in parted) == [1, 2]
    join = Ruling("join", (keys[0],), (keys[1],), "r2")
    assert told(merge(REPORTS, Rulings((split, join, Ruling("join", (keys[0],), (keys[2],)))))) == told(merge(REPORTS))


def test_a_join_brings_together_what_nothing_else_would() -> None:
    loan, truce = of("loan"), of("truce")
    ruling = Ruling("join", tuple(r.key for r in loan.reports), tuple(r.key for r in truce.reports), "r1")
    found = [event for event in merge(REPORTS, Rulings((ruling,))) if len(event.reports) == 5]
    assert {ACT[report.key] for report in found[0].reports} == {"loan", "truce"}


def test_a_report_can_be_split_from_its_own_copy() -> None:
    ruling = Ruling("split", ("c1#0",), ("c3#0",), "r1")
    events = merge([report for report in REPORTS if report.key in ("c1#0", "c3#0")], Rulings((ruling,)))
    assert [len(event.reports) for event in events] == [1, 1]
    assert events[0].id != events[1].id


# --------------------------------------------------------------------------- why


def test_why_names_reports_bonds_doubts_and_disputes() -> None:
    text = "\n".join(why(of("bombing")))
    assert "Why together:" in text
    assert "the same place (1.00)" in text
    assert "toll: killed: 17 for police, 12 for Northwire" in text
    assert "(copy)" in text


def test_why_names_the_rulings_on_an_event() -> None:
    ruling = Ruling("join", ("a1#0",), ("b1#0",), "r7")
    event = next(event for event in merge(REPORTS, Rulings((ruling,))) if event.reports[0].key == "a1#0")
    assert "  join r7: a1#0 | b1#0" in why(event, Rulings((ruling,)))


# --------------------------------------------------------------------------- likeness


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("country:KOR", "KOR", "GOV"), ("role:KOR:army", "KOR", "MIL"), "nested"),
        (("country:KOR", "KOR", "GOV"), ("country:PRK", "PRK", "GOV"), "stranger"),
        (("country:SDN", "SDN", "GOV"), ("group:rsf", "SDN", "REB"), "stranger"),
        (("person:a b", "KOR", "GOV"), ("person:c d", "KOR", "GOV"), "sibling"),
        (("country:UGA", "UGA", "GOV"), ("role:UGA:MED:nurse", "UGA", "MED"), "kin"),
        (("country:UNO", "UNO", "IGO"), ("group:un security council", "UNO", "IGO"), "nested"),
    ],
)
def test_levels_of_parties(one: tuple[str, str, str], other: tuple[str, str, str], expected: str) -> None:
    ours, theirs = (Side(name, name.partition(":")[2], country, (sector,)) for name, country, sector in (one, other))
    assert level(ours, theirs) == expected
    assert level(theirs, ours) == expected


@pytest.mark.parametrize(
    ("forms", "others"),
    [
        ("deploy deployed deploying deployment deployments", "arrest"),
        ("expel expelled expulsion", "explain"),
        ("negotiate negotiation negotiated", "negative"),
        ("withdraw withdrew withdrawal", "draw"),
        ("deny denied denies", "den"),
    ],
)
def test_forms_of_a_word_mean_one_thing(forms: str, others: str) -> None:
    first, *rest = forms.split()
    assert all((meaning_of(first, form) or 0) >= 0.8 for form in rest)
    assert meaning_of(first, others) == 0


@given(st.text(max_size=80))
def test_any_word_has_a_stem(word: str) -> None:
    assert len(stem(word)) <= 64 + 2


@given(st.sampled_from(REPORTS), st.sampled_from(REPORTS))
def test_likeness_does_not_mind_the_order(one: Report, other: Report) -> None:
    assert compare(sketch(one), sketch(other)) == compare(sketch(other), sketch(one))


def test_a_toll_that_grows_by_the_day_is_no_contradiction() -> None:
    early = next(report for report in REPORTS if report.key == "d1#0")
    late = replace(
        early,
        key="z#0",
        story="z",
        family="z",
        agency="Other",
        published="2031-04-06",
        quantities=(Amount(9, "exact", "people"),),
    )
    (event,) = merge([early, late])
    assert event.contradictions == ()
    assert (event.figures[0].low, event.figures[0].high) == (5, 9)


# --------------------------------------------------------------------------- clusters


def test_average_linkage_does_not_join_the_ends_of_a_chain() -> None:
    scores = {(0, 1): 800, (1, 2): 700}
    assert cluster([0, 1, 2], scores, keep=500, together=frozenset(), apart=frozenset()) == [[0, 1], [2]]


def test_pairs_kept_apart_never_meet() -> None:
    scores = {(0, 1): 900, (1, 2): 900, (0, 2): 900}
    found = cluster([0, 1, 2], scores, keep=500, together=frozenset({(1, 2)}), apart=frozenset({(0, 2)}))
    assert found == [[0], [1, 2]]


def test_components_are_in_order() -> None:
    assert components(5, [(3, 4), (0, 2)]) == [[0, 2], [1], [3, 4]]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Jets bombed a camp, killing 12 fighters and wounding at least 30 people.", [("killed", 12), ("injured", 30)]),
        ("Five miners were killed when troops attacked the pit.", [("killed", 5)]),
        ("The attack came two days after a truce.", []),
    ],
)
def test_tolls_are_read_beside_the_word_that_counts(sentence: str, expected: list[tuple[str, float]]) -> None:
    report = Report("k#0", "k", "ASSAULT", quad=4, trigger="attacked", sentence=sentence)
    assert [(name, amount.value) for name, amount in figures(report)] == expected


def test_a_figure_is_named_by_its_noun() -> None:
    assert [figure.unit for figure in of("grain").figures] == ["tonnes"]
