"""What a form is checked against: the jurisdiction's tables, the frozen forms before it, and who is filling it in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from engine.policies.ex_ante_dimensions import DimensionSet, Suggestion
from engine.policies.form_figures import FormFigures
from engine.policies.form_templates import MethodChoice, Tree
from engine.submissions.forms.findings import Answer
from engine.words import EffectKind, Occasion, RowStatus, TimeProgress

Ask = Callable[[str, Mapping[str, Any]], Answer]
Stored = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One effect proposed for a budget, as F12 settles it: `name` is how its rows name it (e1, e2 … of the case).

    `rate` is a fraction, amounts are 万元, `source` and `status` are the rule's, `effect_id` is its number among all.
    """

    name: str
    effect: EffectKind
    budget_year: int
    source: str
    status: RowStatus
    note: str | None = None
    rate: Decimal | None = None
    base_wan: Decimal | None = None
    cut_wan: Decimal | None = None
    effect_id: int | None = None
    occasion: Occasion | None = None


@dataclass(frozen=True, slots=True)
class FormContext:
    """The case as a form sees it. What is None or empty is not known and not checked.

    - `decide(decision, inputs)` answers out of the jurisdiction's tables (as `Policy.decide` does); forms use `ask`.
    - `target` is the frozen content of F02 (F04 for a whole department), `target_version` its number;
      `self_evaluation` that of F06 or F07; `evaluation` that of the form the result stands on (F09, else F08, else
      F06 or F07; without one F12 cannot be handed in); `letter` that of F10. All plain JSON.
    - `item` names the one ledger row a rectification report is about; None: the report covers the whole letter, and
      `own_reports` are those on its single rows (row id → content of F11), where there are any.
    - `project_category` is the one the case was opened with.
    - `amount_wan` is the amount now in the budget line; `amount_before_wan` the one before an adjustment (HX-06).
    - `rounds_done` are the review rounds passed, in order (GZ-11).
    - `public_expense_quota_wan` is the 在职人员公用经费综合定额 of a department, the base of a cut by score (CH-21).
    - `proposals` are the effects proposed for the case, in their order, whatever became of them (F12).
    - `unit_advisers` are the agencies that advised the unit this year (W3).
    - `rules_of` is the day the pack of the case was last revised.
    - `form_templates`, `scoring`, `ex_ante_dimensions`, `ex_ante_suggestion` and `figures` are the jurisdiction's own,
      from the pack of the case.
    - `time_progress_method`: how 序时进度 is told; None where the jurisdiction says nothing.
    """

    jurisdiction: str
    fiscal_year: int
    object_kind: str
    decide: Ask
    target: Stored | None = None
    target_version: int | None = None
    self_evaluation: Stored | None = None
    evaluation: Stored | None = None
    letter: Stored | None = None
    item: str | None = None
    own_reports: Mapping[str, Stored] = field(default_factory=dict)
    object_name: str = ""
    object_code: str = ""
    unit_name: str = ""
    department_name: str = ""
    amount_wan: Decimal | None = None
    amount_before_wan: Decimal | None = None
    budget_adjusted: bool = False
    project_category: str | None = None
    submitter: str = ""
    today: date | None = None
    time_progress_method: TimeProgress | None = TimeProgress.MONTH
    rounds_done: tuple[str, ...] = ()
    public_expense_quota_wan: Decimal | None = None
    proposals: tuple[Proposal, ...] = ()
    unit_advisers: frozenset[str] = frozenset()
    rules_of: date | None = None
    form_templates: tuple[Tree, ...] = ()
    scoring: tuple[MethodChoice, ...] = ()
    ex_ante_dimensions: tuple[DimensionSet, ...] = ()
    ex_ante_suggestion: Suggestion | None = None
    figures: FormFigures = FormFigures()

    def ask(self, decision: str, **inputs: Any) -> Answer:
        """The jurisdiction's answer; an input that is not known is left out, and no row asking for it then holds."""
        return self.decide(decision, {name: value for name, value in inputs.items() if value is not None})

    def matters(self, decision: str, inputs: Mapping[str, Any], name: str, values: tuple[str, ...]) -> bool:
        """Whether the jurisdiction's answer depends on this input, so that it must be filled in."""
        answers = [self.ask(decision, **{**inputs, name: value}) for value in values]
        return len({(answer.undefined, str(sorted(answer.outputs.items()))) for answer in answers}) > 1
