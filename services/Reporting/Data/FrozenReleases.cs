namespace WalkTalk.Reporting.Data;

/// <summary>The database itself refuses to change or delete a release: code, an operator's SQL and a later mistake alike.</summary>
internal static class FrozenReleases
{
    public const string OnSqlite = """
        CREATE TRIGGER releases_never_change BEFORE UPDATE ON releases
        BEGIN SELECT RAISE(ABORT, 'a release never changes'); END;
        CREATE TRIGGER releases_never_go BEFORE DELETE ON releases
        BEGIN SELECT RAISE(ABORT, 'a release never changes'); END;
        """;

    public const string OnPostgres = """
        CREATE FUNCTION release_is_frozen() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'a release never changes' USING ERRCODE = 'restrict_violation'; END $$;
        CREATE TRIGGER releases_never_change BEFORE UPDATE OR DELETE ON releases
        FOR EACH ROW EXECUTE FUNCTION release_is_frozen();
        CREATE TRIGGER releases_never_emptied BEFORE TRUNCATE ON releases
        FOR EACH STATEMENT EXECUTE FUNCTION release_is_frozen();
        """;
}
