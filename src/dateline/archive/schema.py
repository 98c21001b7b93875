"""The tables of an archive and the steps that lead from one version of them to the next.

No big table has a PRIMARY KEY or an index: DuckDB's indexes are where its replay of the log went
wrong, they cost half the speed of loading, and the single writer keeps keys unique by an anti-join.
A step is never edited once released; a change is a new step at the end of `MIGRATIONS`.
"""

from __future__ import annotations

_FIRST = """
CREATE TABLE migrations (version INTEGER, program VARCHAR, applied TIMESTAMP);
CREATE TABLE runs (
    run VARCHAR, program VARCHAR, started TIMESTAMP, finished TIMESTAMP, state VARCHAR,
    ontology VARCHAR, ontology_digest VARCHAR, models VARCHAR, settings VARCHAR,
    read BIGINT, known BIGINT, kept BIGINT, dropped BIGINT, copies BIGINT, events BIGINT, balanced BOOLEAN
);
CREATE TABLE ledger (
    segment VARCHAR, sha256 VARCHAR, run VARCHAR, kept BIGINT, dropped BIGINT, copies BIGINT, events BIGINT,
    loaded TIMESTAMP
);
CREATE TABLE stories (
    key UBIGINT, seq BIGINT, id VARCHAR, digest VARCHAR, run VARCHAR, file VARCHAR, line BIGINT, url VARCHAR,
    headline VARCHAR, byline VARCHAR[], agency VARCHAR, publisher VARCHAR, section VARCHAR, language VARCHAR,
    published DATE, published_from VARCHAR, dateline VARCHAR, dateline_place VARCHAR, dateline_country VARCHAR,
    characters BIGINT, event_count BIGINT, family VARCHAR, copy BOOLEAN, record VARCHAR
);
CREATE TABLE events (
    key UBIGINT, seq BIGINT, story VARCHAR, headline VARCHAR, published DATE, family VARCHAR, copy BOOLEAN,
    n BIGINT, id VARCHAR, type VARCHAR, mode VARCHAR, contexts VARCHAR[], quad BIGINT, score DOUBLE, cameo VARCHAR,
    status VARCHAR, confidence DOUBLE, part VARCHAR, trigger_start BIGINT, trigger_end BIGINT, trigger VARCHAR,
    sentence_start BIGINT, sentence_end BIGINT, sentence VARCHAR,
    source_names VARCHAR[], source_countries VARCHAR[], source_sectors VARCHAR[], source_ids VARCHAR[],
    target_names VARCHAR[], target_countries VARCHAR[], target_sectors VARCHAR[], target_ids VARCHAR[],
    speaker_names VARCHAR[], speaker_countries VARCHAR[], claim BIGINT,
    date_start DATE, date_end DATE, date_from VARCHAR,
    place_name VARCHAR, place_country VARCHAR, place_lat DOUBLE, place_lon DOUBLE, place_geonameid BIGINT,
    place_precision VARCHAR, record VARCHAR
);
CREATE TABLE claims (
    key UBIGINT, seq BIGINT, story VARCHAR, n BIGINT, part VARCHAR, kind VARCHAR,
    speaker_names VARCHAR[], speaker_countries VARCHAR[], cue VARCHAR, cue_start BIGINT, cue_end BIGINT,
    content VARCHAR, record VARCHAR
);
CREATE TABLE drops (
    key UBIGINT, seq BIGINT, id VARCHAR, digest VARCHAR, run VARCHAR, stage VARCHAR, reason VARCHAR,
    file VARCHAR, line BIGINT, url VARCHAR
);
CREATE TABLE signatures (key UBIGINT, seq BIGINT, id VARCHAR, published DATE, family VARCHAR, signature UBIGINT[]);
"""

# Merged events are made from `events` and can be made again; `component` names the reports that hang together.
_MERGED = """
CREATE TABLE merged_events (
    event VARCHAR, component VARCHAR, type VARCHAR, mode VARCHAR, contexts VARCHAR[], quad BIGINT, score DOUBLE,
    status VARCHAR, confidence DOUBLE,
    source_names VARCHAR[], source_countries VARCHAR[], source_sectors VARCHAR[], source_ids VARCHAR[],
    target_names VARCHAR[], target_countries VARCHAR[], target_sectors VARCHAR[], target_ids VARCHAR[],
    day DATE, date_start DATE, date_end DATE, first DATE, last DATE, reports BIGINT, agencies VARCHAR[],
    speakers VARCHAR[], disputed BOOLEAN, place_name VARCHAR, place_country VARCHAR, place_lat DOUBLE,
    place_lon DOUBLE, record VARCHAR
);
CREATE TABLE merged_reports (
    report VARCHAR, event VARCHAR, component VARCHAR, family VARCHAR, date_first DATE, date_last DATE
);
CREATE TABLE merge_rulings (id VARCHAR, "left" VARCHAR[], "right" VARCHAR[]);
"""

