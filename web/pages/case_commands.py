"""What changes the course of a case, beside its steps: suspended, cancelled, adjusted, done for somebody, moved on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, redirect
from sqlalchemy.orm import Session

from engine.commands.adjust_budget import adjust_budget
from engine.commands.cancel import cancel
from engine.commands.correct_request import correct_request
from engine.commands.correct_state import correct_state
from engine.commands.engage_agency import engage_agency
from engine.commands.migrate_case import migrate_case
from engine.commands.name_adviser import name_adviser
from engine.commands.recall_letter import recall_letter
from engine.commands.reopen_verdict import reopen_verdict
from engine.commands.resume import resume
from engine.commands.retry_incident import retry_incident
from engine.commands.suspend import suspend
from engine.commands.undo_migration import undo_migration
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.migrating import can_be_migrated, preview_migration
from engine.moves.permissions import permits
from engine.moves.receipts import Receipt
from engine.moves.requests import can_be_corrected
from engine.moves.verdicts import can_be_reopened
from engine.queries.agencies import advisers_of, agencies_to_choose
from engine.queries.case_card import CaseCard
from engine.queries.case_in_hand import CaseInHand, LineInHand, case_in_hand, steps_to_move_to
from engine.queries.incidents import incidents
from engine.texts import wan_in
from engine.words import Adjustment, CaseState
from web.pages import object_facts, standing_in
from web.pages.formats import wan
from web.pages.shell import sees_cases
from web.pages.steps.asked import Control, Field, Given, Unreadable
from web.pages.steps.assign_agency import engagement_fields, engagement_in
from web.pages.supplements import outlook
from web.pages.trying import REASON, Rows, Undertaking, answered, shown
from web.visits import Visit, requires

page = Blueprint("case_commands", __name__)
NO_STEP = "没有选择移动到哪一步，没有办理。请选择。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command on one case: its noun in the address, what its button says, what it does, what is said afterwards.

    `beside_letter`: it is offered on the page of the letter, not of the case. `applies` says of a case at hand whether
    there is anything to do it to.
    """

    noun: str
    command: str
    label: str
    what: str
    done: str
    carry_out: Callable[..., Receipt]
    fields: Callable[[Visit, CaseInHand], Sequence[Field]] = lambda visit, case: (REASON,)
    about: Callable[[Visit, CaseInHand], Rows] = lambda visit, case: ()
    told: Callable[[CaseInHand, Given], Rows] = lambda case, given: ()
    proven: bool = False
    second: bool = False
    final: bool = False
    beside_letter: bool = False
    applies: Callable[[Visit, CaseCard], bool] = lambda visit, card: True


def _with_reason(command: Callable[..., Receipt]) -> Callable[..., Receipt]:
    """The command of a case that asks for nothing but a reason."""

    def carry_out(session: Session, case_id: int, given: Given, **how: Any) -> Receipt:
        return command(session, case_id, reason=given.text("reason"), **how)

    return carry_out


def amount_in(given: Given, name: str, label: str) -> Decimal:
    """An amount of 万元 as it was typed, with or without commas; refuses what is none."""
    told = given.text(name)
    amount = wan_in(told)
    if amount is None:
        said = f"写的是“{told[:40]}”，读不出金额" if told else "没有填写"
        raise Unreadable(f"{label}{said}，没有办理。请填写万元数，例如 980.00。", field=name)
    return amount


# ── 更正申报金额, 预算调整 ────────────────────────────────────────────────────────────────────────────────────────────


ADJUSTED, CORRECTED = "调整后的金额", "更正后的申报金额"


def _amount_fields(case: CaseInHand, named: str) -> Sequence[Field]:
    return (
        Field("amount_wan", f"{named}（万元）", Control.LINE, usual=wan(case.amount_wan)),
        *(
            Field(_named(line), f"其中：{line.name}（万元）", Control.LINE, usual=wan(line.amount_wan))
            for line in _split_over(case)
        ),
    )


def _adjustment_fields(visit: Visit, case: CaseInHand) -> Sequence[Field]:
    return (
        *_amount_fields(case, ADJUSTED),
        Field("kind", "类型", Control.ONE_OF, Adjustment.labels(), hint="追加的，先看部门支出进度是否落后于序时进度"),
        REASON,
    )


def _split_over(case: CaseInHand) -> Sequence[LineInHand]:
    """The fund lines somebody has to say the new amount of: the only one follows by itself."""
    return case.lines if len(case.lines) > 1 else ()


