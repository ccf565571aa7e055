using System.Net;
using System.Net.Http.Json;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Booking.Tests.Calendars;

public abstract class OfficerCalendarTests(BookingApp app)
{
    [Fact]
    public async Task Her_calendar_shows_when_and_in_which_ward_and_follows_what_changes()
    {
        var (officer, hers) = await app.SignedInOfficer(0);
        var walk = await app.Publish(officer.OfficerId);
        var (_, her) = await app.Book(walk.WalkId);
        var off = await app.Publish(officer.OfficerId);
        Assert.False((await hers.GetFromJsonAsync<OfficerCalendarView>("/v1/metropolitan/calendar-address"))!.HasAddress);
        var secret = await NewAddress(hers);
        Assert.True((await hers.GetFromJsonAsync<OfficerCalendarView>("/v1/metropolitan/calendar-address"))!.HasAddress);

        var before = await Feed(secret);
        var entry = Assert.Single(before.Entries, e => e.Uid == $"{walk.WalkId:D}@walktalk");
        Assert.Equal(("PUBLISH", "CONFIRMED", "Borough & Bankside", walk.StartsAt), (before.Method, entry.Status, entry.Location, entry.Start));
        (await app.Coordinator.PostAsJsonAsync($"/v1/metropolitan/walks/{off.WalkId}/cancel", new { reason = "other" })).EnsureSuccessStatusCode();
        var (old, now) = (before.Entries.Single(e => e.Uid.StartsWith($"{off.WalkId:D}", StringComparison.Ordinal)), (await Feed(secret)).Entries.Single(e => e.Uid.StartsWith($"{off.WalkId:D}", StringComparison.Ordinal)));
        Assert.Equal(("CANCELLED", true), (now.Status, now.Sequence > old.Sequence));

        // What a lost phone must not show: place, woman, contact, colleagues.
        var text = await app.With("Calendar", secret).GetStringAsync("/v1/metropolitan/officer-calendar.ics");
        foreach (var secretive in (string[])["Tate Modern", "Amina", "@example.org", officer.FirstName, officer.CollarNumber]) Assert.DoesNotContain(secretive, text, StringComparison.OrdinalIgnoreCase);
        Assert.NotNull(await app.MyWalk(her));
    }

    [Fact]
    public async Task A_new_address_ends_the_old_one_and_nobody_elses_is_touched()
    {
        var (officer, hers) = await app.SignedInOfficer(1);
        var (_, others) = await app.SignedInOfficer(2);
        var (first, other) = (await NewAddress(hers), await NewAddress(others));
        var second = await NewAddress(hers);
        Assert.NotEqual(first, second);
        Assert.Equal("calendar-unknown", await Refused(first));
        await Feed(second);
        Assert.Equal(HttpStatusCode.NoContent, (await hers.DeleteAsync("/v1/metropolitan/calendar-address")).StatusCode);
        Assert.Equal("calendar-unknown", await Refused(second));
        await Feed(other);
        Assert.Equal("calendar-unknown", await Refused(other, BookingApp.OtherForce));
        Assert.Equal("calendar-unknown", await Refused(""));

        // Her account goes to somebody else: the address goes with her.
        var third = await NewAddress(hers);
        (await app.Coordinator.PutAsJsonAsync($"/v1/metropolitan/officers/{officer.OfficerId}/account", new { sub = "successor" })).EnsureSuccessStatusCode();
        Assert.Equal("calendar-unknown", await Refused(third));
        Assert.Equal("not-your-walk", await (await hers.PostAsync("/v1/metropolitan/calendar-address", null)).Refusal(403));
    }

    [Fact]
    public async Task The_secret_itself_is_kept_nowhere()
    {
        var (officer, hers) = await app.SignedInOfficer(3);
        var secret = await NewAddress(hers);
        Assert.Equal(ServiceDefaults.Secrets.HashOf(secret), await app.Db<BookingDb, byte[]?>(async db => (await db.Officers.FindAsync(officer.OfficerId))!.CalendarHash));
    }

    private static async Task<string> NewAddress(HttpClient hers) =>
        (await (await hers.PostAsync("/v1/metropolitan/calendar-address", null)).Content<OfficerCalendarMade>(HttpStatusCode.OK)).Secret;

    private async Task<Parsed> Feed(string secret) => Parsed.Of(await app.With("Calendar", secret).GetStringAsync("/v1/metropolitan/officer-calendar.ics"));

    private async Task<string> Refused(string secret, string force = "metropolitan") =>
        await (await app.With("Calendar", secret).GetAsync($"/v1/{force}/officer-calendar.ics")).Refusal(401);
}

public sealed class OfficerCalendarOnSqlite(BookingApp.Sqlite app) : OfficerCalendarTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class OfficerCalendarOnPostgres(BookingApp.Postgres app) : OfficerCalendarTests(app), IClassFixture<BookingApp.Postgres>;
