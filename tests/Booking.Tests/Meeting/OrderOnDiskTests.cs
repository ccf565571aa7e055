using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking.Tests.Meeting;

/// <summary>In which order attendance tokens were taken is gone after the morning, also from the files.</summary>
public sealed class OrderOnDiskTests(BookingApp.Postgres app) : IClassFixture<BookingApp.Postgres>
{
    private sealed record Lies(string Id, string Xmin, string Ctid);

    [Fact]
    public async Task After_the_morning_neither_place_nor_transaction_tells_in_which_order_tokens_were_taken()
    {
        List<string> order = [];
        for (var i = 0; i < 20; i++)
        {
            // As TakeAttendanceToken counts, some twice.
            var id = Guid.NewGuid();
            order.Add(id.ToString());
            foreach (var _ in Enumerable.Range(0, 1 + i % 2))
                await app.Db<BookingDb>(db => db.Count(id, 2, default));
        }
        var before = (await Read()).FindAll(r => order.Contains(r.Id));
        Assert.Equal(order, before.Select(r => r.Id));
        Assert.Equal(20, before.Select(r => r.Xmin).Distinct().Count());

        await app.Db<BookingDb>(db => db.SettleOrder<TokenCount>(default));
        var after = (await Read()).FindAll(r => order.Contains(r.Id));
        Assert.Equal(order.Order(StringComparer.Ordinal), after.Select(r => r.Id));
        Assert.Single(after.Select(r => r.Xmin).Distinct());
        var ids = order.ConvertAll(Guid.Parse);
        Assert.Equal(30, await app.Db<BookingDb, int>(db => db.TokenCounts.Where(t => ids.Contains(t.BookingId)).SumAsync(t => t.Taken)));
    }

    [Fact]
    public async Task Of_many_at_once_no_more_tokens_are_counted_than_there_are_people()
    {
        var id = Guid.NewGuid();
        var taken = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => i == 6
            ? app.Db<BookingDb, bool>(async db => { await db.SettleOrder<TokenCount>(default); return false; })
            : app.Db<BookingDb, bool>(db => db.Count(id, 3, default))));
        Assert.Equal(3, taken.Count(t => t));
    }

    private Task<List<Lies>> Read() => app.Db<BookingDb, List<Lies>>(db =>
        db.Database.SqlQuery<Lies>($"SELECT booking_id::text AS id, xmin::text AS xmin, ctid::text AS ctid FROM token_counts ORDER BY token_counts.ctid").ToListAsync());
}
