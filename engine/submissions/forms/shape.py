"""Reading what was handed in: bounded, typed, and refused in plain Chinese with where, what and how.

Drafts may lack anything; what must be filled is told by `completeness`, not here.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields

from engine.errors import InvalidInput
from engine.submissions.forms.cells import glimpse

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


def load(schema: Schema, content: Any) -> Data:
    """Typed values of a form: decimals, days, rows with ids. Empty cells are dropped: not filled is not there."""
    if not isinstance(content, Mapping):
        raise MalformedForm(f"表单内容应是一组字段，收到的是{glimpse(content)}。请按表格格式报送。", fields={})
    _must_be_bounded(content)
    try:
        loaded: Data = schema.load(_without_blanks(content), partial=True)
    except ValidationError as error:
        raise _malformed(schema, error.messages_dict) from error
    return loaded


def dump(schema: Schema, data: Data) -> Data:
    """The same as plain JSON: decimals as text, days as ISO dates."""
    content: Data = schema.dump(data)
    return content


def labels(schema: Schema, path: tuple[str | int, ...]) -> str:
    """Where a cell stands, in the words of the form: “绩效指标”第 14 行“指标值”."""
    said: list[str] = []
    inside: Schema | None = schema
    for step in path:
        if isinstance(step, int):
            said.append(f"第 {step + 1} 行")
        else:
            field = inside.fields.get(step) if inside is not None else None
            said.append(f"“{field.metadata['label'] if field else step[:40]}”")
            inside = inner_schema(field)
    return "".join(said)


def inner_schema(field: fields.Field[Any] | None) -> Schema | None:
    """The schema of a block's fields or of a table's rows."""
    inner = field.inner if isinstance(field, fields.List) else field
    return inner.schema if isinstance(inner, fields.Nested) else None


def _malformed(schema: Schema, messages: Mapping[Any, Any]) -> MalformedForm:
    complaints = list(_flat(messages, ()))
    said = {_path(path): f"{labels(schema, path)}{sentence}" for path, sentence in complaints[:MOST_COMPLAINTS]}
    first = "".join(list(said.values())[:3])
    rest = f"其余 {len(complaints) - 3} 处见各字段。" if len(complaints) > 3 else ""
    return MalformedForm(f"表单有 {len(complaints)} 处读不出来，没有保存：{first}{rest}", fields=said)


def _flat(messages: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(messages, Mapping):
        for step, inner in messages.items():
            yield from _flat(inner, path if step == "_schema" else (*path, step))
    else:
        for sentence in messages if isinstance(messages, list) else [messages]:
            yield path, str(sentence)


def _path(path: tuple[str | int, ...]) -> str:
    said = "".join(f"[{step}]" if isinstance(step, int) else f".{step[:40]}" for step in path)
    return said.removeprefix(".")


def _must_be_bounded(content: Any) -> None:
    """Walk without recursion, so that neither depth nor number of cells can exhaust anything."""
    cells, characters = 0, 0
    level = [content]
    for _ in range(DEEPEST):
        following: list[Any] = []
        for value in level:
            cells += len(value) if isinstance(value, Mapping | list) else 0
            characters += len(value) if isinstance(value, str) else 0
            if cells > MOST_CELLS or characters > LARGEST_TEXT:
                raise FormTooLarge("内容超出了一张表的容量，没有读入。请分表填报，或把长篇材料作为附件上传。")
            if isinstance(value, Mapping):
                _must_have_short_names(value)
                following.extend(value.values())
            elif isinstance(value, list):
                following.extend(value)
        level = following
    if level:
        raise MalformedForm(f"内容的层次超过 {DEEPEST} 层，不是本系统的表单。请按表格格式报送。", fields={})


def _must_have_short_names(value: Mapping[Any, Any]) -> None:
    if not all(isinstance(key, str) and len(key) <= LONGEST_NAME for key in value):
        raise MalformedForm("字段名应是不太长的文字，没有读入。请按表格格式报送。", fields={})


def _without_blanks(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_blanks(inner) for key, inner in value.items() if not _is_blank(inner)}
    if isinstance(value, list):
        return [_without_blanks(inner) for inner in value if not _is_blank(inner)]
    return value


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
