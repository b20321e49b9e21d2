"""What bodies said of a result, and whether the public can read it."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from engine.audit.events.event import Event
from engine.audit.events.words import Words, because
from engine.words import DeliberationResult


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliberationRecorded(Event):
    """A body sat on a document of the case, or, with `fiscal_year`, on all documents of that kind of a year.

    `delivered_to` are those it was delivered to by name (HC-23).
    """

    name = "deliberation.recorded"
    title = "审议记录"

    document_kind: str
    body: str
    held_on: date
    passed: bool
    opinion: str | None = None
    fiscal_year: int | None = None
    delivered_to: tuple[str, ...] = ()

    def sentence(self, words: Words) -> str:
        """Which body, on what, when, and what it said."""
        verdict = (DeliberationResult.PASSED if self.passed else DeliberationResult.REVISE).label
        opinion = f"，意见：{self.opinion}" if self.opinion else ""
        names = f"，送达{'、'.join(self.delivered_to)}" if self.delivered_to else ""
        document, body = words.document(self.document_kind), words.body(self.body)
        return f"{document}{body}（{self.held_on}）：{verdict}{names}{opinion}"

    @classmethod
    def sample(cls) -> Self:
        """Congress wants more."""
        document, held_on = "key_evaluation_report", date(2022, 9, 28)
        return cls(document_kind=document, body="congress", held_on=held_on, passed=False, opinion="示例：补充分析")


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosurePublished(Event):
    """A document went out; `reason` is the ground where the table does not lead to publication."""

    name = "disclosure.published"
    title = "公开"

    document_kind: str
    published_on: date
    address: str
    reason: str | None = None

    def sentence(self, words: Words) -> str:
        """What, when and where."""
        return f"公开{words.document(self.document_kind)}（{self.published_on}），网址{self.address}"

    @classmethod
    def sample(cls) -> Self:
        """On the bureau's site."""
        address = "https://www.example.gov.cn/1"
        return cls(document_kind="key_evaluation_report", published_on=date(2022, 10, 12), address=address)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureWithheld(Event):
    """A document stays in, for a stated secret."""

    name = "disclosure.withheld"
    title = "不予公开"

    document_kind: str
    reason: str

    def sentence(self, words: Words) -> str:
        """What, and why."""
        return f"{words.document(self.document_kind)}不予公开{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """A state secret."""
        return cls(document_kind="key_evaluation_report", reason="示例：涉密，已经保密审查批准")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationReminded(Event):
    """The `unit` was reminded on the day `on` that a document of the case has to be public by `due_on`."""

    name = "disclosure.reminded"
    title = "提醒公开"

    document_kind: str
    due_on: date
    on: date
    unit: int

    def sentence(self, words: Words) -> str:
        """What, until when, and whether that is over."""
        stands = f"应于{self.due_on}公开，已逾期" if self.on > self.due_on else f"应于{self.due_on}以前公开"
        return f"提醒：{words.document(self.document_kind)}{stands}"

    @classmethod
    def sample(cls) -> Self:
        """Five days before the end."""
        return cls(document_kind="target_project", due_on=date(2021, 2, 9), on=date(2021, 2, 4), unit=1)
