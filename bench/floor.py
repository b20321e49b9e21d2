"""The bare floor: the rows of a recorded life written again through SQLAlchemy Core, statement by statement.

The same prepared statements, the same tables, triggers and policies, the same sizes; nothing is read, decided, checked
or stepped. What an engine costs is what it takes beyond this.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text

from bench.command_life import MESSAGE
from bench.recording import Deed, Recording, Write
from bench.timing import milliseconds
from bench.way import JURISDICTION

_ENTER = text("SELECT set_config('app.jurisdiction', :jurisdiction, true)")
_OF_CASE = frozenset({"case_id", "of_case"})
_UNIQUE = frozenset({"key", "code", "number"})
_KEY_BYTES = 16


class FloorCase:
    """A copy of the recorded case under a number and keys of its own; `write` what is `prepared`, deed after deed."""

    def __init__(self, database: Engine, recording: Recording, copy: int) -> None:
        self.database, self.recording = database, recording
        self.salt = copy << 64
        self.suffix = f"-{copy}"
        with database.begin() as connection:
            self.case_id = int(connection.execute(text("SELECT nextval('cases_id_seq')")).scalar_one())
        self.write(self._own(recording.begun))

    def timed(self) -> list[float]:
        """Write the whole life; the milliseconds of each human step."""
        times = [(deed.kind, milliseconds(partial(self.write, self.prepared(deed)))) for deed in self.recording.deeds]
        return [spent for kind, spent in times if kind != MESSAGE]

    def prepared(self, deed: Deed) -> list[Write]:
        """The rows of a deed with this copy's keys."""
        return self._own(deed.heard.writes)

    def write(self, writes: Sequence[Write]) -> None:
        """Write rows in one transaction, entered like every transaction of ours."""
        with self.database.begin() as connection:
            connection.execute(_ENTER, {"jurisdiction": JURISDICTION})
            for statement, rows in writes:
                connection.execute(statement, rows)

    def _own(self, writes: Sequence[Write]) -> list[Write]:
        return [(statement, [self._row(row) for row in rows]) for statement, rows in writes]

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        return {name: self._cell(name, value) for name, value in row.items()}

    def _cell(self, name: str, value: Any) -> Any:
        if isinstance(value, UUID):
            return UUID(int=value.int ^ self.salt)
        if isinstance(value, bytes) and len(value) == _KEY_BYTES:
            return (int.from_bytes(value, "big") ^ self.salt).to_bytes(_KEY_BYTES, "big")
        if isinstance(value, list):
            return [self._cell(name, part) for part in value]
        if name in _OF_CASE or (name == "id" and value == self.recording.case_id):
            return self.case_id
        return value + self.suffix if name in _UNIQUE and isinstance(value, str) else value
