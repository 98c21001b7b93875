"""Wire furniture: everything around a story's own words, found, parsed and kept apart.

    clean(raw)             one raw story -> Story or Drop                         (cleaning)
    split_body(paragraphs) paragraphs of a page -> body, dateline, notes, photos  (body)
    people(names)          authors as declared -> people                          (people)
    clean_headline(title)  title without the site's name                          (headlines)
    collect_photos(lines)  captions and credits -> each photo once                (photos)
    parse_dateline, parse_byline, parse_credit, parse_tail, parse_remark          one line each
    iso_day(text)          a declared date -> ISO day;  canonical(name) -> short name of an agency

It refuses to guess a language, to fetch anything, and to change a word of the body.
"""

from dateline.wire.agencies import canonical
from dateline.wire.body import Body, is_junk, split_body
from dateline.wire.cleaning import clean, paragraphs_of, told
from dateline.wire.datelines import parse_dateline, proper_case
from dateline.wire.days import iso_day
from dateline.wire.headlines import clean_headline, same_headline, split_mark
from dateline.wire.notes import Remark, Tail, is_slug, parse_remark, parse_tail
from dateline.wire.people import Byline, looks_like_person, parse_byline, people
from dateline.wire.photos import Credit, collect_photos, is_caption, parse_credit, split_caption

__all__ = [
    "Body",
    "Byline",
    "Credit",
    "Remark",
    "Tail",
    "canonical",
    "clean",
    "clean_headline",
    "collect_photos",
    "is_caption",
    "is_junk",
    "is_slug",
    "iso_day",
    "looks_like_person",
    "paragraphs_of",
    "parse_byline",
    "parse_credit",
    "parse_dateline",
    "parse_remark",
    "parse_tail",
    "people",
    "proper_case",
    "same_headline",
    "split_body",
    "split_caption",
    "split_mark",
    "told",
]
