using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking.Tests.Needs;

public abstract class NeedsTests(BookingApp app)
{
    private const string Contact = "/v1/metropolitan/booking/contact", ConfirmIt = "/v1/metropolitan/booking/confirm";

    private async Task<WalkPublishedReply> Walk(string collar = "3127 AS", int capacity = 4, int days = 5) =>
        await app.Publish((await app.OfficerNamed(collar)).OfficerId, capacity, app.NextFreeTime().AddDays(days));

    private async Task<(Guid BookingId, HttpClient Her)> Book(Guid walkId, object needs)
    {
        var held = await app.Hold(walkId);
        var hold = app.With("Hold", held.HoldToken);
        (await hold.PostAsJsonAsync(Contact, new { firstName = "Amina", email = $"{held.BookingId:N}@example.org", needs })).EnsureSuccessStatusCode();
        var code = app.Open((await app.Messages("contact-verify", held.BookingId)).Single(), "!code");
        var link = (await (await hold.PostAsJsonAsync(ConfirmIt, new { code })).Content<BookingConfirmedReply>(HttpStatusCode.OK)).Link;
        return (held.BookingId, app.With("Link", link));
    }

    private async Task<WalkDetail> Read(Guid walkId) => (await app.Coordinator.GetFromJsonAsync<WalkDetail>($"/v1/metropolitan/schedule/{walkId}"))!;
    private async Task<NeedRow> Open(Guid walkId) => (await Read(walkId)).Bookings.Single().Open.Single(n => n.State == "open");

    private async Task<HttpResponseMessage> Answer(NeedRow need, string how, object? body = null, string? seen = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/metropolitan/needs/{need.NeedId}/{how}") { Content = JsonContent.Create(body ?? new { }) };
        request.Headers.Add("If-Match", seen ?? need.ETag);
        return await app.Coordinator.SendAsync(request);
    }

    [Fact]
    public async Task What_people_must_arrange_stands_on_the_schedule_with_a_clock_and_only_the_walk_tells_what()
    {
        var walk = await Walk();
        var (booking, her) = await Book(walk.WalkId, new { spoken = "pt", nonPoliceWalker = true });
        var listed = (await app.Coordinator.GetFromJsonAsync<List<ScheduledWalk>>($"/v1/metropolitan/schedule?from={walk.StartsAt:yyyy-MM-dd}&days=1"))!.Single(w => w.WalkId == walk.WalkId);
        Assert.Equal(2, listed.OpenNeeds);
        Assert.InRange(listed.NeedsDueAt!.Value, app.Time.GetUtcNow(), walk.StartsAt);
        var read = await Read(walk.WalkId);
        var coming = read.Bookings.Single();
        Assert.Equal(("Amina", "pt", true), (coming.FirstName, coming.Needs!.Spoken, coming.Needs.NonPoliceWalker));
        Assert.Equal(["interpreter", "nonpolicewalker"], coming.Open.Select(n => n.Kind).Order());

        // Her page says that something is arranged, never what; the rows say nothing to who reads the database without her key.
        var page = await her.GetStringAsync("/v1/metropolitan/my-walk");
        Assert.Equal(listed.NeedsDueAt, (await app.MyWalk(her)).ArrangedBy);
        foreach (var word in (string[])["interpreter", "spoken", "nonPolice", "needs"]) Assert.DoesNotContain(word, page, StringComparison.OrdinalIgnoreCase);
        var row = await app.Booking(booking);
        Assert.DoesNotContain("\"pt\"", row.NeedsProtected, StringComparison.Ordinal); // with its quotes: two letters alone stand in any cipher
        Assert.All(await app.Db<BookingDb, List<OpenNeed>>(db => db.OpenNeeds.Where(n => n.BookingId == booking).ToListAsync()),
            n => Assert.DoesNotContain("nterpreter", n.KindProtected, StringComparison.Ordinal));
        Assert.NotEqual(0, await app.Db<BookingDb, int>(db => db.Database.SqlQuery<int>(
            $"SELECT count(*) AS \"Value\" FROM audit WHERE subject_id = {row.PersonId.ToString()} AND action = 'read' AND subject_type = 'needs' AND reason = 'walk'").SingleAsync()));

        // Erased with her.
        await app.Forget(booking);
        Assert.Null((await app.Booking(booking)).NeedsProtected);
        Assert.False(await app.Db<BookingDb, bool>(db => db.OpenNeeds.AnyAsync(n => n.BookingId == booking)));
    }

