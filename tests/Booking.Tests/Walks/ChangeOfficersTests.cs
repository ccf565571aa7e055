using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Booking.Tests.Walks;

public abstract class ChangeOfficersTests(BookingApp app)
{
    private async Task<HttpResponseMessage> Change(Guid walkId, object body, string? seen = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/metropolitan/walks/{walkId}/officers") { Content = JsonContent.Create(body) };
        request.Headers.Add("If-Match", seen ?? (await Read(walkId)).Walk.ETag);
        return await app.Coordinator.SendAsync(request);
    }

    private async Task<WalkDetail> Read(Guid walkId) => (await app.Coordinator.GetFromJsonAsync<WalkDetail>($"/v1/metropolitan/schedule/{walkId}"))!;

    private async Task<HttpResponseMessage> Post(HttpClient her, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/metropolitan/my-walk/{path}") { Content = JsonContent.Create(body ?? new { }) };
        request.Headers.Add("If-Match", (await app.MyWalk(her)).ETag);
        return await her.SendAsync(request);
    }

    private async Task<WalkPublishedReply> Walk(string collar, int capacity = 4) => await app.Publish((await app.OfficerNamed(collar)).OfficerId, capacity, app.NextFreeTime().AddDays(2));

    [Fact]
    public async Task A_second_officer_comes_and_everybody_with_a_place_is_told()
    {
        var walk = await Walk("3015 AS");
        var (booking, her) = await app.Book(walk.WalkId);
        var second = await app.OfficerNamed("3068 AS");
        Assert.Equal("if-match-required", await (await app.Coordinator.PostAsJsonAsync($"/v1/metropolitan/walks/{walk.WalkId}/officers", new { add = second.OfficerId })).Refusal(428));
        var changed = await (await Change(walk.WalkId, new { add = second.OfficerId })).Content<OfficersChanged>(HttpStatusCode.OK);
        Assert.Equal((2, 1), (changed.Officers.Count, changed.Told));
        var told = (await app.Messages("officer-changed", booking)).Single();
        Assert.Contains("3068 AS", told.Fields["officer"], StringComparison.Ordinal);
        var mine = await app.MyWalk(her);
        Assert.True(mine.OfficerChanged);
        Assert.Equal(2, mine.Officers.Count);
        // The reminders that are planned speak of what she knows now.
        Assert.All((await app.Scheduled<ReminderDue>()).Where(r => r.Message.BookingId == booking), r => Assert.Equal(1, r.Message.Revision));

        Assert.Equal(HttpStatusCode.NoContent, (await Post(her, "officer/accept")).StatusCode);
        Assert.False((await app.MyWalk(her)).OfficerChanged);
        Assert.Equal("nothing-to-answer", await (await Post(her, "officer/accept")).Refusal(409));
        Assert.Equal("one-or-two-officers", await (await Change(walk.WalkId, new { add = (await app.OfficerNamed("3194 AS")).OfficerId })).Refusal(422));
        Assert.Equal("officer-twice", await (await Change(walk.WalkId, new { add = second.OfficerId })).Refusal(422));
        Assert.Equal(HttpStatusCode.OK, (await Change(walk.WalkId, new { remove = second.OfficerId })).StatusCode);
        Assert.Equal("3015 AS", (await app.MyWalk(her)).Officers.Single().CollarNumber);
        Assert.Equal("one-or-two-officers", await (await Change(walk.WalkId, new { remove = (await app.OfficerNamed("3015 AS")).OfficerId })).Refusal(422));
        Assert.Equal("officer-unknown", await (await Change(walk.WalkId, new { })).Refusal(422));
        Assert.Equal("changed-meanwhile", await (await Change(walk.WalkId, new { anyone = true }, "\"99\"")).Refusal(412));
    }

    [Fact]
    public async Task An_officer_who_walks_elsewhere_is_refused_by_the_database_and_the_walk_keeps_its_own()
    {
        var walk = await Walk("2559 AS");
        var busy = await app.OfficerNamed("2613 AS");
        await app.Publish(busy.OfficerId, 1, walk.StartsAt);
        var own = await app.OfficerNamed("2559 AS");
        Assert.Equal("officer-busy", await (await Change(walk.WalkId, new { add = busy.OfficerId, remove = own.OfficerId })).Refusal(409));
        Assert.Equal("2559 AS", (await Read(walk.WalkId)).Officers.Single().CollarNumber);
        Assert.Equal(0, (await app.Walk(walk.WalkId)).Revision);
    }

