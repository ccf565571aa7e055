using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Booking.Tests.Bookings;

/// <summary>Holds that are decided in one transaction, because they came while another one was under way.</summary>
public abstract class HoldTogetherTests(BookingApp app)
{
    [Fact]
    public async Task Each_of_a_mixed_batch_gets_the_answer_it_would_get_alone()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var (walk, other) = ((await app.Publish(officer.OfficerId, capacity: 4)).WalkId, (await app.Publish(officer.OfficerId, capacity: 4)).WalkId);
        var (known, twin) = ($"known-{Guid.NewGuid()}", $"twin-{Guid.NewGuid()}");
        var before = await (await Hold(walk, 1, known)).Content<PlaceHeld>(HttpStatusCode.Created);

        var answers = await WhileLocked(walk,
            () => Hold(walk, 1, known), () => Hold(walk, 2, known), () => Hold(walk, 9, $"{Guid.NewGuid()}"), () => Hold(Guid.NewGuid(), 1, $"{Guid.NewGuid()}"),
            () => Hold(walk, 4, $"{Guid.NewGuid()}"), () => Hold(other, 2, twin), () => Hold(other, 2, twin), () => Hold(other, 1, null), () => Hold(other, 1, "short"));

        var again = answers[0];
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(before, await again.Content<PlaceHeld>(HttpStatusCode.Created));
        Assert.Equal("idempotency-key-reused", await answers[1].Refusal(422));
        Assert.Equal(HttpStatusCode.BadRequest, answers[2].StatusCode);
        Assert.Equal("walk-unknown", await answers[3].Refusal(404));
        Assert.Equal("walk-full", await answers[4].Refusal(409));
        Assert.Equal(await answers[5].Content<PlaceHeld>(HttpStatusCode.Created), await answers[6].Content<PlaceHeld>(HttpStatusCode.Created));
        await answers[7].Content<PlaceHeld>(HttpStatusCode.Created);
        Assert.Equal("idempotency-key-malformed", await answers[8].Refusal(400));
        // The first, and the two that the batch waited behind.
        Assert.Equal((3, 3), ((await app.Walk(walk)).Taken, (await app.Walk(other)).Taken));
    }

    [Fact]
    public async Task Where_a_batch_fails_each_goes_alone_and_only_the_culprit_fails()
    {
        var (officer, _) = await app.SignedInOfficer(1);
        var walk = (await app.Publish(officer.OfficerId, capacity: 20)).WalkId;
        await app.Db<BookingDb>(db => db.Database.ExecuteSqlRawAsync(db.Database.IsNpgsql()
            ? "ALTER TABLE bookings ADD CONSTRAINT ck_no_three CHECK (people <> 3) NOT VALID"
            : "CREATE TRIGGER no_three BEFORE INSERT ON bookings WHEN NEW.people = 3 BEGIN SELECT RAISE(ABORT, 'no three'); END"));
        try
        {
            var answers = await WhileLocked(walk, [.. Enumerable.Range(0, 8).Select<int, Func<Task<HttpResponseMessage>>>(i => () => Hold(walk, i == 4 ? 3 : 1, $"{Guid.NewGuid()}"))]);
            Assert.Equal(HttpStatusCode.InternalServerError, answers[4].StatusCode);
            Assert.All(answers.Where((_, i) => i != 4), a => Assert.Equal(HttpStatusCode.Created, a.StatusCode));
        }
        finally
        {
            await app.Db<BookingDb>(db => db.Database.ExecuteSqlRawAsync(db.Database.IsNpgsql() ? "ALTER TABLE bookings DROP CONSTRAINT ck_no_three" : "DROP TRIGGER no_three"));
        }
        var (taken, held) = ((await app.Walk(walk)).Taken, await app.Db<BookingDb, int>(db => db.Bookings.CountAsync(b => b.WalkId == walk && b.State == BookingState.Held)));
        Assert.Equal((9, 9), (taken, held));
    }

    /// <summary>Asks while somebody has the walk's row: two holds wait for it, whatever comes after gathers behind them.</summary>
    private async Task<List<HttpResponseMessage>> WhileLocked(Guid walk, params Func<Task<HttpResponseMessage>>[] asks)
    {
        List<Task<HttpResponseMessage>> asked = [];
        await app.Db<BookingDb>(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.Lock(walk, default);
            for (var i = 0; i < 2; i++)
            {
                asked.Add(Hold(walk, 1, null));
                await Task.Delay(100);
            }
            asked.AddRange(asks.Select(ask => ask()));
            await Task.Delay(300);
            await transaction.CommitAsync();
        });
        var answers = await Task.WhenAll(asked);
        Assert.All(answers.Take(2), a => Assert.Equal(HttpStatusCode.Created, a.StatusCode));
        return [.. answers.Skip(2)];
    }

    private async Task<HttpResponseMessage> Hold(Guid walk, int people, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/metropolitan/walks/{walk}/holds") { Content = JsonContent.Create(new { people }) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await app.Client().SendAsync(request);
    }
}

public sealed class HoldTogetherOnSqlite(BookingApp.Sqlite app) : HoldTogetherTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class HoldTogetherOnPostgres(BookingApp.Postgres app) : HoldTogetherTests(app), IClassFixture<BookingApp.Postgres>;
