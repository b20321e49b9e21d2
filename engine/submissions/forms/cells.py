"""The kinds of cells an official form has, as marshmallow fields whose messages are Chinese.

Stored content is plain JSON: decimals are text, days are ISO dates. A float is refused because it has already lost
digits. Percent cells hold the number in front of the % sign. Messages follow a "where" that `shape` puts before them.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import fields

from engine import texts
from engine.scoring.numbers import shown, text_of
from engine.submissions.forms.values import read_value

Messages = dict[str, Any]
Options = tuple[tuple[str, str], ...]

LINE = 200
_DIGITS = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,40})(?:\.[0-9]{1,40})?")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "是或否"),
    (str, "文字"),
    (int, "整数"),
    (float, "小数"),
    (list, "一张列表"),
    (dict, "一组字段"),
)
REFUSALS: Messages = {
    "required": "未填。",
    "null": "未填。",
    "validator_failed": "填写的内容不符合要求。请核对后重填。",
    "type": "应是一组字段。请按本表的格式填写。",
    "unknown": "不是本表的字段。请删去，或核对是否用错了表格版本。",
}


def glimpse(value: object) -> str:
    """What was received, short enough for a sentence.

    >>> glimpse("≥100百分比")
    '“≥100百分比”'
    """
    if isinstance(value, str):
        return f"“{_storable(value[:20])}{'…' if len(value) > 20 else ''}”"
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "无法识别的内容")


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("□", text)


def is_blank(value: Any) -> bool:
    """Whether somebody typed nothing."""
    return value is None or (isinstance(value, str) and texts.is_blank(value))


class Text(fields.Field[str]):
    """Words, trimmed."""

    default_error_messages = REFUSALS | {
        "invalid": "应是文字，收到的是{got}。请改填文字。",
        "too_long": "有 {length} 个字，最多 {limit} 个字。请精简，或把全文作为附件。",
        "unstorable": "含有无法保存的控制字符。请删去后重新填写（多见于从其他软件粘贴）。",
        "bad_id": "只能用字母、数字、短横和下划线，最多 40 个。请换一个行号。",
    }

    def __init__(self, *, limit: int = LINE, identifier: bool = False, **about: Any) -> None:
        super().__init__(**about)
        self.limit = limit
        self.identifier = identifier

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid", got=glimpse(value))
        if len(value) > self.limit:
            raise self.make_error("too_long", length=len(value), limit=self.limit)
        if not value.isprintable() and _UNSTORABLE.search(value):
            raise self.make_error("unstorable")
        if self.identifier and not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", value):
            raise self.make_error("bad_id")
        return value.strip()


class Number(fields.Field[Decimal]):
    """A figure kept digit for digit; `places` is the most decimals it may have."""

    default_error_messages = REFUSALS | {
        "invalid": "应是数字，收到的是{got}。请改填数字。",
        "float": '是按浮点数传来的，可能已经丢失尾数。请按文字传送，例如 "98.86676"。',
        "unreadable": "写的是{got}，读不出数值。{advice}",
        "too_big": "写的是 {got}，整数部分超过 {limit} 位。请核对单位和小数点。",
        "too_fine": "写的是 {got}，小数超过 {limit} 位。请按 {limit} 位以内填写。",
        "too_low": "写的是 {got}，不能小于 {limit}。请核对正负号和小数点。",
        "too_high": "写的是 {got}，不能大于 {limit}。请核对单位和小数点。",
    }

    def __init__(
        self,
        *,
        places: int,
        whole_digits: int = 12,
        lowest: Decimal | None = None,
        highest: Decimal | None = None,
        **about: Any,
    ) -> None:
        super().__init__(**about)
        self.places = places
        self.whole_digits = whole_digits
        self.lowest = lowest
        self.highest = highest

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else text_of(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        if isinstance(value, float):
            raise self.make_error("float")
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise self.make_error("invalid", got=glimpse(value))
        if isinstance(value, int):
            number = Decimal(value) if abs(value) < 10**self.whole_digits else self._too_big("一个很长的整数")
        else:
            number = self._read(value)
        if self.lowest is not None and number < self.lowest:
            raise self.make_error("too_low", got=shown(number), limit=shown(self.lowest))
        if self.highest is not None and number > self.highest:
            raise self.make_error("too_high", got=shown(number), limit=shown(self.highest))
        return number

    def _read(self, typed: str) -> Decimal:
        text = (typed if typed.isascii() else unicodedata.normalize("NFKC", typed[:100])).strip()
        if len(typed) > 100 or not _DIGITS.fullmatch(text):
            raise self.make_error("unreadable", got=glimpse(typed), advice=_how_to_write(typed))
        digits = text.replace(",", "")
        number = Decimal(digits)
        whole, _, decimals = digits.lstrip("+-").partition(".")
        if len(whole.lstrip("0")) > self.whole_digits:
            self._too_big(glimpse(typed))
        if len(decimals) > self.places:
            raise self.make_error("too_fine", got=glimpse(typed), limit=self.places)
        return number if number else abs(number)

    def _too_big(self, got: str) -> Decimal:
        raise self.make_error("too_big", got=got, limit=self.whole_digits)


def _how_to_write(typed: str) -> str:
    read = read_value(typed)
    if read.kind in ("number", "range"):
        return f"请分开填：{read.parts}。"
    return "请只填数字，例如 98.86676，不用科学计数法。"


class WholeNumber(fields.Field[int]):
    """A count, a month, a year."""

    default_error_messages = REFUSALS | {
        "invalid": "应是整数，收到的是{got}。请改填整数。",
        "outside": "应在 {lowest} 至 {highest} 之间，收到的是{got}。请核对。",
    }

    def __init__(self, *, lowest: int, highest: int, **about: Any) -> None:
        super().__init__(**about)
        self.lowest = lowest
        self.highest = highest

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid", got=glimpse(value))
        if not self.lowest <= value <= self.highest:
            raise self.make_error("outside", lowest=self.lowest, highest=self.highest, got=glimpse(value))
        return value


class Day(fields.Field[date]):
    """A day in China, written 2022-10-12."""

    default_error_messages = REFUSALS | {
        "invalid": "写的是{got}，不是有效日期。请按“2022-10-12”的样子填写。",
    }

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.isoformat()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not isinstance(value, str) or not re.fullmatch(r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}", value.strip()):
            raise self.make_error("invalid", got=glimpse(value))
        try:
            return date.fromisoformat(value.strip())
        except ValueError as error:
            raise self.make_error("invalid", got=glimpse(value)) from error


class YesNo(fields.Field[bool]):
    """是 or 否."""

    default_error_messages = REFUSALS | {"invalid": "应填“是”或“否”，收到的是{got}。请重新选择。"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip() in ("是", "否"):
            return value.strip() == "是"
        raise self.make_error("invalid", got=glimpse(value))


class Choice(fields.Field[str]):
    """One of a list; the Chinese label is taken for the value it stands for, and so are the spellings in `also`."""

    default_error_messages = REFUSALS | {"invalid": "收到的是{got}，不在可选范围内。请从“{labels}”中选择。"}

    def __init__(self, options: Options, also: Mapping[str, str], **about: Any) -> None:
        super().__init__(**about)
        labels, values = {label: value for value, label in options}, {value: value for value, _ in options}
        self.meanings = {**also, **labels, **values}
        self.labels = "、".join(label for _, label in options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        meaning = self.meanings.get(value.strip()) if isinstance(value, str) else None
        if meaning is None:
            raise self.make_error("invalid", got=glimpse(value), labels=self.labels)
        return meaning


class Several(fields.List[Any]):
    """A short list of words or choices."""

    default_error_messages = REFUSALS | {
        "invalid": "应是一张列表，收到的是{got}。请逐项填写。",
        "too_many": "有 {length} 项，最多 {limit} 项。请合并或删减。",
    }

    def __init__(self, inner: fields.Field[Any], *, limit: int, **about: Any) -> None:
        super().__init__(inner, **about)
        self.limit = limit


class Rows(Several):
    """A table, whose rows carry an id."""

    default_error_messages = Several.default_error_messages | {
        "same_id": "与第 {first} 行用了同一个行号“{id}”。请换一个，修改对照才分得清。",
    }


class Explanations(fields.Field[dict[str, str]]):
    """说明: for each field that needs one, the sentence the unit gives."""

    default_error_messages = REFUSALS | {
        "invalid": "应是“字段—说明”的对照，收到的是{got}。请逐条填写说明。",
        "too_many": "有 {length} 条，最多 {limit} 条。请删去不再需要的说明。",
        "too_long": "“{path}”的说明或字段名过长。说明请控制在 {limit} 个字以内。",
        "unstorable": "“{path}”的说明含有无法保存的控制字符。请删去后重新填写。",
    }
    most = 500
    longest = 1000

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str]:
        if not isinstance(value, dict):
            raise self.make_error("invalid", got=glimpse(value))
        value = {path: sentence for path, sentence in value.items() if not is_blank(sentence)}
        if not all(isinstance(sentence, str) for sentence in value.values()):
            raise self.make_error("invalid", got=glimpse(value))
        if len(value) > self.most:
            raise self.make_error("too_many", length=len(value), limit=self.most)
        for path, sentence in value.items():
            if len(path) > LINE or len(sentence) > self.longest:
                raise self.make_error("too_long", path=_storable(path[:20]), limit=self.longest)
            if _UNSTORABLE.search(path + sentence):
                raise self.make_error("unstorable", path=_storable(path[:20]))
        return {path: sentence.strip() for path, sentence in value.items()}


class Part(fields.Nested):
    """A block of fields inside a form."""

    default_error_messages = REFUSALS