    [Fact]
    public async Task Of_anyone_who_fits_nobody_walks_twice_however_many_look_at_once()
    {
        // Four walks at one time in a ward where two officers walk: tate-modern is in E05011095 (3015 AS, 3068 AS).
        var at = app.NextFreeTime().AddDays(4);
        var walks = new List<WalkPublishedReply>();
        foreach (var collar in (string[])["3240 AS", "3306 AS", "3377 AS", "3452 AS"]) walks.Add(await app.Publish((await app.OfficerNamed(collar)).OfficerId, 2, at));
        var seen = new List<string>();
        foreach (var walk in walks) seen.Add((await Read(walk.WalkId)).Walk.ETag);
        var answers = await Task.WhenAll(walks.Select((w, i) => Change(w.WalkId, new { anyone = true }, seen[i])));
        Assert.Equal(2, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.OK)) Assert.Equal("nobody-fits", await refused.Refusal(409));
        var taken = new List<Guid>();
        foreach (var walk in walks) taken.AddRange((await Read(walk.WalkId)).Officers.Select(o => o.OfficerId));
        Assert.Equal(6, taken.Count);
        Assert.Equal(6, taken.Distinct().Count());
    }

    [Fact]
    public async Task Whom_she_would_rather_not_meet_is_never_chosen_and_the_need_is_met_by_the_change()
    {
        var walk = await Walk("3015 AS");
        var held = await app.Hold(walk.WalkId);
        var hold = app.With("Hold", held.HoldToken);
        (await hold.PostAsJsonAsync("/v1/metropolitan/booking/contact", new { firstName = "Amina", email = $"{held.BookingId:N}@example.org", needs = new { notOfficer = "3015AS", secondOfficer = true } })).EnsureSuccessStatusCode();
        var code = app.Open((await app.Messages("contact-verify", held.BookingId)).Single(), "!code");
        (await hold.PostAsJsonAsync("/v1/metropolitan/booking/confirm", new { code })).EnsureSuccessStatusCode();
        Assert.Equal(2, (await Read(walk.WalkId)).Walk.OpenNeeds);

        (await Change(walk.WalkId, new { remove = (await app.OfficerNamed("3015 AS")).OfficerId, anyone = true })).EnsureSuccessStatusCode();
        var read = await Read(walk.WalkId);
        Assert.Equal("3068 AS", read.Officers.Single().CollarNumber);
        Assert.Equal([("otherofficer", "arranged"), ("secondofficer", "open")], read.Bookings.Single().Open.Select(n => (n.Kind, n.State)).Order());
        Assert.Equal("nobody-fits", await (await Change(walk.WalkId, new { anyone = true })).Refusal(409));
    }

    [Fact]
    public async Task What_the_officer_who_leaves_could_do_is_not_lost_unseen()
    {
        // Hannah signs, and nobody else who walks at tate-modern does.
        var signs = await app.OfficerNamed("2846 AS");
        var walk = await Walk("2846 AS");
        var held = await app.Hold(walk.WalkId);
        var hold = app.With("Hold", held.HoldToken);
        (await hold.PostAsJsonAsync("/v1/metropolitan/booking/contact", new { firstName = "Amina", email = $"{held.BookingId:N}@example.org", needs = new { signLanguage = true, secondOfficer = true } })).EnsureSuccessStatusCode();
        var code = app.Open((await app.Messages("contact-verify", held.BookingId)).Single(), "!code");
        (await hold.PostAsJsonAsync("/v1/metropolitan/booking/confirm", new { code })).EnsureSuccessStatusCode();
        Assert.Equal([("secondofficer", "open")], Open(await Read(walk.WalkId)));

        // Anyone who fits would have to sign; a named one may come, and then it is somebody's work.
        Assert.Equal("nobody-fits", await (await Change(walk.WalkId, new { remove = signs.OfficerId, anyone = true })).Refusal(409));
        var other = await app.OfficerNamed("2702 AS");
        (await Change(walk.WalkId, new { remove = signs.OfficerId, add = other.OfficerId })).EnsureSuccessStatusCode();
        Assert.Equal([("secondofficer", "open"), ("signlanguage", "open")], Open(await Read(walk.WalkId)));

        // A second one comes who signs: both are met. She leaves again: both are open, each once.
        (await Change(walk.WalkId, new { add = signs.OfficerId })).EnsureSuccessStatusCode();
        Assert.Equal([("secondofficer", "arranged"), ("signlanguage", "arranged")], Open(await Read(walk.WalkId)));
        (await Change(walk.WalkId, new { remove = signs.OfficerId })).EnsureSuccessStatusCode();
        Assert.Equal([("secondofficer", "arranged"), ("secondofficer", "open"), ("signlanguage", "arranged"), ("signlanguage", "open")], Open(await Read(walk.WalkId)));

        static IEnumerable<(string, string)> Open(WalkDetail read) => read.Bookings.Single().Open.Select(n => (n.Kind!, n.State)).Order();
    }

    [Fact]
    public async Task She_says_no_and_chooses_another_walk_without_a_new_code()
    {
        var walk = await Walk("2702 AS", 1);
        var (booking, her) = await app.Book(walk.WalkId);
        (await Change(walk.WalkId, new { remove = (await app.OfficerNamed("2702 AS")).OfficerId, add = (await app.OfficerNamed("2846 AS")).OfficerId })).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.NoContent, (await Post(her, "officer/decline")).StatusCode);
        Assert.Equal(0, (await app.Walk(walk.WalkId)).Taken);
        var mine = await app.MyWalk(her);
        Assert.Equal(("cancelledbyparticipant", true), (mine.State, mine.CanRebook));

        var other = await Walk("2931 AS");
        (await Post(her, "move", new { walkId = other.WalkId })).EnsureSuccessStatusCode();
        var reply = await (await Post(her, "place/take")).Content<BookingConfirmedReply>(HttpStatusCode.OK);
        var follow = await app.MyWalk(app.With("Link", reply.Link));
        Assert.Equal(("confirmed", "Amina", "2931 AS"), (follow.State, follow.FirstName, follow.Officers.Single().CollarNumber));
        Assert.Contains(new BookingConfirmed(reply.BookingId, other.WalkId, 1), await app.Published<BookingConfirmed>());
        Assert.Equal(booking, (await app.Booking(reply.BookingId)).FromBookingId);
        Assert.Single(await app.Messages("contact-verify", booking));
        Assert.Empty(await app.Messages("contact-verify", reply.BookingId));
        // Each is forgotten on its own day.
        await app.Forget(booking);
        Assert.Equal("Amina", (await app.MyWalk(app.With("Link", reply.Link))).FirstName);
    }

    [Fact]
    public async Task After_a_walk_that_is_over_or_was_called_off_she_books_by_her_link_while_her_contact_is_known()
    {
        var walk = await Walk("3649 AS");
        var (_, her) = await app.Book(walk.WalkId);
        var (booking, other) = await app.Book(walk.WalkId);
        (await app.Coordinator.PostAsJsonAsync($"/v1/metropolitan/walks/{walk.WalkId}/cancel", new { reason = "weather" })).EnsureSuccessStatusCode();
        var next = await Walk("3703 AS", 1);
        (await Post(her, "move", new { walkId = next.WalkId })).EnsureSuccessStatusCode();
        Assert.Equal("walk-full", await (await Post(other, "move", new { walkId = next.WalkId })).Refusal(409));
        Assert.Equal(HttpStatusCode.OK, (await Post(her, "place/take")).StatusCode);
        Assert.Equal("nothing-held", await (await Post(her, "place/take")).Refusal(409));

        await app.Db<BookingDb>(async db => { (await db.Bookings.SingleAsync(b => b.Id == booking)).Forget(); await db.SaveChangesAsync(); });
        Assert.Equal("not-rebookable", await (await Post(other, "move", new { walkId = (await Walk("3766 AS")).WalkId })).Refusal(409));
    }

    [Fact]
    public async Task Who_cancelled_herself_books_as_the_first_time()
    {
        var walk = await Walk("3820 AS");
        var (_, her) = await app.Book(walk.WalkId);
        (await Post(her, "cancel", new { reason = "none" })).EnsureSuccessStatusCode();
        Assert.False((await app.MyWalk(her)).CanRebook);
        Assert.Equal("not-movable", await (await Post(her, "move", new { walkId = (await Walk("2044 AS")).WalkId })).Refusal(409));
    }

    [Fact]
    public async Task When_nobody_came_the_officer_says_so_and_nobody_is_asked_why()
    {
        var (row, officer) = await app.SignedInOfficer(20);
        var walk = await app.Publish(row.OfficerId, 2, app.NextFreeTime().AddDays(8));
        var (booking, _) = await app.Book(walk.WalkId);
        var before = app.Time.GetUtcNow();
        app.Time.SetUtcNow(walk.StartsAt.AddMinutes(15));
        Assert.Equal("not-absent-yet", await (await officer.PostAsync($"/v1/metropolitan/walks/{walk.WalkId}/nobody-came", null)).Refusal(409));
        app.Time.SetUtcNow(walk.StartsAt.AddMinutes(16));
        Assert.Equal(HttpStatusCode.NoContent, (await officer.PostAsync($"/v1/metropolitan/walks/{walk.WalkId}/nobody-came", null)).StatusCode);
        Assert.Equal(BookingState.NoShowParticipant, (await app.Booking(booking)).State);
        Assert.Contains(new WalkCancelled(walk.WalkId, "nobody-came"), await app.Published<WalkCancelled>());
        Assert.Empty(await app.Messages("walk-cancelled", booking));
        Assert.Equal("walk-not-open", await (await officer.PostAsync($"/v1/metropolitan/walks/{walk.WalkId}/nobody-came", null)).Refusal(409));
        Assert.True(before < app.Time.GetUtcNow());
    }
}

public sealed class ChangeOfficersOnSqlite(BookingApp.Sqlite app) : ChangeOfficersTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class ChangeOfficersOnPostgres(BookingApp.Postgres app) : ChangeOfficersTests(app), IClassFixture<BookingApp.Postgres>;
