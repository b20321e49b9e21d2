"""What happens to people and authority: units, persons, their offices, and who stands in for whom."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from engine.audit.events.event import Event
from engine.audit.events.words import Words, because


@dataclass(frozen=True, slots=True, kw_only=True)
class Substituted(Event):
    """`substitute` may act for `absent` (persons) on these days, both included; an empty `scope` means everywhere.

    `scope` holds roles, as the directory writes them.
    """

    name = "directory.substituted"
    title = "委托代理"

    absent: int
    substitute: int
    from_on: date
    until_on: date
    scope: tuple[str, ...] = ()

    def sentence(self, words: Words) -> str:
        """Who for whom, when, and for what."""
        scope = f"，限{'、'.join(map(words.office, self.scope))}事项" if self.scope else ""
        days = f"{self.from_on}至{self.until_on}"
        return f"{days}由{words.person(self.substitute)}代理{words.person(self.absent)}{scope}"

    @classmethod
    def sample(cls) -> Self:
        """A week's leave."""
        from_on, until_on = date(2022, 10, 12), date(2022, 10, 19)
        return cls(absent=6, substitute=7, from_on=from_on, until_on=until_on, scope=("performance_office",))


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutionBegan(Event):
    """The first day of a substitution that was made before it has come."""

    name = "directory.substitution_began"
    title = "代理生效"

    absent: int
    substitute: int
    from_on: date
    until_on: date

    def sentence(self, words: Words) -> str:
        """Who for whom, until when."""
        days = f"{self.from_on}至{self.until_on}"
        return f"{words.person(self.substitute)}对{words.person(self.absent)}的代理生效（{days}）"

    @classmethod
    def sample(cls) -> Self:
        """A week's leave begins."""
        return cls(absent=6, substitute=7, from_on=date(2022, 10, 12), until_on=date(2022, 10, 19))


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutionRevoked(Event):
    """A substitution ends before its last day; the days are those it was made for."""

    name = "directory.substitution_revoked"
    title = "撤销代理"

    absent: int
    substitute: int
    from_on: date
    until_on: date
    scope: tuple[str, ...] = ()
    reason: str | None = None

    def sentence(self, words: Words) -> str:
        """Who no longer for whom."""
        return f"撤销{words.person(self.substitute)}对{words.person(self.absent)}的代理{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """Back early."""
        return cls(absent=6, substitute=7, from_on=date(2022, 10, 12), until_on=date(2022, 10, 19))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitAdded(Event):
    """A unit of that kind is known from now on, under a department where it has one."""

    name = "directory.unit_added"
    title = "登记单位"

    unit: int
    unit_name: str
    kind: str
    department: int | None = None

    def sentence(self, words: Words) -> str:
        """Which unit."""
        return f"登记单位“{self.unit_name}”"

    @classmethod
    def sample(cls) -> Self:
        """A school under its department."""
        return cls(unit=12, unit_name="示例单位甲", kind="unit", department=11)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAdded(Event):
    """Somebody is known from now on under this login; they hold no office yet."""

    name = "directory.person_added"
    title = "登记人员"

    person: int
    login: str

    def sentence(self, words: Words) -> str:
        """Who, under which login."""
        return f"登记人员{words.person(self.person)}（账号{self.login}）"

    @classmethod
    def sample(cls) -> Self:
        """A new clerk."""
        return cls(person=9, login="li.jingban")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonStopped(Event):
    """Somebody does not come in any more; `given_back` tasks they held lie in the pools again, others with colleagues.

    How many went to colleagues says `handed_over`; each case names whom.
    """

    name = "directory.person_stopped"
    title = "停用人员"

    person: int
    given_back: int
    reason: str | None = None
    handed_over: int = 0

    def sentence(self, words: Words) -> str:
        """Who, why, and what became of their work."""
        over = f"，{self.handed_over}件在办任务转给同岗位的同事" if self.handed_over else ""
        return f"停用{words.person(self.person)}{because(self.reason)}{over}{_back(self.given_back)}"

    @classmethod
    def sample(cls) -> Self:
        """Moved to another bureau."""
        return cls(person=9, given_back=6, reason="示例：调离")


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointed(Event):
    """A person holds an office of a unit from now on."""

    name = "directory.appointed"
    title = "授予岗位"

    person: int
    unit: int
    unit_name: str
    office: str

    def sentence(self, words: Words) -> str:
        """Who, which office, where."""
        return f"授予{words.person(self.person)}{self.unit_name}的{words.office(self.office)}岗位"

    @classmethod
    def sample(cls) -> Self:
        """A clerk begins."""
        return cls(person=9, unit=12, unit_name="示例单位甲", office="unit_clerk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissed(Event):
    """A person does not hold an office of a unit any more; `given_back` tasks they held there lie in the pool again."""

    name = "directory.dismissed"
    title = "免去岗位"

    person: int
    unit: int
    unit_name: str
    office: str
    given_back: int
    reason: str | None = None

    def sentence(self, words: Words) -> str:
        """Who, which office, where, why, and what became of the work."""
        what = f"免去{words.person(self.person)}{self.unit_name}的{words.office(self.office)}岗位"
        return f"{what}{because(self.reason)}{_back(self.given_back)}"

    @classmethod
    def sample(cls) -> Self:
        """A clerk leaves with work open."""
        return cls(person=9, unit=12, unit_name="示例单位甲", office="unit_clerk", given_back=2, reason="示例：轮岗")


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryImported(Event):
    """A file was written into the directory: its name and SHA-256, what came out of it, how many offices it proposes.

    `left_out` are rows that were not written. Each unit and person has an event of its own besides.
    """

    name = "directory.imported"
    title = "导入单位和人员"

    file: int
    file_name: str
    digest: str
    units: int
    people: int
    offices: int = 0
    left_out: int = 0

    def sentence(self, words: Words) -> str:
        """Which file, and what came out of it."""
        waits = f"，{self.offices}个岗位待安全管理员授予" if self.offices else ""
        left = f"，{self.left_out}行未写入" if self.left_out else ""
        return f"从“{self.file_name}”登记{self.units}个单位、{self.people}人{waits}{left}"

    @classmethod
    def sample(cls) -> Self:
        """A department with its units."""
        return cls(file=1, file_name="示例名册.xlsx", digest="0" * 64, units=6, people=18, offices=18)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedOfficesSettled(Event):
    """The offices a file proposes were given, `granted` of them, each with an event of its own; or none.

    With 0 and a `reason` they were refused; with 0 and none, everybody held his by then.
    """

    name = "directory.listed_offices_settled"
    title = "办理名册中的岗位"

    file: int
    file_name: str
    granted: int
    reason: str | None = None

    def sentence(self, words: Words) -> str:
        """Which file, how many, or why none."""
        none = "不授予其中的岗位" if self.reason else "其中的岗位都已授予过"
        done = f"授予{self.granted}个岗位" if self.granted else none
        return f"“{self.file_name}”：{done}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """All of them."""
        return cls(file=1, file_name="示例名册.xlsx", granted=18)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorRequired(Event):
    """Whether administrators and those who sign must have a second factor from now on."""

    name = "directory.second_factor_required"
    title = "动态口令要求"

    wanted: bool
    reason: str

    def sentence(self, words: Words) -> str:
        """What is asked for, and why."""
        return f"{'要求' if self.wanted else '不再要求'}管理员和签发人启用动态口令{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """As the assessment asks."""
        return cls(wanted=True, reason="示例：等保测评要求")


def _back(tasks: int) -> str:
    return f"，{tasks}件在办任务放回待签收" if tasks else ""
