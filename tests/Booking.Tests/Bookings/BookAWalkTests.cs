using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.Contracts.Notification;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking.Tests.Bookings;

public abstract class BookAWalkTests(BookingApp app)
{
    [Fact]
    public async Task A_woman_holds_confirms_and_sees_her_walk()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var walk = await app.Publish(officer.OfficerId);
        var held = await app.Hold(walk.WalkId, people: 2);
        Assert.Equal(app.Time.GetUtcNow().AddMinutes(10), held.HoldUntil);
        var her = app.With("Hold", held.HoldToken);
        Assert.Equal(2, (await her.GetFromJsonAsync<HeldPlace>("/v1/metropolitan/booking"))!.People);

        var code = await app.Code(held);
        var sent = (await app.Messages("contact-verify", held.BookingId)).Single();
        Assert.True(sent.Mandatory);
        Assert.Equal(held.HoldUntil, sent.WorthUntil);
        Assert.Equal("amina@example.org", app.Services.GetRequiredService<Transit>().Open(sent.RecipientProtected));

        var reply = await (await her.PostAsJsonAsync("/v1/metropolitan/booking/confirm", new { code })).Content<BookingConfirmedReply>(HttpStatusCode.OK);
        var mine = await app.MyWalk(app.With("Link", reply.Link));
        Assert.Equal(("Amina", "confirmed", 2), (mine.FirstName, mine.State, mine.People));
        Assert.Equal(officer.CollarNumber, mine.Officers.Single().CollarNumber);
        Assert.Null(mine.Words);
        Assert.Contains(new BookingConfirmed(held.BookingId, walk.WalkId, 2), await app.Published<BookingConfirmed>());

        var confirmation = (await app.Messages("walk-confirmed", held.BookingId)).Single();
        Assert.Equal($"/metropolitan/my-walk/{reply.Link}", app.Open(confirmation, "!link"));
        var ics = app.Services.GetRequiredService<Transit>().Open(confirmation.Attachment!.ContentProtected);
        Assert.Contains($"UID:{held.BookingId}@walktalk", ics);
        Assert.Contains("SEQUENCE:0", ics);
        Assert.Contains("METHOD:PUBLISH", ics);
        Assert.Equal(walk.StartsAt, Calendars.Parsed.Of(ics).Entries.Single().Start);