def _named(line: LineInHand) -> str:
    return f"line_{line.number}"


def _shares(case: CaseInHand, given: Given) -> dict[int, Decimal]:
    return {line.number: amount_in(given, _named(line), f"“{line.name}”的金额") for line in _split_over(case)}


def _adjust(session: Session, case_id: int, given: Given, *, by: Actor, **how: Any) -> Receipt:
    amount = amount_in(given, "amount_wan", ADJUSTED)
    lines = _shares(case_in_hand(session, by, case_id), given)
    reason, kind = given.text("reason"), given.text("kind")
    return adjust_budget(session, case_id, amount, reason=reason, kind=kind, lines=lines or None, by=by, **how)


def _correct_request(session: Session, case_id: int, given: Given, *, by: Actor, **how: Any) -> Receipt:
    amount = amount_in(given, "amount_wan", CORRECTED)
    lines = _shares(case_in_hand(session, by, case_id), given)
    return correct_request(session, case_id, amount, reason=given.text("reason"), lines=lines or None, by=by, **how)


def _difference(case: CaseInHand, given: Given, named: str) -> Rows:
    """From which amount to which, the whole and of several fund lines each."""
    amount = amount_in(given, "amount_wan", named)
    difference = amount - case.amount_wan
    sign = "＋" if difference > 0 else "−" if difference < 0 else ""
    return (
        ("金额", f"{wan(case.amount_wan)} → {wan(amount)} 万元（{sign}{wan(abs(difference))}）"),
        *(
            (f"其中：{line.name}", _changed(line.amount_wan, after))
            for line, after in zip(_split_over(case), _shares(case, given).values(), strict=True)
        ),
    )


def _changed(before: Decimal, after: Decimal) -> str:
    return f"{wan(before)} 万元，不变" if before == after else f"{wan(before)} → {wan(after)} 万元"


def _adjustment_told(case: CaseInHand, given: Given) -> Rows:
    when = "新的绩效目标批复以后，金额才改为调整后的数；在此之前其他阶段照常办理"
    return (*_difference(case, given, ADJUSTED), ("生效", when))


def _correction_told(case: CaseInHand, given: Given) -> Rows:
    return (*_difference(case, given, CORRECTED), ("生效", "立即改为更正后的数；已填的绩效目标按新的金额重新填报"))


# ── 委派机构 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _engage(session: Session, case_id: int, given: Given, **how: Any) -> Receipt:
    return engage_agency(session, case_id, engagement_in(given), **how)


def _advised_by(visit: Visit, case: CaseInHand) -> tuple[str, str]:
    return "本年度为该单位提供咨询", "、".join(advisers_of(visit.session, visit.actor, case.case_id)) or "没有登记"


def _adviser_fields(visit: Visit, case: CaseInHand) -> Sequence[Field]:
    known = {str(number): name for number, name in agencies_to_choose(visit.session, visit.actor).items()}
    why = Field("reason", "为什么事提供咨询、依据", Control.LINE, hint="例如：代编自评材料，单位咨询合同")
    return Field("agency", "第三方机构", Control.ONE_OF, known), why


def _name_adviser(session: Session, case_id: int, given: Given, **how: Any) -> Receipt:
    agency = given.number("agency", "没有选择机构，没有登记。请选择一家已登记的第三方机构。")
    return name_adviser(session, case_id, agency, reason=given.text("reason"), **how)


# ── 换用新版流程, 移动步骤 ────────────────────────────────────────────────────────────────────────────────────────────


class NothingToMigrate(WrongState):
    """The case runs on today's versions already."""

    code = "page.nothing_to_migrate"


def _migrate(session: Session, case_id: int, given: Given, *, second: Actor, **how: Any) -> Receipt:
    if any(prospect.current for prospect in preview_migration(session, [case_id])):
        raise NothingToMigrate("这份案卷已经在用现行的流程和规则，不需要换，没有办理。请返回案卷。", case_id=case_id)
    return migrate_case(session, case_id, reason=given.text("reason"), second=second, **how)


def _prospects(visit: Visit, case: CaseInHand) -> Rows:
    """迁移试运行."""
    (prospect,) = preview_migration(visit.session, [case.case_id])
    if prospect.current:
        return (("试运行", "已经在用现行的流程和规则，不需要换"),)
    stands = "、".join(prospect.steps) or "没有在办步骤"
    can = "可以换" if prospect.possible else f"不能换：{'；'.join(prospect.problems)}"
    return ("停在", stands), ("试运行", can)


