"""What happens to letters and to the problems in them: told, opened, reported, returned, struck off."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

from engine.audit.events.event import Digest, Event, Wan
from engine.audit.events.words import Words, because
from engine.words import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackIssued(Event):
    """A numbered letter tells the unit its result; `items` are the problems it has to put right."""

    name = "feedback.issued"
    title = "发出反馈意见函"

    number: str
    score: Decimal
    grade: str
    items: tuple[str, ...] = ()
    submission: UUID | None = None

    def sentence(self, words: Words) -> str:
        """Its number, the result, and how many problems."""
        items = f"，整改事项{len(self.items)}项" if self.items else "，不要求整改"
        return f"发出反馈意见函{self.number}：得分{self.score}，等级{self.grade}{items}"

    @classmethod
    def sample(cls) -> Self:
        """Two problems."""
        number, items = "示例财绩〔2022〕1号", ("q1", "q2")
        return cls(number=number, score=Decimal("87.75"), grade="良", items=items)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterNumbered(Event):
    """Who signed the letter gave it another number or day than the draft; `submission` is the version that says so."""

    name = "feedback.numbered"
    title = "编定意见函文号"

    number: str
    issued_on: date
    submission: UUID
    digest: Digest

    def sentence(self, words: Words) -> str:
        """Its number and its day."""
        return f"签发时编定文号{self.number}，发函日期{self.issued_on}"

    @classmethod
    def sample(cls) -> Self:
        """A number of the bureau's own register."""
        return cls(
            number="示例财绩〔2022〕8号", issued_on=date(2022, 10, 12), digest="mB3vJ5sY0eQ2kXz8aT1uWg",
            submission=UUID("7f077b58-f63c-4241-9f66-4e61346b00c7"),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRecalled(Event):
    """A letter that was out is taken back to be issued anew."""

    name = "feedback.recalled"
    title = "收回反馈意见函"

    number: str
    reason: str
    submission: UUID | None = None

    def sentence(self, words: Words) -> str:
        """Which letter, and why."""
        return f"收回反馈意见函{self.number}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """The deadline was wrong."""
        return cls(number="示例财绩〔2022〕1号", reason="示例：整改期限写错")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackSigned(Event):
    """The unit signed for the letter."""

    name = "feedback.signed"
    title = "签收反馈意见函"

    def sentence(self, words: Words) -> str:
        """It was received."""
        return "签收反馈意见函"

    @classmethod
    def sample(cls) -> Self:
        """The letter of the case."""
        return cls()


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationOpened(Event):
    """Problems went onto the ledger; `origin` is where they were found."""

    name = "rectification.opened"
    title = "整改立项"

    items: tuple[str, ...]
    origin: str
    due_on: date

    def sentence(self, words: Words) -> str:
        """How many, until when."""
        return f"整改立项{len(self.items)}项，期限{self.due_on}"

    @classmethod
    def sample(cls) -> Self:
        """Two problems of a key evaluation."""
        return cls(items=("q1", "q2"), origin="key_evaluation", due_on=date(2022, 12, 12))


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationReported(Event):
    """The unit says a problem was put right; `measures` and `evidence` where no paper of its own says it."""

    name = "rectification.reported"
    title = "报送整改情况"

    item: str
    measures: str | None = None
    evidence: tuple[str, ...] = ()

    def sentence(self, words: Words) -> str:
        """Which problem."""
        return f"报送整改事项{self.item}的整改情况"

    @classmethod
    def sample(cls) -> Self:
        """A problem found by the audit."""
        return cls(item="另立-1", measures="示例：已建台账", evidence=("示例：台账照片",))


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationReturned(Event):
    """The evidence for a problem was not enough."""

    name = "rectification.returned"
    title = "退回整改"

    item: str
    reason: str | None = None
    due_on: date | None = None

    def sentence(self, words: Words) -> str:
        """Which problem, by when from now on, and why."""
        until = f"，期限{self.due_on}" if self.due_on else ""
        return f"退回整改事项{self.item}{until}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """A photograph nobody can read."""
        return cls(item="q1", reason="示例：佐证看不清")


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationExtended(Event):
    """A problem found outside a letter has a later day."""

    name = "rectification.extended"
    title = "延长整改期限"

    item: str
    before: date
    after: date
    reason: str

    def sentence(self, words: Words) -> str:
        """Which problem, from which day to which, and why."""
        return f"整改事项{self.item}的期限由{self.before}延长至{self.after}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """The audit is not through."""
        before, after = date(2022, 12, 31), date(2023, 3, 31)
        return cls(item="另立-1", before=before, after=after, reason="示例：等审计核实")


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationEscalated(Event):
    """A problem was not put right by its day, or not after that either: the next `office` hears of it."""

    name = "rectification.escalated"
    title = "整改逾期上报"

    item: str
    due_on: date
    office: str

    def sentence(self, words: Words) -> str:
        """Which problem, which day, and who has to see to it."""
        return f"整改事项{self.item}到{self.due_on}没有办结，提请{Role.said(self.office)}督办"

    @classmethod
    def sample(cls) -> Self:
        """A problem found by the audit; the head of the unit hears of it first."""
        return cls(item="另立-1", due_on=date(2022, 12, 31), office=Role.UNIT_HEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationClosed(Event):
    """A problem was struck off the ledger, with the rules improved and the money recovered."""

    name = "rectification.closed"
    title = "整改销号"

    item: str
    rules_improved: int = 0
    recovered_wan: Wan | None = None

    def sentence(self, words: Words) -> str:
        """Which problem, and what it brought."""
        rules = f"，完善制度{self.rules_improved}项" if self.rules_improved else ""
        money = f"，追回{self.payload()['recovered_wan']}万元" if self.recovered_wan is not None else ""
        return f"整改事项{self.item}核验销号{rules}{money}"

    @classmethod
    def sample(cls) -> Self:
        """A rule and some money."""
        return cls(item="q1", rules_improved=1, recovered_wan=Decimal("3.5"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationReplaced(Event):
    """The problems of a letter are set aside with it: it was taken back, or a new one takes its place."""

    name = "rectification.replaced"
    title = "整改事项随原函作废"

    items: tuple[str, ...]

    def sentence(self, words: Words) -> str:
        """How many."""
        return f"原函整改事项{len(self.items)}项随原函作废"

    @classmethod
    def sample(cls) -> Self:
        """Both problems of the first letter."""
        return cls(items=("q1（第1稿）", "q2（第1稿）"))
