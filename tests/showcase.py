"""An invented story coded by hand: what the views and exports are tried on, without a model.

Every name, figure and sentence in it is made up.
"""

from __future__ import annotations

from dateline.records import (
    Actor,
    Claim,
    Coded,
    Dateline,
    Event,
    EventDate,
    Note,
    Party,
    Photo,
    Place,
    Quantity,
    Span,
    Status,
    Story,
    TimeExpression,
)

PARAGRAPHS = (
    "Kenya's foreign minister on Tuesday held talks with a Tanzanian delegation in Mombasa and promised emergency "
    "grain for Tanzanian villages cut off by the floods, officials said.",
    "The meeting came a day after Tanzanian police fired tear gas at hundreds of demonstrators who had blocked the "
    "coastal highway to protest fuel prices.",
    "Tanzania denied that its coast guard had seized three Kenyan fishing boats near Pemba Island last week.",
    "“If the boats are not returned we will close the Namanga crossing,” Foreign Minister Grace Wanjala told "
    "reporters, adding that Nairobi had recalled its high commissioner in late September.",
    "The African Union urged both governments to respect a 2019 fishing accord and offered to mediate. Uganda may "
    "send observers, a diplomat close to the talks said.",
    "In 1978, Tanzanian troops fought Ugandan forces along the Kagera River, a war that officials on all sides still "
    "invoke.",
)
TEXT = "\n\n".join(PARAGRAPHS)
CAPTION = "Demonstrators block the coastal highway outside Tanga, Tanzania, Monday, Oct. 6, 2025."

KENYA = Actor("Kenya", "KEN", ("GOV",), "country:KEN", "'Kenya' is a country")
MINISTER = Actor(
    "Grace Wanjala", "KEN", ("GOV",), "person:grace wanjala", "the text calls her Foreign Minister of Kenya"
)
TANZANIA = Actor("Tanzania", "TZA", ("GOV",), "country:TZA", "'Tanzania' is a country")
POLICE = Actor("Tanzanian police", "TZA", ("COP",), "country:TZA/COP", "agent 'police' with nationality 'Tanzanian'")
GUARD = Actor("Tanzanian coast guard", "TZA", ("MIL",), "country:TZA/MIL", "agent 'coast guard', 'its' is Tanzania")
CROWD = Actor("Tanzanian demonstrators", "TZA", ("CVL",), "country:TZA/CVL", "agent 'demonstrators' in a story of TZA")
BOATS = Actor("Kenyan fishing boats", "KEN", ("CVL", "BUS"), "country:KEN/CVL", "nationality 'Kenyan'")
UNION = Actor("African Union", "IGO", ("IGO",), "igo:AU", "in the list of organisations")
UGANDA = Actor("Uganda", "UGA", ("GOV",), "country:UGA", "'Uganda' is a country")
ARMY = Actor("Tanzanian troops", "TZA", ("MIL",), "country:TZA/MIL", "agent 'troops' with nationality 'Tanzanian'")
FOES = Actor("Ugandan forces", "UGA", ("MIL",), "country:UGA/MIL", "agent 'forces' with nationality 'Ugandan'")
DIPLOMAT = Actor("a diplomat", None, ("GOV",), "agent:diplomat", "agent 'diplomat', no country in reach")


def span(words: str, text: str = TEXT) -> Span:
    """The span of the first place where `text` holds `words`."""
    start = text.index(words)
    return Span(start, start + len(words))


def party(words: str, actor: Actor, text: str = TEXT) -> Party:
    """A mention of `actor` by `words`."""
    found = span(words, text)
    return Party(found.start, found.end, words, -1, actor)


def sentence_of(words: str, text: str = TEXT) -> Span:
    """The sentence around `words`, by full stops alone: the story is written so that this holds."""
    at = span(words, text).start
    if text is not TEXT:
        return Span(0, len(text))
    starts = [found + 2 for found in (text.rfind(". ", 0, at), text.rfind("\n\n", 0, at)) if found >= 0]
    ends = [end for end in (text.find(". ", at), text.find(".\n", at), len(text) - 1) if end >= 0]
    return Span(max(starts, default=0), min(ends) + 1)


def event(
    number: int,
    kind: str,
    trigger: str,
    sources: tuple[Party, ...],
    targets: tuple[Party, ...],
    quad: int,
    score: float,
    *,
    mode: str | None = None,
    status: Status = "asserted",
    part: str = "body",
    date: EventDate | None = None,
    place: Place | None = None,
    speakers: tuple[Party, ...] = (),
    claim: int | None = None,
    quantities: tuple[Quantity, ...] = (),
    contexts: tuple[str, ...] = (),
    cameo: str | None = None,
    confidence: float = 0.9,
    rulings: tuple[str, ...] = (),
) -> Event:
    """One event whose spans are found in the text."""
    text = TEXT if part == "body" else CAPTION
    return Event(
        id=f"showcase-{number}",
        type=kind,
        mode=mode,
        contexts=contexts,
        part=part,
        trigger=span(trigger, text),
        trigger_text=trigger,
        sentence=sentence_of(trigger, text),
        sources=sources,
        targets=targets,
        status=status,
        speakers=speakers,
        claim=claim,
        date=date,
        place=place,
        quantities=quantities,
        quad=quad,
        score=score,
        cameo=cameo,
        confidence=confidence,
        rulings=rulings,
    )


