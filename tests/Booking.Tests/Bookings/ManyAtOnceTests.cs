using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.Contracts.Notification;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking.Tests.Bookings;

/// <summary>
/// Sixty-four women book, move, wait, cancel and think again on the same few walks while a coordinator publishes more and time goes by.
/// Each keeps a history of what she was answered; afterwards database and histories must agree. Everybody has six turns, and more until every act has happened,
/// or as many as WALKTALK_MANY_SECONDS allow.
/// </summary>
public abstract class ManyAtOnceTests(BookingApp app)
{
    private const int Women = 64, Turns = 6, AtMost = 60;

    /// <summary>The run is worth its name only if everything happened.</summary>
    private static readonly string[] Everything = ["hold 201", "hold walk-full", "confirm 200", "wait 201", "move 200", "take 204", "leave 204", "cancel 204", "publish 201"];
    private static readonly double? Seconds = double.TryParse(Environment.GetEnvironmentVariable("WALKTALK_MANY_SECONDS"), CultureInfo.InvariantCulture, out var s) ? s : null;
    private readonly List<Guid> walks = [];
    private readonly ConcurrentDictionary<Guid, ConcurrentQueue<string>> history = [];
    private readonly ConcurrentQueue<string> unexpected = [];
    private readonly ConcurrentDictionary<string, int> answers = [];

    [Fact]
    public async Task No_place_is_sold_twice_and_no_offer_is_lost()
    {
        for (var i = 0; i < 6; i++) await Publish(i, capacity: 3 + i % 3);
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(Seconds ?? int.MaxValue / 1000));
        using var over = new CancellationTokenSource();
        var women = Enumerable.Range(0, Women).Select(i => Live(new Random(i), enough.Token)).ToList();
        var coordinator = Coordinate(over.Token);
        var booked = (await Task.WhenAll(women)).ToList();
        await over.CancelAsync();
        await coordinator;

        Assert.True(unexpected.IsEmpty, string.Join('\n', unexpected.Take(20)));
        await Settle();
        await PlacesAreCounted();
        await HistoriesAgree(booked);
        TestContext.Current.TestOutputHelper?.WriteLine(Answers());
        foreach (var act in Everything) Assert.True(answers.ContainsKey(act), $"Nobody was answered \"{act}\": {Answers()}");

