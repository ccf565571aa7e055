using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Booking.Tests.Bookings;

public abstract class WaitlistTests(BookingApp app)
{
    private const string Take = "/v1/metropolitan/my-walk/place/take", Leave = "/v1/metropolitan/my-walk/place/leave";

    /// <summary>Noon of the next day: nobody is asleep, and no other test of this class has been there.</summary>
    private void Noon() => app.Time.SetUtcNow(new DateTimeOffset(app.Time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(1).AddHours(12));

    /// <summary>A walk far enough away for twelve hours, and full.</summary>
    private async Task<(Guid WalkId, WalkPublishedReply Walk, List<HttpClient> Booked)> FullWalk(int officer, params int[] parties)
    {
        Noon();
        var (row, _) = await app.SignedInOfficer(officer);
        var walk = await app.Publish(row.OfficerId, capacity: parties.Sum(), at: Later(app.NextFreeTime()));
        var booked = new List<HttpClient>();
        foreach (var people in parties) booked.Add((await app.Book(walk.WalkId, people)).Client);
        return (walk.WalkId, walk, booked);
    }

    private static DateTimeOffset Later(DateTimeOffset at) => at.AddDays(3);

    private async Task<PlaceHeld> Join(Guid walkId, int people = 1) =>
        await (await app.Client().PostAsJsonAsync($"/v1/metropolitan/walks/{walkId}/waitlist", new { people })).Content<PlaceHeld>(HttpStatusCode.Created);

    /// <summary>Joins, verifies her contact, and waits.</summary>
    private async Task<(Guid Id, HttpClient Client)> Wait(Guid walkId, int people = 1)
    {
        var joining = await Join(walkId, people);
        var code = await app.Code(joining, $"{joining.BookingId:N}@example.org");
        var reply = await (await app.With("Hold", joining.HoldToken).PostAsJsonAsync("/v1/metropolitan/booking/confirm", new { code })).Content<BookingConfirmedReply>(HttpStatusCode.OK);
        app.Time.Advance(TimeSpan.FromSeconds(1)); // who came first is told by the clock
        return (reply.BookingId, app.With("Link", reply.Link));
    }

    private async Task<HttpResponseMessage> Send(HttpClient her, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("If-Match", (await app.MyWalk(her)).ETag);
        return await her.SendAsync(request);
    }

    private async Task Cancel(HttpClient her) => (await Send(her, "/v1/metropolitan/my-walk/cancel", new { })).EnsureSuccessStatusCode();
    private async Task<BookingState> State(Guid id) => (await app.Booking(id)).State;
    private async Task<bool> Found(Guid walkId, bool full = false)
    {
        var at = (await app.Walk(walkId)).LocalDate;
        return (await app.Client().GetFromJsonAsync<FoundWalks>($"/v1/metropolitan/walks?date={at:yyyy-MM-dd}&full={full}"))!.Walks.Any(w => w.WalkId == walkId);
    }

    [Fact]
    public async Task A_place_that_comes_free_is_hers_before_anybody_else_can_see_it()
    {
        var (walkId, walk, booked) = await FullWalk(0, 1);
        Assert.Equal((false, true), (await Found(walkId), await Found(walkId, full: true)));
        var (id, her) = await Wait(walkId);
        var joined = (await app.Messages("waitlist-joined", id)).Single();
        Assert.Equal("Borough & Bankside", joined.Fields["place"]);
        var mine = await app.MyWalk(her);
        // Until the place is hers she knows what anybody knows.
        Assert.Equal(("waiting", "Amina", null, 0, "waiting"), (mine.State, mine.FirstName, mine.MeetingPoint, mine.Officers.Count, mine.Other!.State));
        Assert.Equal("no-place-yet", await (await her.GetAsync("/v1/metropolitan/my-walk/calendar.ics")).Refusal(409));
        Assert.Equal("nothing-held", await (await Send(her, Take)).Refusal(409));

        await Cancel(booked[0]);
        Assert.Equal((BookingState.Offered, 1), (await State(id), (await app.Walk(walkId)).Taken));
        Assert.False(await Found(walkId));
        Assert.Equal("walk-full", await (await app.Client().PostAsJsonAsync($"/v1/metropolitan/walks/{walkId}/holds", new { people = 1 })).Refusal(409));
        var offer = (await app.Messages("waitlist-offer", id)).Single();
        Assert.Equal((app.Time.GetUtcNow().AddHours(12), "Borough & Bankside"), (Answers.At(offer.Fields["until"]), offer.Fields["place"]));
        var fromMail = app.With("Link", app.Open(offer, "!link").Split('/')[^1]);
        mine = await app.MyWalk(fromMail);
        Assert.Equal(("offered", null, app.Time.GetUtcNow().AddHours(12)), (mine.State, mine.MeetingPoint, mine.Other!.Until));

        Assert.Equal(HttpStatusCode.NoContent, (await Send(fromMail, Take)).StatusCode);
        mine = await app.MyWalk(her);
        Assert.Equal(("confirmed", 1), (mine.State, mine.Officers.Count));
        Assert.NotNull(mine.MeetingPoint);
        Assert.Null(mine.Other);
        Assert.Contains(new BookingConfirmed(id, walkId, 1), await app.Published<BookingConfirmed>());
        Assert.Single(await app.Messages("walk-confirmed", id));
        Assert.Contains(await app.Scheduled<ReminderDue>(), r => r.Message.BookingId == id && r.Message.Template == WalkReminder.VerifyCode && r.DueAt == walk.StartsAt.AddHours(-2));
        Assert.DoesNotContain(await app.Scheduled<WaitlistDue>(), w => w.Message.BookingId == id);
        Assert.Equal(walk.EndsAt, await app.CountedFrom(id));
    }

    [Fact]
    public async Task Who_came_first_is_asked_first_among_those_whose_party_fits()
    {
        var (walkId, _, booked) = await FullWalk(1, 1, 1, 1);
        var (two, _) = await Wait(walkId, people: 2);
        var (first, _) = await Wait(walkId);
        var (second, _) = await Wait(walkId);
        await Cancel(booked[0]);
        Assert.Equal((BookingState.Waiting, BookingState.Offered, BookingState.Waiting), (await State(two), await State(first), await State(second)));
        await Cancel(booked[1]);
        Assert.Equal((BookingState.Waiting, BookingState.Offered), (await State(two), await State(second)));
        await Cancel(booked[2]);
        Assert.Equal((BookingState.Waiting, 2), (await State(two), (await app.Walk(walkId)).Taken));
        // What fits nobody who waits is public.
        Assert.True(await Found(walkId));
    }

    [Fact]
    public async Task Silence_and_a_no_pass_the_place_on_also_after_a_restart()
    {
        var (walkId, _, booked) = await FullWalk(2, 1);
        var (silent, _) = await Wait(walkId);
        var (declining, her) = await Wait(walkId);
        var (third, _) = await Wait(walkId);
        await Cancel(booked[0]);
        var until = (await app.Booking(silent)).HoldUntil;
        Assert.Contains(await app.Scheduled<WaitlistDue>(), w => w.Message.BookingId == silent && w.DueAt == until);
        await app.Deliver(new WaitlistDue(silent)); // early: nothing happens
        Assert.Equal(BookingState.Offered, await State(silent));

        var link = her.DefaultRequestHeaders.Authorization!.Parameter!;
        app.Time.SetUtcNow(until);
        await app.Restart();
        await app.Eventually(async () => await State(silent) == BookingState.Lapsed, "the offer to lapse by itself");
        Assert.Equal((BookingState.Offered, 1), (await State(declining), (await app.Walk(walkId)).Taken));
        Assert.Equal(HttpStatusCode.NoContent, (await Send(app.With("Link", link), Leave)).StatusCode);
        Assert.Equal((BookingState.Declined, BookingState.Offered, 1), (await State(declining), await State(third), (await app.Walk(walkId)).Taken));
        Assert.DoesNotContain(await app.Scheduled<WaitlistDue>(), w => w.Message.BookingId == declining);
    }

    [Fact]
    public async Task A_late_yes_is_refused_and_who_left_the_list_is_not_asked()
    {
        var (walkId, _, booked) = await FullWalk(3, 1);
        var (leaving, leaver) = await Wait(walkId);
        var (late, her) = await Wait(walkId);
        Assert.Equal(HttpStatusCode.NoContent, (await Send(leaver, Leave)).StatusCode);
        await Cancel(booked[0]);
        Assert.Equal((BookingState.Declined, BookingState.Offered), (await State(leaving), await State(late)));
        app.Time.SetUtcNow((await app.Booking(late)).HoldUntil);
        var answer = await Send(her, Take);
        var refusal = await answer.Refusal((int)answer.StatusCode);
        Assert.True(refusal is "offer-over" or "nothing-held" or "changed-meanwhile", refusal); // whether its clean-up was slower, quicker, or came in between
        await app.Deliver(new WaitlistDue(late));
        Assert.Equal((BookingState.Lapsed, 0), (await State(late), (await app.Walk(walkId)).Taken));
        Assert.True(await Found(walkId));
    }

    [Fact]
    public async Task A_hold_that_is_over_goes_to_whoever_waits_and_not_to_whoever_comes()
    {
        Noon();
        var (row, _) = await app.SignedInOfficer(4);
        var walk = await app.Publish(row.OfficerId, capacity: 1, at: Later(app.NextFreeTime()));
        await app.Hold(walk.WalkId);
        var (id, _) = await Wait(walk.WalkId);
        app.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(await Found(walk.WalkId));
        Assert.Equal("walk-full", await (await app.Client().PostAsJsonAsync($"/v1/metropolitan/walks/{walk.WalkId}/holds", new { people = 1 })).Refusal(409));
        Assert.Equal((BookingState.Offered, 1), (await State(id), (await app.Walk(walk.WalkId)).Taken));
    }

    [Fact]
    public async Task Nobody_waits_where_there_is_room_or_never_could_be()
    {
        Noon();
        var (row, _) = await app.SignedInOfficer(5);
        var walk = await app.Publish(row.OfficerId, capacity: 2, at: Later(app.NextFreeTime()));
        async Task<string> Refused(int people, int status) =>
            await (await app.Client().PostAsJsonAsync($"/v1/metropolitan/walks/{walk.WalkId}/waitlist", new { people })).Refusal(status);
        Assert.Equal("walk-has-room", await Refused(1, 409));
        Assert.Equal("party-too-big", await Refused(3, 422));
        Assert.Equal("walk-unknown", await (await app.Client().PostAsJsonAsync($"/v1/metropolitan/walks/{Guid.NewGuid()}/waitlist", new { people = 1 })).Refusal(404));

        // Without a code nobody waits, and the ten minutes end as those of a hold do.
        await app.Hold(walk.WalkId, people: 2);
        var joining = await Join(walk.WalkId);
        Assert.True((await app.With("Hold", joining.HoldToken).GetFromJsonAsync<HeldPlace>("/v1/metropolitan/booking"))!.Waits);
        app.Time.Advance(TimeSpan.FromMinutes(10));
        await app.Deliver(new HoldEnds(joining.BookingId));
        Assert.Equal(BookingState.Expired, await State(joining.BookingId));
    }

    [Fact]
    public async Task Who_has_a_walk_may_wait_for_a_better_one_and_keeps_what_she_has()
    {
        var (walkId, full, booked) = await FullWalk(6, 1);
        var (row, _) = await app.SignedInOfficer(7);
        var old = await app.Publish(row.OfficerId, capacity: 1, at: Later(app.NextFreeTime()));
        var (bookingId, her) = await app.Book(old.WalkId);
        var (other, _) = await Wait(old.WalkId);

        Assert.Equal("walk-full", await (await Send(her, "/v1/metropolitan/my-walk/move", new { walkId })).Refusal(409));
        var asked = await (await Send(her, "/v1/metropolitan/my-walk/move", new { walkId, wait = true })).Content<OtherPlaceAsked>(HttpStatusCode.OK);
        Assert.Equal((walkId, "waiting", full.StartsAt), (asked.WalkId, asked.State, asked.Until));
        Assert.Equal((1, 1), ((await app.Walk(walkId)).Taken, (await app.Walk(old.WalkId)).Taken));

        await Cancel(booked[0]);
        var mine = await app.MyWalk(her);
        Assert.Equal(("confirmed", "offered", walkId), (mine.State, mine.Other!.State, mine.Other.Walk.WalkId));
        var offer = Assert.Single(await app.Published<Contracts.Notification.NotificationRequested>(), m => m.Template == "waitlist-offer" && app.Open(m, "!link").Length > 0
            && Answers.At(m.Fields["starts_at"]) == full.StartsAt);
        Assert.Equal(bookingId, (await app.MyWalk(app.With("Link", app.Open(offer, "!link").Split('/')[^1]))).BookingId);
        Assert.Equal(HttpStatusCode.NoContent, (await Send(her, Take)).StatusCode);
        Assert.Contains(new BookingMoved(bookingId, old.WalkId, walkId, 1, 1), await app.Published<BookingMoved>());
        // Her old place is somebody else's chance.
        Assert.Equal((BookingState.Offered, 1, 1), (await State(other), (await app.Walk(walkId)).Taken, (await app.Walk(old.WalkId)).Taken));
    }

    [Fact]
    public async Task Who_gives_her_booking_back_waits_for_no_other()
    {
        var (walkId, _, booked) = await FullWalk(8, 1);
        var (row, _) = await app.SignedInOfficer(9);
        var old = await app.Publish(row.OfficerId, at: Later(app.NextFreeTime()));
        var (_, her) = await app.Book(old.WalkId);
        (await Send(her, "/v1/metropolitan/my-walk/move", new { walkId, wait = true })).EnsureSuccessStatusCode();
        await Cancel(booked[0]);
        Assert.Equal(1, (await app.Walk(walkId)).Taken);
        await Cancel(her);
        await app.Eventually(async () => (await app.Walk(walkId)).Taken == 0, "the offered place to come free");
        Assert.True(await Found(walkId));
    }

    [Fact]
    public async Task Waiting_ends_with_the_walks_beginning_or_its_end_and_she_is_told()
    {
        var (walkId, walk, booked) = await FullWalk(10, 1);
        var (id, her) = await Wait(walkId);
        Assert.Contains(await app.Scheduled<WaitlistDue>(), w => w.Message.BookingId == id && w.DueAt == walk.StartsAt);
        var (off, _, _) = await FullWalk(11, 1);
        var (cancelled, _) = await Wait(off);
        (await app.Coordinator.PostAsJsonAsync($"/v1/metropolitan/walks/{off}/cancel", new { reason = "weather" })).EnsureSuccessStatusCode();
        Assert.Equal(BookingState.CancelledByForce, await State(cancelled));
        Assert.Single(await app.Messages("waitlist-closed", cancelled));
        Assert.Empty(await app.Messages("walk-cancelled", cancelled));

        app.Time.SetUtcNow(walk.StartsAt);
        await app.Deliver(new WaitlistDue(id));
        Assert.Equal(("lapsed", null), ((await app.MyWalk(her)).State, (await app.MyWalk(her)).Other));
        Assert.Single(await app.Messages("waitlist-closed", id));
        Assert.NotEmpty(booked);
    }

    [Fact]
    public async Task What_a_cancelled_booking_waited_for_is_let_go_though_it_is_offered_at_that_very_moment()
    {
        var (full, _, _) = await FullWalk(14, 1);
        var (row, _) = await app.SignedInOfficer(15);
        var (bookingId, her) = await app.Book((await app.Publish(row.OfficerId, capacity: 1, at: Later(app.NextFreeTime()))).WalkId);
        (await Send(her, "/v1/metropolitan/my-walk/move", new { walkId = full, wait = true })).EnsureSuccessStatusCode();

        await using var scope = app.Services.CreateAsyncScope();
        var (db, mail, waitlist) = (scope.ServiceProvider.GetRequiredService<BookingDb>(), scope.ServiceProvider.GetRequiredService<BookingMail>(), scope.ServiceProvider.GetRequiredService<Waitlist>());
        db.Force = BookingApp.Force;
        await db.Atomically(async () =>
        {
            var booking = await db.Bookings.SingleAsync(b => b.Id == bookingId);
            await CancelBooking.End(db, mail, waitlist, booking, await db.Walks.SingleAsync(w => w.Id == booking.WalkId), "none", default);
            // Before anybody looks after it, a place comes free where she waits.
            await waitlist.Free(full, 1, default);
            return true;
        });

        await app.Eventually(() => app.Db<BookingDb, bool>(d => d.Bookings.AnyAsync(b => b.FromBookingId == bookingId && b.State == BookingState.Declined)), "her offer to be let go");
        Assert.Equal(0, (await app.Walk(full)).Taken);
    }

    [Fact]
    public async Task A_link_of_the_waiting_list_follows_no_officer_about()
    {
        var (walkId, walk, _) = await FullWalk(12, 1);
        var (_, her) = await Wait(walkId);
        app.Time.SetUtcNow(walk.StartsAt.AddMinutes(-30));
        var officer = (await app.Walk(walkId)).Id == walkId ? (await app.SignedInOfficer(12)).Officer : null;
        var check = await (await her.PostAsJsonAsync("/v1/metropolitan/my-walk/officer-check", new { collarNumber = officer!.CollarNumber })).Content<OfficerChecked>(HttpStatusCode.OK);
        Assert.Equal(("not-on-this-walk", false), (check.Answer, check.AlarmRaised));
        Assert.Equal("walk-not-open", await (await her.PostAsync("/v1/metropolitan/my-walk/alarm", null)).Refusal(409));
    }

    [Fact]
    public async Task What_comes_free_at_night_is_told_in_the_morning_and_her_time_begins_then()
    {
        var (walkId, _, booked) = await FullWalk(13, 1);
        var (id, her) = await Wait(walkId);
        app.Time.SetUtcNow(new DateTimeOffset(app.Time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddHours(23));
        await Cancel(booked[0]);
        var eight = new DateTimeOffset(app.Time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(1).AddHours(8);
        Assert.Empty(await app.Messages("waitlist-offer", id));
        Assert.Contains(await app.Scheduled<WaitlistDue>(), w => w.Message.BookingId == id && w.DueAt == eight);
        Assert.Equal(eight.AddHours(12), (await app.Booking(id)).HoldUntil);
        Assert.Equal("offered", (await app.MyWalk(her)).State);

        app.Time.SetUtcNow(eight);
        await app.Deliver(new WaitlistDue(id));
        Assert.NotEmpty(await app.Messages("waitlist-offer", id));
    }
}

public sealed class WaitlistOnSqlite(BookingApp.Sqlite app) : WaitlistTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class WaitlistOnPostgres(BookingApp.Postgres app) : WaitlistTests(app), IClassFixture<BookingApp.Postgres>;

public sealed class WaitlistClockTests
{
    [Theory]
    [InlineData("2026-11-24T12:00Z", "2026-11-27T18:00Z", "2026-11-24T12:00Z", "2026-11-25T00:00Z")] // twelve hours
    [InlineData("2026-11-24T12:00Z", "2026-11-25T11:59Z", "2026-11-24T12:00Z", "2026-11-24T14:00Z")] // less than a day away: two
    [InlineData("2026-11-24T12:00Z", "2026-11-24T13:00Z", "2026-11-24T12:00Z", "2026-11-24T13:00Z")] // never beyond its start
    [InlineData("2026-11-24T21:00Z", "2026-11-27T18:00Z", "2026-11-25T08:00Z", "2026-11-25T20:00Z")] // at night: from the morning on
    [InlineData("2026-11-25T07:59Z", "2026-11-27T18:00Z", "2026-11-25T08:00Z", "2026-11-25T20:00Z")]
    [InlineData("2026-11-24T23:00Z", "2026-11-25T10:00Z", "2026-11-25T07:00Z", "2026-11-25T09:00Z")] // an early walk: three hours before it
    [InlineData("2026-11-24T21:30Z", "2026-11-24T23:00Z", "2026-11-24T21:30Z", "2026-11-24T23:00Z")] // so near that she is told at once
    [InlineData("2026-07-01T20:30Z", "2026-07-04T18:00Z", "2026-07-02T07:00Z", "2026-07-02T19:00Z")] // summer: half past nine is night
    [InlineData("2026-10-24T22:00Z", "2026-10-27T18:00Z", "2026-10-25T08:00Z", "2026-10-25T20:00Z")] // the night the clocks go back
    [InlineData("2027-03-27T22:00Z", "2027-03-30T18:00Z", "2027-03-28T07:00Z", "2027-03-28T19:00Z")] // and forward
    public void An_offer_leaves_a_fair_time(string now, string startsAt, string told, string until) =>
        Assert.Equal((Answers.At(told), Answers.At(until)), Waitlist.Clock(Answers.At(now), Answers.At(startsAt), TimeZoneInfo.FindSystemTimeZoneById("Europe/London")));
}