    [Fact]
    public async Task What_the_walk_has_already_needs_nobody()
    {
        var walk = await Walk("2931 AS"); // Ines speaks Portuguese
        await Book(walk.WalkId, new { spoken = "pt" });
        Assert.Empty((await Read(walk.WalkId)).Bookings.Single().Open);
        var signed = await Walk("2846 AS"); // Hannah signs
        await Book(signed.WalkId, new { signLanguage = true });
        Assert.Empty((await Read(signed.WalkId)).Bookings.Single().Open);
    }

    [Fact]
    public async Task A_way_with_steps_is_refused_before_any_code_is_sent()
    {
        var held = await app.Hold((await Walk()).WalkId);
        var refusal = await app.With("Hold", held.HoldToken).PostAsJsonAsync(Contact, new { firstName = "Amina", email = "steps@example.org", needs = new { stepFree = true } });
        Assert.Equal("needs-not-met", await refusal.Refusal(409));
        Assert.Empty(await app.Messages("contact-verify", held.BookingId));
        Assert.Equal(HttpStatusCode.BadRequest, (await app.With("Hold", held.HoldToken).PostAsJsonAsync(Contact, new { firstName = "Amina", email = "steps@example.org", needs = new { spoken = "Portuguese" } })).StatusCode);
    }

