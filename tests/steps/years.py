"""Several cases of one year led on together: nobody is launched, drawn or planned before all have come so far."""

from collections.abc import Sequence

from tests.steps.story import SHORTEST, Story


def all_reach(story: Story, numbers: Sequence[int], place: str) -> None:
    """Everybody does what is normal, case by case."""
    for number in numbers:
        story.office.reach(number, place, **SHORTEST)


def monitored(story: Story, numbers: Sequence[int]) -> None:
    """All of them have been monitored."""
    all_reach(story, numbers, "monitoring")
    story.office.launch("monitoring")
    all_reach(story, numbers, "self_evaluation")


def planned(story: Story, numbers: Sequence[int]) -> None:
    """All of them come to the plan of the year together, and into it."""
    monitored(story, numbers)
    story.office.launch("self_evaluation")
    all_reach(story, numbers, "spot_review")
    story.office.draw(None)
    story.office.plan(*numbers)
