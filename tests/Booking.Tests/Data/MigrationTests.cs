using Microsoft.EntityFrameworkCore;

namespace WalkTalk.Booking.Tests.Data;

public sealed class MigrationTests
{
    [Fact]
    public void No_change_is_pending_on_either_database()
    {
        using var sqlite = new SqliteBookingDb.Design().CreateDbContext([]);
        using var postgres = new PostgresBookingDb.Design().CreateDbContext([]);
        Assert.False(sqlite.Database.HasPendingModelChanges());
        Assert.False(postgres.Database.HasPendingModelChanges());
    }
}
