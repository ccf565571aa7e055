using System.Net;
using System.Net.Http.Json;
using System.Text;
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

        // Taken away, she is sent nothing, and the list says so. The address is nowhere in the open.
        Assert.False((await WithAddress(0, "")).HasEmail);
        var quiet = await app.Publish(officer.OfficerId);
        var (third, _) = await app.Book(quiet.WalkId);
        Assert.Empty(await app.Messages("officer-walk-confirmed", third));
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
