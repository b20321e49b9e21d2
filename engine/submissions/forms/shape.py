"""What may be handed in at all: JSON of a reasonable size, and refusals in plain Chinese with where, what and how."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import InvalidInput

LARGEST_TEXT = 2_000_000
MOST_CELLS = 40_000
DEEPEST = 8
LONGEST_NAME = 200
MOST_COMPLAINTS = 30

Data = dict[str, Any]


class MalformedForm(InvalidInput):
    """The content cannot be read as this form; `fields` maps each path to a sentence."""

    code = "form.malformed"


class FormTooLarge(InvalidInput):
    """The content is larger than any official form."""

    code = "form.too_large"


def parse(raw: bytes | str) -> Any:
    """JSON as it came over the wire; anything that is not JSON of a reasonable size is refused."""
    if len(raw) > LARGEST_TEXT:
        raise FormTooLarge(f"内容超过 {LARGEST_TEXT // 1_000_000} MB，没有读入。请把长篇材料作为附件上传。")
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise MalformedForm("内容不是有效的 JSON，没有读入。请检查引号、括号和数字的写法。", fields={}) from error


def malformed(complaints: Sequence[tuple[str, str]]) -> MalformedForm:
    """The refusal of a content with these cells nobody can read: (path, sentence), in the order of the form."""
    said = dict(complaints[:MOST_COMPLAINTS])
    first = "".join(list(said.values())[:3])
    rest = f"其余 {len(complaints) - 3} 处见各字段。" if len(complaints) > 3 else ""
    return MalformedForm(f"表单有 {len(complaints)} 处读不出来，没有保存：{first}{rest}", fields=said)


def must_be_bounded(content: Mapping[str, Any]) -> None:
    """Walk without recursion, so that neither depth nor number of cells can exhaust anything."""
    cells, characters = 0, 0
    level: list[Any] = [content]
    for _ in range(DEEPEST):
        following: list[Any] = []
        for value in level:
            if isinstance(value, str):
                characters += len(value)
            elif isinstance(value, list):
                cells += len(value)
                following += value
            elif isinstance(value, Mapping):
                cells += len(value)
                _must_have_short_names(value)
                following += value.values()
            if cells > MOST_CELLS or characters > LARGEST_TEXT:
                raise FormTooLarge("内容超出了一张表的容量，没有读入。请分表填报，或把长篇材料作为附件上传。")
        level = following
    if level:
        raise MalformedForm(f"内容的层次超过 {DEEPEST} 层，不是本系统的表单。请按表格格式报送。", fields={})


def _must_have_short_names(value: Mapping[Any, Any]) -> None:
    for key in value:
        if not isinstance(key, str) or len(key) > LONGEST_NAME:
            raise MalformedForm("字段名应是不太长的文字，没有读入。请按表格格式报送。", fields={})
