"""A case that is over is packed into one row: every row, every value and every answer about it stays what it was."""

from engine.store import Database
from engine.store.archives import PACKED
from tests.integration.archives.conftest import Lived, history_of, lived_in, rows_of
from tests.office import Office

LEFT = {"journal": 0, "tasks": 0, "deadlines": 0, "reviews": 0, "submissions": 3, "scores": 3, "drafts": 0}
"""Of each kind of score the one that counts stays a row, with its paper."""


def test_every_row_is_told_by_its_view_as_it_lay_in_its_table(archived: Lived) -> None:
    with archived.office.transactions() as session:
        told, left = rows_of(session, archived.case), rows_of(session, archived.case, prefix="")

    assert {table: len(rows) for table, rows in left.items()} == LEFT
    for table in PACKED:
        assert archived.unpacked[table], table
        assert told[table] == archived.unpacked[table], table


def test_every_answer_about_the_case_is_what_it_was(archived: Lived) -> None:
    now = history_of(archived)

    assert now.keys() == archived.read.keys()
    for name, answer in now.items():
        assert answer == archived.read[name], name


ODD = {
    "tasks": "item = E'；\"\\'\\\\\\n{,}()', amount_wan = 0.100000, opened_at = '2021-02-03 04:05:06.000007+00', "
    "due_on = NULL, round = -7",
    "deadlines": r"""timer = '\x00ff5c', plan = '{"a": 1.500, "b": null, "😀": ["\u0001", "\\"]}', """
    "due_on = '9999-12-31', closed_at = NULL, row_id = '；', working_days = -1, interrupting = false, "
    "consequence = NULL",
    "reviews": "remarks = 'null', reason = E'\\t“”😀\\r\\n'",
    "submissions": """content = '{"n": 12345678901234567890.123456789, "e": 1e-7, "x": {"": []}}', item = ''""",
    "scores": "total = -0.50, grade = NULL, basis = '[]'",
    "drafts": """content = '{"z": 1, "a": [true, null, "\'\'"]}'""",
}


def test_no_value_is_too_odd_to_be_packed(database: Database) -> None:
    lived = lived_in(Office.opened(database))
    with database.upkeep() as session:
        for table, odd in ODD.items():
            session.connection().exec_driver_sql(f"UPDATE {table} SET {odd}")
        before = rows_of(session, lived.case, prefix="")

    lived.pack()

    with lived.office.transactions() as session:
        assert rows_of(session, lived.case) == before