def _place(words: str, name: str, country: str, lat: float, lon: float, geonameid: int | None, **more: str) -> Place:
    text = TEXT if more.get("part", "body") == "body" else CAPTION
    found = span(words, text)
    precision = "region" if name == "Pemba Island" else "city"
    part, source = more.get("part", "body"), more.get("source", "text")
    return Place(part, found.start, found.end, name, country, geonameid, lat, lon, precision, None, source)  # type: ignore[arg-type]


MOMBASA = _place("Mombasa", "Mombasa", "KEN", -4.05, 39.67, 186301)
PEMBA = _place("Pemba Island", "Pemba Island", "TZA", -5.17, 39.79, 150733)
NAMANGA = _place("Namanga", "Namanga", "KEN", -2.54, 36.79, 184614)
TANGA = _place("Tanga", "Tanga", "TZA", -5.07, 39.1, 149606, part="caption:0")


def _day(day: str, source: str, end: str | None = None) -> EventDate:
    return EventDate(day, end or day, source)


OFFICIALS = party("officials", KENYA)
_DENIED = TEXT.index("Tanzania denied")
TZA_DENIES = Party(_DENIED, _DENIED + 8, "Tanzania", -1, TANZANIA)

EVENTS = (
    event(
        1,
        "CONSULT",
        "held talks",
        (party("Kenya's foreign minister", MINISTER),),
        (party("a Tanzanian delegation", TANZANIA),),
        1,
        2.5,
        mode="visit",
        date=_day("2025-10-07", "clause"),
        place=MOMBASA,
        speakers=(OFFICIALS,),
        claim=0,
        cameo="040",
        confidence=0.95,
        rulings=("trigger 'held talks' is CONSULT", "'with' gives the target", "date 'Tuesday' in the clause"),
    ),
    event(
        2,
        "AID",
        "emergency grain",
        (party("Kenya's foreign minister", MINISTER),),
        (party("Tanzanian villages", TANZANIA),),
        2,
        10.0,
        status="future",
        date=_day("2025-10-07", "clause"),
        speakers=(OFFICIALS,),
        claim=0,
        cameo="073",
        confidence=0.71,
        contexts=("disaster",),
        rulings=("under 'promised': future",),
    ),
    event(
        3,
        "ASSAULT",
        "fired tear gas",
        (party("Tanzanian police", POLICE),),
        (party("demonstrators", CROWD),),
        4,
        -7.0,
        mode="crowd-control",
        date=_day("2025-10-06", "clause"),
        confidence=0.93,
        cameo="175",
        quantities=(Quantity("hundreds of demonstrators", 200, "min", "demonstrators"),),
        rulings=("trigger 'fire' + 'tear gas' is ASSAULT crowd-control", "'a day after' counted from 2025-10-07"),
    ),
    event(
        4,
        "PROTEST",
        "blocked",
        (party("demonstrators", CROWD),),
        (),
        4,
        -6.0,
        mode="obstruct",
        date=_day("2025-10-06", "sentence"),
        confidence=0.88,
        cameo="144",
        quantities=(Quantity("hundreds of demonstrators", 200, "min", "demonstrators"),),
    ),
    event(
        5,
        "COERCE",
        "seized",
        (party("its coast guard", GUARD),),
        (party("three Kenyan fishing boats", BOATS),),
        4,
        -5.0,
        mode="seize",
        status="negated",
        date=_day("2025-09-29", "clause", "2025-10-05"),
        place=PEMBA,
        speakers=(TZA_DENIES,),
        claim=1,
        cameo="171",
        confidence=0.9,
        quantities=(Quantity("three Kenyan fishing boats", 3, "exact", "boats"),),
        rulings=("content of a denial: negated", "speaker of the denial is Tanzania"),
    ),
    event(
        6,
        "THREATEN",
        "close the Namanga crossing",
        (party("Foreign Minister Grace Wanjala", MINISTER),),
        (TZA_DENIES,),
        3,
        -3.5,
        mode="restrict",
        status="asserted",
        date=_day("2025-10-07", "published"),
        place=NAMANGA,
        speakers=(party("Foreign Minister Grace Wanjala", MINISTER),),
        claim=2,
        cameo="1312",
        confidence=0.77,
        contexts=("territory",),
        rulings=("'if ... we will close' in the speaker's own words is a threat",),
    ),
    event(
        7,
        "SANCTION",
        "recalled",
        (party("Nairobi", KENYA),),
        (TZA_DENIES,),
        4,
        -6.0,
        mode="withdraw",
        date=_day("2025-09-21", "clause", "2025-09-30"),
        speakers=(party("Foreign Minister Grace Wanjala", MINISTER),),
        claim=2,
        cameo="161",
        confidence=0.81,
        contexts=("diplomatic",),
    ),
    event(
        8,
        "REQUEST",
        "urged",
        (party("The African Union", UNION),),
        (party("both governments", KENYA), party("both governments", TANZANIA)),
        3,
        -1.0,
        mode="change",
        date=_day("2025-10-07", "published"),
        cameo="102",
        confidence=0.84,
        rulings=("'both governments' resolved to the two countries of the story",),
    ),
    event(
        9,
        "COOPERATE",
        "send observers",
        (party("Uganda", UGANDA),),
        (party("both governments", KENYA),),
        2,
        9.5,
        status="hypothetical",
        speakers=(party("a diplomat close to the talks", DIPLOMAT),),
        claim=3,
        confidence=0.42,
        rulings=("'may' with no trigger of permission: hypothetical",),
    ),
    event(
        10,
        "ASSAULT",
        "fought",
        (party("Tanzanian troops", ARMY),),
        (party("Ugandan forces", FOES),),
        4,
        -9.0,
        status="historical",
        date=_day("1978-01-01", "clause", "1978-12-31"),
        cameo="190",
        confidence=0.86,
        contexts=("military",),
        rulings=("more than ten years before publication: historical",),
    ),
    event(
        11,
        "PROTEST",
        "block",
        (party("Demonstrators", CROWD, CAPTION),),
        (),
        4,
        -6.0,
        mode="obstruct",
        part="caption:0",
        date=_day("2025-10-06", "clause"),
        place=TANGA,
        cameo="144",
        confidence=0.8,
    ),
)

