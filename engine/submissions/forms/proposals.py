"""The effects proposed for a budget, and what a row of F12 makes of the one it names (CH-20 to CH-23, HC-18, GZ-14).

A row that names a proposal carries it out, lists it beside a stricter one, or waives it with a reason and an approver.
What no row names stays open.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from engine.findings import FormFinding
from engine.scoring.numbers import percent_of, shown, text_of
from engine.submissions.forms import entries as e
from engine.submissions.forms.cells import LINE
from engine.submissions.forms.context import FormContext, Proposal
from engine.submissions.forms.findings import Answer, noted, weighed, wrong
from engine.submissions.forms.paths import cell
from engine.submissions.forms.shape import Data
from engine.submissions.forms.sheets import RowSchema
from engine.submissions.forms.templates import template
from engine.words import EffectKind, EffectState, RowStatus

TABLE = "effects"
PROPOSALS = "proposals"
EFFECTS = {EffectKind(effect["id"]): effect for effect in template("result_application")["effect"]}
OF_F12 = "表单目录 F12"


class ProposalRow(RowSchema):
    """One proposed effect as it lies before whoever fills in F12."""

    numbered = "e"
    text = e.text("建议", main=True)
    rule = e.text("依据", limit=1000, main=True)
    note = e.text("说明", limit=1000)


COLUMNS = frozenset(ProposalRow().fields) - {"id"}


def laid_down(context: FormContext) -> list[Data]:
    """The proposed effects as rows; nobody changes them in the form."""
    return [_row(each) for each in context.proposals]


def _row(proposal: Proposal) -> Data:
    firmness = "" if proposal.status is RowStatus.UNDEFINED else f"（{proposal.status.label}）"
    told = {"text": told_proposal(proposal), "rule": f"{proposal.source}{firmness}"}
    return {"id": proposal.name, **told, **({"note": proposal.note} if proposal.note else {})}


def told_proposal(proposal: Proposal) -> str:
    """The proposed effect in words: the year of the budget, what is to be done, by which share."""
    share = f" {shown(percent_of(proposal.rate))}%" if proposal.rate else ""
    occasion = f"（{proposal.occasion.label}）" if proposal.occasion else ""
    return f"{proposal.budget_year}年预算{occasion}：{proposal.effect.label}{share}"


def rows_to_settle(context: FormContext) -> list[Data]:
    """A row for each proposal, with what is known of it; whether it is carried out is left to a person."""
    return [_to_settle(number, each, context.rules_of) for number, each in enumerate(context.proposals, start=1)]


def _to_settle(number: int, proposal: Proposal, rules_of: date | None) -> Data:
    row: Data = {
        "id": f"a{number}",
        "settles": proposal.name,
        "budget_year": proposal.budget_year,
        "rule": proposal.source[:LINE],
    }
    if rules_of is not None:
        row["rule_version"] = f"{rules_of.isoformat()} 版"
    if proposal.occasion is not None:
        row["occasion"] = proposal.occasion.value
    if proposal.effect is not EffectKind.UNDEFINED:
        row["effect"] = proposal.effect.value
    if proposal.rate is not None:
        row["rate"] = text_of(percent_of(proposal.rate))
    if proposal.base_wan is not None:
        row["base_wan"] = text_of(proposal.base_wan)
    if proposal.base_wan is not None and proposal.cut_wan is not None:
        row["approved_wan"] = text_of(proposal.base_wan - proposal.cut_wan)
    return row


def standing(row: Data, beside: Iterable[Data], context: FormContext) -> EffectState | None:
    """What the row makes of the proposal it names; None where it names none, or does not say yet."""
    proposal = named_by(row, context)
    if proposal is None or row.get("applied") is None or not row.get("effect"):
        return None
    if not _fits(row["effect"], proposal, context):
        return EffectState.WAIVED
    if row["applied"]:
        return EffectState.APPLIED
    if not row.get("exception_reason") and any(_replaces(other, row) for other in beside):
        return EffectState.LISTED
    return EffectState.WAIVED


def named_by(row: Data, context: FormContext) -> Proposal | None:
    """The proposal a row names."""
    return next((each for each in context.proposals if each.name == row.get("settles")), None)


def _fits(effect: str, proposal: Proposal, context: FormContext) -> bool:
    """Whether the effect is what was proposed, one that mode of linkage is carried out by, or one of the same row."""
    wanted = proposal.effect
    answers = (linkage(context), context.ask("rectification_lapse", object_kind=context.object_kind))
    own = (answer for answer in answers if (answer.outputs.get("mode"), answer.source) == (wanted, proposal.source))
    return wanted is EffectKind.UNDEFINED or carries_out(effect, wanted, next(own, None))


def carries_out(effect: str, mode: str, answer: Answer | None) -> bool:
    """Whether an effect is that mode, one by which it is carried out, or laid down beside it by the same row."""
    return (
        effect == mode
        or mode in EFFECTS[EffectKind(effect)]["modes"]
        or (answer is not None and effect in also(answer))
    )


def linkage(context: FormContext, grade: str | None = None) -> Answer:
    """What the table ties to a grade; without one, to that of the evaluation."""
    grade = grade or (context.evaluation or {}).get("grade")
    return context.ask("budget_linkage", grade=grade, object_kind=context.object_kind)


def also(answer: Answer) -> tuple[str, ...]:
    """The effects the same row lays down beside its mode (调减或撤销)."""
    return tuple(answer.outputs.get("also") or ())


def _replaces(other: Data, row: Data) -> bool:
    """Whether the other row is carried out for the same budget and no milder."""
    if not other.get("applied") or not other.get("effect"):
        return False
    return _budget(other) == _budget(row) and strictness(other["effect"]) >= strictness(row["effect"])


def _budget(row: Data) -> tuple[Any, Any]:
    return row.get("occasion"), row.get("budget_year")


def strictness(effect: str) -> int:
    """How strict an effect is; the strictest applies."""
    return int(EFFECTS[EffectKind(effect)]["strictness"])


def each_names_one(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """The proposals are as they were made; a row names one of them, and no two rows the same."""
    known = {row["id"]: row for row in laid_down(context)}
    for row in data.get(PROPOSALS, []):
        if {name: value for name, value in row.items() if value is not None} != known.get(row["id"]):
            yield wrong(f"{PROPOSALS}[{row['id']}]", "规则表的建议在这里不能改动，也不能增加。请恢复原样。", OF_F12)
    taken: set[str] = set()
    for row in data.get(TABLE, []):
        name = row.get("settles")
        if name is not None and name not in known:
            yield wrong(cell(TABLE, row["id"], "settles"), f"没有“{name}”这条建议，请从表上的建议中选。", OF_F12)
        elif name is not None and name in taken:
            yield wrong(cell(TABLE, row["id"], "settles"), f"建议“{name}”已由另一行审定，一条建议只审定一次。", OF_F12)
        taken |= {name} if name is not None else set()
    for each in context.proposals:
        if each.name not in taken:
            text = f"建议“{told_proposal(each)}”没有列入，报送后仍为待审定。"
            yield noted(f"{PROPOSALS}[{each.name}]", text, OF_F12)


def waived_with_reason(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """A proposal that is not carried out, and not for a stricter one, is waived: by whom, and why."""
    rows = data.get(TABLE, [])
    for row in rows:
        proposal = named_by(row, context)
        if proposal is None or standing(row, rows, context) is not EffectState.WAIVED:
            continue
        done = EffectKind(row["effect"]).label if row["applied"] else "不执行"
        what = f"建议“{told_proposal(proposal)}”，表上是“{done}”"
        yield from asks_exception(row, what, proposal.status, proposal.source)


def asks_exception(row: Data, what: str, status: str, source: str) -> Iterator[FormFinding]:
    """Not done by the rule: why, and who approved it, weighed by how firm the rule is."""
    for key, label in (("exception_reason", "例外理由"), ("approved_by", "审批人")):
        if not row.get(key):
            text = f"{what}。没有照规则执行的，须写{label}。"
            yield weighed(status, cell(TABLE, row["id"], key), text, source)


def why_waived(row: Mapping[str, Any], explanations: Mapping[str, str]) -> str | None:
    """The reason in the row; where the rule is not signed, the sentence that explains it."""
    return row.get("exception_reason") or explanations.get(cell(TABLE, str(row["id"]), "exception_reason"))
