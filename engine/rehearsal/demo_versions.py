"""示例: the diagrams the cases of the demo began on, so that there is something to move to today's.

They differ in one step: the target was countersigned where today the budget is approved with it.
"""

from engine.policies import DECISIONS
from engine.process import Diagrams
from engine.process.lint.words import OPERATIONS
from engine.stages import Library

FILE = "target_filing.bpmn"
TODAY_STEP, FORMER_STEP = "approve_budget", "countersign_budget"
TODAY_NAME, FORMER_NAME = "随预算批复目标", "会签预算和目标"


def former(library: Library) -> Library:
    """The same library with the target diagram as it was: who stands at the step that has gone cannot be moved."""
    drawn = library.diagrams.files[FILE].decode()
    for today, then in (
        (f'"{TODAY_STEP}"', f'"{FORMER_STEP}"'),
        (f">{TODAY_STEP}<", f">{FORMER_STEP}<"),
        (f'name="{TODAY_NAME}"', f'name="{FORMER_NAME}"'),
    ):
        drawn = drawn.replace(today, then)
    files = {**library.diagrams.files, FILE: drawn.encode()}
    return Library(Diagrams.parse(files, decisions=DECISIONS, operations=OPERATIONS), library.policies)
