using Microsoft.EntityFrameworkCore.Migrations;

namespace WalkTalk.Booking;

/// <summary>
/// "No officer on two walks at once, buffers included", said by the database itself: an exclusion constraint on PostgreSQL, triggers on SQLite,
/// both called ex_walk_officers_busy. Two times that touch do not overlap.
/// </summary>
internal static class OfficerClash
{
    public static void RefuseOfficerClashOnPostgres(this MigrationBuilder migration)
    {
        migration.Sql("CREATE EXTENSION IF NOT EXISTS btree_gist;");
        migration.Sql("""
            ALTER TABLE walk_officers ADD CONSTRAINT ex_walk_officers_busy
            EXCLUDE USING gist (officer_id WITH =, tstzrange(busy_from, busy_until) WITH &&) WHERE (active);
            """);
    }

    public static void RefuseOfficerClashOnSqlite(this MigrationBuilder migration)
    {
        foreach (var change in (string[])["INSERT", "UPDATE"])
        {
            migration.Sql($"""
                CREATE TRIGGER ex_walk_officers_busy_{change.ToLowerInvariant()} BEFORE {change} ON walk_officers WHEN NEW.active
                BEGIN
                    SELECT RAISE(ABORT, 'ex_walk_officers_busy') WHERE EXISTS (
                        SELECT 1 FROM walk_officers o WHERE o.officer_id = NEW.officer_id AND o.walk_id <> NEW.walk_id AND o.active
                        AND o.busy_from < NEW.busy_until AND NEW.busy_from < o.busy_until);
                END;
                """);
        }
    }
}
