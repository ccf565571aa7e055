using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.EndToEnd.Tests.Hosting;

namespace WalkTalk.EndToEnd.Tests.Stories;

/// <summary>Plans change: by her link, without JavaScript, on a phone and at a desk.</summary>
public sealed partial class ChangeInBrowser(ChangeInBrowser.Platform platform, Chromium browser)
    : IClassFixture<ChangeInBrowser.Platform>, IClassFixture<Chromium>
{
    [Fact]
    public async Task She_moves_her_walk_and_may_think_again_first()
    {
        const bool desktop = false;
        var she = await Screen.Of(browser, platform, desktop);
        await Book(she, "mover@browser.example");
        var before = await she.Page.Locator("h1").InnerTextAsync();

        await she.Follow("Move to another time");
        await she.Press("Choose this walk");
        await she.Sees("stays yours until you say yes");
        await she.Press("No, keep what I have");
        Assert.Equal(before, await she.Page.Locator("h1").InnerTextAsync());

        await she.Follow("Move to another time");
        await she.Press("Choose this walk");
        await she.Press("Yes, move my walk");
        await she.Sees("Your walk has moved");
        Assert.NotEqual(before, await she.Page.Locator("h1").InnerTextAsync());
        await platform.Mail.Wait("mover@browser.example", m => m.Text.Contains("has a new time", StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task She_waits_for_a_full_walk_and_has_the_place_before_anybody_can_see_it()
    {
        const bool desktop = true;
        // Of a walk of tomorrow all places but one are held, and somebody takes that one.
        var anybody = Api.Anybody(platform, ActivityTraceId.CreateRandom());
        var walk = (await anybody.Get<FoundWalks>($"/api/booking/v1/metropolitan/walks?date={Tomorrow}&take=1")).Walks[0];
        var forTwo = $"/api/booking/v1/metropolitan/walks?date={Tomorrow}&ward={walk.WardCode}&people=2&take=50";
        while ((await anybody.Get<FoundWalks>(forTwo)).Walks.Any(w => w.WalkId == walk.WalkId))
        {
            await anybody.Post<PlaceHeld>($"/api/booking/v1/metropolitan/walks/{walk.WalkId}/holds", new HoldPlaceRequest());
        }

        var first = await Screen.Of(browser, platform, desktop);
        await first.Open($"/metropolitan/walks?date={Tomorrow}&ward={walk.WardCode}");
        var last = first.Page.Locator($"li:has(button[value='{walk.WalkId}'])");
        await last.Locator("button").ClickAsync();
        await GiveContact(first, "first@browser.example", "Book this walk");
        await first.Sees("Confirmed");

        var she = await Screen.Of(browser, platform, desktop);
        await she.Open($"/metropolitan/walks?date={Tomorrow}&ward={walk.WardCode}");
        await she.Follow("Full walks you can wait for");
        await she.Page.Locator($"button[value='{walk.WalkId}']").ClickAsync();
        await she.Sees("Join the waiting list");
        await GiveContact(she, "waits@browser.example", "Wait for a place");
        await she.Sees("You wait for a place on");
        await platform.Mail.Wait("waits@browser.example", m => m.Text.Contains("on the waiting list", StringComparison.Ordinal), Patience);

        await first.Follow("Cancel");
        await first.Press("Cancel my walk");
        await first.Sees("You cancelled this walk");
        await she.Page.ReloadAsync();
        await she.Sees("A place is free for you");
        await browser.AssertAccessible(she.Page);
        await she.Press("Yes, take this place");
        await she.Sees("Confirmed");

        // From there she waits for another full one, and keeps what she has.
        await she.Follow("Move to another time");
        await she.Follow("Full walks you can wait for");
        await she.Press("Wait for a place");
        await she.Sees("stays yours");
        await she.Press("Leave the waiting list");
        await she.Sees("Confirmed");
    }

    [Fact]
    public async Task She_asks_for_a_walk_that_is_not_there_and_the_coordinator_answers()
    {
        var she = await Screen.Of(browser, platform);
        await she.Open("/metropolitan/walks");
        await she.Follow("No walk suits you? Ask for one");
        await she.Press("Send the code");
        await she.Sees("Enter your e-mail");
        await she.Tick("Times", "evening");
        await GiveContact(she, "asks@browser.example", "Ask for this walk");
        await she.Sees("We have your request");
        var hers = she.Page.Url;

        foreach (var desktop in new[] { false, true })
        {
            var coordinator = await Screen.Of(browser, platform, desktop);
            await coordinator.Open("/metropolitan/staff");
            await coordinator.Fill("UserName", "coordinator");
            await coordinator.Fill("Password", "walk-and-talk");
            await coordinator.Press("Sign in");
            await coordinator.Open("/metropolitan/staff/requests");
            await coordinator.Follow("Any ward");
            await coordinator.Sees("Ada asks for a walk");
            if (!desktop) continue;
            await coordinator.Press("Offer her this one");
            await coordinator.Sees("The place is offered to her");
        }

        await she.Open(hers);
        await she.Sees("There is a walk for you");
        await she.Press("Take my request back");
        await she.Sees("You took your request back");
    }

    [Fact]
    public async Task An_officer_who_walked_and_never_pressed_start_says_afterwards_when_it_began()
    {
        var (walk, account, start) = await platform.OverSinceYesterday();
        var officer = await Screen.Of(browser, platform);
        await officer.Open("/metropolitan/staff");
        await officer.Fill("UserName", account);
        await officer.Fill("Password", "walk-and-talk");
        await officer.Press("Sign in");
        await officer.Open($"/metropolitan/officer/walks/{walk}?date={start:yyyy-MM-dd}");
        await officer.Sees("The walk’s time is over");
        await officer.Fill("HappenedAt", start.AddHours(-1).ToString("HH:mm", CultureInfo.InvariantCulture));
        await officer.Press("We walked");
        await officer.Sees($"Enter a time from {start.AddMinutes(-30):HH:mm} to");
        await officer.Fill("HappenedAt", start.AddMinutes(5).ToString("HH:mm", CultureInfo.InvariantCulture));
        await officer.Tick("Override", "known-person");
        await officer.Press("We walked");
        Assert.Equal(1, await platform.Count("booking", $"SELECT count(*) FROM start_overrides WHERE reason = 'known-person' AND happened_at = {start.AddMinutes(5).UtcTicks}"));
        await officer.Press("End and go home safe");
        await officer.Sees("The walk has ended");
    }

    private static string Tomorrow => DateTime.UtcNow.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3); // the demonstration has a year to tell first

    /// <summary>The first walk there is, far enough away to be moved.</summary>
    private async Task Book(Screen she, string email)
    {
        await she.Open($"/metropolitan/walks?date={Tomorrow}");
        await she.Press("Hold this place");
        await GiveContact(she, email, "Book this walk");
        await she.Sees("Confirmed");
    }

    private async Task GiveContact(Screen she, string email, string button)
    {
        email = email.ToLowerInvariant();
        await she.Fill("FirstName", "Ada");
        await she.Fill("Email", email);
        await she.Press("Send the code");
        await she.Fill("Code", Digits().Match((await platform.Mail.Wait(email, m => Digits().IsMatch(m.Text), Patience)).Text).Value);
        await she.Press(button);
    }

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex Digits();

    public sealed class Platform : StandalonePlatform
    {
        protected override bool Demonstrates => true;

        // Nobody else: what she does is told to nobody else here, and her first mail comes sooner.
        protected override string Services => "booking,notification";

        /// <summary>The last booked walk of an officer with an account, as if it had been yesterday: a story cannot wait until one is over.</summary>
        public async Task<(Guid Walk, string Account, DateTimeOffset Start)> OverSinceYesterday()
        {
            await using var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "booking.db")};Pooling=False");
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = """
                UPDATE walks SET local_date = date('now', '-1 day'),
                    starts_at = starts_at - 864000000000 * CAST(julianday(local_date) - julianday('now', '-1 day', 'start of day') AS INTEGER),
                    ends_at = ends_at - 864000000000 * CAST(julianday(local_date) - julianday('now', '-1 day', 'start of day') AS INTEGER)
                WHERE id = (SELECT w.id FROM walks w JOIN walk_officers wo ON wo.walk_id = w.id JOIN officers o ON o.id = wo.officer_id
                    WHERE w.state = 'Published' AND o.collar_number IN ('2044 AS', '3127 AS', '1890 AS')
                        AND EXISTS (SELECT 1 FROM bookings b WHERE b.walk_id = w.id AND b.state = 'Confirmed') ORDER BY w.starts_at DESC LIMIT 1)
                RETURNING id, starts_at, (SELECT lower(replace(o.collar_number, ' ', '')) FROM officers o JOIN walk_officers wo ON wo.officer_id = o.id WHERE wo.walk_id = walks.id)
                """;
            await using var row = await command.ExecuteReaderAsync();
            Assert.True(await row.ReadAsync(), "No officer with an account has a booked walk.");
            var start = TimeZoneInfo.ConvertTime(new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero), TimeZoneInfo.FindSystemTimeZoneById("Europe/London"));
            return (row.GetGuid(0), row.GetString(2), start);
        }
    }
}
