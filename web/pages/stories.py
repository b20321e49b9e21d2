"""经过 as it is shown: each act with what followed from it folded below, or only the lines of one kind."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.queries.case_timeline import Happening
from engine.words import LineKind


@dataclass(slots=True)
class Act:
    """One line, with what followed in the same moment."""

    line: Happening
    after: list[Happening] = field(default_factory=list)


def story(lines: Sequence[Happening], kind: LineKind | None) -> list[Act]:
    """The latest first: all with what followed folded, or those of one kind by themselves."""
    if kind is not None:
        return [Act(line) for line in reversed(lines) if line.kind == kind]
    acts: list[Act] = []
    for line in lines:
        if line.follows and acts and acts[-1].line.at == line.at:
            acts[-1].after.append(line)
        else:
            acts.append(Act(line))
    return acts[::-1]
