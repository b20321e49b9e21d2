"""Forty thousand cases in one jurisdiction, planted in SQL: what lists must stay quick among."""

from sqlalchemy import text

from engine.store import Database
from tests.factories import START, Bureau

MANY = 40_000
UNITS = 200
YEARS = (2020, 2021)
"""Half of the cases each."""

_NUMBERS = "WITH numbers AS (SELECT generate_series(CAST(:from_number AS int), CAST(:to_number AS int)) AS n)"
_UNITS = """
INSERT INTO units (jurisdiction, name, kind, department_id)
SELECT 'huaxi', '示例单位' || n, 'unit', :department FROM generate_series(1, :units) n
"""
_CASES = """
INSERT INTO cases (id, jurisdiction, object_kind, code, name, search, unit_id, department_id, finance_id, fiscal_year,
                   amount_wan, facts, forms, waits, state, stage, diagrams_id, policy_id, process, process_state,
                   version, journal_seq, journal_head, opened_at)
SELECT 1000000 + n, 'huaxi', 'project', 'V-' || n, '示例项目' || n, 'v-' || n || ' 示例项目' || n || ' slxm' || n,
       :first_unit + n % :units, :department,
       :finance, 2020 + n % 2, n % 997, '{}', '{}',
       CASE WHEN n % 10 = 2 THEN jsonb_build_object(md5(n::text), jsonb_build_array('monitoring.launched', null))
            ELSE '{}' END,
       CASE WHEN n % 1000 = 0 THEN 'suspended' WHEN n % 4 = 3 THEN 'closed' ELSE 'active' END,
       (ARRAY['target_filing', 'monitoring', 'self_evaluation', 'rectification', 'result_use'])[1 + n / 2 % 5],
       (SELECT max(id) FROM definitions WHERE kind = 'diagrams'),
       (SELECT max(id) FROM definitions WHERE kind = 'policy' AND name = 'huaxi'),
       'case', '', 1, 1, '', :at
FROM numbers
"""
_TASKS = """
INSERT INTO tasks (id, jurisdiction, case_id, process, element, role, unit_id, state, round, opened_at, due_on,
                   amount_wan, doubt_rank)
SELECT md5('task' || n)::uuid, 'huaxi', 1000000 + n, 'target_filing',
       CASE WHEN n % 2 = 0 THEN 'review_target' ELSE 'fill_target' END,
       CASE WHEN n % 2 = 0 THEN 'performance_office' ELSE 'unit_clerk' END,
       CASE WHEN n % 2 = 0 THEN :finance ELSE :first_unit + n % :units END,
       'open', 1, :at, CASE WHEN n % 2 = 0 THEN date '2022-03-10' ELSE date '2022-01-01' + n % 180 END, n % 997,
       CASE WHEN n % 2 = 0 THEN CASE WHEN n % 40 = 0 THEN 0 ELSE 1 END END
FROM numbers
"""
_DEADLINES = """
INSERT INTO deadlines (id, jurisdiction, case_id, task_id, name, started_on, due_on, due_at, plan, consequence, state)
SELECT md5('deadline' || n)::uuid, 'huaxi', 1000000 + n, md5('task' || n)::uuid, 'target_filing.fill',
       date '2022-01-01', date '2022-01-01' + n % 180, timestamptz '2022-01-02' + n % 180 * interval '1 day',
       '{}', 'remind', 'pending'
FROM numbers
"""
_JOURNAL = """
INSERT INTO journal (jurisdiction, case_id, seq, type, payload, by, at, hash)
SELECT 'huaxi', 1000000 + n, 1, 'case.started',
       jsonb_build_object('object_kind', 'project', 'code', 'V-' || n, 'amount_wan', '1'), NULL, :at, '' FROM numbers
"""
_PAPERS = """
INSERT INTO submissions (id, jurisdiction, case_id, task_id, stage, form, version, state, content, filled_by, filled_at)
SELECT md5('paper' || n)::uuid, 'huaxi', 1000000 + n, md5('task' || n)::uuid, 'self_evaluation', 'F06', 1, 'approved',
       '{}', :person, :at
FROM numbers
"""
_TEXTS = """
INSERT INTO paper_texts (submission_id, path, jurisdiction, case_id, form, digest)
SELECT md5('paper' || n)::uuid, path, 'huaxi', 1000000 + n, 'F06', md5(path || n / 4)::uuid
FROM numbers, unnest(ARRAY['actual_goal', 'indicators[r1].deviation_reason']) path
"""
"""Four cases after each other say the same, each of another unit."""
_SCORES = """
INSERT INTO scores (id, jurisdiction, case_id, submission_id, kind, total, method, grade, basis, scored_at)
SELECT md5('score' || n)::uuid, 'huaxi', 1000000 + n, md5('paper' || n)::uuid, 'self', 80 + n % 20, '示例@1',
       CASE WHEN n % 20 > 9 THEN '优' ELSE '良' END, '{}', :at
FROM numbers
"""
_LEDGER = """
INSERT INTO rectifications (jurisdiction, case_id, item, origin, category, problem, requirement, unit_id, opened_on,
                            due_on, state, rounds, escalations, rules_improved)
SELECT 'huaxi', 1000000 + n, '1', 'key_evaluation', 'system', '示例问题', '示例要求', :first_unit + n % :units,
       date '2022-01-01', date '2022-06-01', CASE WHEN n % 3 = 0 THEN 'closed' ELSE 'open' END, 0, 0, 0
FROM numbers
"""
_EFFECTS = """
INSERT INTO result_effects (jurisdiction, case_id, budget_year, effect, source, status, state)
SELECT 'huaxi', 1000000 + n, 2022 + n % 2, 'cut', '示例依据', 'stated', 'proposed' FROM numbers
"""

_ARCHIVES = """
INSERT INTO case_archives (case_id, jurisdiction, archived_at, last_seq, journal, tasks, deadlines, reviews,
                           submissions, scores, drafts)
SELECT 1000000 + n, 'huaxi', :at, 0, '{}', '{}', '{}', '{}', '{}', '{}', '{}' FROM numbers
WHERE n % 4 = 3
"""
_KEYS = "INSERT INTO archive_keys SELECT 1000000 + n, ARRAY[n, -n] FROM numbers WHERE n % 4 = 3"


def planted(database: Database, bureau: Bureau, many: int = MANY, already: int = 0) -> int:
    """The cases with a task, a deadline, a score, a ledger row and more each; gives the first of the many units.

    `already` says how many there are; then they become `many`.
    """
    told = {
        "from_number": already + 1, "to_number": many, "units": UNITS, "department": bureau.department_id,
        "finance": bureau.finance_id, "at": START, "person": bureau.clerk.person_id,
    }  # fmt: skip
    with database.owner.begin() as connection:
        if not already:
            connection.execute(text(_UNITS), told)
        told["first_unit"] = connection.execute(text("SELECT min(id) FROM units WHERE name = '示例单位1'")).scalar_one()
        for statement in (
            _CASES,
            _TASKS,
            _DEADLINES,
            _JOURNAL,
            _PAPERS,
            _TEXTS,
            _SCORES,
            _LEDGER,
            _EFFECTS,
            _ARCHIVES,
            _KEYS,
        ):
            connection.execute(text(_NUMBERS + statement), told)
    with database.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return int(told["first_unit"])
