"""委派机构: which agency, who answers for it, under which contract, and its 回避声明."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.commands import assign_agency as command
from engine.directory import Actor
from engine.moves.engagement import Engagement
from engine.moves.receipts import Receipt
from engine.queries.agencies import agencies_to_choose
from engine.queries.task_card import TaskCard
from web.pages.steps.asked import Control, Field, Given
from web.visits import Visit

NONE_CHOSEN = "没有选择机构，没有委派。请选择一家已登记的第三方机构。"


def fields(visit: Visit, card: TaskCard) -> tuple[Field, ...]:
    """What an engagement says."""
    return engagement_fields(visit)


def engagement_fields(visit: Visit) -> tuple[Field, ...]:
    """The agencies of this jurisdiction, and what an engagement says, in a step or beside the steps."""
    known = {str(unit_id): name for unit_id, name in agencies_to_choose(visit.session, visit.actor).items()}
    hint = "" if known else "本地区还没有登记第三方机构。请先请系统管理员登记。"
    return (
        Field("agency", "第三方机构", Control.ONE_OF, known, hint),
        Field("lead_evaluator", "主评人", Control.LINE, hint="写姓名，对评价报告负责"),
        Field("contract_number", "合同编号", Control.LINE, hint="没有合同的可不填"),
        Field("declared_independent", "机构已作回避声明：与被评价单位无利害关系，本年度未为其提供咨询", Control.TICK),
    )


def carry_out(
    session: Session,
    task_id: UUID,
    given: Given,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Put the agency on the case."""
    return command(session, task_id, engagement_in(given), by=by, at=at, key=key, expected=expected)


def engagement_in(given: Given) -> Engagement:
    """The engagement as it was typed; refuses where no agency was chosen."""
    return Engagement(
        agency_id=given.number("agency", NONE_CHOSEN),
        lead_evaluator=given.text("lead_evaluator"),
        declared_independent=given.text("declared_independent") == "yes",
        contract_number=given.text("contract_number") or None,
    )
