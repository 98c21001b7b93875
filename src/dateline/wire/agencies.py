"""News agencies: every name a wire line gives them, and the one short name we keep.

Facts only. It refuses to guess: a name it does not hold is None, and the caller decides whether
an unknown acronym in a dateline ("(WIVB)") stands for an agency anyway.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Short name -> the other forms seen in datelines, bylines and credits.
AGENCIES: dict[str, tuple[str, ...]] = {
    "AP": (
        "Associated Press",
        "The Associated Press",
        "A.P.",
        "AP Photo",
        "AP Photos",
        "AP News",
        "AP Images",
        "AP Wire",
        "apnews.com",
    ),
    "Reuters": ("REUTERS", "Thomson Reuters", "Reuters News", "Rtrs", "Reuters Agency", "Reuters.com"),
    "AFP": ("Agence France-Presse", "Agence France Presse", "AFP Photo", "AFP News", "AFP Forum"),
    "Xinhua": ("Xinhua News Agency", "XINHUA", "Xin", "XNA", "Xinhuanet", "Xinhua English", "New China News Agency"),
    "TASS": ("ITAR-TASS", "Itar Tass", "Tass News Agency", "Russian News Agency TASS"),
    "Yonhap": ("Yonhap News Agency", "Yonhap News", "Yonhap News TV"),
    "KCNA": ("Korean Central News Agency", "KCNA Watch"),
    "dpa": (
        "Deutsche Presse-Agentur",
        "Deutsche Presse Agentur",
        "German Press Agency",
        "dpa-AFX",
        "DPA International",
        "dpa picture-alliance",
        "picture alliance",
    ),
    "EFE": ("Agencia EFE", "EFE News", "EFE News Service", "Efe-Epa"),
    "ANSA": ("Agenzia Nazionale Stampa Associata", "ANSA News"),
    "Kyodo": ("Kyodo News", "Kyodo News Service", "Kyodo News International", "Kyodo News+"),
    "Jiji": ("Jiji Press",),
    "Anadolu": ("Anadolu Agency", "AA", "Anadolu Ajansi", "Anadolu Ajansı", "Anadolu Images"),
    "DHA": ("Demiroren News Agency", "Demirören News Agency", "Dogan News Agency"),
    "UPI": ("United Press International", "UPI Photo"),
    "PA": ("Press Association", "PA Media", "PA Wire", "PA News", "PA Images", "PA Archive", "PA news agency"),
    "IRNA": ("Islamic Republic News Agency",),
    "ISNA": ("Iranian Students News Agency", "Iranian Students' News Agency"),
    "Mehr": ("MNA", "Mehr News", "Mehr News Agency"),
    "Tasnim": ("Tasnim News Agency", "Tasnim News"),
    "FNA": ("Fars News Agency", "Fars", "Fars News"),
    "PTI": ("Press Trust of India",),
    "ANI": ("Asian News International", "ANI Photo"),
    "IANS": ("Indo-Asian News Service",),
    "UNI": ("United News of India",),
    "APP": ("Associated Press of Pakistan",),
    "BSS": ("Bangladesh Sangbad Sangstha",),
    "UNB": ("United News of Bangladesh",),
    "Bernama": ("Malaysian National News Agency",),
    "Antara": ("Antara News", "ANTARA News Agency", "Antara Foto"),
    "PNA": ("Philippine News Agency",),
    "TNA": ("Thai News Agency",),
    "VNA": ("Vietnam News Agency", "VNS", "Viet Nam News Agency"),
    "CNA": ("Central News Agency", "Focus Taiwan"),
    "CNS": ("China News Service", "Chinanews"),
    "Ukrinform": (),
    "UNIAN": (),
    "Interfax": ("Interfax News Agency", "INTERFAX.RU"),
    "Interfax-Ukraine": (),
    "RIA": ("RIA Novosti", "RIA News", "RIAN"),
    "Sputnik": ("Sputnik News", "Sputnik International"),
    "BelTA": ("Belarusian Telegraph Agency",),
    "Kazinform": (),
    "NAMPA": ("Namibia Press Agency",),
    "Trend": ("Trend News Agency",),
    "AZERTAC": ("Azertag",),
    "Armenpress": (),
    "KUNA": ("Kuwait News Agency",),
    "MENA": ("Middle East News Agency",),
    "SPA": ("Saudi Press Agency",),
    "WAM": ("Emirates News Agency",),
    "QNA": ("Qatar News Agency",),
    "BNA": ("Bahrain News Agency",),
    "ONA": ("Oman News Agency",),
    "Petra": ("Jordan News Agency", "Petra News Agency"),
    "SANA": ("Syrian Arab News Agency",),
    "INA": ("Iraqi News Agency",),
    "NNA": ("National News Agency",),
    "WAFA": ("Palestinian News and Information Agency", "Palestine News Agency"),
    "MAP": ("Maghreb Arabe Presse",),
    "APS": ("Algeria Press Service", "Algerie Presse Service"),
    "TAP": ("Tunis Afrique Presse",),
    "NAN": ("News Agency of Nigeria",),
    "GNA": ("Ghana News Agency",),
    "ENA": ("Ethiopian News Agency",),
    "SUNA": ("Sudan News Agency",),
    "PANA": ("Panapress", "Pan African News Agency"),
    "SAPA": ("South African Press Association",),
    "Prensa Latina": (),
    "Notimex": (),
    "Telam": ("Télam",),
    "ABr": ("Agencia Brasil", "Agência Brasil"),
    "Europa Press": (),
    "Lusa": ("Agencia Lusa",),
    "Belga": ("Belga News Agency",),
    "ANP": ("Algemeen Nederlands Persbureau",),
    "APA": ("Austria Presse Agentur", "Austrian Press Agency"),
    "Keystone-SDA": ("Keystone", "SDA"),
    "TT": ("TT News Agency", "Tidningarnas Telegrambyra"),
    "NTB": ("NTB scanpix", "Norsk Telegrambyra"),
    "Ritzau": ("Ritzau Scanpix",),
    "STT": ("Lehtikuva",),
    "PAP": ("Polish Press Agency",),
    "ČTK": ("CTK", "Czech News Agency"),
    "TASR": (),
    "MTI": ("Hungarian News Agency",),
    "Agerpres": (),
    "BTA": ("Bulgarian News Agency",),
    "Tanjug": (),
    "HINA": (),
    "ATA": ("Albanian Telegraphic Agency",),
    "AMNA": ("Athens-Macedonian News Agency", "ANA-MPA", "ANA"),
    "Canadian Press": ("The Canadian Press", "CP", "La Presse Canadienne"),
    "AAP": ("Australian Associated Press", "AAP Image", "AAP Images"),
    "NZPA": ("New Zealand Press Association",),
    "IPS": ("Inter Press Service",),
    "DPA/AFX": (),
    "EPA": ("European Pressphoto Agency", "EPA-EFE", "EPA Images"),
    "Getty Images": ("Getty", "Getty Image", "GettyImages", "Gettyimages", "Getty Images News"),
    "Bloomberg": ("Bloomberg News",),
    "Dow Jones": ("Dow Jones Newswires",),
    "Newsis": (),
    "AJP": ("Aju Press",),
    "News1": (),
    "Shutterstock": ("Rex", "Rex Features", "REX/Shutterstock"),
    "Zuma Press": ("ZUMA", "ZUMA Press Wire", "ZUMAPRESS.com", "ZUMA Wire"),
    "Sipa": ("Sipa USA", "SIPA Press"),
    "NurPhoto": (),
    "Alamy": ("Alamy Stock Photo", "Alamy Live News"),
    "Imago": ("Imago Images",),
    "LaPresse": (),
    "Abaca": ("Abaca Press", "ABACAPRESS"),
    "Magnum": ("Magnum Photos",),
    "TNS": ("Tribune News Service", "Tribune Content Agency"),
    "VOA": ("Voice of America",),
    "RFE/RL": ("Radio Free Europe/Radio Liberty", "RFE"),
    "RFA": ("Radio Free Asia",),
    "CNN": ("CNN Wire", "CNN Newsource"),
    "TND": ("The National Desk",),
}
DISTRIBUTORS = frozenset({"Getty Images", "Shutterstock", "Zuma Press", "Sipa", "Alamy", "Imago", "Abaca"})
# Short forms that are also ordinary words or initials; only brackets make them an agency.
SHY = frozenset(
    {
        "aa",
        "ana",
        "app",
        "ata",
        "ina",
        "map",
        "mena",
        "spa",
        "tap",
        "trend",
        "tt",
        "uni",
        "xin",
        "rex",
        "cp",
        "pa",
        "fars",
        "petra",
        "keystone",
        "imago",
        "vna",
        "sda",
        "na",
        "cna",
        "rfe",
        "ena",
        "sputnik",
        "magnum",
        "apa",
        "tass news agency",
        "getty",
        "telam",
    }
) - {"pa", "cna", "getty"}


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    return {form.casefold(): short for short, forms in AGENCIES.items() for form in (short, *forms)}


def canonical(name: str | None) -> str | None:
    """The short name of the agency that `name` writes ("Associated Press" is "AP"), or None."""
    if not name or len(name) > 80:
        return None
    key = re.sub(r"\s+", " ", name.strip(" .,;:()[]/\t\n")).casefold()
    table = _table()
    return table.get(key) or table.get(key.removeprefix("the "))


@lru_cache(maxsize=1)
def pattern() -> str:
    """A regex alternation of all agency names that are safe to meet bare in a line, longest first."""
    shown = {form for short, forms in AGENCIES.items() for form in (short, *forms)}
    forms = {shape for form in shown if form.casefold() not in SHY for shape in (form, form.upper())}
    return "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))