    [Fact]
    public async Task Every_number_gets_the_same_answer_whoever_walks_and_that_officer_is_not_told()
    {
        var (row, officer) = await app.SignedInOfficer(3);
        var walk = await app.Publish(row.OfficerId, 4, app.NextFreeTime().AddDays(5));
        var answers = new List<string>();
        foreach (var number in (string[])[row.CollarNumber, "3127 AS", "9999 ZZ"])
        {
            var held = await app.Hold(walk.WalkId);
            var answer = await app.With("Hold", held.HoldToken).PostAsJsonAsync(Contact, new { firstName = "Amina", email = $"{held.BookingId:N}@example.org", needs = new { notOfficer = number } });
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            answers.Add((await answer.Content.ReadAsStringAsync()).Replace($"{held.HoldUntil:O}", "", StringComparison.Ordinal));
        }
        Assert.Single(answers.Distinct());

        await Book(walk.WalkId, new { notOfficer = row.CollarNumber.ToLowerInvariant(), signLanguage = true, spoken = "en" });
        Assert.Equal(["otherofficer", "signlanguage"], (await Read(walk.WalkId)).Bookings.Single(b => b.Open.Count > 0).Open.Select(n => n.Kind).Order());
        var sheet = await officer.GetStringAsync($"/v1/metropolitan/day-sheet?date={walk.StartsAt:yyyy-MM-dd}");
        Assert.DoesNotContain("notOfficer", sheet, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("otherOfficer", sheet, StringComparison.OrdinalIgnoreCase);
        var needs = (await officer.GetFromJsonAsync<DaySheetView>($"/v1/metropolitan/day-sheet?date={walk.StartsAt:yyyy-MM-dd}"))!.Walks.Single(w => w.WalkId == walk.WalkId).Bookings.Single().Needs!;
        Assert.Equal(new MeetingNeeds(null, false, true, false, null), needs);
    }

    [Fact]
    public async Task A_need_is_arranged_and_she_is_told_once()
    {
        var walk = await Walk();
        var (_, her) = await Book(walk.WalkId, new { nonPoliceWalker = true });
        var need = await Open(walk.WalkId);
        Assert.Equal("changed-meanwhile", await (await Answer(need, "arrange", seen: "\"99\"")).Refusal(412));
        Assert.Equal(HttpStatusCode.NoContent, (await Answer(need, "arrange")).StatusCode);
        Assert.Equal("need-answered", await (await Answer((await Read(walk.WalkId)).Bookings.Single().Open.Single(), "decline")).Refusal(409));
        var told = (await app.Messages("need-arranged", need.NeedId)).Single();
        Assert.Equal("somebody who is not from the police", app.Open(told, "!what"));
        Assert.Null((await app.MyWalk(her)).ArrangedBy);
        Assert.DoesNotContain(await app.Scheduled<NeedDue>(), n => n.Message.NeedId == need.NeedId);
    }

    [Fact]
    public async Task A_need_that_cannot_be_met_ends_in_another_walk_or_in_a_request_with_all_she_needs()
    {
        var walk = await Walk();
        var (booking, her) = await Book(walk.WalkId, new { spoken = "pt" });
        var need = await Open(walk.WalkId);
        Assert.Equal("needs-not-met", await (await Answer(need, "decline", new { walkId = (await Walk("1890 AS")).WalkId })).Refusal(409));
        Assert.Equal("same-walk", await (await Answer(need, "decline", new { walkId = walk.WalkId })).Refusal(409));
        var fits = await Walk("2931 AS", days: 6);
        Assert.Equal("need-unknown", await (await Answer(need with { NeedId = Guid.NewGuid() }, "decline", new { walkId = fits.WalkId })).Refusal(404));
        // She looks at another walk herself in that moment: one place beside hers is enough.
        await Ask("move", new { walkId = (await Walk("1890 AS", days: 7)).WalkId });
        Assert.Equal("other-place-held", await (await Answer(need, "decline", new { walkId = fits.WalkId })).Refusal(409));
        await Ask("place/leave", new { });
        Assert.Equal(HttpStatusCode.NoContent, (await Answer(need, "decline", new { walkId = fits.WalkId })).StatusCode);
        Assert.Single(await app.Messages("need-declined", need.NeedId));
        var mine = await app.MyWalk(her);
        Assert.Equal(("confirmed", "offered", fits.WalkId), (mine.State, mine.Other!.State, mine.Other.Walk.WalkId));
        using var take = new HttpRequestMessage(HttpMethod.Post, "/v1/metropolitan/my-walk/place/take");
        take.Headers.Add("If-Match", mine.ETag);
        Assert.Equal(HttpStatusCode.NoContent, (await her.SendAsync(take)).StatusCode);
        Assert.Empty((await Read(fits.WalkId)).Bookings.Single(b => b.BookingId == booking).Open);

        var second = await Walk("3194 AS");
        await Book(second.WalkId, new { spoken = "pt", stepFree = false });
        Assert.Equal(HttpStatusCode.NoContent, (await Answer(await Open(second.WalkId), "decline")).StatusCode);
        var asked = (await app.Coordinator.GetFromJsonAsync<RequestBoard>("/v1/metropolitan/requests"))!.Open.Single();
        Assert.Equal("pt", (await app.Coordinator.GetFromJsonAsync<RequestDetail>($"/v1/metropolitan/requests/{asked.RequestId}"))!.Needs!.Spoken);
        Assert.Single(await app.Messages("request-received", asked.RequestId));
        Assert.Contains(await app.Published<WalkRequested>(), r => r.RequestId == asked.RequestId);

        async Task Ask(string what, object body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/metropolitan/my-walk/{what}") { Content = JsonContent.Create(body) };
            request.Headers.Add("If-Match", (await app.MyWalk(her)).ETag);
            (await her.SendAsync(request)).EnsureSuccessStatusCode();
        }
    }

    [Fact]
    public async Task The_coordinators_hear_of_an_open_need_until_it_is_answered_or_she_is_gone()
    {
        var walk = await Walk();
        var (_, her) = await Book(walk.WalkId, new { nonPoliceWalker = true });
        var need = await Open(walk.WalkId);
        foreach (var told in (string[])["sla-warning", "sla-breach", "sla-breach"])
        {
            var (at, message) = (await app.Scheduled<NeedDue>()).Single(n => n.Message.NeedId == need.NeedId);
            if (at > app.Time.GetUtcNow()) app.Time.SetUtcNow(at);
            await app.Deliver(message);
            await app.Deliver(message);
            Assert.NotEmpty(await app.Messages(told, need.NeedId));
        }
        Assert.Equal(3, (await app.Messages("sla-warning", need.NeedId)).Concat(await app.Messages("sla-breach", need.NeedId)).Select(m => m.SubjectVersion).Distinct().Count());

        using var cancel = new HttpRequestMessage(HttpMethod.Post, "/v1/metropolitan/my-walk/cancel") { Content = JsonContent.Create(new { }) };
        cancel.Headers.Add("If-Match", (await app.MyWalk(her)).ETag);
        (await her.SendAsync(cancel)).EnsureSuccessStatusCode();
        var (_, last) = (await app.Scheduled<NeedDue>()).Single(n => n.Message.NeedId == need.NeedId);
        await app.Deliver(last);
        Assert.DoesNotContain(await app.Scheduled<NeedDue>(), n => n.Message.NeedId == need.NeedId && n.Message.Reminder > last.Reminder);
        var version = await app.Db<BookingDb, long>(db => db.OpenNeeds.Where(n => n.Id == need.NeedId).Select(n => n.Version).SingleAsync());
        Assert.Equal("need-answered", await (await Answer(need, "arrange", seen: $"\"{version}\"")).Refusal(409));
    }

    [Fact]
    public async Task Under_18_her_guardian_says_yes_with_a_code_of_her_own()
    {
        var walk = await Walk(days: 9);
        var held = await app.Hold(walk.WalkId);
        var hold = app.With("Hold", held.HoldToken);
        object With(string guardian) => new { firstName = "Amina", email = $"{held.BookingId:N}@example.org", guardian = new { firstName = "Zahra", email = guardian } };
        Assert.Equal("guardian-same-contact", await (await hold.PostAsJsonAsync(Contact, With($"{held.BookingId:N}@Example.org "))).Refusal(422));
        (await hold.PostAsJsonAsync(Contact, With($"g{held.BookingId:N}@example.org"))).EnsureSuccessStatusCode();
        var code = app.Open((await app.Messages("contact-verify", held.BookingId))[^1], "!code");
        var asked = (await app.Messages("guardian-code", held.BookingId)).Single();
        Assert.Equal("Amina", app.Open(asked, "!name"));
        var hers = app.Open(asked, "!code");

        // Her own code alone books nothing; the place is kept for a day, once, until the guardian's comes.
        Assert.Equal("guardian-awaited", await (await hold.PostAsJsonAsync(ConfirmIt, new { code })).Refusal(409));
        var shown = (await hold.GetFromJsonAsync<HeldPlace>("/v1/metropolitan/booking"))!;
        Assert.Equal((true, true, app.Time.GetUtcNow().AddHours(24)), (shown.GuardianAsked, shown.GuardianAwaited, shown.HoldUntil));
        app.Time.Advance(TimeSpan.FromHours(1));
        await app.Deliver(new HoldEnds(held.BookingId));
        Assert.Equal("guardian-awaited", await (await hold.PostAsJsonAsync(ConfirmIt, new { code })).Refusal(409));
        Assert.Equal(shown.HoldUntil, (await hold.GetFromJsonAsync<HeldPlace>("/v1/metropolitan/booking"))!.HoldUntil);
        Assert.Equal("code-wrong", await (await hold.PostAsJsonAsync(ConfirmIt, new { guardianCode = hers == code ? "1" : code })).Refusal(422));
        var link = (await (await hold.PostAsJsonAsync(ConfirmIt, new { guardianCode = hers })).Content<BookingConfirmedReply>(HttpStatusCode.OK)).Link;

        var page = await app.With("Link", link).GetStringAsync("/v1/metropolitan/my-walk");
        Assert.DoesNotContain("Zahra", page, StringComparison.Ordinal);
        // Her guardian hears of the walk she agreed to: no link, no words, no file.
        var heard = (await app.Messages("guardian-walk-confirmed", held.BookingId)).Single();
        Assert.Equal(($"g{held.BookingId:N}@example.org", "Amina", "Tate Modern, river entrance"), (app.Services.GetRequiredService<Transit>().Open(heard.RecipientProtected), app.Open(heard, "!name"), heard.Fields["place"]));
        Assert.Equal(["!name", "officer", "place", "starts_at"], heard.Fields.Keys.Order(StringComparer.Ordinal));
        Assert.Null(heard.Attachment);
        var coming = (await Read(walk.WalkId)).Bookings.Single();
        Assert.Equal(("Zahra", $"g{held.BookingId:N}@example.org"), (coming.GuardianName, coming.GuardianEmail));
        var row = await app.Booking(held.BookingId);
        Assert.DoesNotContain("Zahra", row.GuardianNameProtected, StringComparison.Ordinal);
        (await app.Coordinator.PostAsJsonAsync($"/v1/metropolitan/walks/{walk.WalkId}/cancel", new { reason = "weather" })).EnsureSuccessStatusCode();
        Assert.Equal(("force", "The weather is too bad."), (await app.Messages("guardian-walk-cancelled", held.BookingId)).Select(m => (m.Fields["by"], m.Fields["reason"])).Single());
        // By her own link she books no other walk: the guardian would have to be asked again.
        var byLink = app.With("Link", link);
        using (var again = new HttpRequestMessage(HttpMethod.Post, "/v1/metropolitan/my-walk/move") { Content = JsonContent.Create(new { walkId = (await Walk(days: 10)).WalkId }) })
        {
            again.Headers.Add("If-Match", (await app.MyWalk(byLink)).ETag);
            Assert.Equal("guardian-again", await (await byLink.SendAsync(again)).Refusal(409));
        }
        Assert.DoesNotContain("!link", (await app.Messages("walk-cancelled", held.BookingId)).Single().Fields.Keys);
        await app.Forget(held.BookingId);
        row = await app.Booking(held.BookingId);
        Assert.Equal((null, null, null), (row.GuardianNameProtected, row.GuardianContactProtected, row.GuardianHash));
    }

    [Fact]
    public async Task Nobodys_inbox_is_filled_with_guardians_codes()
    {
        var walk = await Walk(capacity: 8);
        var guardian = $"{Guid.NewGuid():N}@example.org";
        for (var i = 0; i < 7; i++)
        {
            var held = await app.Hold(walk.WalkId);
            var answer = await app.With("Hold", held.HoldToken).PostAsJsonAsync(Contact, new { firstName = "A", email = $"{held.BookingId:N}@example.org", guardian = new { firstName = "B", email = guardian } });
            Assert.Equal(i < 6 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Both_codes_at_once_book_at_once()
    {
        var held = await app.Hold((await Walk()).WalkId);
        var hold = app.With("Hold", held.HoldToken);
        (await hold.PostAsJsonAsync(Contact, new { firstName = "Amina", email = $"{held.BookingId:N}@example.org", guardian = new { firstName = "Zahra", email = $"g{held.BookingId:N}@example.org" } })).EnsureSuccessStatusCode();
        var code = app.Open((await app.Messages("contact-verify", held.BookingId)).Single(), "!code");
        var guardianCode = app.Open((await app.Messages("guardian-code", held.BookingId)).Single(), "!code");
        Assert.Equal(HttpStatusCode.OK, (await hold.PostAsJsonAsync(ConfirmIt, new { code, guardianCode })).StatusCode);
    }
}

public sealed class NeedsOnSqlite(BookingApp.Sqlite app) : NeedsTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class NeedsOnPostgres(BookingApp.Postgres app) : NeedsTests(app), IClassFixture<BookingApp.Postgres>;
