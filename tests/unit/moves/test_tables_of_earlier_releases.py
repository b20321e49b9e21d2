"""A case keeps the tables it was opened with: a decision they do not know yet is one on which nothing is laid down."""

from dataclasses import replace
from datetime import date

from engine.cases import Case
from engine.moves.facts import decide_for
from tests.papers import policies

TODAY = date(2022, 3, 1)


def test_tables_written_before_a_decision_say_nothing_on_it() -> None:
    now = policies().of("haicang")
    then = replace(now, tables={name: table for name, table in now.tables.items() if "report" not in name})
    case = Case(jurisdiction="haicang", fiscal_year=2021, object_kind="project", amount_wan=180, facts={})

    answer = decide_for(case, then, "self_evaluation_report_required", {}, TODAY)

    assert (answer.undefined, answer.outputs) == (True, {"required": None})
    assert decide_for(case, now, "self_evaluation_report_required", {}, TODAY).outputs == {"required": True}
