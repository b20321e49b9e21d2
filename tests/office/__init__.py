"""A small bureau at work: brings a case to where a test begins, and lets the right person take the next step.

    office = Office.opened(database, "conghua")
    case = office.open_case(amount_wan="200")
    office.reach(case, "target_filing.check_target")                     # everybody does what is normal until then
    office.do(case, "check_target", "returned", reason="指标值缺少依据")     # the right person of that office
    assert office.open_steps(case) == ["target_filing.revise_target"]

Everything goes through commands, each step in a transaction of its own, on a clock that stands where it is put; nothing
is written behind the commands' back. What is not an answer the step asks for (`ex_ante_conclusion="reject"`) is a wish
for the paper it fills (`executed_wan="90"`, see `papers`).
"""

from tests.office.desk import LATE, REASONS, Desk
from tests.office.office import FISCAL_YEAR, Office, bureau_of

__all__ = ["FISCAL_YEAR", "LATE", "REASONS", "Desk", "Office", "bureau_of"]
