"""One decision for a person or a machine at the door: plain JSON in, plain JSON out."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.policies.errors import DecisionInputRefused
from engine.policies.kinds import Kind, NotOfKind, read_number
from engine.policies.load import Policies
from engine.policies.signatures import Signature


def decide_json(
    policies: Policies, jurisdiction: str, decision: str, inputs: Mapping[str, Any], on: date | None = None
) -> dict[str, Any]:
    """One decision as a JSON document: outputs (numbers as decimal text), row, source, status, or undefined.

    {"decision", "title", "jurisdiction", "undefined", "missing", "outputs", "row", "source", "status", "reading",
    "table", "layer"}; `missing` are the inputs that are not known and on which an undefined answer depends (资料不全),
    `reading` is what of the row stands less firmly than its status.

    Unlike a running case, a person must name every input the table asks for; null says that it is not known, and a
    list left out is empty.
    Refuses an unknown jurisdiction, decision or input, and a value of the wrong kind.
    """
    policy = policies.of(jurisdiction)
    table = policy.table(decision)
    lists: dict[str, Any] = {name: [] for name, column in table.signature.inputs.items() if column.kind is Kind.WORDS}
    given = lists | {name: _from_json(value) for name, value in inputs.items()}
    _refuse_per_cent(table.signature, given)
    answer = policy.decide(decision, given, on)
    missing = [name for name in table.asks_for() if name not in given]
    if missing:
        named = "、".join(f"{name}（{table.signature.inputs[name].label}）" for name in missing)
        raise DecisionInputRefused(
            f"决策“{decision}”还缺输入：{named}。确实不知道的写null。",
            missing=missing,
            allowed=list(table.signature.inputs),
        )
    return {
        "decision": decision,
        "title": table.title,
        "jurisdiction": jurisdiction,
        "undefined": answer.undefined,
        "missing": list(answer.missing),
        "outputs": {name: _to_json(value) for name, value in answer.outputs.items()},
        "row": answer.row,
        "source": answer.source,
        "status": answer.status,
        "reading": answer.reading,
        "table": answer.table,
        "layer": answer.layer,
    }


def _refuse_per_cent(signature: Signature, given: Mapping[str, Any]) -> None:
    """Refuse 50 for a rate: nobody means 5000 %."""
    for name, column in signature.inputs.items():
        try:
            number = read_number(given.get(name))
        except NotOfKind:  # unknown, or refused in its own words when it is read
            continue
        if column.likely is not None and number > column.likely:
            written = format((number / 100).normalize(), "f")
            raise DecisionInputRefused(
                f"输入“{name}”（{column.label}）写的是{number}，就是{number * 100}%。"
                f"比率写成小数：{number}%请写{written}。",
                input=name,
            )


def _from_json(value: Any) -> Any:
    """JSON's numbers as they were written: 999.99 arrives as a float whose shortest text is 999.99."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def _to_json(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value
