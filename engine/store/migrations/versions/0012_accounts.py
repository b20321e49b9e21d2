"""Accounts, their passwords, second factor and sessions; counted attempts; a log of access that only grows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

RIGHTS = {
    "accounts": "SELECT, INSERT, UPDATE",
    "password_history": "SELECT, INSERT, DELETE",
    "recovery_codes": "SELECT, INSERT, UPDATE, DELETE",
    "sign_ins": "SELECT, INSERT, UPDATE, DELETE",
    "attempts": "SELECT, INSERT, UPDATE, DELETE",
    "access_log": "SELECT, INSERT",
}
ALLOWED = "jurisdiction = (SELECT tenant())"
KEEPS_UP = "current_user <> session_user OR current_setting('app.upkeep', true) = 'on'"


def upgrade() -> None:
    _accounts()
    _sessions()
    for table, rights in RIGHTS.items():
        op.execute(f"GRANT {rights} ON {table} TO jixiao_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} TO jixiao_app USING ({ALLOWED})")
        op.execute(f"CREATE POLICY upkeep ON {table} TO CURRENT_USER USING ({KEEPS_UP})")
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON access_log "
        "FOR EACH ROW EXECUTE FUNCTION refuse_journal_change()"
    )
    op.execute(
        "CREATE TRIGGER append_only_as_a_whole BEFORE TRUNCATE ON access_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change()"
    )


def downgrade() -> None:
    for table in reversed(RIGHTS):
        op.drop_table(table)


def _accounts() -> None:
    _table(
        "accounts",
        _person(),
        sa.Column("password", sa.Text()),
        _instant("password_at", nullable=True),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        _instant("closed_at", nullable=True),
        sa.Column("totp_secret", sa.LargeBinary()),
        _instant("totp_since", nullable=True),
        sa.Column("totp_step", sa.BigInteger()),
        sa.Column("oidc_subject", sa.Text()),
        _refers("accounts", "person_id", "people"),
        sa.UniqueConstraint("person_id", name="uq_accounts_person_id"),
        sa.UniqueConstraint("jurisdiction", "oidc_subject", name="uq_accounts_jurisdiction_oidc_subject"),
    )
    _table(
        "password_history",
        _person(),
        sa.Column("password", sa.Text(), nullable=False),
        _instant("set_at"),
        _refers("password_history", "person_id", "people"),
    )
    op.create_index("ix_password_history_person_id", "password_history", ["person_id", "set_at"])
    _table(
        "recovery_codes",
        _person(),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _instant("used_at", nullable=True),
        _refers("recovery_codes", "person_id", "people"),
        sa.UniqueConstraint("person_id", "digest", name="uq_recovery_codes_person_id_digest"),
    )


def _sessions() -> None:
    _table(
        "sign_ins",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _person(),
        *(_instant(name) for name in ("begun_at", "seen_at", "ends_at")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("from_address", "agent")),
        sa.Column("unit_id", sa.BigInteger()),
        sa.Column("roles", JSONB()),
        sa.Column("acting_for", sa.BigInteger()),
        _instant("proven_at", nullable=True),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("second_factor", "must_change")),
        _instant("ended_at", nullable=True),
        sa.Column("ended_why", sa.Text()),
        sa.Column("data", JSONB(), nullable=False),
        _refers("sign_ins", "person_id", "people"),
        _refers("sign_ins", "unit_id", "units"),
        _refers("sign_ins", "acting_for", "people"),
        sa.UniqueConstraint("digest", name="uq_sign_ins_digest"),
    )
    op.create_index("ix_sign_ins_person_id", "sign_ins", ["person_id", "begun_at"])
    _table(
        "attempts",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        _instant("begun_at"),
        _instant("ends_at"),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("jurisdiction", "kind", "key", name="uq_attempts_jurisdiction_kind_key"),
    )
    op.create_index("ix_attempts_kind_ends_at", "attempts", ["kind", "ends_at"])
    _table(
        "access_log",
        _instant("at"),
        sa.Column("person_id", sa.BigInteger()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("login", "what", "from_address")),
        sa.Column("facts", JSONB(), nullable=False),
        _refers("access_log", "person_id", "people"),
    )
    op.create_index("ix_access_log_at", "access_log", ["jurisdiction", "at"])
    op.create_index("ix_access_log_person_id", "access_log", ["person_id"])


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )


def _person() -> sa.Column[int]:
    return sa.Column("person_id", sa.BigInteger(), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, referred: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column, "jurisdiction"], [f"{referred}.id", f"{referred}.jurisdiction"], name=f"fk_{table}_{column}"
    )