def _correction_fields(visit: Visit, case: CaseInHand) -> Sequence[Field]:
    steps = steps_to_move_to(visit.session, visit.actor, case.case_id)
    return Field("step", "移动到", Control.ONE_OF, steps, hint="只列出案卷现在所在流程中由人办理的步骤"), REASON


def _correct(
    session: Session, case_id: int, given: Given, *, second: Actor, by: Actor, at: datetime, **how: Any
) -> Receipt:
    process, _, element = given.text("step").partition(".")
    if not element:
        raise Unreadable(NO_STEP, field="step")
    reason = given.text("reason")
    return correct_state(session, case_id, process, element, reason=reason, second=second, by=by, at=at, **how)


ORDERS = {
    order.noun: order
    for order in (
        Order(
            noun="request", command="correct_request", label="更正申报金额", done="申报金额已更正",
            what="申报的金额写错了或有变化的，审核以前由本单位更正；审核以后由审核部门核定，批复以后走预算调整。",
            carry_out=_correct_request, fields=lambda visit, case: (*_amount_fields(case, CORRECTED), REASON),
            told=_correction_told,
            applies=lambda visit, card: can_be_corrected(visit.session, visit.actor, card.case_id),
        ),
        Order(
            noun="facts", command="correct_facts", label="更正资料", done="资料已更正，经过写明哪些判定因此不同",
            what="立案时登记的性质、频次、类别、标记、定额写错或没有写的，在这里更正；以后的判定按更正后的，已经判定、"
            "抽取过的不变。到期日写错的，取消后另立案卷。",
            carry_out=object_facts.carry_out, fields=object_facts.facts_fields,
        ),
        Order(
            noun="adjustment", command="adjust_budget", label="预算调整", done="预算调整已登记，绩效目标须重报",
            what="预算数变了，绩效目标要按新的金额重新申报；案卷其他阶段照常进行。", carry_out=_adjust,
            fields=_adjustment_fields, told=_adjustment_told, about=lambda visit, case: outlook(visit, case.case_id),
        ),
        Order(
            noun="suspension", command="suspend", label="暂停案卷", done="案卷已暂停，期限停止计时",
            what="任务留在原处不收回，期限停止计时，不算逾期；恢复时补回停掉的天数，"
            "期限表写明照常计算的（如预算审核截止）除外。",
            carry_out=_with_reason(suspend),
        ),
        Order(
            noun="resumption", command="resume", label="恢复案卷", done="案卷已恢复，期限继续计时",
            what="期限接着计时，停掉的天数补回；暂停期间已部署的阶段随即开始。", carry_out=_with_reason(resume),
        ),
        Order(
            noun="cancellation", command="cancel", label="取消案卷", done="案卷已取消",
            what="案卷提前结束，在办任务收回，期限不再计时；已有的文书和经过都保留，取消后不能恢复，只能另立案卷。",
            carry_out=_with_reason(cancel), final=True,
        ),
        Order(
            noun="letter-recall", command="recall_letter", label="收回并重发",
            done="反馈意见函已收回，请修改后重新发出",
            what="收回最近一份反馈意见函，原函仍可查阅，单位看得到两份和改了什么。没有报送过的整改事项随函作废，"
            "新函仍列的重新立项；已经报送的保留在台账里，新函仍列的接着办。签收、异议的期限从新函发出重新起算。",
            carry_out=_with_reason(recall_letter), beside_letter=True,
        ),
        Order(
            noun="verdict", command="reopen_verdict", label="重新认定", done="已退回认定，请重新认定并写明理由",
            what="表里没有规定、由人认定的事项，在意见函发出以前可以重新认定；已拟的函稿、考核表不再办理，重新认定以后再办。",
            carry_out=_with_reason(reopen_verdict),
            applies=lambda visit, card: can_be_reopened(visit.session, card.case_id, visit.at),
        ),
        Order(
            noun="agency", command="engage_agency", label="委派机构", done="机构已委派，任务已转给它",
            what="在步骤之外委派或更换第三方机构；停在第三方的任务转给新的机构。", carry_out=_engage,
            fields=lambda visit, case: engagement_fields(visit),
            about=lambda visit, case: (("现在的机构", case.agency or "没有委派"), _advised_by(visit, case)),
        ),
        Order(
            noun="adviser", command="name_adviser", label="登记咨询机构", done="咨询机构已登记，委派时会拒绝",
            what="这家机构本年度为被评价单位提供过咨询，应当回避：登记以后不能再委派它评价这个单位本年度的对象；"
            "已经委派的，请更换机构。",
            carry_out=_name_adviser, fields=_adviser_fields,
            about=lambda visit, case: (("现在的机构", case.agency or "没有委派"), _advised_by(visit, case)),
        ),
        Order(
            noun="migration", command="migrate_case", label="换用新版流程", done="已换用新版流程和规则",
            what="在办案卷默认用建立时的流程和规则；换用现行版本后，在办任务、草稿和期限都不变。须另一人同意。",
            carry_out=_migrate, about=_prospects, proven=True, second=True,
            applies=lambda visit, card: can_be_migrated(visit.session, card.case_id),
        ),
        Order(
            noun="migration-undone", command="undo_migration", label="撤回迁移", done="已换回原来的流程和规则",
            what="迁移后还没有办过别的，可以换回原来的流程和规则；在办任务、草稿和期限都不变。",
            carry_out=lambda session, case_id, given, **how: undo_migration(
                session, case_id, reason=given.text("reason"), **how
            ),
            proven=True, applies=lambda visit, card: card.just_migrated,
        ),
        Order(
            noun="stand-in", command="stand_in", label="代办", done="已代办，代谁办理和同意人已记入案卷",
            what="经办人不在、任务没有人接办时，替其办结这一步：案卷记您的姓名和代谁办理。须本人办理，另一人同意。",
            carry_out=standing_in.carry_out, fields=standing_in.stand_in_fields, about=standing_in.stand_in_about,
            proven=True, second=True,
        ),
        Order(
            noun="correction", command="correct_state", label="移动步骤", done="步骤已移动，同意人已记入案卷",
            what="流程走错时的最后办法：案卷改从所选步骤继续，这个流程里的在办任务收回，文书保留。须本人办理，另一人同意。",
            carry_out=_correct, fields=_correction_fields, proven=True, second=True, final=True,
        ),
    )
}  # fmt: skip
"""Noun in the address → the command, in the order in which they are offered."""


