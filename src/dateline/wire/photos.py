"""Photo credits and captions: who took it, which agency, through whom; each photo once.

"(Kim Ho/Yonhap via AP)" is photographer Kim Ho, agency Yonhap, via AP. A page repeats its captions
and glues credits to them; `collect_photos` folds those copies into one Photo that counts them.
It refuses to make people of "Uncredited", "Handout", ministries, or outlets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from dateline.records import Photo
from dateline.wire import agencies, days
from dateline.wire.datelines import parse_dateline
from dateline.wire.localities import fold
from dateline.wire.people import looks_like_person, person_case

_LABEL = re.compile(
    r"(?i)^(?:(?:file|handout|pool|ap|afp|epa|upi|pa)?\s*(?:photos?|photographs?|foto(?:s|graf[ií]a)?|images?|pictures?|pics?|"
    r"credits?|graphic|video|photo credits?|image credits?|picture credits?|photo source|photo illustration|"
    r"courtesy(?: photo)?|photo courtesy|image courtesy)"
    r"(?:\s*(?:by|of|from|from the|courtesy|courtesy of|credit|:|©|/|\.{2,3})+)+\s*|(?:courtesy(?: of)?|©|\(c\)|📷)\s*:?\s*)"
)
_BY = re.compile(r"(?i)^(?:by|taken by|from|of)\s+(?=\S)")
_FLAG_WORDS = {
    "file": "file", "file photo": "file", "file photograph": "file", "archive": "file", "archives": "file",
    "archive photo": "file", "file image": "file", "file pic": "file", "file picture": "file",
    "handout": "handout", "handout photo": "handout", "handout image": "handout", "supplied": "handout",
    "pool": "pool", "pool photo": "pool", "pool image": "pool", "pool via": "pool",
    "photo not for sale": "not_for_sale", "not for sale": "not_for_sale", "no resale": "not_for_sale",
    "no sales": "not_for_sale", "uncredited": "uncredited", "unknown": "uncredited", "stringer": "stringer", "str": "stringer",
    "staff": "staff", "screengrab": "screengrab", "screenshot": "screengrab", "illustration": "illustration",
    "illustrative": "illustration", "reproduction": "file", "undated": "file", "provided": "handout",
    "courtesy": "handout", "courtesy photo": "handout", "not pictured": "file", "editorial use only": "not_for_sale",
}  # fmt: skip
_OUTLET = frozenset(
    """tv television radio news times post herald tribune gazette journal record star sun press daily network channel media
    agency images photos pictures photo studio studios service services office presidency presidential government
    ministry minister defense defence department army navy force forces military police command guard nasa white house
    kremlin embassy council party parliament stop oil just save greenpeace amnesty cross crescent institute university
    foundation museum project group company corp inc ltd center centre administration agency bureau court state
    national united islamic republic people's peoples revolutionary international global world union committee
    commission federal family collection library archive archives wire shutterstock instagram twitter facebook telegram
    youtube handout via x google maps satellite planet labs maxar technologies airbus rebellion extinction act now
    campaign movement fund trust society league club association secretariat mission brigade battalion regiment
    wikimedia commons flickr unsplash pixabay reuters enterprise chronicle dispatch inquirer globe mail standard
    courier register democrat republican observer advertiser bulletin examiner independent argus ledger sentinel
    picture-alliance zenger bloomberg getty""".split()
)
_CREDIT_MARK = re.compile(
    r"(?i)\b(?:photo|photos|photograph|image|foto|credit|courtesy|handout|pool|file|via|picture|uncredited|stringer)\b|©|/"
)
_RANK = re.compile(
    r"^(?:(?:Master|Senior|Staff|Tech|Technical|Chief|First|Second|Gunnery|Lance|Petty|Officer|Mass|Communication|Specialist|Airman|Class|"
    r"Sgt|Cpl|Capt|Lt|Maj|Col|Spc|Pfc|Pvt|Sr|[123](?:st|nd|rd))\.?\s+)+"
)
_OWNED = re.compile(
    r"^(?P<owner>[A-Z][\w.'’& ]{1,40}?)\s+(?:file\s+)?(?:[Pp]hoto|[Ii]mage|PHOTO)s?(?:\s*(?:by|:|/)\s*(?P<name>\S.+))?$"
)
_TAIL_BRACKET = re.compile(r"[(\[]([^()\[\]]{2,160})[)\]]\s*\.?\s*$")
_GLUED_CREDIT = re.compile(r"(?<=[)\]])\s*([A-Z][^()\[\]]{1,80})$")
_OPEN_TAIL = re.compile(
    r"(?:(?<=[.!?\"”’)])\s*|\s+[-–—|]\s*|\s{2,}|(?<=\.))((?:AP Photo|AFP Photo|REUTERS|Reuters|AFP|EPA|Photo|PHOTO|Photograph|Credit|Foto|"
    r"Image|Picture|Getty Images|Handout|Courtesy)\s*(?:/|:|\sby\b|\scourtesy\b|\scredit\b)[^.!?]{2,90}|[^.!?()]{3,60}/(?:AP|AFP|"
    r"Reuters|REUTERS|Getty Images|EPA|Getty|dpa|PA|Yonhap|Bloomberg|Xinhua|Anadolu)(?: via [A-Z][\w ]{1,30})?)\s*\.?\s*$"
)
_PHOTO_WORD = re.compile(r"(?i)\b(?:photo|photograph|image|foto|picture|handout|pool|file|courtesy|credit)\b")
_CAPTION_CUE = re.compile(
    r"(?i)^(?:(?-i:FILE|File|FILE PHOTO|File photo)\s*[-–—:]+\s|in this (?:\w+ ){0,4}(?:photo|image|handout|picture|frame|file)|this (?:\w+ ){0,4}(?:photo|"
    r"image|handout|picture|frame grab|satellite image|combination|grab)\b.{0,60}\b(?:shows|taken|provided|released|made)|"
    r"a (?:file )?(?:photo|handout|satellite image|combination|picture) (?:shows|taken|released|provided|of))"
    r"|\b(?:in this (?:file )?photo|is (?:seen|pictured|shown) in this|file photo\b|\(file\)|photo provided by|in this image taken)|"
    r", (?:left|right|center|centre|second left|second from left|second right|back center),|\((?:left|right|center|centre|[LRC])\)"
)


@dataclass(frozen=True, slots=True)
class Credit:
    """A photo credit. `agency` supplied the photo, `via` distributed it; `flags` are marks such as
    "file", "pool", "handout", "uncredited"; `organization` is a body named beside the agency."""

    photographers: tuple[str, ...] = ()
    agency: str | None = None
    via: str | None = None
    organization: str | None = None
    flags: tuple[str, ...] = ()

    @property
    def photographer(self) -> str | None:
        """The photographers as one string, or None."""
        return " and ".join(self.photographers) or None


def _is_photographer(text: str) -> bool:
    words = [fold(word) for word in text.replace(".", " ").split()]
    if re.match(r"(?i)^(?:the|a|an|our|my|photos?|courtesy|via|us|u\.s\.)\b", text) or any(
        word in _OUTLET for word in words
    ):
        return False
    return looks_like_person(text) and not (text.isupper() and len(words) > 3)


def _names(text: str) -> tuple[str, ...]:
    parts = [part.strip() for part in re.split(r"\s*(?:\band\b|&)\s*", text) if part.strip()]
    return tuple(person_case(part) for part in parts) if parts and all(map(_is_photographer, parts)) else ()


def _flagged(text: str, flags: list[str]) -> str:
    """Take the flag words ("File", "Pool", "(PHOTO NOT FOR SALE)") out of one segment."""
    key = fold(text).strip()
    if key in _FLAG_WORDS:
        flags.append(_FLAG_WORDS[key])
        return ""
    match = re.search(
        r"(?i)[,\s]+\(?(file|pool|handout|uncredited|stringer|file photo|pool photo|archive)\)?\s*$", text
    )
    if match and (text[: match.start()].strip()):
        flags.append(_FLAG_WORDS[fold(match[1])])
        return text[: match.start()].strip(" ,")
    return text.strip(" ,")


def _agency_or(text: str) -> str:
    """Short name where known; a product of one ("Reuters TV", "PA Wire") as the table has it."""
    return agencies.canonical(text) or re.sub(r"(?i)^the\s+", "", text).strip()


# A line that says whose photo it is, beyond doubt; "Jane Roe / AP" may as well be a byline.
_PLAIN_CREDIT = re.compile(
    r"(?i)^\s*[(\[]|\bvia\b|photo|image|courtesy|handout|credit|uncredited|\bpool\b|©|^\s*(?:ap|afp|reuters|epa|xinhua|yonhap)\b.*/"
)


def is_plain_credit(line: str) -> bool:
    """Whether a line is a photo credit and can be nothing else."""
    return len(line) < 220 and bool(_PLAIN_CREDIT.search(line)) and parse_credit(line) is not None


def _segments(text: str, flags: list[str]) -> list[str]:
    pieces = re.split(r"\s*[/|•]\s*|\s*,\s*(?=[^,]+$)|\s*,\s*|\s+[-–—]\s+|\s*—\s*|\s+(?:via|VIA)\s+", text)
    plain = (_BY.sub("", _LABEL.sub("", piece.strip(" .()[]"))) for piece in pieces)
    return [kept for piece in plain if piece.strip() and (kept := _flagged(piece, flags))]


def _unwrapped(line: str) -> str:
    text = re.sub(r"[)\]]\s*[(\[]", " / ", line.strip(" \t\u00a0"))
    text = re.sub(r"^[(\[]\s*|\s*[)\]]\s*\.?$", "", text).strip()
    return re.sub(r"\s+", " ", text)


def _unlabelled(text: str) -> tuple[str, bool]:
    """`text` without its label ("Photo by", "AP Photo/"), and whether there was one."""
    agency = re.match(r"^(AP|AFP|EPA|UPI|PA)\s+(?:Photos?|Images?)\b\s*(?:/|:|by\b|,)?\s*", text, re.IGNORECASE)
    if agency:
        return f"{agency[1].upper()}/{text[agency.end() :]}".rstrip("/"), True
    text = re.sub(r"(?i)^satellite (?:image|photo)\s*(?=©|by|:|/)|©\s*(?:20\d\d)?\s*(?=[A-Z])", "", text)
    owned = _OWNED.match(text) if not _LABEL.match(text) else None
    if owned and fold(owned["owner"]) not in _FLAG_WORDS and "via" not in text.split():
        name = _RANK.sub("", owned["name"] or ("File" if "file" in text else ""))
        return f"{name}/{owned['owner']}".lstrip("/"), True
    match = _LABEL.match(text)
    rest = text[match.end() :] if match else text
    rest = _BY.sub("", rest) if match else rest
    return rest, match is not None


def parse_credit(line: str) -> Credit | None:
    """The credit that `line` is as a whole, or None when it is not a photo credit.

    Conventions: "X/AFP via Getty Images" is agency AFP via Getty Images; "X/Local Paper via AP" is agency
    Local Paper via AP; "Uncredited" and "Handout" are flags, never people.
    """
    if not line.strip() or len(line) > 220 or line.count(" ") > 24 or not _may_credit(line):
        return None
    bracketed = line.strip()[0] in "[" and line.strip()[-1:] in "]"
    text, labelled = _unlabelled(_unwrapped(line))
    if not text:
        return None
    body, via = _cut_via(text)
    body, beneficiary = _cut_for(body)
    flags: list[str] = []
    pieces = _segments(body, flags)
    credit = _assembled(pieces, via, beneficiary, flags)
    return credit if _credible(credit, line, text, labelled=labelled, bracketed=bracketed) else None


def _may_credit(line: str) -> bool:
    """A cheap look: a mark of a credit, a bracket, or an agency at either end."""
    if _CREDIT_MARK.search(line) or line.lstrip()[:1] in {"(", "["}:
        return True
    words = re.split(r"[\s—,-]+", line.strip(" .\t"))
    return any(agencies.canonical(" ".join(part)) for n in (1, 2, 3) for part in (words[:n], words[-n:]))


def _cut_via(text: str) -> tuple[str, str | None]:
    match = re.search(r"(?:^|[\s,/]+)(?:via|VIA|Via)\s+(?=[A-Z])([^/()]{2,60})$", text)
    if not match:
        return text, None
    tail, flag = re.subn(r"(?i),?\s*\b(?:file|pool|handout)\b\.?$", "", match[1])
    name = _agency_or(tail.strip(" .,"))
    return text[: match.start()] + (" / File" if flag and "ile" in match[1] else ""), name


def _cut_for(text: str) -> tuple[str, str | None]:
    match = re.search(r"\s+(?:for|on behalf of|courtesy of)\s+(?:the\s+)?([A-Z][^/()]{1,60})$", text)
    if match:
        return text[: match.start()], re.sub(
            r"^(?:The|the)\s+(?=the\b)", "", text[match.start() :].split(None, 1)[1].strip()
        )
    match = re.search(r"\s+for\s+((?:the\s+|The\s+)?[A-Z][^/()]{1,60})/", text)
    return (text[: match.start()] + "/" + text[match.end() :], match[1]) if match else (text, None)


def _assembled(pieces: list[str], via: str | None, beneficiary: str | None, flags: list[str]) -> Credit:
    people: list[str] = []
    suppliers: list[str] = []
    others: list[str] = []
    for piece in pieces:
        spaced = [] if agencies.canonical(piece) else _spaced_agency(piece)
        for part in spaced or [piece]:
            if known := agencies.canonical(part):
                suppliers.append(known)
            elif names := _names(part):
                people.extend(names)
            else:
                others.append(re.sub(r"(?i)\s+photo$", "", part))
    agency, organization = _supplier(suppliers, others, via)
    if via is None and agency is not None and len(set(suppliers)) > 1:
        via = next((name for name in suppliers if name in agencies.DISTRIBUTORS and name != agency), None)
    if agency is None and via is None and (known := agencies.canonical(beneficiary)):
        agency, organization = known, organization if organization != beneficiary else None  # "Jane Roe for Reuters"
    elif agency is None and via is not None:
        agency = via  # "Jane Roe/Pool via AP", "Jane Roe for A Paper via Getty Images": the distributor supplied it
    elif agency is None and people and organization and beneficiary is None:
        agency, organization = organization, None  # "Jane Roe/The Village Voice"
    organization = organization or beneficiary
    return Credit(tuple(dict.fromkeys(people)), agency, via, organization, tuple(dict.fromkeys(flags)))


def _spaced_agency(piece: str) -> list[str]:
    """ "AP Ahn Young-joon" and "Jane Roe AFP" : agency and name with nothing between."""
    match = re.match(r"^(AP|AFP|Reuters|REUTERS|EPA|Yonhap|Xinhua|UPI|PA|Getty Images)\s+(?!Photo)(\S.*)$", piece)
    if match:
        return [match[1], match[2]]
    match = re.match(r"^(\S+ \S.*?)\s+(AP|AFP|REUTERS|Reuters|EPA|UPI|Getty Images)$", piece)
    return [match[1], match[2]] if match and _names(match[1]) else []


def _supplier(suppliers: list[str], others: list[str], via: str | None) -> tuple[str | None, str | None]:
    """Agency and organisation: a news agency first; before "via", an outlet or body supplied it."""
    news = [name for name in suppliers if name not in agencies.DISTRIBUTORS]
    other = others[0] if others else None
    if via is not None:
        own = [name for name in news if not via.startswith(name)]
        if other and not own:
            return _cased(other), None
        return (own[0] if own else next(iter(suppliers), None)), _cased(other)
    if len(news) > 1 and news[0] in {"AP", "Reuters", "EPA", "AFP"} and news[1] not in {"AP", "Reuters", "AFP"}:
        return news[1], _cased(other)
    return (news[0] if news else suppliers[0] if suppliers else None), _cased(other)


def _is_outlet(name: str | None) -> bool:
    """Whether an unknown supplier sounds like an outlet: "The Village Voice Daily", "CBC"."""
    return bool(name) and bool(
        {fold(word) for word in (name or "").split()} & _OUTLET or ((name or "").isupper() and len(name or "") <= 6)
    )


def _cased(name: str | None) -> str | None:
    if name and name.isupper() and " " in name:
        return " ".join(w.capitalize() if len(w) > 3 or w in {"NEW", "THE"} else w for w in name.split())
    return " ".join(w.capitalize() if w.isupper() and len(w) > 4 else w for w in name.split()) if name else None


def _credible(credit: Credit, line: str, text: str, *, labelled: bool, bracketed: bool) -> bool:
    if len(text.split()) > 16 or re.search(r"[.!?]\s+[A-Z]\w+ \w+ \w+ ", text):
        return False
    if "http" in text or text.endswith(":"):
        return False
    if re.search(r"(?i)\b(?:said|says|told|was|were|has|had|is|are|will)\b", text):
        return False
    if not labelled and days.days_in(text):
        return False
    if credit.agency or credit.via:
        known = agencies.canonical(credit.agency) or agencies.canonical(credit.via)
        # "Tehran/Reuters" and a bare "Reuters" are no credits: a name, a mark or brackets must say so.
        marked = labelled or bool(_CREDIT_MARK.search(line)) or line.strip()[:1] in "(["
        outlet = bool(credit.photographers) and "/" in line and _is_outlet(credit.agency)
        return bool((known or labelled or credit.via or outlet) and (marked or credit.photographers))
    if labelled:
        return bool(credit.photographers or credit.organization or credit.flags)
    return bool(bracketed and credit.organization and text.isupper()) or bool(credit.flags and not credit.organization)


# --------------------------------------------------------------------------- captions


def split_caption(line: str) -> tuple[str, Credit | None]:
    """A caption and the credit at its end (None when there is none), glued repeats of the credit cut off."""
    text = line.strip()
    spare: Credit | None = None
    if match := _GLUED_CREDIT.search(text):
        glued = parse_credit(match[1])
        if glued or re.fullmatch(rf"(?i)(?:{agencies.pattern()})\s+\S.*", match[1]):
            spare, text = glued, text[: match.start()].rstrip()
    credit: Credit | None = None
    while (match := _TAIL_BRACKET.search(text)) and (found := parse_credit(match.group().strip().rstrip("."))):
        if not text[: match.start()].strip():
            break
        credit, text = _joined(found, credit), text[: match.start()].rstrip()
    if credit is None and (match := _OPEN_TAIL.search(text)) and (found := parse_credit(match[1])):
        credit, text = found, text[: match.start()].rstrip()
    return text, credit or spare


def _joined(inner: Credit, outer: Credit | None) -> Credit:
    if outer is None:
        return inner
    return replace(
        outer,
        photographers=outer.photographers or inner.photographers,
        agency=outer.agency or inner.agency,
        via=outer.via or inner.via,
        flags=(*inner.flags, *outer.flags),
    )


def is_caption(line: str) -> bool:
    """Whether a line of a scrape is a photo caption: a text with its credit, or one that says it is a photo."""
    text, credit = split_caption(line[:2000])
    if len(line) < 120 and (found := parse_dateline(line)) and not found[1].strip():
        return False
    cued = bool(_CAPTION_CUE.search(text[:400]))
    if credit is not None and text and text != line.strip():
        # "... he added. (Reuters)" closes a story: an agency alone in brackets needs another sign of a photo.
        bare = not (credit.photographers or credit.via or credit.flags or _PHOTO_WORD.search(line[len(text) :]))
        return len(text.split()) >= 3 and (not bare or cued or (len(text) < 400 and caption_day(text) is not None))
    return cued and bool(re.match(r"(?:FILE|File)\b|(?i:in this|this )", text) or days.days_in(text))


def caption_day(caption: str) -> str | None:
    """The ISO day a caption gives its photo: the last whole date in it, or None."""
    whole = [day.iso for day in days.days_in(caption) if day.year is not None]
    return whole[-1] if whole else None


def collect_photos(lines: Iterable[str]) -> tuple[Photo, ...]:
    """Photos from caption and credit lines, each once, in order of first sight, with its copies counted.

    A line that is a credit alone belongs to the caption before it when that one has no credit of its own;
    a caption glued to its own credit again is a copy of the bare one.
    """
    found: dict[str, Photo] = {}
    last: str | None = None
    for line in lines:
        alone = parse_credit(line[:2000])
        if alone is not None:
            if last is not None and found[last].agency is None and found[last].photographer is None:
                found[last] = _credited(found[last], alone)
            continue
        caption, credit = split_caption(line[:2000])
        key = re.sub(r"\W+", " ", fold(re.sub(r"(?i)^file\s*(?:photo)?\s*[-–—:]\s*", "", caption))).strip()
        if not key:
            continue
        if key in found:
            found[key] = replace(found[key], copies=found[key].copies + 1)
        else:
            found[key] = Photo(caption=caption, date=caption_day(caption))
        if credit is not None and found[key].agency is None and found[key].photographer is None:
            found[key] = _credited(found[key], credit)
        last = key
    return tuple(found.values())


def _credited(photo: Photo, credit: Credit) -> Photo:
    return replace(photo, photographer=credit.photographer, agency=credit.agency, via=credit.via)
