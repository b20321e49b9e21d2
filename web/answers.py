"""A decision in words, and reading what was asked."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from engine.errors import InvalidInput
from engine.policies import DECISIONS, Column, Signature, listed, named
from engine.policies.kinds import Kind
from engine.words import RowStatus

MAX_INPUT = 100_000


class InputUnreadable(InvalidInput):
    """What was typed is not a JSON object."""

    code = "input.unreadable"


def read_object(text: str) -> dict[str, Any]:
    """The JSON object somebody typed; numbers stay text, so nothing is rounded."""
    if len(text) > MAX_INPUT:
        raise InputUnreadable("输入超过十万字，没有处理。请只写这项判定需要的内容。")
    try:
        value = json.loads(text, parse_float=str, parse_constant=_no_constant, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as reason:
        raise InputUnreadable(
            '输入不是正确的 JSON。请写成 {"score": "90", "object_kind": "project"} 的样子。'
        ) from reason
    if not isinstance(value, dict):
        raise InputUnreadable("输入应是一个 JSON 对象，用大括号括起来，里面是“名称: 值”。")
    return value


def in_identifiers(signature: Signature, inputs: dict[str, Any]) -> dict[str, Any]:
    """The inputs under their identifiers, and their words as identifiers; what means nothing stays as it is."""
    labels = {name: column.label for name, column in signature.inputs.items()}
    read: dict[str, Any] = {}
    for written, value in inputs.items():
        name = named(written, labels) or written
        if name in read:
            raise InputUnreadable(f"“{name}（{labels.get(name, name)}）”写了两次，不知道以哪个为准。请只写一次。")
        words = signature.inputs[name].words if name in labels else {}
        read[name] = [_meant(each, words) for each in value] if isinstance(value, list) else _meant(value, words)
    return read


def inputs_words(signature: Signature) -> str:
    """What a decision asks, a line each: name, Chinese name, and the words or the range it takes."""
    return "\n".join(f"  {name}（{column.label}）：{_takes(column)}" for name, column in signature.inputs.items())


def _takes(column: Column) -> str:
    if column.words:
        return ("其中几个：" if column.kind is Kind.WORDS else "") + listed(column.words)
    span = f"，{column.low} 至 {column.high}" if column.low is not None and column.high is not None else ""
    return column.kind.label + span


def _meant(value: Any, words: Mapping[str, str]) -> Any:
    return (named(value, words) or value) if isinstance(value, str) and words else value


def decision_words(answer: dict[str, Any]) -> str:
    """The answer as an officer would read it."""
    head = f"{answer['title']}（{answer['decision']}）· {answer['jurisdiction']}"
    if answer["missing"]:
        labels = (DECISIONS[answer["decision"]].inputs[name].label for name in answer["missing"])
        return f"{head}\n资料不全：不知道{'、'.join(labels)}就答不出，补上再问"
    if answer["undefined"]:
        return f"{head}\n本区未规定"
    outputs = "\n".join(f"  {name} = {_word(value)}" for name, value in answer["outputs"].items())
    status = RowStatus.said(answer["status"])
    reading = f"\n  读法 {answer['reading']}" if answer["reading"] else ""
    return f"{head}\n{outputs}\n  命中 {answer['row']}\n  依据 {answer['source']}（{status}）{reading}"


def _word(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(str(part) for part in value) or "—"
    return str(value)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = {name for name, times in Counter(name for name, _ in pairs).items() if times > 1}
    if twice:
        raise InputUnreadable(f"“{'、'.join(sorted(twice))}”写了两次，不知道以哪个为准。请只写一次。")
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise ValueError(name)
