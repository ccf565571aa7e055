using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Contracts.Feedback;

namespace WalkTalk.Feedback.Tests;

/// <summary>What the rows themselves do not say, their place must not say either.</summary>
public sealed class OrderOnDiskTests(FeedbackApp.Postgres app) : IClassFixture<FeedbackApp.Postgres>
{
    private sealed record Lies(string Hash, string Xmin, string Ctid);

    [Fact]
    public async Task After_the_morning_neither_place_nor_transaction_tells_in_which_order_nonces_were_spent()
    {
        List<string> order = [];
        for (var i = 0; i < 20; i++)
        {
            await app.Send(new FeedbackSubmission { AttendanceToken = app.Token(), Concerns = [FeedbackApp.Light()] });
            order.AddRange((await Read()).Select(r => r.Hash).Except(order).ToList());
        }
        var before = await Read();
        Assert.Equal(order, before.Select(r => r.Hash));
        Assert.Equal(20, before.Select(r => r.Xmin).Distinct().Count());

        await app.Db<FeedbackDb>(db => db.ForgetOrder(default));
        var after = await Read();
        Assert.Equal(order.Order(StringComparer.Ordinal), after.Select(r => r.Hash));
        Assert.Single(after.Select(r => r.Xmin).Distinct());

        // Spent is spent, and what is settled lies where it lies.
        var token = app.Token();
        await app.Send(new FeedbackSubmission { AttendanceToken = token, Concerns = [FeedbackApp.Light()] });
        await app.Db<FeedbackDb>(db => db.ForgetOrder(default));
        Assert.Equal(after.Select(r => r.Ctid), (await Read()).Where(r => order.Contains(r.Hash)).Select(r => r.Ctid));
        await FeedbackApp.Refused(await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(app.Client(), "/v1/metropolitan/submissions", new FeedbackSubmission { AttendanceToken = token, Concerns = [FeedbackApp.Light()] }), "attendance-spent", 409);
    }

    private Task<List<Lies>> Read() => app.Db<FeedbackDb, List<Lies>>(db =>
        db.Database.SqlQuery<Lies>($"SELECT encode(hash, 'hex') AS hash, xmin::text AS xmin, ctid::text AS ctid FROM spent_nonce ORDER BY spent_nonce.ctid").ToListAsync());
}

/// <summary>Rows of the board written before its days were coarse.</summary>
public abstract class OldBoardDays(FeedbackApp app)
{
    [Theory]
    [InlineData("2026Q4", "2026Q4", "2026-10-01")]
    [InlineData("2026", "2026", "2026-01-01")]
    public async Task A_row_that_kept_the_day_on_which_a_woman_spoke_is_made_coarse_once(string period, string said, string day)
    {
        var id = (await app.Published(3, FeedbackApp.Ward, period: period))[2];
        await app.Db<FeedbackDb>(async db =>
        {
            var entry = await db.Board.SingleAsync(e => e.Id == id);
            Assert.Equal(said, entry.Steps[^1].When);
            // As it was written then: the force's step is older than the quarter, the row has the day of her word.
            db.Entry(entry).Property(e => e.Steps).CurrentValue = [new BoardStep("said", "2025-09-01", "We will."), entry.Steps[^1], new BoardStep("review", "2027-05-01", "Owner")];
            db.Entry(entry).Property(e => e.ChangedOn).CurrentValue = new DateOnly(2026, 11, 23);
            await db.SaveChangesAsync();
        });
        foreach (var _ in (int[])[1, 2])
        {
            var changed = await app.Db<FeedbackDb, DateOnly>(async db =>
            {
                await db.Database.ExecuteSqlRawAsync(db.Database.IsNpgsql() ? BoardDays.Postgres.Replace("{4}", "{{4}}", StringComparison.Ordinal) : BoardDays.Sqlite);
                return await db.Board.Where(e => e.Id == id).Select(e => e.ChangedOn).SingleAsync();
            });
            Assert.Equal(DateOnly.ParseExact(day, "O"), changed);
        }
    }
}

public sealed class OldBoardDaysOnSqlite(FeedbackApp.Sqlite app) : OldBoardDays(app), IClassFixture<FeedbackApp.Sqlite>;

public sealed class OldBoardDaysOnPostgres(FeedbackApp.Postgres app) : OldBoardDays(app), IClassFixture<FeedbackApp.Postgres>;
