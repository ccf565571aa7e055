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