CLAIMS = (
    Claim("body", span("officials"), (OFFICIALS,), span("said"), (Span(0, span(", officials").start),), "said"),
    Claim(
        "body",
        Span(TZA_DENIES.start, TZA_DENIES.end),
        (TZA_DENIES,),
        span("denied"),
        (span("that its coast guard had seized three Kenyan fishing boats near Pemba Island last week"),),
        "denied",
    ),
    Claim(
        "body",
        span("Foreign Minister Grace Wanjala"),
        (party("Foreign Minister Grace Wanjala", MINISTER),),
        span("told"),
        (
            span("If the boats are not returned we will close the Namanga crossing"),
            span("that Nairobi had recalled its high commissioner in late September"),
        ),
        "warned",
    ),
    Claim(
        "body",
        span("a diplomat close to the talks"),
        (party("a diplomat close to the talks", DIPLOMAT),),
        Span(span("talks said").end - 4, span("talks said").end),
        (span("Uganda may send observers"),),
        "said",
    ),
)

TIMES = (
    TimeExpression(
        "body", span("Tuesday").start, span("Tuesday").end, "Tuesday", "2025-10-07", "2025-10-07", "2025-10-07"
    ),
    TimeExpression(
        "body", span("last week").start, span("last week").end, "last week", "2025-W40", "2025-09-29", "2025-10-05"
    ),
    TimeExpression(
        "body",
        span("late September").start,
        span("late September").end,
        "late September",
        "2025-09",
        "2025-09-21",
        "2025-09-30",
    ),
    TimeExpression("body", span("1978").start, span("1978").end, "1978", "1978", "1978-01-01", "1978-12-31"),
)

STORY = Story(
    id="showcase",
    text=TEXT,
    paragraphs=tuple(span(paragraph) for paragraph in PARAGRAPHS),
    origins=tuple(span(paragraph) for paragraph in PARAGRAPHS),
    file="showcase.txt",
    url="https://example.org/news/showcase?id=1&lang=en",
    digest="0" * 64,
    headline="Kenya and Tanzania meet over seized boats as fuel protests block coast road",
    byline=("Amina Otieno", "Peter Mallya"),
    agency="Coast Press",
    publisher="The Example Gazette",
    section="World",
    published="2025-10-07",
    published_from="page line",
    conflicts=("2025-08-14 from the address loses: older than the story's own day by 54 days",),
    dateline=Dateline("MOMBASA, Kenya", "Mombasa", "KEN", -4.05, 39.67, (("Mombasa", "Kenya"),)),
    photos=(Photo(CAPTION, "Juma Said", "Coast Press", "Wire Pool", "2025-10-06", 3),),
    notes=(
        Note("editors", "Eds: ADDS diplomat's comment, corrects spelling of Namanga."),
        Note("tail", "Additional reporting by Neema Lema in Tanga."),
    ),
    family="f-4821",
)

CODED = Coded(STORY, CLAIMS, TIMES, (MOMBASA, PEMBA, NAMANGA, TANGA), EVENTS)
