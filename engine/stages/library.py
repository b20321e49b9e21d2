"""The shelf of definitions: every version a case runs on, parsed once and shared by all cases."""

import zlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgpack
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import DefinitionError
from engine.policies import DECISIONS, Policies, Policy, load_policies
from engine.process import Diagrams
from engine.process.lint.words import OPERATIONS
from engine.stages.model import Definition


class Library:
    """Diagrams and tables by the number of their version; `current_*` are what new cases start on."""

    def __init__(self, diagrams: Diagrams, policies: Policies) -> None:
        self.diagrams = diagrams
        self.policies = policies
        self.diagrams_id: int | None = None
        self.policy_ids: dict[str, int] = {}
        self._diagrams: dict[int, Diagrams] = {}
        self._policies: dict[int, Policy] = {}

    @classmethod
    def read(cls, bpmn: Path) -> "Library":
        """All diagrams and tables below `bpmn`; refuses the whole folder when one of them is unsound."""
        policies = load_policies(bpmn)
        files = {path.name: path.read_bytes() for path in sorted((bpmn / "lifecycle").glob("*.bpmn"))}
        return cls(Diagrams.parse(files, decisions=DECISIONS, operations=OPERATIONS), policies)

    def keep(self, session: Session, at: datetime) -> None:
        """Put today's versions on the shelf of the database, once each, and remember their numbers."""
        self.diagrams_id = _kept(session, "diagrams", "lifecycle", self.diagrams.hash, self.diagrams.files, at)
        self._diagrams[self.diagrams_id] = self.diagrams
        for name in self.policies.names():
            policy = self.policies.of(name)
            number = _kept(session, "policy", name, policy.hash, policy.to_files(), at)
            self.policy_ids[name] = number
            self._policies[number] = policy

    def diagrams_version(self, session: Session, number: int) -> Diagrams:
        """The diagrams a case started on."""
        if number not in self._diagrams:
            self._diagrams[number] = Diagrams.stored(_files(_definition(session, number)))
        return self._diagrams[number]

    def policy_version(self, session: Session, number: int) -> Policy:
        """The tables a case started on."""
        if number not in self._policies:
            definition = _definition(session, number)
            self._policies[number] = Policies.from_files(_files(definition)).of(definition.name)
        return self._policies[number]


def library_of(session: Session) -> Library:
    """The library wired into this session."""
    library = session.info["library"]
    assert isinstance(library, Library)
    return library


def diagrams_of(session: Session, number: int) -> Diagrams:
    """The diagram version of that number."""
    return library_of(session).diagrams_version(session, number)


def _kept(session: Session, kind: str, name: str, digest: str, files: Mapping[str, bytes], at: datetime) -> int:
    known = session.scalar(
        select(Definition.id).where(Definition.kind == kind, Definition.name == name, Definition.hash == digest)
    )
    if known is not None:
        return known
    packed = zlib.compress(msgpack.packb(dict(files)), 9)
    definition = Definition(kind=kind, name=name, hash=digest, files=packed, kept_at=at)
    session.add(definition)
    session.flush()
    return definition.id


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
