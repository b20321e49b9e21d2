"""Everything that can be done, a verb a file.

- a case: `start_case`, `suspend`, `resume`, `cancel`, `correct_request`, `correct_facts`, `adjust_budget`,
  `correct_state`, `migrate_case`, `migrate_cases`, `undo_migration`
- a task: `claim`, `save_draft`, `attach`, `transfer`, `request_takeover`, `decline_takeover`, `complete_task`
  (`complete_guarded`: with an incident on failure), `remind`
- what is spent: `report_execution`; a whole file: `bring_execution_file`, `import_execution`
- a submission: `submit`, `approve_submission`, `return_submission`, `withdraw`, `copy_paper`, `read_copy`
- steps with rows of their own: `assign_agency`, `engage_agency`, `name_adviser`, `accept_evaluation`,
  `issue_feedback`, `sign_letter`,
  `publish`, `record_deliberation` (`_of_case`, `_of_year`), `close_rectification`; beside the steps:
  `record_publication`
- a letter that went out wrongly: `recall_letter`; a verdict before it: `reopen_verdict`
- problems found outside a letter: `open_rectification`, `report_rectification`, `settle_rectification`,
  `extend_rectification`
- a year: `launch_stage`, `continue_launch`, `carry_on_launch`, `carry_on_year_act`, `draw_sample`, `skip_draw`,
  `plan_evaluation`, `finish_selection`
- a draw by two people: `open_sampling`, `give_seed`, `draw_sampling`, `void_sampling`
- time: `fire_deadline` (`fire_guarded`), `fire_due`, `check_days`, `remind_publications`,
  `extend_deadline`, `extend_all`, `request_extension`, `answer_extension`, `request_late_filing`, `answer_late_filing`
- an operator: `retry_incident`, `scan_attachment`, `stand_in`; clearing: `forget_keys`,
  `forget_sessions`, `clear_files`
- working days: `draft_calendar`, `confirm_calendar`
- people: `add_unit`, `add_person`, `stop_person`, `begin_administration`; a whole list: `bring_directory_file`,
  `import_directory`
- offices: `appoint`, `settle_listed_offices`, `dismiss`, `name_substitute`, `begin_substitutions`,
  `revoke_substitute`; how they come in: `require_second_factor`
- the indicator library: `add_indicator`, `change_indicator`, `retire_indicator`, `restore_indicator`,
  `bring_library_file`, `import_indicators`; lists of one's own: `save_view`, `delete_view`,
  `follow_case`, `unfollow_case`, `read_notices`, `wish_for_mail`,
  `try_mail`, `subscribe_calendar` (`tell_calendar`: a phone asks)
- groups notices go to: `add_message_group`, `end_message_group`, `try_message_group`

No command knows another; what they share is in `engine.moves`. None commits, none asks the time.
"""

