"""The fund lines of a case make its amount together: looked at when a transaction ends that changed one or the other.

Cases whose lines did not follow an adjustment of an earlier release stay as they are until the next one.
"""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

NAME = "lines_make_the_amount"
FUNCTION = f"""
CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  number bigint;
  amount numeric;
  together numeric;
BEGIN
  IF TG_TABLE_NAME = 'cases' THEN
    number := NEW.id;
  ELSE
    number := NEW.case_id;
  END IF;
  SELECT amount_wan INTO amount FROM cases WHERE id = number;
  SELECT sum(amount_wan) INTO together FROM fund_lines WHERE case_id = number;
  IF together <> amount THEN
    RAISE EXCEPTION 'the fund lines of case % make %, not %', number, together, amount
      USING ERRCODE = 'check_violation', CONSTRAINT = '{NAME}';
  END IF;
  RETURN NULL;
END $$
"""
OF_LINES = f"""
CREATE CONSTRAINT TRIGGER {NAME} AFTER INSERT OR UPDATE OF amount_wan ON fund_lines
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {NAME}()
"""
OF_CASES = f"""
CREATE CONSTRAINT TRIGGER {NAME} AFTER UPDATE OF amount_wan ON cases
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.amount_wan IS DISTINCT FROM NEW.amount_wan)
EXECUTE FUNCTION {NAME}()
"""


def upgrade() -> None:
    for statement in (FUNCTION, f"REVOKE ALL ON FUNCTION {NAME} FROM PUBLIC", OF_LINES, OF_CASES):
        op.execute(statement)


def downgrade() -> None:
    for table in ("fund_lines", "cases"):
        op.execute(f"DROP TRIGGER {NAME} ON {table}")
    op.execute(f"DROP FUNCTION {NAME}()")
