"""No page, list, search or file shows anybody but finance a letter that is not out: every address is opened."""

from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from sqlalchemy import select

from engine.deadlines.model import Deadline
from engine.submissions import Submission
from engine.tasks import Task
from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands

NUMBER = "示例密函〔2022〕99号"


@pytest.fixture
def case(office: Office) -> int:
    """A case whose letter waits for its signature."""
    case = office.open_case()
    office.reach(case, "feedback.issue_feedback_letter", selected=True)
    office.do(case, "issue_feedback_letter", "for_signature", doc_number=NUMBER)
    return case


@pytest.fixture
def ids(office: Office, case: int) -> Mapping[str, list[object]]:
    """What the addresses of this case take, by the name of the place; everything else takes 1."""
    with office.transactions() as session:
        of_case = Submission.case_id == case, Submission.form.in_(("F09", "F10"))
        papers: list[object] = list(session.scalars(select(Submission.id).where(*of_case)))
        in_feedback = Task.case_id == case, Task.process == "feedback"
        tasks: list[object] = list(session.scalars(select(Task.id).where(*in_feedback)))
        days: list[object] = list(session.scalars(select(Deadline.id).where(Deadline.case_id == case)).all()[:1])
    return {
        "case_id": [case], "submission_id": papers, "task_id": tasks, "deadline_id": days, "year": [2021],
        "budget_year": [2023], "key": ["grade", "feedback"],
    }  # fmt: skip


def addresses(hands: Hands, ids: Mapping[str, list[object]]) -> Iterator[str]:
    """Every address that can be opened, filled with what belongs to the case, and the lists searched for the number."""
    for rule in hands.client.application.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            names = sorted(rule.arguments)
            for values in product(*(ids.get(name, [1]) for name in names)):
                path = rule.rule
                for name, value in zip(names, values, strict=True):
                    path = "/".join(str(value) if part.endswith(f"{name}>") else part for part in path.split("/"))
                yield path
    yield from (f"{list_}?q={NUMBER}" for list_ in ("/cases", "/tasks", "/letters", "/rectifications"))
    yield from (
        f"/cases/{ids['case_id'][0]}?tab={tab}" for tab in ("timeline", "documents", "scores", "deadlines", "diagram")
    )
    yield from (f"/submissions/{paper}/comparison?with=1" for paper in ids["submission_id"])


def showing(hands: Hands, ids: Mapping[str, list[object]], draft: str) -> list[str]:
    """The addresses whose answer has the number or leads to the draft; what was only searched for does not count."""
    found = []
    for path in addresses(hands, ids):
        answer = hands.client.get(path)
        text = answer.get_data().decode("utf-8", "replace").replace(f'value="{NUMBER}"', "")
        if answer.status_code == 200 and (NUMBER in text.replace(f"关键字：{NUMBER}", "") or draft in text):
            found.append(path)
    return found


def test_no_address_shows_it_to_a_unit_or_a_department_and_the_same_walk_shows_it_to_finance(
    office: Office, hands_of: SitsDown, case: int, ids: Mapping[str, list[object]]
) -> None:
    draft = str(office.versions(case, "F10")[-1].id)
    bureau = office.bureau

    shown = {who.name: showing(hands_of(who), ids, draft) for who in (bureau.head, bureau.department)}
    to_finance = showing(hands_of(bureau.office), ids, draft)

    assert shown == dict.fromkeys(shown, [])
    assert f"/submissions/{draft}" in to_finance
    assert f"/cases/{case}?tab=documents" in to_finance