def offered(visit: Visit, card: CaseCard) -> list[Order]:
    """What this office may do to the case as it stands; what is done to its letter stands beside the letter."""
    known = [order for order in ORDERS.values() if not order.beside_letter]
    mine = [order for order in known if permits(order.command, visit.actor, CaseState(card.state))]
    return [order for order in mine if order.applies(visit, card)]


def _undertaking(visit: Visit, case_id: int, order: Order) -> Undertaking:
    case = case_in_hand(visit.session, visit.actor, case_id)
    here = f"/cases/{case_id}/{order.noun}"
    back = f"/cases/{case_id}" if sees_cases(visit.actor) else here
    return Undertaking(
        command=order.command, title=order.label, label=order.label, what=order.what, address=here, back=back,
        fields=order.fields(visit, case), about=order.about(visit, case), case=case,
        carry_out=lambda session, given, **how: order.carry_out(session, case_id, given, **how),
        told=lambda given, receipt: order.told(case, given),
        afterwards=lambda receipt: f"{back}?said={order.noun}",
        proven=order.proven, second=order.second, final=order.final,
    )  # fmt: skip


def _open_doors(order: Order) -> None:
    """The two addresses of one command."""

    @requires(order.command)
    def look(visit: Visit, case_id: int) -> Any:
        return shown(visit, _undertaking(visit, case_id, order))

    @requires(order.command)
    def send(visit: Visit, case_id: int) -> Any:
        return answered(visit, _undertaking(visit, case_id, order))

    where = f"/cases/<int:case_id>/{order.noun}"
    page.add_url_rule(where, f"{order.noun}_shown", look, methods=["GET"])
    page.add_url_rule(where, f"{order.noun}_sent", send, methods=["POST"])


for _order in ORDERS.values():
    _open_doors(_order)


@page.post("/cases/<int:case_id>/incidents/<int:incident_id>/retry")
@requires("retry_incident")
def retry(visit: Visit, case_id: int, incident_id: int) -> Any:
    """重试 a failed automatic step; what fails again says so and counts one attempt more."""
    case = case_in_hand(visit.session, visit.actor, case_id)
    known = incidents(visit.session, visit.actor, case_id=case.case_id, limit=200).lines
    number = next((line.id for line in known if line.id == incident_id), 0)
    retry_incident(visit.database, visit.jurisdiction, number, by=visit.actor, at=visit.at)
    return redirect(f"/cases/{case_id}?said=retry" if sees_cases(visit.actor) else "/", 303)
