"""Taking apart what people type into 指标值: “≥100百分比” becomes ≥, 100, %.

The result is a proposal. Whoever imports or pastes shows it and asks for confirmation; nothing is guessed silently.
Real cells that must be read: “≥100百分比”, “50个”, “达成预期指标” (W7), “≥95% 效果明显” (G7).
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

LONGEST_CELL = 60
_SIGNS = {"≧": "≥", "⩾": "≥", ">=": "≥", "≦": "≤", "⩽": "≤", "<=": "≤"}
_BEFORE = {
    "≥": ("≥", "大于或等于", "大于等于", "不低于", "不少于", "不小于", "至少"),
    "≤": ("≤", "小于或等于", "小于等于", "不超过", "不高于", "不多于", "不大于", "至多", "控制在"),
    ">": (">", "大于", "超过", "多于", "高于"),
    "<": ("<", "小于", "少于", "低于"),
    "=": ("=", "等于"),
}
_AFTER = {"≥": ("及以上", "以上"), "≤": ("及以下", "以下", "以内", "之内", "内")}
_ONLY_OF_TIME = "内"
"""Means at most behind a time (24小时内), and is part of a word elsewhere (室内)."""
_OPEN_AND_CLOSED = {"≥": ">", "≤": "<"}
_INCLUDED = re.compile(r"\((不?)含[^()]{0,8}\)")
_PERCENT = ("百分比", "百分之", "%")
_NUMBER = r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?:\.[0-9]{1,8})?"
_WORD = r"[A-Za-z\u4e00-\u9fff℃]"
_UNIT = rf"(?:%|‰|百分比|{_WORD}{{1,6}}?(?:/{_WORD}{{1,4}}?)?)"
_BEFORE_WORDS = "|".join(sorted((word for words in _BEFORE.values() for word in words), key=len, reverse=True))
_AFTER_WORDS = "|".join(
    rf"(?<=[时天日钟月年周度]){word}" if word == _ONLY_OF_TIME else word
    for word in sorted((word for words in _AFTER.values() for word in words), key=len, reverse=True)
)
_DATE = re.compile(r"(?:19|20)[0-9]{2}\s*[-./年]|[0-9]{1,2}月|年底|年末|季度末")
_PERCENTAGE = re.compile(
    rf"(?P<before>{_BEFORE_WORDS})?"
    rf"(?:(?P<of>[百千]分之)(?P<after_word>{_NUMBER})|(?P<figure>{_NUMBER})\s*(?P<sign>%|百分比|‰))"
    rf"(?P<after>{_AFTER_WORDS})?\s*(?P<rest>[^0-9]*)"
)
_COUNT = re.compile(
    rf"(?P<before>{_BEFORE_WORDS})?(?P<figure>{_NUMBER})\s*(?P<unit>{_UNIT})??(?P<after>{_AFTER_WORDS})?(?:\s+(?P<rest>.*))?"
)
_RANGE = re.compile(rf"({_NUMBER})\s*({_UNIT})?\s*(?:-|~|—|–|至|到)\s*({_NUMBER})\s*({_UNIT})?")
_BRACKETS = re.compile(rf"\[\s*({_NUMBER})\s*({_UNIT})?\s*,\s*({_NUMBER})\s*({_UNIT})?\s*\]\s*({_UNIT})?")


@dataclass(frozen=True, slots=True)
class ReadValue:
    """What a typed cell seems to say. `rest` are words that are neither number nor unit (效果明显)."""

    kind: Literal["number", "range", "date", "text"]
    direction: str = ""
    value: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    unit: str = ""
    rest: str = ""

    @property
    def parts(self) -> str:
        """The pieces as one would type them into separate cells: ≥、100、%."""
        bounds = [self.value] if self.kind == "number" else [self.lower, self.upper]
        figures = "–".join(format(bound, "f") for bound in bounds if bound is not None)
        direction = "区间" if self.kind == "range" else self.direction
        return "、".join(part for part in (direction, figures, self.unit, self.rest) if part)


def read_value(text: str) -> ReadValue:
    """What a cell seems to say; text without a leading number or direction is left as text.

    >>> read_value("≥100百分比").parts
    '≥、100、%'
    >>> read_value("50个").parts
    '50、个'
    >>> read_value("80%-90%").parts
    '区间、80–90、%'
    >>> read_value("达成预期指标").kind
    'text'
    """
    plain = _plain(text)
    if len(plain) > LONGEST_CELL:
        return ReadValue("text", rest=plain)
    if _DATE.search(plain):
        return ReadValue("date", rest=plain)
    if match := _INCLUDED.search(plain):
        return _with_its_end(_read(_INCLUDED.sub("", plain)), included=not match[1])
    return _read(plain)


def _with_its_end(read: ReadValue, *, included: bool) -> ReadValue:
    """“（含）” and “（不含）” say whether the number itself is meant; without a direction they say nothing."""
    closed = {signs: own for own, signs in _OPEN_AND_CLOSED.items()}
    return replace(read, direction=(closed if included else _OPEN_AND_CLOSED).get(read.direction, read.direction))


def _read(plain: str) -> ReadValue:
    if match := _RANGE.fullmatch(plain) or _BRACKETS.fullmatch(plain):
        return _range(match)
    if match := _PERCENTAGE.fullmatch(plain):
        return _percentage(match)
    if match := _COUNT.fullmatch(plain):
        return _count(match)
    return ReadValue("text", rest=plain)


def plain_unit(unit: str) -> str:
    """One spelling for a unit: 百分比 and ％ are %."""
    return "%" if unit in _PERCENT else unit


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text[: LONGEST_CELL * 2]).strip()
    for sign, proper in _SIGNS.items():
        plain = plain.replace(sign, proper)
    return re.sub(rf"({_BEFORE_WORDS})\s+", r"\1", plain)


def _range(match: re.Match[str]) -> ReadValue:
    low, low_unit, high, *high_units = match.groups()
    unit = next((unit for unit in (*high_units, low_unit) if unit), "")
    return ReadValue("range", direction="range", lower=_figure(low), upper=_figure(high), unit=plain_unit(unit))


def _percentage(match: re.Match[str]) -> ReadValue:
    value = _figure(match["after_word"] or match["figure"])
    unit = "‰" if match["of"] == "千分之" or match["sign"] == "‰" else "%"
    return ReadValue("number", direction=_direction(match), value=value, unit=unit, rest=match["rest"])


def _count(match: re.Match[str]) -> ReadValue:
    unit, rest = plain_unit(match["unit"] or ""), match["rest"] or ""
    return ReadValue("number", direction=_direction(match), value=_figure(match["figure"]), unit=unit, rest=rest)


def _direction(match: re.Match[str]) -> str:
    return _meaning(match["before"], _BEFORE) or _meaning(match["after"], _AFTER)


def _meaning(word: str | None, words: dict[str, tuple[str, ...]]) -> str:
    return next((sign for sign, spellings in words.items() if word in spellings), "")


def _figure(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