        // The hold's token was good for one purpose.
        Assert.Equal("hold-unknown", await (await her.GetAsync("/v1/metropolitan/booking")).Refusal(401));
        Assert.Equal(2, (await app.Walk(walk.WalkId)).Taken);
    }

    [Fact]
    public async Task Nothing_of_her_is_stored_in_the_clear_and_erasing_her_key_ends_it()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var walk = await app.Publish(officer.OfficerId);
        var (bookingId, her) = await app.Book(walk.WalkId, email: "Secret.Name@example.org");
        var row = await app.Booking(bookingId);
        Assert.DoesNotContain("ecret", $"{row.ContactProtected}{row.NameProtected}{row.ContactHash}", StringComparison.Ordinal);

        var contact = row.ContactProtected!;
        await app.Forget(bookingId);
        row = await app.Booking(bookingId);
        Assert.Null(row.ContactProtected);
        // A copy of the protected text, from a backup say, opens no more.
        var personal = app.Services.GetRequiredService<PersonalData>();
        Assert.Null(await app.Db<BookingDb, string?>(db => personal.Open(db, row.PersonId, BookingMail.Contact, contact, "test")));
        Assert.Equal("link-unknown", await (await her.GetAsync("/v1/metropolitan/my-walk")).Refusal(401));
    }

    [Fact]
    public async Task A_wrong_code_counts_and_a_used_code_is_no_second_key()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var walk = await app.Publish(officer.OfficerId);
        var held = await app.Hold(walk.WalkId);
        var her = app.With("Hold", held.HoldToken);
        Assert.Equal("no-code-sent", await (await her.PostAsJsonAsync("/v1/metropolitan/booking/confirm", new { code = "123456" })).Refusal(409));
        var code = await app.Code(held);
        var wrong = code == "111111" ? "222222" : "111111";
        for (var i = 0; i < 5; i++) Assert.Equal("code-wrong", await (await her.PostAsJsonAsync("/v1/metropolitan/booking/confirm", new { code = wrong })).Refusal(422));
        Assert.Equal("code-used-up", await (await her.PostAsJsonAsync("/v1/metropolitan/booking/confirm", new { code })).Refusal(409));

        code = await app.Code(held);
        (await her.PostAsJsonAsync("/v1/metropolitan/booking/confirm", new { code })).EnsureSuccessStatusCode();
        Assert.Equal("hold-unknown", await (await her.PostAsJsonAsync("/v1/metropolitan/booking/confirm", new { code })).Refusal(401));
    }

    [Fact]
    public async Task Codes_are_limited_for_a_place_and_for_an_address()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var walk = await app.Publish(officer.OfficerId, capacity: 5);
        var contact = new { firstName = "Amina", email = $"{Guid.NewGuid():N}@example.org" };
        for (var place = 0; place < 2; place++)
        {
            var her = app.With("Hold", (await app.Hold(walk.WalkId)).HoldToken);
            for (var i = 0; i < 3; i++) (await her.PostAsJsonAsync("/v1/metropolitan/booking/contact", contact)).EnsureSuccessStatusCode();
            Assert.Equal("too-many-codes", await (await her.PostAsJsonAsync("/v1/metropolitan/booking/contact", contact)).Refusal(429));
        }
        var third = app.With("Hold", (await app.Hold(walk.WalkId)).HoldToken);
        Assert.Equal("too-many-codes", await (await third.PostAsJsonAsync("/v1/metropolitan/booking/contact", contact)).Refusal(429));
    }

    [Fact]
    public async Task The_last_place_goes_to_one_of_two_hundred()
    {
        var (officer, _) = await app.SignedInOfficer(1);
        var walk = await app.Publish(officer.OfficerId, capacity: 1);
        using var client = app.Client();
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => client.PostAsJsonAsync($"/v1/metropolitan/walks/{walk.WalkId}/holds", new { people = 1 })));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        var refusals = await Task.WhenAll(answers.Where(a => a.StatusCode != HttpStatusCode.Created).Select(a => a.Refusal(409)));
        Assert.Equal(199, refusals.Length);
        Assert.All(refusals, r => Assert.Equal("walk-full", r));
        Assert.Equal(1, (await app.Walk(walk.WalkId)).Taken);
        Assert.Equal(1, await app.Db<BookingDb, int>(db => db.Bookings.CountAsync(b => b.WalkId == walk.WalkId)));
    }

    [Fact]
    public async Task The_database_itself_refuses_a_place_too_many()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var walk = await app.Publish(officer.OfficerId, capacity: 1);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => app.Db<BookingDb>(db =>
            db.Walks.Where(w => w.Id == walk.WalkId).ExecuteUpdateAsync(s => s.SetProperty(w => w.Taken, 2))));
    }

    [Fact]
    public async Task A_hold_that_is_over_frees_its_place_at_that_moment()
    {
        var (officer, _) = await app.SignedInOfficer(2);
        var walk = await app.Publish(officer.OfficerId, capacity: 1);
        var first = await app.Hold(walk.WalkId);
        var code = await app.Code(first);
        app.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("hold-expired", await (await app.With("Hold", first.HoldToken).PostAsJsonAsync("/v1/metropolitan/booking/confirm", new { code })).Refusal(409));
        await app.Hold(walk.WalkId);
        Assert.Equal(1, (await app.Walk(walk.WalkId)).Taken);

        // And without anybody asking, the reminder of the service frees it.
        var other = await app.Publish(officer.OfficerId, capacity: 1);
        var held = await app.Hold(other.WalkId);
        app.Time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));
        await app.Deliver(new HoldEnds(held.BookingId));
        Assert.Equal(0, (await app.Walk(other.WalkId)).Taken);
        Assert.Equal(BookingState.Expired, (await app.Booking(held.BookingId)).State);
        Assert.Equal(first.HoldUntil, await app.CountedFrom(first.BookingId));
    }

    [Fact]
    public async Task The_same_key_gives_the_same_place()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var walk = await app.Publish(officer.OfficerId);
        using var client = app.Client();
        client.DefaultRequestHeaders.Add("Idempotency-Key", $"{Guid.NewGuid()}");
        var once = await (await client.PostAsJsonAsync($"/v1/metropolitan/walks/{walk.WalkId}/holds", new { people = 1 })).Content<PlaceHeld>(HttpStatusCode.Created);
        var twice = await (await client.PostAsJsonAsync($"/v1/metropolitan/walks/{walk.WalkId}/holds", new { people = 1 })).Content<PlaceHeld>(HttpStatusCode.Created);
        Assert.Equal(once, twice);
        Assert.Equal("idempotency-key-reused", await (await client.PostAsJsonAsync($"/v1/metropolitan/walks/{walk.WalkId}/holds", new { people = 2 })).Refusal(422));
        Assert.Equal(1, (await app.Walk(walk.WalkId)).Taken);
    }

    [Fact]
    public async Task A_request_sent_again_with_its_key_sends_one_code_and_gives_the_same_link()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var walk = await app.Publish(officer.OfficerId);
        var held = await app.Hold(walk.WalkId);
        var her = app.With("Hold", held.HoldToken);
        async Task<HttpResponseMessage> Send(string path, object body, string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/metropolitan/booking/{path}") { Content = JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", key);
            return await her.SendAsync(request);
        }

        var (contact, confirm) = ($"{Guid.NewGuid()}", $"{Guid.NewGuid()}");
        for (var i = 0; i < 2; i++) (await Send("contact", new { firstName = "Amina", email = "amina@example.org" }, contact)).EnsureSuccessStatusCode();
        var code = app.Open((await app.Messages("contact-verify", held.BookingId)).Single(), "!code");

        // A wrong code counts also under a key, and the key is free for the right one.
        var wrong = code == "111111" ? "222222" : "111111";
        for (var i = 0; i < 4; i++) Assert.Equal("code-wrong", await (await Send("confirm", new { code = wrong }, confirm)).Refusal(422));
        Assert.Equal(4, (await app.Booking(held.BookingId)).CodeTries);
        var once = await (await Send("confirm", new { code }, confirm)).Content<BookingConfirmedReply>(HttpStatusCode.OK);
        var twice = await (await Send("confirm", new { code }, confirm)).Content<BookingConfirmedReply>(HttpStatusCode.OK);
        Assert.Equal(once, twice);
    }

    [Fact]
    public async Task She_cancels_with_the_version_she_saw_and_the_place_is_free()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var walk = await app.Publish(officer.OfficerId, capacity: 1);
        var (bookingId, her) = await app.Book(walk.WalkId);
        Assert.Equal("if-match-required", await (await her.PostAsJsonAsync("/v1/metropolitan/my-walk/cancel", new { })).Refusal(428));

        her.DefaultRequestHeaders.Add("If-Match", "\"99\"");
        Assert.Equal("changed-meanwhile", await (await her.PostAsJsonAsync("/v1/metropolitan/my-walk/cancel", new { })).Refusal(412));
        her.DefaultRequestHeaders.Remove("If-Match");
        her.DefaultRequestHeaders.Add("If-Match", (await app.MyWalk(her)).ETag);
        Assert.Equal(HttpStatusCode.NoContent, (await her.PostAsJsonAsync("/v1/metropolitan/my-walk/cancel", new { reason = "time" })).StatusCode);

        var after = await app.MyWalk(her);
        Assert.Equal(("cancelledbyparticipant", false), (after.State, after.CanCancel));
        her.DefaultRequestHeaders.Remove("If-Match");
        her.DefaultRequestHeaders.Add("If-Match", after.ETag);
        Assert.Equal("not-cancellable", await (await her.PostAsJsonAsync("/v1/metropolitan/my-walk/cancel", new { })).Refusal(409));
        Assert.Equal(0, (await app.Walk(walk.WalkId)).Taken);
        Assert.Contains(new BookingCancelled(bookingId, walk.WalkId, "participant", "time"), await app.Published<BookingCancelled>());
        var message = (await app.Messages("walk-cancelled", bookingId)).Single();
        var ics = app.Services.GetRequiredService<Transit>().Open(message.Attachment!.ContentProtected);
        Assert.Contains("METHOD:CANCEL", ics);
        Assert.Contains("SEQUENCE:1", ics);
        Assert.Contains(await app.Published<NotificationWithdrawn>(), w => w.SubjectId == bookingId);
        Assert.DoesNotContain(await app.Scheduled<ReminderDue>(), r => r.Message.BookingId == bookingId);
        // A reminder that was already on its way finds the booking gone.
        await app.Deliver(new ReminderDue(bookingId, WalkReminder.HoursBefore, 0));
        Assert.Empty(await app.Messages(WalkReminder.HoursBefore, bookingId));
    }

    [Fact]
    public async Task When_the_force_cancels_everybody_is_told_and_the_officer_is_free()
    {
        var (officer, _) = await app.SignedInOfficer(3);
        var walk = await app.Publish(officer.OfficerId, capacity: 3);
        var (bookingId, her) = await app.Book(walk.WalkId);
        var held = await app.Hold(walk.WalkId);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Coordinator.PostAsJsonAsync($"/v1/metropolitan/walks/{walk.WalkId}/cancel", new { reason = "weather" })).StatusCode);

        Assert.Equal(("cancelledbyforce", "weather"), ((await app.MyWalk(her)).State, (await app.MyWalk(her)).CancelReason));
        Assert.Equal("The weather is too bad.", (await app.Messages("walk-cancelled", bookingId)).Single().Fields["reason"]);
        Assert.Empty(await app.Messages("walk-cancelled", held.BookingId));
        Assert.Contains(new WalkCancelled(walk.WalkId, "weather"), await app.Published<WalkCancelled>());
        Assert.Equal("walk-not-open", await (await app.Client().PostAsJsonAsync($"/v1/metropolitan/walks/{walk.WalkId}/holds", new { people = 1 })).Refusal(409));
        await app.Deliver(new ReminderDue(bookingId, WalkReminder.DayBefore, 0));
        Assert.Empty(await app.Messages(WalkReminder.DayBefore, bookingId));
        await app.Publish(officer.OfficerId, at: walk.StartsAt);
    }

    [Fact]
    public async Task The_words_come_two_hours_before_and_stand_on_her_page()
    {
        var (officer, _) = await app.SignedInOfficer(4);
        var walk = await app.Publish(officer.OfficerId);
        var (bookingId, her) = await app.Book(walk.WalkId);
        var due = (await app.Scheduled<ReminderDue>()).Where(r => r.Message.BookingId == bookingId).ToDictionary(r => r.Message.Template, r => r.DueAt);
        Assert.Equal(walk.StartsAt.AddHours(-2), due[WalkReminder.VerifyCode]);
        Assert.Null((await app.MyWalk(her)).Words);

        app.Time.SetUtcNow(walk.StartsAt.AddHours(-2));
        var words = (await app.MyWalk(her)).Words!;
        await app.Deliver(new ReminderDue(bookingId, WalkReminder.VerifyCode, 0));
        var message = (await app.Messages(WalkReminder.VerifyCode, bookingId))[0];
        Assert.Equal((words.OfficerSays, words.YouSay), (app.Open(message, "!officer_words"), app.Open(message, "!your_words")));
        Assert.True(message.Mandatory);
        // Every mail brings a link of its own, and each opens her page.
        var link = app.Open(message, "!link").Split('/')[^1];
        Assert.Equal(bookingId, (await app.MyWalk(app.With("Link", link))).BookingId);
    }

    [Fact]
    public async Task The_page_gives_a_calendar_file()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var walk = await app.Publish(officer.OfficerId);
        var (bookingId, her) = await app.Book(walk.WalkId);
        var answer = await her.GetAsync("/v1/metropolitan/my-walk/calendar.ics");
        Assert.Equal("text/calendar", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains($"UID:{bookingId}@walktalk", await answer.Content.ReadAsStringAsync());
    }
}

public sealed class BookAWalkOnSqlite(BookingApp.Sqlite app) : BookAWalkTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class BookAWalkOnPostgres(BookingApp.Postgres app) : BookAWalkTests(app), IClassFixture<BookingApp.Postgres>;
