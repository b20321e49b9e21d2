"""What becomes known of the object of a case: its facts corrected."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from engine.audit.events.event import Event
from engine.audit.events.words import Words, because
from engine.words import Mark, ObjectFact, ProjectCategory, ProjectNature, SpendingFrequency, Worded

_WORDS: Mapping[str, type[Worded]] = {
    ObjectFact.PROJECT_NATURE: ProjectNature,
    ObjectFact.SPENDING_FREQUENCY: SpendingFrequency,
    ObjectFact.PROJECT_CATEGORY: ProjectCategory,
    ObjectFact.MARKS: Mark,
}
_NOT_ON_RECORD = "没有登记"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsCorrected(Event):
    """Facts of the object stand otherwise from now on; what is not on record is left out of `before` or `after`.

    `rulings` tells of every table that answers otherwise what it answered, what it answers, and whether that counts.
    """

    name = "facts.corrected"
    title = "更正资料"

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str
    rulings: tuple[str, ...] = ()

    def sentence(self, words: Words) -> str:
        """Each fact from what to what, why, and which answers change with it."""
        names = list(dict.fromkeys((*self.before, *self.after)))
        changes = (f"{ObjectFact.said(name)} {self._said(name)}" for name in names)
        rulings = f"；{'；'.join(self.rulings)}" if self.rulings else ""
        return f"更正资料：{'，'.join(changes)}{because(self.reason)}{rulings}"

    def _said(self, name: str) -> str:
        return f"{_in_words(name, self.before.get(name))}→{_in_words(name, self.after.get(name))}"

    @classmethod
    def sample(cls) -> Self:
        """A project taken for a continuing one is new."""
        rulings = ("是否须入库评审：否→是（以后按更正后的判定）",)
        before, after = {"project_nature": "continuing"}, {"project_nature": "new"}
        return cls(before=before, after=after, reason="示例：立项批复为新增项目", rulings=rulings)


def _in_words(name: str, value: Any) -> str:
    if value is None or value == []:
        return _NOT_ON_RECORD
    words = _WORDS.get(name)
    each = value if isinstance(value, list | tuple) else [value]
    return "、".join(words.said(word) if words else str(word) for word in each)
