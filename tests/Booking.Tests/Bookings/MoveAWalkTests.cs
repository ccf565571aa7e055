using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.Contracts.Notification;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking.Tests.Bookings;

public abstract class MoveAWalkTests(BookingApp app)
{
    private const string Move = "/v1/metropolitan/my-walk/move", Take = "/v1/metropolitan/my-walk/place/take", Leave = "/v1/metropolitan/my-walk/place/leave";

    /// <summary>A request of hers with the version of her booking that she last saw.</summary>
    private async Task<HttpResponseMessage> Send(HttpClient her, string path, object? body = null, string? seen = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("If-Match", seen ?? (await app.MyWalk(her)).ETag);
        return await her.SendAsync(request);
    }

    private Task<HttpResponseMessage> MoveTo(HttpClient her, Guid walkId) => Send(her, Move, new { walkId });

    private async Task<IReadOnlyList<int>> Taken(params WalkPublishedReply[] walks)
    {
        var taken = new List<int>();
        foreach (var walk in walks) taken.Add((await app.Walk(walk.WalkId)).Taken);
        return taken;
    }

    [Fact]
    public async Task She_moves_and_everything_goes_with_her()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var (first, second) = (await app.Publish(officer.OfficerId), await app.Publish(officer.OfficerId));
        var (bookingId, her) = await app.Book(first.WalkId, people: 2);

        var held = await (await MoveTo(her, second.WalkId)).Content<OtherPlaceAsked>(HttpStatusCode.OK);
        Assert.Equal(("held", app.Time.GetUtcNow().AddMinutes(10)), (held.State, held.Until));
        // Until she says yes both places are hers and nothing else has changed.
        Assert.Equal([2, 2], await Taken(first, second));
        var mine = await app.MyWalk(her);
        Assert.Equal((first.WalkId, "held", second.WalkId), (mine.WalkId, mine.Other!.State, mine.Other.Walk.WalkId));
        var words = (await app.Booking(bookingId)).WordsProtected;

        Assert.Equal(HttpStatusCode.NoContent, (await Send(her, Take)).StatusCode);
        Assert.Equal([0, 2], await Taken(first, second));
        mine = await app.MyWalk(her);
        Assert.Equal((bookingId, second.WalkId, "confirmed", 2), (mine.BookingId, mine.WalkId, mine.State, mine.People));
        Assert.Null(mine.Other);
        Assert.NotEqual(words, (await app.Booking(bookingId)).WordsProtected);
        Assert.Contains(new BookingMoved(bookingId, first.WalkId, second.WalkId, 2, 1), await app.Published<BookingMoved>());

        var message = (await app.Messages("walk-changed", bookingId)).Single();
        Assert.True(message.Mandatory);
        Assert.Equal((1L, first.StartsAt, second.StartsAt), (message.SubjectVersion, Answers.At(message.Fields["old_starts_at"]), Answers.At(message.Fields["starts_at"])));
        Assert.Equal(bookingId, (await app.MyWalk(app.With("Link", app.Open(message, "!link").Split('/')[^1]))).BookingId);
        var ics = app.Services.GetRequiredService<Transit>().Open(message.Attachment!.ContentProtected);
        Assert.Contains($"UID:{bookingId}@walktalk", ics);
        Assert.Contains("SEQUENCE:1", ics);
        Assert.Equal(second.StartsAt, Calendars.Parsed.Of(ics).Entries.Single().Start);
        Assert.Contains("SEQUENCE:1", await her.GetStringAsync("/v1/metropolitan/my-walk/calendar.ics"));

