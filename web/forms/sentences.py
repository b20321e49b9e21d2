"""What is said of each place of a form: what 自动审核 found, what reviewers remarked, what the unit explained."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.findings import FormFinding, heaviest_first
from engine.reviews.remarks import Remark
from web.forms import shown
from web.forms.tree import Explain, Problem, Sentences, anchor


def sentences_by_path(
    content: Mapping[str, Any], findings: Sequence[FormFinding], remarks: Sequence[Remark]
) -> Iterator[tuple[str, Sentences]]:
    """What is said of each path there is anything to say of."""
    given = content.get("explanations")
    explained = given if isinstance(given, Mapping) else {}
    problems: dict[str, list[Problem]] = {}
    answered: dict[str, list[Remark]] = {}
    asked = dict.fromkeys(explained)
    for finding in heaviest_first(findings):
        problems.setdefault(finding.field, []).append(problem_of(finding))
        if finding.severity == "explain":
            asked[finding.field] = None
    for remark in remarks:
        answered.setdefault(remark.path, []).append(remark)
        asked[remark.path] = None
    for path in dict.fromkeys([*problems, *answered, *asked]):
        name = f"explanations[{path}]"
        explain = Explain(name, f"{anchor(path)}.explain", shown.typed(explained.get(path))) if path in asked else None
        yield path, Sentences(tuple(problems.get(path, ())), tuple(answered.get(path, ())), explain)


def problem_of(finding: FormFinding) -> Problem:
    """A finding as a sentence beside its cell."""
    return Problem(finding.severity, finding.message, finding.source, finding.status, finding.stops)
