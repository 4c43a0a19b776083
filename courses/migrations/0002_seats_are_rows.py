"""The database compares the counter of seats with the rows themselves when a transaction ends (docs/adr/0012)."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION courses_seats_are_rows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[];
    wrong bigint;
BEGIN
    IF TG_TABLE_NAME = 'courses_courserun' THEN
        touched := ARRAY[NEW.id];
    ELSIF TG_OP = 'INSERT' THEN
        touched := ARRAY[NEW.run_id];
    ELSIF TG_OP = 'DELETE' THEN
        touched := ARRAY[OLD.run_id];
    ELSE
        touched := ARRAY[OLD.run_id, NEW.run_id];
    END IF;
    SELECT run.id INTO wrong FROM courses_courserun AS run
    WHERE run.id = ANY (touched) AND run.seats_taken <> (
        SELECT count(*) FROM courses_enrolment AS each
        WHERE each.run_id = run.id AND each.status IN ('confirmed', 'offered', 'attended', 'absent')
    )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the seats of run % are not as many as its rows', wrong
        USING ERRCODE = 'check_violation', CONSTRAINT = 'run_seats_are_rows', TABLE = 'courses_courserun';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER run_seats_are_rows
AFTER INSERT OR DELETE OR UPDATE OF run_id, status ON courses_enrolment
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION courses_seats_are_rows();

CREATE CONSTRAINT TRIGGER run_seats_are_rows
AFTER INSERT OR UPDATE OF seats_taken ON courses_courserun
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION courses_seats_are_rows();
"""

UNDO = """
DROP TRIGGER run_seats_are_rows ON courses_courserun;
DROP TRIGGER run_seats_are_rows ON courses_enrolment;
DROP FUNCTION courses_seats_are_rows();
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]

    operations = [migrations.RunSQL(FUNCTION, UNDO)]
