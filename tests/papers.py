"""Papers as units really filled them in, and the way a paper goes: checked, explained, handed in, scored.

`tests/sample_forms/papers` holds each as it was found, names and words being 示例; `source` says where.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from engine.findings import FormFinding
from engine.policies import Policies, load_policies
from engine.scoring import ScoreSheet, method_set_for
from engine.submissions.forms import FORMS, FormContext, TakenIn, check, prefill, settle, take_in
from engine.submissions.forms.scored import scored

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(__file__).parent / "sample_forms" / "papers"
SENTENCE = "示例：按实际情况填报"


@cache
def policies() -> Policies:
    """The decision tables as they are shipped."""
    return load_policies(ROOT / "bpmn")


@dataclass(frozen=True)
class Paper:
    """A filled form and the case it was filled in for."""

    code: str
    content: dict[str, Any]
    context: FormContext = field(repr=False)

    @property
    def findings(self) -> list[FormFinding]:
        """All that is found in it as it stands."""
        return check(FORMS[self.code], self.content, self.context)

    @property
    def stops(self) -> list[str]:
        """What keeps it from being handed in."""
        return [finding.message for finding in self.findings if finding.stops]

    def at(self, field: str) -> list[str]:
        """What is said at one cell."""
        return [finding.message for finding in self.findings if finding.field == field]

    def explained(self) -> "Paper":
        """The same with a sentence wherever one is asked for."""
        asked = {finding.field for finding in self.findings if finding.severity == "explain"}
        given = dict.fromkeys(asked, SENTENCE) | self.content.get("explanations", {})
        return replace(self, content=self.content | {"explanations": given})

    def handed_in(self) -> TakenIn:
        """The paper as it is kept; nothing may stop it."""
        assert self.stops == []
        return take_in(FORMS[self.code], self.content, self.context)

    def score(self) -> ScoreSheet:
        """What the register makes of the paper once it is kept."""
        chosen = method_set_for(self.context.jurisdiction, self.context.fiscal_year)
        return scored(self.handed_in().content, chosen.id)

    def one_total(self) -> str:
        """The total, which the paper and the register agree on."""
        total = self.score().total
        assert self.handed_in().content["total_score"] == str(total)
        return str(total)


def paper(name: str, **changes: Any) -> Paper:
    """A paper under the tables of its jurisdiction."""
    about = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    context = FormContext(
        jurisdiction=about["jurisdiction"],
        fiscal_year=about["fiscal_year"],
        object_kind=about["object_kind"],
        decide=policies().of(about["jurisdiction"]).decide,
        amount_wan=Decimal(about["amount_wan"]),
    )
    return Paper(about["form"], about["content"], replace(context, **changes))


ANSWERING = {"F02": "F06", "F04": "F07"}


def answered(target: Paper, actuals: Mapping[str, Mapping[str, Any]], **cells: Any) -> Paper:
    """The self-evaluation of a frozen target: its rows as they are handed out, answered with these cells by row."""
    frozen = settle(FORMS[target.code], target.content, target.context)
    names = {
        "object_name": frozen.get("project_name", frozen.get("department_name")),
        "department_name": frozen.get("department"),
        "unit_name": frozen.get("implementing_unit"),
    }
    context = replace(target.context, target=frozen, target_version=1, **names)
    code = ANSWERING[target.code]
    blank = prefill(FORMS[code], context)
    rows = [row | actuals[row["id"]] for row in blank["indicators"]]
    content = blank | {"indicators": rows, "actual_goal": "示例：已完成"} | cells
    return Paper(code, content | {"funds": blank["funds"] | cells.get("funds", {})}, context)
