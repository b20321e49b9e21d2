"""征求意见: what the evaluated unit said to each place of a report, and whether it was taken up, with the word why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.queries.versions import paper_read
from engine.reviews.remarks import Remark, explanation_of
from engine.submissions.forms import form_of
from engine.words import OutcomeWord, RemarkState
from web.forms import About, places_in, tree_of
from web.visits import Visit


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing the unit said: about which place of which version, and what the report says to it since."""

    by: str
    at: datetime
    version: int
    place: str
    text: str
    state: RemarkState
    why: str | None


def heard_on(visit: Visit, submission_id: UUID) -> tuple[Heard, ...]:
    """What was said on any version of the paper by who is heard on it, the earliest first."""
    paper = paper_read(visit.session, visit.actor, submission_id)
    said = [
        (version, one)
        for version in paper.versions
        for one in version.said
        if one.outcome == OutcomeWord.RECORDED and one.remarks
    ]
    if not said:
        return ()
    read = {version.submission_id: paper_read(visit.session, visit.actor, version.submission_id) for version, _ in said}
    return tuple(
        Heard(
            one.by, one.at, version.version, _place(paper.version.form, read[version.submission_id].content, remark),
            remark.text, remark.state, explanation_of(paper.content, remark.path) or None,
        )
        for version, one in said
        for remark in one.remarks
    )  # fmt: skip


def _place(form: str, content: Mapping[str, Any], remark: Remark) -> str:
    """What the place is called in the version that was commented on."""
    if not remark.path:
        return "整份报告"
    return dict(places_in(tree_of(form_of(form), content, About(fixed=True)))).get(remark.path, "表中一处")
