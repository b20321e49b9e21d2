"""Papers as pages show them: one to fill in, one to judge, each with what is said of it and where it differs."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.queries.task_card import PaperToFill, PaperToJudge
from engine.queries.versions import Version
from engine.reviews.remarks import Remark
from engine.submissions.forms import FieldChange, MalformedForm, diff, form_of
from web.forms import About, DeletedRow, Tree, tree_of


def to_fill_in(
    paper: PaperToFill,
    content: Mapping[str, Any] | None,
    *,
    differences: bool,
    deleted: Sequence[DeletedRow] = (),
) -> Tree:
    """The form to fill in, with what was found, what was said of the last version, and what differs from it.

    Rows just `deleted` can be brought back. Without `differences` only the rows that are gone are said: what was
    remarked on them has no other place.
    """
    form, shown = form_of(paper.form), paper.content if content is None else content
    changes = _changes(paper.form, paper.before, shown)
    about = About(
        findings=paper.findings if content is None else (),
        remarks=paper.remarks,
        changes=changes if differences else [change for change in changes if change.is_of_a_row_gone],
        former=f"第 {paper.versions[-1].version} 轮" if paper.versions else "",
        carried=paper.carried,
        filler=paper.filler,
        deleted=deleted,
    )
    return tree_of(form, shown, about)


def to_read(paper: PaperToFill) -> Tree:
    """The form as a colleague has it so far: to be read only."""
    return tree_of(
        form_of(paper.form), paper.content, About(findings=paper.findings, remarks=paper.remarks, fixed=True)
    )


def as_paper(paper: PaperToFill) -> Tree:
    """The form as far as it is filled in, with the explanations given and nothing else beside it."""
    answered = [finding for finding in paper.findings if finding.severity == "explain" and not finding.stops]
    return tree_of(form_of(paper.form), paper.content, About(findings=answered, carried=paper.carried, fixed=True))


def to_judge(paper: PaperToJudge) -> Tree:
    """The version to be judged, with what the checks say, and marked where it differs from the one before."""
    earlier = [each for each in paper.versions if each.version < paper.version]
    about = About(
        findings=paper.findings,
        remarks=remarks_of(earlier[-1:]),
        changes=_changes(paper.form, paper.before, paper.content),
        former=f"第 {earlier[-1].version} 稿" if earlier else "",
        fixed=True,
    )
    return tree_of(form_of(paper.form), paper.content, about)


def _changes(form: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Sequence[FieldChange]:
    """What differs; nothing where one of the two cannot be read as the form yet."""
    if before is None:
        return ()
    try:
        return diff(form_of(form), before, after)
    except MalformedForm:
        return ()


def remarks_of(versions: Sequence[Version]) -> list[Remark]:
    """Every remark made on these versions."""
    return [remark for version in versions for said in version.said for remark in said.remarks]
