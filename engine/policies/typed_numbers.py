"""Numbers as finance people type them (1,000, 50%, 200万元, 200以上), and how a table wants them written."""

import re
from decimal import Decimal

_THOUSANDS = re.compile(r"(?<!\d)(?<!\d\.)\d{1,3}(?:[,，]\d{3})+(?![\d])", re.ASCII)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]", re.ASCII)
_NAMED_UNIT = re.compile(r"\d\s*[亿万千百元个项条分天月]")
_SIDES = (("≥", ">="), ("≤", "<="), ("不低于", ">="), ("不少于", ">="), ("不超过", "<="), ("超过", ">"), ("低于", "<"))
_BEHIND = (("及以上", ">="), ("以上", ">="), ("及以下", "<="), ("以下", "<="), ("以内", "<="))
_NARROW = str.maketrans("０１２３４５６７８９．－＋＜＞＝（）［］", "0123456789.-+<>=()[]")


def respelled(text: str) -> str | None:
    """How the cell is to be written, where somebody typed its numbers in a way no table reads; None: as it stands.

    >>> respelled(">= 1,000"), respelled("１０００"), respelled("50%"), respelled("200万元以上"), respelled("[80..90)")
    ('>= 1000', '1000', '0.5', '>= 200', None)
    """
    narrow = text.translate(_NARROW)
    plain = _THOUSANDS.sub(lambda found: re.sub("[,，]", "", found[0]), narrow)
    for sign, written in _SIDES:
        plain = re.sub(f"{sign}\\s*(?=\\d)", f"{written} ", plain)
    plain = _PERCENT.sub(lambda found: format((Decimal(found[1]) / 100).normalize(), "f"), plain)
    if _NAMED_UNIT.search(plain):
        plain = re.sub(r"(?<=\d)\s*[亿万千百元个项条分天月]+", "", plain)
    for sign, written in _BEHIND:
        plain = re.sub(f"(\\d+(?:\\.\\d+)?)\\s*(?:[（(]含[）)])?{sign}", rf"{written} \1", plain)
    return None if plain == text else plain.strip()
