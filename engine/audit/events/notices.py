"""What happens to the groups notices go to."""

from dataclasses import dataclass
from typing import Self

from engine.audit.events.event import Event
from engine.audit.events.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageGroupAdded(Event):
    """From now on a robot tells a group what people of a `unit`, or one `person`, are told; its address is secret."""

    name = "message_group.added"
    title = "登记群机器人"

    group: int
    group_name: str
    robot: str
    unit: int | None = None
    person: int | None = None

    def sentence(self, words: Words) -> str:
        """Which group, and whose notices."""
        whose = words.person(self.person) if self.person is not None else "单位"
        return f"登记群机器人“{self.group_name}”，{whose}的通知发到那里"

    @classmethod
    def sample(cls) -> Self:
        """The group of a unit."""
        return cls(group=1, group_name="示例单位绩效群", robot="wecom", unit=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageGroupEnded(Event):
    """Nothing is told there any more."""

    name = "message_group.ended"
    title = "停用群机器人"

    group: int
    group_name: str

    def sentence(self, words: Words) -> str:
        """Which group."""
        return f"停用群机器人“{self.group_name}”"

    @classmethod
    def sample(cls) -> Self:
        """The same group."""
        return cls(group=1, group_name="示例单位绩效群")
