"""Taking in a form of two hundred rows in one walk, against going over its content at every step."""

import json
from collections.abc import Callable
from typing import Any

from bench.report import Detail, Report, at_most
from bench.timing import middle, ratio, turn_by_turn
from engine.submissions.forms import FORMS, FormContext, check, facts, load, settle, take_in
from tests.factories_forms import context_for, valid_content

ROWS = 200
CODES = ("F02", "F06", "F08")
OF_SEPARATE_STEPS = 0.5
OURS, FLOOR, STEPS, LIBRARY = "take_in", "底线", "分步", "marshmallow"


def measure(rounds: int) -> Report:
    """Target, self-evaluation and spot review, each with two hundred indicators."""
    report = Report(f"一张{ROWS}行的表单")
    rows = []
    for code in CODES:
        times = turn_by_turn(_contestants(code), rounds)
        of_steps = ratio(times[OURS], times[STEPS])
        report.tell(f"{code}：一次收下为分步的", of_steps, "倍", at_most(OF_SEPARATE_STEPS))
        report.tell(f"{code}：为底线的", ratio(times[OURS], times[FLOOR]), "倍")
        rows.append((code, *(middle(times[name]) for name in (FLOOR, LIBRARY, STEPS, OURS))))
    columns = ("表单", "底线 json.loads", "marshmallow 读写各一遍", "分步 load+check+settle+facts", "take_in")
    report.details.append(Detail("每次毫秒（中位）", columns, rows))
    report.remarks.append("分步即每一步都从内容读起；marshmallow 一列只读只写，不查必填、勾稽、照抄，不算计算列。")
    return report


def _contestants(code: str) -> dict[str, Callable[[], Any]]:
    form, context = FORMS[code], _context(code)
    content = load(form, _content(code))
    raw = json.dumps(content, ensure_ascii=False)

    def in_steps() -> None:
        stored = load(form, content)
        check(form, stored, context)
        settle(form, stored, context)
        facts(form, stored, context)

    return {
        OURS: lambda: take_in(form, content, context),
        FLOOR: lambda: json.loads(raw),
        STEPS: in_steps,
        LIBRARY: lambda: form.schema.dump(form.schema.load(content, partial=True)),
    }


def _content(code: str) -> dict[str, Any]:
    """The valid form with its indicators repeated under other ids and names."""
    content = valid_content(code)
    few = content["indicators"]
    many = (few[number % len(few)] | {"id": f"y{number + 1}"} for number in range(ROWS))
    return content | {"indicators": [row | {"name": f"{row['name']}{row['id']}"} for row in many]}


def _context(code: str) -> FormContext:
    """The context in which every row is looked up in the frozen form before it."""
    frozen: dict[str, Any] = {"F06": {"target": _content("F02")}, "F08": {"self_evaluation": _content("F06")}}
    return context_for(code, **frozen.get(code, {}))
