"""Which rule holds here, on this day, and who says so: decision tables of the nation and of each jurisdiction.

`load_policies(bpmn)` reads bpmn/decisions and bpmn/policies (DMN 1.3, one table a file, and pack.toml) and refuses
what is unsound. `policies.of("huaxi").decide("grade", {"score": "90", "object_kind": "project"})` answers with the
outputs, the row that matched, its source and its status, or with `undefined`: 本区未规定, and the caller must say so.
`DECISIONS` lists every decision with its inputs and outputs; how jurisdictions inherit is told in `load`.
"""

from engine.policies.answer import decide_json
from engine.policies.errors import DecisionInputRefused, UnknownDecision, UnknownJurisdiction, UnsoundTables
from engine.policies.laid_down import deadlines_by_row
from engine.policies.load import Policies, check_table_file, load_policies, must_be_sound, read_policies, read_table
from engine.policies.model import NATIONAL, Decision, Policy
from engine.policies.names import listed, named, nearest
from engine.policies.signatures import DECISIONS, Column, Signature
from engine.policies.table import STATUSES, Table, must_be_readable

__all__ = [
    "DECISIONS",
    "NATIONAL",
    "STATUSES",
    "Column",
    "Decision",
    "DecisionInputRefused",
    "Policies",
    "Policy",
    "Signature",
    "Table",
    "UnknownDecision",
    "UnknownJurisdiction",
    "UnsoundTables",
    "check_table_file",
    "deadlines_by_row",
    "decide_json",
    "listed",
    "load_policies",
    "must_be_readable",
    "must_be_sound",
    "named",
    "nearest",
    "read_policies",
    "read_table",
]
