"""What is to be said of it: how long nobody could write, and whether everything acknowledged is there."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tools.chaos.checker import Findings

MOST_SECONDS = 60
"""So long nobody may be able to write, or to open a page."""


TOLD_TO_WAIT = "503"
"""What a browser gets with the sentence that the database is away."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A step a writer was told is done: when, of which object, and the ids of what happened."""

    at: float
    code: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database holds in the end: the ids of all that happened, and the object of every case."""

    events: Collection[str]
    codes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Lull:
    """How long nothing went, around a moment: `seconds` None when it never went on."""

    before: int
    after: int
    seconds: float | None

    @property
    def short_enough(self) -> bool:
        return self.before > 0 and self.seconds is not None and self.seconds <= MOST_SECONDS


def lull_of(times: Sequence[float], killed_at: float, settled: float = 1.0) -> Lull:
    """How long after the kill something went again; what comes within `settled` seconds was still under way."""
    before = [at for at in times if at <= killed_at + settled]
    after = [at for at in times if at > killed_at + settled]
    return Lull(len(before), len(after), min(after) - killed_at if after else None)


def faults_of(acknowledged: Sequence[Acknowledged], kept: Kept) -> Iterator[str]:
    """What was acknowledged and is not there, and what is there twice."""
    there = set(kept.events)
    lost = [step for step in acknowledged if not there.issuperset(step.events)]
    if lost:
        yield f"{len(lost)} 步告诉办理人办成了，库里却没有，例如“{lost[0].code}”。"
    gone = {step.code for step in acknowledged} - set(kept.codes)
    if gone:
        yield f"{len(gone)} 份办成了的案卷不在库里。"
    doubled = [code for code, times in Counter(kept.codes).items() if times > 1]
    if doubled:
        yield f"{len(doubled)} 份案卷建了两次，例如“{doubled[0]}”。"


@dataclass(frozen=True, slots=True)
class Verdict:
    """All of it: steps, pages and what came `instead` of one meanwhile, what the checker of `make chaos` found, and how
    long until there were two servers again."""

    acknowledged: int
    steps: Lull
    pages: Lull
    instead: tuple[str, ...]
    faults: tuple[str, ...]
    found: Findings
    two_again_seconds: float | None

    @property
    def sound(self) -> bool:
        nothing_wrong = not (self.faults or self.found.faults or self.found.lost or self.found.doubled)
        nothing_wrong = nothing_wrong and set(self.instead) <= {TOLD_TO_WAIT}
        return nothing_wrong and self.steps.short_enough and self.pages.short_enough and bool(self.two_again_seconds)

    def words(self) -> str:
        """The report."""
        found, steps = self.found, self.steps
        counted = f"告诉办理人办成的 {self.acknowledged} 步（此前 {steps.before}，此后 {steps.after}）"
        fired = f"案卷 {found.cases} 份，到期触发 {found.fired} 个：丢失 {found.lost} 个，重复 {found.doubled} 个"
        again = self.two_again_seconds
        lines = [
            f"主库连同看管它的进程被 kill -9：{_after(steps, '又有一步办成')}，{_after(self.pages, '网页又能打开')}。",
            f"{counted}{'与库里的对不上' if self.faults else '都在库里，没有一步办成两次'}。",
            f"其间网页的答复：{'、'.join(self.instead) or '没有'}（{TOLD_TO_WAIT} 是“数据库暂时连不上”那一页）。",
            f"{fired}；核对审计记录 {found.entries} 条。",
            "旧主库没有重新加入。" if again is None else f"旧主库重新启动 {again:.0f} 秒后自己成为同步的备库。",
            *(f"✕ {fault}" for fault in (*self.faults, *found.faults)),
            f"✓ 办成的一步没丢，{MOST_SECONDS} 秒以内自己接着办。" if self.sound else "✕ 有不符合的，见上。",
        ]
        return "\n".join(lines)


def _after(lull: Lull, what: str) -> str:
    return f"再没有{what.removeprefix('又')}" if lull.seconds is None else f"{lull.seconds:.1f} 秒后{what}"
