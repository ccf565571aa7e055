using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.Contracts.Notification;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking.Tests.Bookings;

/// <summary>What an officer is told of her walks by mail: numbers and places, no names; nothing without an address.</summary>
public abstract class OfficerMailTests(BookingApp app)
{
    private async Task<OfficerRow> WithAddress(int index, string? address)
    {
        var officer = (await app.Coordinator.GetFromJsonAsync<List<OfficerRow>>("/v1/metropolitan/officers"))!.OrderBy(o => o.CollarNumber).ElementAt(index);
        var line = $"first_name,collar,areas,languages,bsl,email\n{officer.FirstName},{officer.CollarNumber},{string.Join(' ', officer.Areas)},{string.Join(' ', officer.Languages)},{(officer.SignLanguage ? "yes" : "no")},{address}\n";
        using var file = new StringContent(line, Encoding.UTF8, "text/csv");
        var answer = await app.Coordinator.PostAsync("/v1/metropolitan/import/officers", file);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await app.Coordinator.GetFromJsonAsync<List<OfficerRow>>("/v1/metropolitan/officers"))!.Single(o => o.OfficerId == officer.OfficerId);
    }

    private string Address(NotificationRequested message) => app.Services.GetRequiredService<Transit>().Open(message.RecipientProtected);

    private string Calendar(NotificationRequested message) => app.Services.GetRequiredService<Transit>().Open(message.Attachment!.ContentProtected);

    [Fact]
    public async Task Booked_cancelled_and_called_off_she_is_told_with_one_entry_in_her_calendar()
    {
        var officer = await WithAddress(0, "femi@force.example");
        Assert.True(officer.HasEmail);
        var walk = await app.Publish(officer.OfficerId, capacity: 4, at: app.NextFreeTime().AddDays(2));
        var (first, her) = await app.Book(walk.WalkId, people: 2);
        var (second, _) = await app.Book(walk.WalkId);

        var booked = Assert.Single(await app.Messages("officer-walk-confirmed", second));
        Assert.Equal(("femi@force.example", "3 people come", true), (Address(booked), booked.Fields["people"], booked.Mandatory));
        Assert.DoesNotContain("Amina", string.Join(' ', booked.Fields.Values), StringComparison.Ordinal);
        Assert.Contains($"UID:{walk.WalkId:D}@walktalk", Calendar(booked), StringComparison.Ordinal);
        Assert.Equal([24, 2], (await app.Scheduled<OfficerReminderDue>()).Where(r => r.Message.WalkId == walk.WalkId).Select(r => r.Message.Hours));
        await app.Deliver(new OfficerReminderDue(walk.WalkId, 2));
        Assert.Equal("3 people come", Assert.Single(await app.Messages("officer-walk-reminder", walk.WalkId)).Fields["people"]);

        her.DefaultRequestHeaders.Add("If-Match", (await her.GetAsync("/v1/metropolitan/my-walk")).Headers.ETag!.ToString());
        (await her.PostAsJsonAsync("/v1/metropolitan/my-walk/cancel", new { reason = "other" })).EnsureSuccessStatusCode();
        Assert.Equal("1 person comes", Assert.Single(await app.Messages("officer-walk-changed", first)).Fields["people"]);

        (await app.Coordinator.PostAsJsonAsync($"/v1/metropolitan/walks/{walk.WalkId}/cancel", new { reason = "weather" })).EnsureSuccessStatusCode();
        var off = Calendar(Assert.Single(await app.Messages("officer-walk-cancelled", walk.WalkId)));
        Assert.Contains("METHOD:CANCEL", off, StringComparison.Ordinal);
        Assert.Contains("SEQUENCE:1", off, StringComparison.Ordinal);
        await app.Deliver(new OfficerReminderDue(walk.WalkId, 2));
        Assert.Single(await app.Messages("officer-walk-reminder", walk.WalkId));

        // Nobody comes, so there is nothing to be reminded of.
        var empty = await app.Publish(officer.OfficerId);
        await app.Deliver(new OfficerReminderDue(empty.WalkId, 2));
        Assert.Empty(await app.Messages("officer-walk-reminder", empty.WalkId));

        // Taken away, she is sent nothing, and the list says so. The address is nowhere in the open.
        Assert.False((await WithAddress(0, "")).HasEmail);
        var quiet = await app.Publish(officer.OfficerId);
        var (third, _) = await app.Book(quiet.WalkId);
        Assert.Empty(await app.Messages("officer-walk-confirmed", third));
    }

    [Fact]
    public async Task Who_is_given_a_walk_who_loses_it_and_who_stays_are_told_each_with_her_calendar()
    {
        var (first, second, third) = (await WithAddress(4, "first@force.example"), await WithAddress(5, "second@force.example"), await WithAddress(6, "third@force.example"));
        var walk = await app.Publish(first.OfficerId, capacity: 4, at: app.NextFreeTime().AddDays(2));
        var (_, her) = await app.Book(walk.WalkId);
        await Change(new { add = second.OfficerId });
        Assert.Equal([("officer-walk-changed", "first@force.example", "PUBLISH", 1), ("officer-walk-given", "second@force.example", "PUBLISH", 1)], await Told(1));
        var given = Assert.Single(await app.Messages("officer-walk-given", walk.WalkId));
        Assert.Equal(("1 person comes", true), (given.Fields["people"], given.Fields["what"].EndsWith("Two officers walk.", StringComparison.Ordinal)));
        await Change(new { remove = first.OfficerId, add = third.OfficerId });
        Assert.Equal([("officer-walk-changed", "second@force.example", "PUBLISH", 2), ("officer-walk-given", "third@force.example", "PUBLISH", 2), ("officer-walk-taken", "first@force.example", "CANCEL", 2)], await Told(2));
        // Her own entry says nothing of officers; the next time it changes it is newer than all of these.
        Assert.Contains("SEQUENCE:2", await her.GetStringAsync("/v1/metropolitan/my-walk/calendar.ics"), StringComparison.Ordinal);

        async Task Change(object body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/metropolitan/walks/{walk.WalkId}/officers") { Content = JsonContent.Create(body) };
            request.Headers.Add("If-Match", (await app.Coordinator.GetFromJsonAsync<WalkDetail>($"/v1/metropolitan/schedule/{walk.WalkId}"))!.Walk.ETag);
            (await app.Coordinator.SendAsync(request)).EnsureSuccessStatusCode();
        }

        async Task<IEnumerable<(string, string, string, int)>> Told(int revision)
        {
            var told = new List<(string, string, string, int)>();
            foreach (var template in (string[])["officer-walk-changed", "officer-walk-given", "officer-walk-taken"])
            {
                foreach (var message in (await app.Messages(template, walk.WalkId)).Where(m => m.SubjectVersion == revision))
                {
                    var file = Calendars.Parsed.Of(Calendar(message));
                    told.Add((template, Address(message), file.Method, file.Entries.Single().Sequence));
                    Assert.Equal($"{walk.WalkId:D}@walktalk", file.Entries.Single().Uid);
                }
            }
            return told;
        }
    }

    [Fact]
    public async Task What_somebody_needs_comes_with_the_day_protected_and_without_a_name_and_is_audited()
    {
        var walks = await WithAddress(7, "needs@force.example");
        var walk = await app.Publish(walks.OfficerId);
        var held = await app.Hold(walk.WalkId);
        var hold = app.With("Hold", held.HoldToken);
        (await hold.PostAsJsonAsync("/v1/metropolitan/booking/contact", new
        {
            firstName = "Amina", email = $"{held.BookingId:N}@example.org", needs = new { signLanguage = true, stepFree = false, spoken = "pt", notOfficer = "9999 ZZ", nonPoliceWalker = true },
        })).EnsureSuccessStatusCode();
        var code = app.Open((await app.Messages("contact-verify", held.BookingId)).Single(), "!code");
        (await hold.PostAsJsonAsync("/v1/metropolitan/booking/confirm", new { code })).EnsureSuccessStatusCode();
        var day = DateOnly.FromDateTime(walk.StartsAt.DateTime);
        app.Time.SetUtcNow(new DateTimeOffset(day.ToDateTime(new TimeOnly(6, 0)), TimeSpan.Zero));
        await app.Eventually(async () => (await app.Messages("officer-day-sheet", walks.OfficerId)).Count > 0, "six in the morning");
        var sheet = (await app.Messages("officer-day-sheet", walks.OfficerId))[0];
        Assert.Equal($"{walk.StartsAt:HH:mm}: language: pt, British Sign Language, somebody who is not from the police", app.Open(sheet, "!needs"));
        Assert.DoesNotContain(sheet.Fields.Values, v => v.Contains("Sign Language", StringComparison.Ordinal) || v.Contains("Amina", StringComparison.Ordinal) || v.Contains("9999", StringComparison.Ordinal));
        Assert.NotEmpty(await app.Db<BookingDb, List<string>>(db => db.Database.SqlQuery<string>($"SELECT subject_id AS \"Value\" FROM audit WHERE reason = 'day sheet by mail'").ToListAsync()));
    }

    [Fact]
    public async Task At_six_her_day_comes_once_and_only_when_she_walks()
    {
        var walks = await WithAddress(1, "ruth@force.example");
        var rests = await WithAddress(2, "mags@force.example");
        var kept = await app.Db<BookingDb, string>(async db => (await db.Officers.FindAsync(walks.OfficerId))!.EmailProtected!);
        Assert.DoesNotContain("ruth", kept, StringComparison.OrdinalIgnoreCase);
        var walk = await app.Publish(walks.OfficerId);
        await app.Book(walk.WalkId);
        var day = DateOnly.FromDateTime(walk.StartsAt.DateTime);
        app.Time.SetUtcNow(new DateTimeOffset(day.ToDateTime(new TimeOnly(6, 0)), TimeSpan.Zero));
        await app.Eventually(async () => (await app.Messages("officer-day-sheet", walks.OfficerId)).Count > 0, "six in the morning");
        var sheet = Assert.Single(await app.Messages("officer-day-sheet", walks.OfficerId));
        Assert.Equal(("ruth@force.example", day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), (Address(sheet), sheet.Fields["on"]));
        Assert.Contains("1 person comes", sheet.Fields["walks"], StringComparison.Ordinal);
        Assert.DoesNotContain("Amina", sheet.Fields["walks"], StringComparison.Ordinal);
        Assert.Empty(await app.Messages("officer-day-sheet", rests.OfficerId));
        Assert.Equal(app.Time.GetUtcNow().AddDays(1), Assert.Single(await app.Scheduled<DaySheetsDue>()).DueAt);

        // A restart before noon looks again; the day is the version, so that nobody is sent it twice.
        await app.Restart();
        await app.Eventually(async () => (await app.Scheduled<DaySheetsDue>()).Count == 1, "the next morning's plan");
        Assert.Single((await app.Messages("officer-day-sheet", walks.OfficerId)).Select(m => m.SubjectVersion).Distinct());
    }

    [Fact]
    public async Task A_wrong_address_is_a_fault_with_its_line()
    {
        using var file = new StringContent("first_name,collar,areas,languages,bsl,email\nFemi,2044 AS,E05014105,en,no,not an address\n", Encoding.UTF8, "text/csv");
        var reply = await (await app.Coordinator.PostAsync("/v1/metropolitan/import/officers/preview", file)).Content<ImportReply>(HttpStatusCode.OK);
        Assert.Equal((2, "email"), (Assert.Single(reply.Faults).Line, reply.Faults[0].Field));
    }
}

public sealed class OfficerMailOnSqlite(BookingApp.Sqlite app) : OfficerMailTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class OfficerMailOnPostgres(BookingApp.Postgres app) : OfficerMailTests(app), IClassFixture<BookingApp.Postgres>;
