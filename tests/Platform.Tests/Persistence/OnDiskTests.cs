using Microsoft.EntityFrameworkCore;

namespace WalkTalk.Platform.Tests.Persistence;

/// <summary>SQLite as the services use it.</summary>
public sealed class OnDiskTests(Probe.OnSqlite app) : IClassFixture<Probe.OnSqlite>
{
    [Fact]
    public async Task What_is_committed_is_on_the_disk_before_it_is_acknowledged()
    {
        // A write-ahead log alone outlives the process; only with synchronous = FULL (2) each commit waits for the disk and outlives the power.
        Assert.Equal("wal", await Ask("PRAGMA journal_mode"));
        Assert.Equal(2L, await Ask("PRAGMA synchronous"));
    }

    private Task<object?> Ask(string pragma) => app.Db<ProbeDb, object?>(async db =>
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = pragma;
        return await command.ExecuteScalarAsync();
    });
}
