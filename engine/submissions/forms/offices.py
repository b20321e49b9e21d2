"""Whose a cell is: of whoever fills in the form, or of an office that says it elsewhere."""

from collections.abc import Mapping, Sequence
from copy import deepcopy

from engine.findings import FormFinding
from engine.submissions.forms.form import Data, Form
from engine.submissions.forms.layout import is_left_to_others, layout
from engine.submissions.forms.paths import put
from engine.words import UnitKind


def without_stops_of_others(
    form: Form, content: Mapping[str, object], findings: Sequence[FormFinding], filler: UnitKind | None
) -> Data | None:
    """The content without what stops it in cells of others, as the filler cannot set it right; None: nothing does."""
    group = layout(form.schema)
    at_cells = ((finding.field, group.cell_at(finding.field)) for finding in findings if finding.stops)
    paths = [path for path, cell in at_cells if cell and is_left_to_others(cell.field.metadata["office"], filler)]
    if not paths:
        return None
    left = deepcopy(dict(content))
    for path in paths:
        put(left, path, None)
    return left