        // What was to come of the old walk does not come, what the new one brings does.
        Assert.Contains(new NotificationWithdrawn(bookingId, null, 0), await app.Published<NotificationWithdrawn>());
        var due = (await app.Scheduled<ReminderDue>()).Where(r => r.Message.BookingId == bookingId).ToList();
        Assert.All(due, r => Assert.Equal(1, r.Message.Revision));
        Assert.Equal(second.StartsAt.AddHours(-2), due.Single(r => r.Message.Template == WalkReminder.VerifyCode).DueAt);
        await app.Deliver(new ReminderDue(bookingId, WalkReminder.HoursBefore, 0)); // was already on its way
        Assert.Empty(await app.Messages(WalkReminder.HoursBefore, bookingId));
        Assert.Equal(second.EndsAt, await app.CountedFrom(bookingId));
    }

    [Fact]
    public async Task She_moves_twice_and_cancels_and_her_calendar_follows()
    {
        var (officer, _) = await app.SignedInOfficer(1);
        WalkPublishedReply[] walks = [await app.Publish(officer.OfficerId), await app.Publish(officer.OfficerId), await app.Publish(officer.OfficerId)];
        var (bookingId, her) = await app.Book(walks[0].WalkId);
        foreach (var to in (Guid[])[walks[1].WalkId, walks[2].WalkId])
        {
            (await MoveTo(her, to)).EnsureSuccessStatusCode();
            (await Send(her, Take)).EnsureSuccessStatusCode();
        }
        Assert.Equal([1L, 2L], (await app.Messages("walk-changed", bookingId)).Select(m => m.SubjectVersion).Order());
        (await Send(her, "/v1/metropolitan/my-walk/cancel", new { })).EnsureSuccessStatusCode();

        Assert.Equal([0, 0, 0], await Taken(walks));
        var cancelled = (await app.Messages("walk-cancelled", bookingId)).Single();
        Assert.Equal(3, cancelled.SubjectVersion);
        Assert.Contains("SEQUENCE:3", app.Services.GetRequiredService<Transit>().Open(cancelled.Attachment!.ContentProtected));
        Assert.Contains(new BookingCancelled(bookingId, walks[2].WalkId, "participant", "none"), await app.Published<BookingCancelled>());
        Assert.Equal("not-movable", await (await MoveTo(her, walks[0].WalkId)).Refusal(409));
    }

    [Fact]
    public async Task A_full_walk_and_a_hold_that_lapses_cost_her_nothing()
    {
        var (officer, _) = await app.SignedInOfficer(2);
        var (mine, full, open) = (await app.Publish(officer.OfficerId), await app.Publish(officer.OfficerId, capacity: 1), await app.Publish(officer.OfficerId));
        var (bookingId, her) = await app.Book(mine.WalkId);
        await app.Hold(full.WalkId);
        (await MoveTo(her, open.WalkId)).EnsureSuccessStatusCode();

        // What she holds stays held while she tries in vain for another.
        Assert.Equal("walk-full", await (await MoveTo(her, full.WalkId)).Refusal(409));
        Assert.Equal([1, 1, 1], await Taken(mine, full, open));

        app.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null((await app.MyWalk(her)).Other);
        var refusal = await (await Send(her, Take)).Refusal(409);
        Assert.True(refusal is "hold-expired" or "nothing-held", refusal); // whether or not its clean-up was quicker
        Assert.Equal((mine.WalkId, BookingState.Confirmed), ((await app.Booking(bookingId)).WalkId, (await app.Booking(bookingId)).State));
        Assert.Equal(1, (await app.Walk(mine.WalkId)).Taken);
        await app.Hold(open.WalkId, people: 2);
        Assert.Equal(2, (await app.Walk(open.WalkId)).Taken);
    }

    [Fact]
    public async Task Another_choice_takes_the_place_of_the_first_and_she_may_stay()
    {
        var (officer, _) = await app.SignedInOfficer(3);
        var (mine, first, second) = (await app.Publish(officer.OfficerId), await app.Publish(officer.OfficerId), await app.Publish(officer.OfficerId));
        var (_, her) = await app.Book(mine.WalkId);
        (await MoveTo(her, first.WalkId)).EnsureSuccessStatusCode();
        (await MoveTo(her, second.WalkId)).EnsureSuccessStatusCode();
        Assert.Equal([1, 0, 1], await Taken(mine, first, second));
        await app.Hold(second.WalkId);
        (await MoveTo(her, second.WalkId)).EnsureSuccessStatusCode(); // the last place there is the one she holds
        Assert.Equal([1, 0, 2], await Taken(mine, first, second));

        Assert.Equal(HttpStatusCode.NoContent, (await Send(her, Leave)).StatusCode);
        Assert.Equal([1, 0, 1], await Taken(mine, first, second));
        Assert.Equal("nothing-held", await (await Send(her, Leave)).Refusal(409));
        Assert.Equal("nothing-held", await (await Send(her, Take)).Refusal(409));
        Assert.Equal("same-walk", await (await MoveTo(her, mine.WalkId)).Refusal(409));
        Assert.Equal("walk-unknown", await (await MoveTo(her, Guid.NewGuid())).Refusal(404));
    }

    [Fact]
    public async Task A_change_says_which_version_it_saw()
    {
        var (officer, _) = await app.SignedInOfficer(4);
        var (mine, other) = (await app.Publish(officer.OfficerId), await app.Publish(officer.OfficerId));
        var (_, her) = await app.Book(mine.WalkId);
        foreach (var (path, body) in ((string, object?)[])[(Move, new { walkId = other.WalkId }), (Take, null), (Leave, null)])
        {
            if (path == Take) (await MoveTo(her, other.WalkId)).EnsureSuccessStatusCode();
            Assert.Equal("changed-meanwhile", await (await Send(her, path, body, seen: "\"99\"")).Refusal(412));
            Assert.Equal("if-match-required", await (await her.PostAsJsonAsync(path, body)).Refusal(428));
        }
        Assert.Equal([1, 1], await Taken(mine, other));
    }

    [Fact]
    public async Task When_the_new_walk_is_called_off_meanwhile_she_keeps_the_old_one()
    {
        var (officer, _) = await app.SignedInOfficer(5);
        var (mine, other) = (await app.Publish(officer.OfficerId), await app.Publish(officer.OfficerId));
        var (bookingId, her) = await app.Book(mine.WalkId);
        (await MoveTo(her, other.WalkId)).EnsureSuccessStatusCode();
        (await app.Coordinator.PostAsJsonAsync($"/v1/metropolitan/walks/{other.WalkId}/cancel", new { reason = "weather" })).EnsureSuccessStatusCode();
        Assert.Equal("nothing-held", await (await Send(her, Take)).Refusal(409));
        Assert.Equal((mine.WalkId, BookingState.Confirmed), ((await app.Booking(bookingId)).WalkId, (await app.Booking(bookingId)).State));
        Assert.Empty(await app.Messages("walk-cancelled", bookingId));
    }

    [Fact]
    public async Task A_click_sent_twice_moves_her_once()
    {
        var (officer, _) = await app.SignedInOfficer(6);
        var (mine, other) = (await app.Publish(officer.OfficerId), await app.Publish(officer.OfficerId));
        var (bookingId, her) = await app.Book(mine.WalkId);
        her.DefaultRequestHeaders.Add("If-Match", (await app.MyWalk(her)).ETag);
        her.DefaultRequestHeaders.Add("Idempotency-Key", $"{Guid.NewGuid()}");
        var held = await (await her.PostAsJsonAsync(Move, new { walkId = other.WalkId })).Content<OtherPlaceAsked>(HttpStatusCode.OK);
        Assert.Equal(held, await (await her.PostAsJsonAsync(Move, new { walkId = other.WalkId })).Content<OtherPlaceAsked>(HttpStatusCode.OK));
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.NoContent, (await her.PostAsync(Take, null)).StatusCode);
        Assert.Single(await app.Messages("walk-changed", bookingId));
        Assert.Equal([0, 1], await Taken(mine, other));
    }

    [Fact]
    public async Task Two_women_change_places_and_neither_waits_for_ever()
    {
        var (officer, _) = await app.SignedInOfficer(7);
        var (left, right) = (await app.Publish(officer.OfficerId, capacity: 20), await app.Publish(officer.OfficerId, capacity: 20));
        var (a, b) = ((await app.Book(left.WalkId)).Client, (await app.Book(right.WalkId)).Client);
        for (var round = 0; round < 10; round++)
        {
            (Guid ofA, Guid ofB) = round % 2 == 0 ? (right.WalkId, left.WalkId) : (left.WalkId, right.WalkId);
            foreach (var answer in await Task.WhenAll(MoveTo(a, ofA), MoveTo(b, ofB))) answer.EnsureSuccessStatusCode();
            foreach (var answer in await Task.WhenAll(Send(a, Take), Send(b, Take))) answer.EnsureSuccessStatusCode();
            Assert.Equal([1, 1], await Taken(left, right));
        }
    }

}

public sealed class MoveAWalkOnSqlite(BookingApp.Sqlite app) : MoveAWalkTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class MoveAWalkOnPostgres(BookingApp.Postgres app) : MoveAWalkTests(app), IClassFixture<BookingApp.Postgres>;