from engine.commands.accept_evaluation import accept_evaluation
from engine.commands.add_indicator import add_indicator
from engine.commands.add_message_group import add_message_group
from engine.commands.add_person import add_person
from engine.commands.add_unit import add_unit
from engine.commands.adjust_budget import adjust_budget
from engine.commands.answer_extension import answer_extension
from engine.commands.answer_late_filing import answer_late_filing
from engine.commands.appoint import appoint
from engine.commands.approve_submission import approve_submission
from engine.commands.assign_agency import assign_agency
from engine.commands.attach import attach
from engine.commands.begin_administration import begin_administration
from engine.commands.begin_substitutions import begin_substitutions
from engine.commands.bring_directory_file import bring_directory_file
from engine.commands.bring_execution_file import bring_execution_file
from engine.commands.bring_library_file import bring_library_file
from engine.commands.cancel import cancel
from engine.commands.carry_on_launch import carry_on_launch
from engine.commands.carry_on_year_act import carry_on_year_act
from engine.commands.change_indicator import change_indicator
from engine.commands.check_days import check_days
from engine.commands.claim import claim
from engine.commands.clear_files import clear_files
from engine.commands.close_rectification import close_rectification
from engine.commands.complete_guarded import complete_guarded
from engine.commands.complete_task import complete_task
from engine.commands.confirm_calendar import confirm_calendar
from engine.commands.continue_launch import continue_launch
from engine.commands.copy_paper import copy_paper
from engine.commands.correct_facts import correct_facts
from engine.commands.correct_request import correct_request
from engine.commands.correct_state import correct_state
from engine.commands.decline_takeover import decline_takeover
from engine.commands.delete_view import delete_view
from engine.commands.dismiss import dismiss
from engine.commands.draft_calendar import draft_calendar
from engine.commands.draw_sample import draw_sample
from engine.commands.draw_sampling import draw_sampling
from engine.commands.end_message_group import end_message_group
from engine.commands.engage_agency import engage_agency
from engine.commands.extend_all import extend_all
from engine.commands.extend_deadline import extend_deadline
from engine.commands.extend_rectification import extend_rectification
from engine.commands.finish_selection import finish_selection
from engine.commands.fire_deadline import fire_deadline
from engine.commands.fire_due import fire_due
from engine.commands.fire_guarded import fire_guarded
from engine.commands.follow_case import follow_case
from engine.commands.forget_keys import forget_keys
from engine.commands.forget_sessions import forget_sessions
from engine.commands.give_seed import give_seed
from engine.commands.import_directory import import_directory
from engine.commands.import_execution import import_execution
from engine.commands.import_indicators import import_indicators
from engine.commands.issue_feedback import issue_feedback
from engine.commands.launch_stage import launch_stage
from engine.commands.migrate_case import migrate_case
from engine.commands.migrate_cases import migrate_cases
from engine.commands.name_adviser import name_adviser
from engine.commands.name_substitute import name_substitute
from engine.commands.open_rectification import open_rectification
from engine.commands.open_sampling import open_sampling
from engine.commands.plan_evaluation import plan_evaluation
from engine.commands.publish import publish
from engine.commands.read_copy import read_copy
from engine.commands.read_notices import read_notices
from engine.commands.recall_letter import recall_letter
from engine.commands.record_deliberation import record_deliberation
from engine.commands.record_deliberation_of_case import record_deliberation_of_case
from engine.commands.record_deliberation_of_year import record_deliberation_of_year
from engine.commands.record_publication import record_publication
from engine.commands.remind import remind
from engine.commands.remind_publications import remind_publications
from engine.commands.reopen_verdict import reopen_verdict
from engine.commands.report_execution import report_execution
from engine.commands.report_rectification import report_rectification
from engine.commands.request_extension import request_extension
from engine.commands.request_late_filing import request_late_filing
from engine.commands.request_takeover import request_takeover
from engine.commands.require_second_factor import require_second_factor
from engine.commands.restore_indicator import restore_indicator
from engine.commands.resume import resume
from engine.commands.retire_indicator import retire_indicator
from engine.commands.retry_incident import retry_incident
from engine.commands.return_submission import return_submission
from engine.commands.revoke_substitute import revoke_substitute
from engine.commands.save_draft import save_draft
from engine.commands.save_view import save_view
from engine.commands.scan_attachment import scan_attachment
from engine.commands.settle_listed_offices import settle_listed_offices
from engine.commands.settle_rectification import settle_rectification
from engine.commands.sign_letter import sign_letter
from engine.commands.skip_draw import skip_draw
from engine.commands.stand_in import stand_in
from engine.commands.start_case import start_case
from engine.commands.stop_person import stop_person
from engine.commands.submit import submit
from engine.commands.subscribe_calendar import subscribe_calendar
from engine.commands.suspend import suspend
from engine.commands.tell_calendar import tell_calendar
from engine.commands.transfer import transfer
from engine.commands.try_mail import try_mail
from engine.commands.try_message_group import try_message_group
from engine.commands.undo_migration import undo_migration
from engine.commands.unfollow_case import unfollow_case
from engine.commands.void_sampling import void_sampling
from engine.commands.wish_for_mail import wish_for_mail
from engine.commands.withdraw import withdraw

__all__ = [
    "accept_evaluation",
    "add_indicator",
    "add_message_group",
    "add_person",
    "add_unit",
    "adjust_budget",
    "answer_extension",
    "answer_late_filing",
    "appoint",
    "approve_submission",
    "assign_agency",
    "attach",
    "begin_administration",
    "begin_substitutions",
    "bring_directory_file",
    "bring_execution_file",
    "bring_library_file",
    "cancel",
    "change_indicator",
    "carry_on_launch",
    "carry_on_year_act",
    "check_days",
    "claim",
    "clear_files",
    "close_rectification",
    "complete_guarded",
    "complete_task",
    "confirm_calendar",
    "continue_launch",
    "copy_paper",
    "correct_facts",
    "correct_request",
    "correct_state",
    "decline_takeover",
    "delete_view",
    "dismiss",
    "draft_calendar",
    "draw_sample",
    "draw_sampling",
    "end_message_group",
    "engage_agency",
    "extend_all",
    "extend_deadline",
    "extend_rectification",
    "finish_selection",
    "fire_deadline",
    "fire_due",
    "fire_guarded",
    "follow_case",
    "forget_keys",
    "forget_sessions",
    "give_seed",
    "import_directory",
    "import_execution",
    "import_indicators",
    "issue_feedback",
    "launch_stage",
    "migrate_case",
    "migrate_cases",
    "name_adviser",
    "name_substitute",
    "open_rectification",
    "open_sampling",
    "plan_evaluation",
    "publish",
    "read_copy",
    "read_notices",
    "recall_letter",
    "record_deliberation",
    "record_deliberation_of_case",
    "record_deliberation_of_year",
    "record_publication",
    "remind",
    "remind_publications",
    "reopen_verdict",
    "report_execution",
    "report_rectification",
    "request_extension",
    "request_late_filing",
    "request_takeover",
    "require_second_factor",
    "restore_indicator",
    "resume",
    "retire_indicator",
    "retry_incident",
    "return_submission",
    "revoke_substitute",
    "save_draft",
    "save_view",
    "scan_attachment",
    "settle_listed_offices",
    "settle_rectification",
    "sign_letter",
    "skip_draw",
    "stand_in",
    "start_case",
    "stop_person",
    "submit",
    "subscribe_calendar",
    "suspend",
    "tell_calendar",
    "transfer",
    "try_mail",
    "try_message_group",
    "undo_migration",
    "unfollow_case",
    "void_sampling",
    "wish_for_mail",
    "withdraw",
]
