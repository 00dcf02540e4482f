"""The database keeps snapshots of compliance as they were taken."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]

    operations = [
        migrations.RunSQL(
            # How an agency stood on a day is past: nobody changes it, also with the database at hand. What could not
            # be signed then is signed once, later.
            """
            CREATE FUNCTION inventory_snapshot_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' THEN
                    RAISE EXCEPTION 'A snapshot of compliance is never deleted.'
                        USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                IF to_jsonb(NEW) - 'signature' <> to_jsonb(OLD) - 'signature' OR OLD.signature <> '' THEN
                    RAISE EXCEPTION 'A snapshot of compliance is never changed.'
                        USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NEW;
            END
            $$;
            CREATE TRIGGER inventory_snapshot_is_kept BEFORE UPDATE OR DELETE ON inventory_snapshot
                FOR EACH ROW EXECUTE FUNCTION inventory_snapshot_is_kept();

            -- Triggers on rows do not see TRUNCATE. The catalogue and the requests for data keep theirs by it too.
            CREATE FUNCTION inventory_is_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE
                has_rows boolean;
            BEGIN
                EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I)', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO has_rows;
                IF has_rows THEN
                    RAISE EXCEPTION 'Rows of % are never changed or deleted.', TG_TABLE_NAME
                        USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NULL;
            END
            $$;
            CREATE TRIGGER inventory_snapshot_is_not_emptied BEFORE TRUNCATE ON inventory_snapshot
                FOR EACH STATEMENT EXECUTE FUNCTION inventory_is_not_emptied();
            """,
            """
            DROP TRIGGER inventory_snapshot_is_not_emptied ON inventory_snapshot;
            DROP FUNCTION inventory_is_not_emptied();
            DROP TRIGGER inventory_snapshot_is_kept ON inventory_snapshot;
            DROP FUNCTION inventory_snapshot_is_kept();
            """,
        ),
    ]