        string Answers() => string.Join(", ", answers.OrderBy(a => a.Key).Select(a => $"{a.Key}: {a.Value}"));
    }

    /// <summary>One woman: books where there is room, waits where there is none, changes her mind. Answers the booking she has in the end, with its link.</summary>
    private async Task<(Guid Id, HttpClient Client)?> Live(Random random, CancellationToken stop)
    {
        (Guid Id, HttpClient Client)? mine = null;
        for (var turn = 0; !stop.IsCancellationRequested && (Seconds is not null || turn < Turns || (turn < AtMost && !Everything.All(answers.ContainsKey))); turn++)
        {
            mine = mine is null ? await Begin(random) : await Change(mine.Value, random);
        }
        return mine;
    }

    private async Task<(Guid, HttpClient)?> Begin(Random random)
    {
        var (walk, people) = (Any(random), random.Next(1, 3));
        var (held, token) = await Ask<PlaceHeld>("hold", app.Client(), $"walks/{walk}/holds", new { people }, key: true);
        if (held == "walk-full") (held, token) = await Ask<PlaceHeld>("wait", app.Client(), $"walks/{walk}/waitlist", new { people }, key: true);
        if (token is null || random.Next(6) == 0) return null; // she looks away, and the ten minutes go by
        var her = app.With("Hold", token.HoldToken);
        var (sent, _) = await Ask<CodeSent>("contact", her, "booking/contact", new { firstName = "Amina", email = $"{token.BookingId:N}@example.org" });
        if (sent != "200") return null;
        var (_, reply) = await Ask<BookingConfirmedReply>("confirm", her, "booking/confirm", new { code = await Code(token.BookingId) });
        if (reply is null) return null;
        return (reply.BookingId, app.With("Link", reply.Link));
    }

    private async Task<(Guid, HttpClient)?> Change((Guid Id, HttpClient Client) mine, Random random)
    {
        var (outcome, view) = await Ask<MyWalkView>("look", mine.Client, "my-walk", null, get: true);
        if (outcome != "200" || view!.State is not ("confirmed" or "waiting" or "offered")) return null;
        var etag = view.ETag;
        switch (random.Next(8))
        {
            case 0 when view.State == "confirmed":
                var (cancelled, _) = await Ask<object>("cancel", mine.Client, "my-walk/cancel", new { reason = "none" }, etag);
                if (cancelled == "204") Note(mine.Id, "cancelled");
                return cancelled == "204" ? null : mine;
            case < 4 when view.State == "confirmed" && view.Other is null:
                var body = new { walkId = Any(random), wait = random.Next(2) == 0 };
                // Now and then she clicks on two walks at once.
                var second = random.Next(4) == 0 ? Ask<OtherPlaceAsked>("move", mine.Client, "my-walk/move", new { walkId = Any(random), wait = true }, etag, key: true) : null;
                await Ask<OtherPlaceAsked>("move", mine.Client, "my-walk/move", body, etag, key: true);
                if (second is not null) await second;
                return mine;
            case 4 when view.Other is not null:
                await Ask<object>("leave", mine.Client, "my-walk/place/leave", null, etag, key: true);
                return view.State == "confirmed" ? mine : null;
            default:
                if (view.Other is not { State: not "waiting" } other) return mine;
                var (taken, _) = await Ask<object>("take", mine.Client, "my-walk/place/take", null, etag, key: true);
                if (taken == "204") Note(mine.Id, $"on {other.Walk.WalkId}");
                return mine;
        }
    }

    private async Task Coordinate(CancellationToken stop)
    {
        for (var i = 6; !stop.IsCancellationRequested; i++)
        {
            if (i < 12) await Publish(i, capacity: 2);
            // Holds and offers are over while the others go on.
            app.Time.Advance(TimeSpan.FromSeconds(20));
            await Task.Delay(100, CancellationToken.None);
        }
    }

    private async Task Publish(int officer, int capacity)
    {
        var (row, _) = await app.SignedInOfficer(officer % 12);
        var walk = await app.Publish(row.OfficerId, capacity, app.NextFreeTime().AddDays(5));
        answers.AddOrUpdate("publish 201", 1, (_, n) => n + 1);
        lock (walks) walks.Add(walk.WalkId);
    }

    private Guid Any(Random random)
    {
        lock (walks) return walks[random.Next(walks.Count)];
    }

    private void Note(Guid booking, string what) => history.GetOrAdd(booking, _ => []).Enqueue(what);

    /// <summary>One request; the answer's status or the refusal's name. A server's fault ends the test.</summary>
    private async Task<(string Outcome, T? Value)> Ask<T>(string act, HttpClient client, string path, object? body, string? etag = null, bool key = false, bool get = false)
    {
        using var request = new HttpRequestMessage(get ? HttpMethod.Get : HttpMethod.Post, $"/v1/metropolitan/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        if (etag is not null) request.Headers.Add("If-Match", etag);
        if (key) request.Headers.Add("Idempotency-Key", $"{Guid.NewGuid()}");
        using var answer = await client.SendAsync(request);
        var outcome = answer.IsSuccessStatusCode ? $"{(int)answer.StatusCode}" : await answer.Refusal((int)answer.StatusCode);
        answers.AddOrUpdate($"{act} {outcome}", 1, (_, n) => n + 1);
        if ((int)answer.StatusCode >= 500 && outcome != "busy") unexpected.Enqueue($"{act}: {outcome}");
        return (outcome, answer.IsSuccessStatusCode && answer.StatusCode != HttpStatusCode.NoContent ? await answer.Content.ReadFromJsonAsync<T>() : default);
    }

    /// <summary>The test's own looks must not take the service's connections, nor read all that was ever sent.</summary>
    private static readonly SemaphoreSlim Looks = new(4);

    private async Task<string> Code(Guid bookingId)
    {
        var (pattern, since) = ($"%\"contact-verify\"%{bookingId}%", app.Time.GetUtcNow().AddMinutes(-10));
        await Looks.WaitAsync();
        List<string> bodies;
        try
        {
            bodies = await app.Db<BookingDb, List<string>>(db => db.Database.SqlQuery<string>(
                $"SELECT body AS \"Value\" FROM outbox WHERE name = 'notification-requested' AND created_at >= {(db.Database.IsSqlite() ? since.UtcTicks : (object)since)} AND body LIKE {pattern}").ToListAsync());
        }
        finally
        {
            Looks.Release();
        }
        return app.Open(bodies.Select(b => JsonSerializer.Deserialize<NotificationRequested>(b, Delivery.Json)!).MaxBy(m => m.SubjectVersion)!, "!code");
    }

    /// <summary>Holds and offers that are over are cleaned up, as their reminders would.</summary>
    private async Task Settle()
    {
        app.Time.Advance(TimeSpan.FromMinutes(11));
        var over = await app.Db<BookingDb, List<Guid>>(db => db.Bookings.Where(b => b.State == BookingState.Held || b.State == BookingState.Joining).Select(b => b.Id).ToListAsync());
        foreach (var id in over) await app.Deliver(new HoldEnds(id));
        // A cancelled booking lets go what it waited for in a moment, by itself.
        await app.Eventually(() => app.Db<BookingDb, bool>(async db => !await db.Bookings.AnyAsync(b => (b.State == BookingState.Waiting || b.State == BookingState.Offered)
            && b.FromBookingId != null && db.Bookings.Any(f => f.Id == b.FromBookingId && f.State != BookingState.Confirmed))), "what cancelled bookings waited for to be let go");
    }

    private Task PlacesAreCounted() => app.Db<BookingDb>(async db =>
    {
        foreach (var walk in await db.Walks.AsNoTracking().Where(w => walks.Contains(w.Id)).ToListAsync())
        {
            var bookings = await db.Bookings.AsNoTracking().Where(b => b.WalkId == walk.Id).ToListAsync();
            var people = bookings.Where(b => b.State is BookingState.Held or BookingState.Offered or BookingState.Confirmed).Sum(b => b.People);
            Assert.Equal(people, walk.Taken);
            Assert.InRange(walk.Taken, 0, walk.Capacity);
            // Every free place with somebody waiting whom it fits has been offered.
            Assert.DoesNotContain(bookings, b => b.State == BookingState.Waiting && b.People <= walk.Capacity - walk.Taken);
        }
    });

    private async Task HistoriesAgree(IEnumerable<(Guid Id, HttpClient Client)?> last)
    {
        var rows = await app.Db<BookingDb, Dictionary<Guid, Booking>>(db => db.Bookings.AsNoTracking().ToDictionaryAsync(b => b.Id));
        foreach (var (id, told) in history)
        {
            // What she was told last is what stands: a yes is never forgotten, a cancelled place never comes back.
            if (told.Contains("cancelled")) Assert.Equal(BookingState.CancelledByParticipant, rows[id].State);
            else if (told.LastOrDefault(t => t.StartsWith("on ", StringComparison.Ordinal)) is { } on) Assert.Equal(on, $"on {rows[id].WalkId}");
        }
        foreach (var mine in last.OfType<(Guid Id, HttpClient Client)>())
            Assert.True(rows[mine.Id].State is BookingState.Confirmed or BookingState.Waiting or BookingState.Offered or BookingState.Lapsed, $"{mine.Id} is {rows[mine.Id].State}");
        Assert.All(rows.Values.Where(b => b.State is BookingState.Held or BookingState.Waiting or BookingState.Offered && b.FromBookingId != null).GroupBy(b => b.FromBookingId), g => Assert.Single(g));
    }
}

[Collection("many at once")]
public sealed class ManyAtOnceOnSqlite(BookingApp.Sqlite app) : ManyAtOnceTests(app), IClassFixture<BookingApp.Sqlite>;

[Collection("many at once")]
public sealed class ManyAtOnceOnPostgres(BookingApp.Postgres app) : ManyAtOnceTests(app), IClassFixture<BookingApp.Postgres>;
