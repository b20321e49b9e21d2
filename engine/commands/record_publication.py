"""登记随预决算的公开: a target or a self-evaluation report went out, or stays in for a stated reason (CH-19, GZ-19)."""

from dataclasses import astuple, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.publication import DisclosurePublished, DisclosureWithheld
from engine.cases import Case
from engine.cases.sight import visible_case
from engine.clock import day_of
from engine.directory import Actor
from engine.errors import InvalidInput, NotAllowed, WrongState
from engine.moves.move import Move
from engine.moves.publishing import DeliberationMissing, Duty, approved_on, duty_of, kinds_of, passed_in
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.results.model import Disclosure
from engine.reviews import ReasonMissing
from engine.texts import is_blank
from engine.words import DocumentKind, PublicationStep, Role


class PublicationRefused(InvalidInput):
    """What was told is no publication: a day, an address or a reason is missing, or they do not fit."""

    code = "publication.refused"


class NothingToPublish(WrongState):
    """The case has no such document, or it is on record already."""

    code = "publication.nothing_to_publish"


class NotYoursToPublish(NotAllowed):
    """The table does not let the unit publish this itself."""

    code = "publication.not_yours"


@dataclass(frozen=True, slots=True)
class Publication:
    """What became of one document: public since a day at an address, or `withheld` for a reason.

    `ground` says why it is public where the table does not lead to publication.
    """

    kind: str
    published_on: date | None = None
    address: str | None = None
    withheld: str | None = None
    ground: str | None = None


def record_publication(
    session: Session,
    case_id: int,
    told: Publication,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Put on record that a target or self-evaluation report of a case is public, or is not made public, and why.

    The unit does it where its own budget carries the document, 财政绩效股 everywhere, and alone where no table speaks.
    Refused before every step of the gate is on record, and where it is on record already.
    """

    def work(case: Case) -> None:
        visible_case(session, by, case_id)
        move = Move(session, case, by, at)
        duty = _duty(move, told.kind)
        if not duty.of_unit and Role.PERFORMANCE_OFFICE not in by.roles:
            raise NotYoursToPublish("这一项由财政绩效股统一公开或认定，没有登记。请联系财政绩效股。", kind=told.kind)
        _must_be_open(move, told)
        _carry_out(move, duty, told)
        move.write()

    asked = Asked("record_publication", by, at, key, expected, {"case": case_id, "told": astuple(told)})
    return on_case(session, asked, case_id, work)


def _duty(move: Move, wanted: str) -> Duty:
    case, on = move.case, day_of(move.at)
    kind = next((each for each in kinds_of(case) if each == wanted), None)
    if kind is None:
        raise NothingToPublish("这份案卷没有这一项可以公开的材料，没有登记。请刷新后再看。", kind=wanted)
    passed = passed_in(move.session, case.jurisdiction, case.fiscal_year, [case.id])
    since = None if kind is DocumentKind.SELF_EVALUATION_REPORT else approved_on(move.session, [case.id]).get(case.id)
    return duty_of(case, move.policy, kind, passed, since, on)


def _must_be_open(move: Move, told: Publication) -> None:
    """What is public stays public; what was withheld may go out after all."""
    last = move.session.scalars(
        select(Disclosure)
        .where(Disclosure.case_id == move.case.id, Disclosure.document_kind == told.kind)
        .order_by(Disclosure.id.desc())
        .limit(1)
    ).first()
    if last is not None and (last.published_on is not None or told.withheld):
        said = "已登记公开" if last.published_on is not None else "已登记不公开"
        raise NothingToPublish(f"“{DocumentKind.said(told.kind)}”{said}，不必再登记。", kind=told.kind)


def _carry_out(move: Move, duty: Duty, told: Publication) -> None:
    assert move.by is not None
    row = {"document_kind": duty.kind, "recorded_by": move.by.person_id, "recorded_at": move.at}
    if told.withheld is not None:
        if is_blank(told.withheld):
            raise ReasonMissing("不公开要写明理由（涉密的写明定密依据和批准人），没有登记。请补充。", kind=duty.kind)
        move.add(Disclosure, **row, published_on=None, address=None, withheld_reason=told.withheld)
        move.record(DisclosureWithheld(document_kind=duty.kind, reason=told.withheld))
        return
    published_on, address = _must_be_told(move, duty, told)
    _must_be_through(duty, told, published_on)
    move.add(Disclosure, **row, published_on=published_on, address=address, withheld_reason=None)
    move.record(
        DisclosurePublished(
            document_kind=duty.kind, published_on=published_on, address=address, reason=told.ground or None
        )
    )


def _must_be_told(move: Move, duty: Duty, told: Publication) -> tuple[date, str]:
    if told.published_on is None or is_blank(told.address):
        raise PublicationRefused("公开要写明实际公开日和网址，没有登记。请补齐，或写明不公开的理由。", kind=duty.kind)
    if told.published_on > day_of(move.at):
        raise PublicationRefused(
            f"公开日{told.published_on:%Y-%m-%d}还没有到，没有登记。请在公开后登记。", kind=duty.kind
        )
    if duty.since is not None and told.published_on < duty.since:
        raise PublicationRefused(
            f"公开日{told.published_on:%Y-%m-%d}早于批复日{duty.since:%Y-%m-%d}，没有登记。请核对日期。", kind=duty.kind
        )
    return told.published_on, str(told.address).strip()


def _must_be_through(duty: Duty, told: Publication, published_on: date) -> None:
    if not duty.publishes:
        if is_blank(told.ground):
            said = "没有规定这一项是否公开" if duty.gate.undefined else f"规定（{duty.gate.source}）没有说公开"
            raise ReasonMissing(f"本区{said}，没有登记。请写明公开的依据。", kind=duty.kind)
        return
    if duty.missing:
        names = "、".join(map(PublicationStep.said, duty.missing))
        raise DeliberationMissing(
            f"公开前还缺{names}，没有登记。依据：{duty.gate.source}。请先登记审议结果。", steps=list(duty.missing)
        )
    later = {step: day for step, day in duty.passed.items() if day > published_on}
    if later:
        names = "、".join(f"{PublicationStep.said(step)}（{day:%Y-%m-%d}）" for step, day in later.items())
        raise PublicationRefused(f"公开日{published_on:%Y-%m-%d}早于{names}，没有登记。请核对日期。", kind=duty.kind)
