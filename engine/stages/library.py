"""The shelf of definitions: every version a case runs on, parsed once and shared by all cases."""

import zlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgpack
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.errors import DefinitionError
from engine.policies import DECISIONS, Policies, Policy, load_policies
from engine.process import Diagrams, Element, UnknownElement
from engine.process.lint.words import OPERATIONS
from engine.stages.model import Definition
from engine.store.database import part, part_in_force


class Library:
    """Diagrams and tables by the number of their version.

    `diagrams` and `policies` are those this program came with; `diagrams_id` and `policy_ids` say which are in force,
    what the program that started last put on the shelf, and new cases start on them.
    """

    def __init__(self, diagrams: Diagrams, policies: Policies) -> None:
        self.diagrams = diagrams
        self.policies = policies
        self.diagrams_id: int | None = None
        self.policy_ids: dict[str, int] = {}
        self._diagrams: dict[int, Diagrams] = {}
        self._policies: dict[int, Policy] = {}
        self._former_steps: dict[tuple[str, str], Element] = {}

    @classmethod
    def read(cls, bpmn: Path) -> "Library":
        """All diagrams and tables below `bpmn`; refuses the whole folder when one of them is unsound."""
        files = {path.name: path.read_bytes() for path in sorted((bpmn / "lifecycle").glob("*.bpmn"))}
        return cls.of(files, load_policies(bpmn))

    @classmethod
    def of(cls, files: Mapping[str, bytes], policies: Policies) -> "Library":
        """The diagrams in `files` with these tables; refuses what is unsound or waits for what no table lays down."""
        deadlines = policies.deadlines()
        return cls(Diagrams.parse(files, decisions=DECISIONS, operations=OPERATIONS, deadlines=deadlines), policies)

    def keep(self, session: Session, at: datetime) -> None:
        """Put this program's versions on the shelf of the database, once each; they are in force from now on."""
        _put_in_force(session, "diagrams", "lifecycle", self.diagrams.hash, self.diagrams.files, at)
        for policy in self._own_policies().values():
            _put_in_force(session, "policy", policy.name, policy.hash, policy.to_files(), at)
        self.take_stock(session)

    def is_kept(self, session: Session) -> bool:
        """Whether this program's versions are all on the shelf of the database."""
        kept = set(session.scalars(select(Definition.hash)))
        return {self.diagrams.hash, *(policy.hash for policy in self._own_policies().values())} <= kept

    def take_stock(self, session: Session) -> None:
        """Read again which versions are in force."""
        numbers = select(Definition.kind, Definition.name, Definition.hash, Definition.id)
        rows = session.execute(numbers.order_by(Definition.turn)).all()
        in_force = {(row.kind, row.name): row.id for row in rows}
        self.diagrams_id = in_force["diagrams", "lifecycle"]
        self.policy_ids = {name: number for (kind, name), number in in_force.items() if kind == "policy"}
        own = self._own_policies()
        self._diagrams |= {row.id: self.diagrams for row in rows if row.hash == self.diagrams.hash}
        self._policies |= {row.id: own[row.name, row.hash] for row in rows if (row.name, row.hash) in own}

    def _own_policies(self) -> dict[tuple[str, str], Policy]:
        """The tables this program came with, by name and hash."""
        return {(policy.name, policy.hash): policy for policy in map(self.policies.of, self.policies.names())}

    def diagrams_in_force(self, session: Session) -> Diagrams:
        """The diagrams new cases start on."""
        assert self.diagrams_id is not None
        return self.diagrams_version(session, self.diagrams_id)

    def diagrams_version(self, session: Session, number: int) -> Diagrams:
        """The diagrams a case started on."""
        if number not in self._diagrams:
            self._diagrams[number] = Diagrams.stored(_files(_definition(session, number)))
        return self._diagrams[number]

    def step_drawn(self, session: Session, number: int, process: str, element: str) -> Element:
        """A step as those diagrams draw it, or as the last that did; UnknownElement where none ever did."""
        try:
            return self.diagrams_version(session, number).element(process, element)
        except UnknownElement:
            if (process, element) not in self._former_steps:
                self._former_steps[process, element] = self._former_step(session, process, element)
            return self._former_steps[process, element]

    def _former_step(self, session: Session, process: str, element: str) -> Element:
        kept = select(Definition.id).where(Definition.kind == "diagrams").order_by(Definition.turn)
        *older, oldest = reversed(session.scalars(kept).all())
        for number in older:
            try:
                return self.diagrams_version(session, number).element(process, element)
            except UnknownElement:
                continue
        return self.diagrams_version(session, oldest).element(process, element)

    def policy_version(self, session: Session, number: int) -> Policy:
        """The tables a case started on."""
        if number not in self._policies:
            definition = _definition(session, number)
            self._policies[number] = Policies.from_files(_files(definition)).of(definition.name)
        return self._policies[number]


def library_of(session: Session) -> Library:
    """The library wired into this session, for versions asked for by number."""
    library = part(session, "library")
    assert isinstance(library, Library)
    return library


def library_in_force(session: Session) -> Library:
    """The same, knowing which versions are in force now."""
    library = part_in_force(session, "library")
    assert isinstance(library, Library)
    return library


def diagrams_of(session: Session, number: int) -> Diagrams:
    """The diagram version of that number."""
    return library_of(session).diagrams_version(session, number)


def _put_in_force(
    session: Session, kind: str, name: str, digest: str, files: Mapping[str, bytes], at: datetime
) -> None:
    """Have this version on the shelf, and the last one of its name in force."""
    kept = select(Definition).where(Definition.kind == kind, Definition.name == name)
    known = session.scalars(kept.where(Definition.hash == digest)).one_or_none()
    turns = select(func.coalesce(func.max(Definition.turn), 0))
    last = session.scalars(turns.where(Definition.kind == kind, Definition.name == name)).one()
    if known is None:
        packed = zlib.compress(msgpack.packb(dict(files)), 9)
        known = Definition(kind=kind, name=name, hash=digest, files=packed, kept_at=at, turn=last + 1)
        session.add(known)
    elif known.turn != last:
        known.turn = last + 1
    session.flush()


def _definition(session: Session, number: int) -> Definition:
    definition = session.get(Definition, number)
    if definition is None:
        raise DefinitionError(
            f"数据库里没有第{number}号流程或规则版本，案卷不能继续。请从备份恢复 definitions 表。", number=number
        )
    return definition


def _files(definition: Definition) -> dict[str, bytes]:
    files = msgpack.unpackb(zlib.decompress(definition.files))
    return {str(name): bytes(content) for name, content in files.items()}
