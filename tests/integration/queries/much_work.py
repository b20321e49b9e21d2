"""What is put beside a crowd of cases: work that was done, long journals, and what happened last in them."""

from sqlalchemy import text

DONE = text(
    """
    INSERT INTO tasks (id, jurisdiction, case_id, process, element, role, unit_id, state, round, opened_at,
                       completed_at, completed_by, outcome)
    SELECT md5('done' || n)::uuid, 'huaxi', 1000000 + n, 'target_filing', 'review_target', 'performance_office',
           :unit, 'completed', 1, timestamptz '2021-09-01', timestamptz '2021-09-01' + n * interval '1 minute',
           :person, 'approved'
    FROM generate_series(1, 20000) n
    """
)
LONG_JOURNALS = text(
    """
    INSERT INTO journal (jurisdiction, case_id, seq, type, payload, by, at, hash)
    SELECT 'huaxi', c, n, 'deadline.set', '{}', NULL, timestamptz '2021-06-01', ''
    FROM unnest(CAST(:cases AS int[])) c, generate_series(2, 200) n
    """
)
LAST_MOVES = text(
    """
    INSERT INTO journal (jurisdiction, case_id, seq, type, version, payload, by, at, hash)
    SELECT 'huaxi', c, 200 + n, (ARRAY['submission.submitted', 'score.given', 'task.opened', 'deadline.set'])[n], 1,
           jsonb_build_object('step', 'target_filing.confirm_target',
                              'task', replace(md5('task' || c - 1000000)::uuid::text, '-', '')),
           :person, timestamptz '2021-06-02', ''
    FROM unnest(CAST(:cases AS int[])) c, generate_series(1, 4) n
    """
)
"""A paper was handed in, which opened the task there is."""