# Versions of stories: how each stands to its parent in its family, and whether a later version replaces it.
_VERSIONED = """
CREATE TABLE versions (key UBIGINT, parent UBIGINT, kind VARCHAR, share DOUBLE, replaced BOOLEAN, rivals UBIGINT[]);
CREATE VIEW current_events AS SELECT * FROM events e ANTI JOIN (SELECT key FROM versions WHERE replaced) v
    ON e.key = v.key;
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _MERGED, _VERSIONED)
"""Step `n` (from 1) brings an archive from version `n - 1` to version `n`."""

LOAD: tuple[str, ...] = (
    # Only what the archive does not hold yet: the anti-join that stands in for a primary key.
    """CREATE OR REPLACE TEMP TABLE fresh AS SELECT * FROM segment s
       WHERE NOT EXISTS (SELECT 1 FROM stories t WHERE t.key = s.key)
         AND NOT EXISTS (SELECT 1 FROM drops d WHERE d.key = s.key)""",
    """INSERT INTO stories SELECT key, seq, id, digest, run, file, line, url, headline, byline, agency, publisher,
       section, language, TRY_CAST(published AS DATE), published_from, dateline, dateline_place, dateline_country,
       characters, len(events), family, copy, record FROM fresh WHERE kept""",
    """INSERT INTO drops SELECT key, seq, id, digest, run, stage, reason, file, line, url FROM fresh WHERE NOT kept""",
    """INSERT INTO signatures SELECT key, seq, id, TRY_CAST(published AS DATE), family, signature
       FROM fresh WHERE kept AND len(signature) > 0""",
    """INSERT INTO events SELECT key, seq, story, headline, TRY_CAST(published AS DATE), family, copy,
       e.n, e.id, e.type, e.mode, e.contexts, e.quad, e.score, e.cameo, e.status, e.confidence, e.part,
       e.trigger_start, e.trigger_end, e.trigger, e.sentence_start, e.sentence_end, e.sentence,
       e.source_names, e.source_countries, e.source_sectors,
       e.source_ids, e.target_names, e.target_countries, e.target_sectors, e.target_ids, e.speaker_names,
       e.speaker_countries, e.claim, TRY_CAST(e.date_start AS DATE), TRY_CAST(e.date_end AS DATE), e.date_from,
       e.place_name, e.place_country, e.place_lat, e.place_lon, e.place_geonameid, e.place_precision, e.record
       FROM (SELECT key, seq, id AS story, headline, published, family, copy, unnest(events) AS e
             FROM fresh WHERE kept)""",
    """INSERT INTO claims SELECT key, seq, story, c.n, c.part, c.kind, c.speaker_names, c.speaker_countries, c.cue,
       c.cue_start, c.cue_end, c.content, c.record
       FROM (SELECT key, seq, id AS story, unnest(claims) AS c FROM fresh WHERE kept)""",
)
"""What loading one segment does, in order, inside one transaction with its ledger row."""

PLACE: tuple[str, ...] = (
    "DELETE FROM versions WHERE key IN (SELECT key FROM placed)",
    """INSERT INTO versions SELECT key, parent, kind, share, replaced, rivals FROM placed
       WHERE key IN (SELECT key FROM signatures)""",
)
"""Writes the versions in table `placed` (key, family, parent, kind, share, replaced, rivals)."""

RENAME: tuple[str, ...] = (
    "UPDATE stories SET record = r.record FROM renamed r WHERE stories.key = r.key",
    *(
        f"UPDATE {table} SET family = p.family{copy} FROM placed p "
        f"WHERE {table}.key = p.key AND {table}.family IS DISTINCT FROM p.family"
        for table, copy in (
            ("stories", ", copy = (p.family <> stories.id)"),
            ("events", ", copy = (p.family <> events.story)"),
            ("signatures", ""),
        )
    ),
)
"""Puts new names of families, in `placed`, and the records that hold them, in `renamed`, where the old ones stand."""

TALLY = """SELECT count(*) FILTER (kept), count(*) FILTER (NOT kept), count(*) FILTER (kept AND copy),
           coalesce(sum(len(events)) FILTER (kept), 0) FROM fresh"""
"""Stories kept, dropped, copies among the kept, and events, of what was just loaded."""
