"""新建案卷: an object enters a year, tried first, so that one sees which steps open for whom."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session

from engine.commands.start_case import Line, NewCase, start_case
from engine.moves.receipts import Receipt
from engine.queries.agencies import agencies_to_choose
from engine.queries.units import units_to_choose
from engine.texts import wan_in
from engine.words import CaseKind, Mark, ProjectCategory, ProjectNature, Role, SpendingFrequency, said_process
from web.pages.asked import one_of
from web.pages.formats import wan
from web.pages.steps.asked import Control, Field, Given, Unreadable
from web.pages.trying import Rows, Undertaking, answered, shown
from web.visits import Visit, requires

page = Blueprint("new_case", __name__)
MOST_LINES = 100
OF_A_PROJECT = ("project_nature", "spending_frequency", "project_category")


@page.get("/cases/new")
@requires("start_case")
def blank(visit: Visit) -> Any:
    """The form."""
    return shown(visit, _undertaking(visit))


@page.post("/cases/new")
@requires("start_case")
def begin(visit: Visit) -> Any:
    """新建案卷."""
    return answered(visit, _undertaking(visit))


def _undertaking(visit: Visit) -> Undertaking:
    return Undertaking(
        command="start_case", title="新建案卷", label="新建案卷", address="/cases/new", back="/cases",
        what="一个对象在一个资金年度只有一份案卷；原案卷取消，或者不予支持、不予入库、不予安排的，可以另立，两份互相列出；"
        "到期政策的再评估另是一份。建立后按现行流程和规则开始，先判定是否须事前评估。",
        fields=_fields(visit), carry_out=_carry_out, told=_told,
        afterwards=lambda receipt: f"/cases/{receipt.case_id}?said=new",
    )  # fmt: skip


def _fields(visit: Visit) -> Sequence[Field]:
    units = {str(number): name for number, name in units_to_choose(visit.session, visit.actor).items()}
    agencies = {str(number): name for number, name in agencies_to_choose(visit.session, visit.actor).items()}
    return (
        Field("object_kind", "对象类型", Control.ONE_OF, CaseKind.labels()),
        Field("name", "名称", Control.LINE, hint="与预算批复一致"),
        Field("code", "编码", Control.LINE, hint="预算管理系统的项目编码；部门整体写单位编码"),
        Field("unit", "单位", Control.ONE_OF, units),
        Field("fiscal_year", "资金年度", Control.LINE, usual=str(visit.today.year)),
        Field("lines", "资金", Control.LONG, hint="每行一笔：名称，空格，万元数，如“财政拨款 180.00”；可从 Excel 粘贴"),
        Field("project_nature", "项目性质", Control.ONE_OF, ProjectNature.labels(), hint="部门整体不填"),
        Field("spending_frequency", "支出频次", Control.ONE_OF, SpendingFrequency.labels(), hint="部门整体不填"),
        Field("project_category", "项目类别", Control.ONE_OF, ProjectCategory.labels(), hint="部门整体不填"),
        Field("mark", "选取标记", Control.ONE_OF, Mark.labels(), hint="抽样和选取评价对象时用；没有的不填"),
        Field("policy_ends_on", "政策到期日", Control.LINE, hint="只有到期政策填，例如 2022-12-31；填了就走到期再评估"),
        Field("agency", "第三方机构", Control.ONE_OF, agencies, hint="已经确定的才选"),
    )  # fmt: skip


def _carry_out(session: Session, given: Given, **how: Any) -> Receipt:
    how.pop("expected", None)
    return start_case(session, _new_case(given), **how)


def _new_case(given: Given) -> NewCase:
    kind = one_of(CaseKind, given.text("object_kind"))
    if kind is None:
        raise Unreadable("没有选择对象类型，案卷没有建立。请选择。", field="object_kind")
    agency = given.text("agency")
    return NewCase(
        object_kind=kind, code=given.text("code"), name=given.text("name"),
        unit_id=given.number("unit", "没有选择单位，案卷没有建立。请选择。"),
        fiscal_year=given.number("fiscal_year", "资金年度应是四位数的年份，案卷没有建立。请核对。"),
        lines=tuple(_lines(given.text("lines"))), facts=_facts(given),
        agency_id=given.number("agency", "") if agency else None,
    )  # fmt: skip


def _facts(given: Given) -> dict[str, Any]:
    facts: dict[str, Any] = {name: given.text(name) for name in (*OF_A_PROJECT, "policy_ends_on") if given.text(name)}
    if given.text("mark"):
        facts["marks"] = [given.text("mark")]
    return facts


def _lines(told: str) -> Iterator[Line]:
    """One line of money a line of text: its name, then its amount."""
    rows = [row.strip() for row in told.splitlines() if row.strip()]
    if len(rows) > MOST_LINES:
        raise Unreadable(f"资金写了 {len(rows)} 笔，最多 {MOST_LINES} 笔，案卷没有建立。请核对。", field="lines")
    for number, row in enumerate(rows, start=1):
        parts = row.removesuffix("万元").rsplit(maxsplit=1) or [""]
        amount = wan_in(parts[-1])
        if amount is None or len(parts) < 2:
            raise Unreadable(
                f"第 {number} 笔资金写的是“{row[:60]}”，读不出名称和金额，没有建案卷。请写成“财政拨款 180.00”的样子。",
                field="lines",
            )
        yield Line(parts[0].strip(), amount)


def _told(given: Given, receipt: Receipt) -> Rows:
    new = _new_case(given)
    begun = next((event.facts for event in receipt.events if event.name == "case.started"), {})
    before, own = begun.get("predecessor"), begun.get("own_department")
    stages = dict.fromkeys(opened.step.partition(".")[0] for opened in receipt.opened)
    return (
        ("资金", f"{len(new.lines)} 笔，{wan(new.amount_wan)} 万元"),
        *((("主管部门", f"单位没有登记主管部门，主管部门的步骤由本单位的{Role.said(own)}办理"),) if own else ()),
        *((("接续", f"第 {before} 号案卷（已经结束，没有结果）"),) if before is not None else ()),
        ("进入阶段", "、".join(said_process(stage) for stage in stages) or "等待部署"),
    )
