"""What tests wish for in papers that are otherwise written as in a rehearsal."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.rehearsal.papers.letters import demanding
from engine.submissions.forms import FormContext
from engine.words import EffectKind
from tests.factories_forms import valid_content

Content = dict[str, Any]
Wishes = Mapping[str, Any]

AMOUNTS = {
    EffectKind.QUOTA_CUT: {"base_wan": "120", "rate": "5", "approved_wan": "114"},
    EffectKind.CLAW_BACK: {"recovered_wan": "1"},
}
"""Of the effects that need some: a cut by a share is one of 5 % of 120 万元."""


def assessment(content: Content, context: FormContext, wishes: Wishes) -> Content:
    """`without_dimension`: one of them is left out, its points given to another."""
    left = [row for row in content["dimensions"] if row["id"] != wishes.get("without_dimension")]
    lost = sum(Decimal(row["weight"]) for row in content["dimensions"] if row not in left)
    first = left[0] | {"weight": str(Decimal(left[0]["weight"]) + lost)}
    return content | {"dimensions": [first, *left[1:]]}


def department_target(content: Content, context: FormContext, wishes: Wishes) -> Content:
    """With the indicators of the worked example."""
    return content | {"indicators": valid_content("F04")["indicators"], "template": "department.outputs"}


def letter(content: Content, context: FormContext, wishes: Wishes) -> Content:
    """The first `problems`, those of the worked example where nothing is wished and the report names none;
    `doc_number`; `grade`; `demands`."""
    given = {name: wishes[name] for name in ("doc_number", "grade", "demands") if name in wishes}
    if wishes.get("problems") == 0:
        return content | given
    if not content.get("problems"):
        content = {name: cell for name, cell in content.items() if name != "demands"}
        content |= demanding(date.fromisoformat(content["letter_on"]))
    source = content if content.get("problems") else valid_content("F10")
    problems = source["problems"][: wishes.get("problems")]
    named = {problem["id"] for problem in problems}
    advice = [each for each in source["suggestions"] if each["problem"] in named]
    return content | given | {"problems": problems, "suggestions": advice}


def rectification(content: Content, context: FormContext, wishes: Wishes) -> Content:
    """Not `done`: what was to be carried out has not been yet."""
    if wishes.get("done", True):
        return content
    keep = {"done", "improved_rules", "evidence", "completed_on"}
    undone = {"completed": False, "unfinished_reason": "示例：刚立项，按计划推进。"}
    rows = [{name: cell for name, cell in row.items() if name not in keep} | undone for row in content["items"]]
    return content | {"items": rows}


def result_application(content: Content, context: FormContext, wishes: Wishes) -> Content:
    """Another `effect`, for the proposal it is or else the first, with its amounts."""
    if "effect" not in wishes:
        return content
    wanted = EffectKind(wishes["effect"])
    cut = AMOUNTS.get(wanted, {})
    proposed = next((row for row in content["effects"] if row["effect"] == wanted), content["effects"][0])
    row = {name: proposed[name] for name in ("settles", "occasion", "budget_year", "rule", "rule_version")}
    return content | {"effects": [row | cut | {"id": "a1", "effect": wishes["effect"], "applied": True}]}


def disclosure(content: Content, context: FormContext, wishes: Wishes) -> Content:
    """`also`: another document beside the result; `secret`: nothing is published, for this reason."""
    first = content["items"][0]
    kinds = [first["kind"], *([wishes["also"]] if "also" in wishes else [])]
    items = [first | {"id": f"k{number}", "kind": kind} for number, kind in enumerate(kinds, start=1)]
    if "secret" in wishes:
        told = {name: first[name] for name in ("responsible_unit", "due_on")}
        items = [
            {"id": row["id"], "kind": row["kind"], **told, "exempt": True, "exempt_reason": wishes["secret"]}
            for row in items
        ]
    return content | {"items": items}
