using WalkTalk.Booking.Demo;
using WalkTalk.Contracts.Booking;
using WalkTalk.ForcePacks;

namespace WalkTalk.Booking.Tests.Demo;

/// <summary>The demonstration year by itself: the same every time, without a clash, true to the shares of D7.</summary>
public sealed class DemoYearTests
{
    private static readonly ForcePack Pack = ForcePackCatalogue.Load(ForcePackCatalogue.DefaultFolder).Get("metropolitan");
    private static readonly DateTimeOffset Now = Answers.At("2026-11-24T12:00Z");
    private static readonly TimeSpan Buffer = TimeSpan.FromMinutes(15);
    private readonly DemoYear year = DemoYear.Of(Pack, Now, Buffer);

    [Fact]
    public void The_same_moment_gives_the_same_year()
    {
        var again = DemoYear.Of(Pack, Now, Buffer);
        Assert.Equal(year.Facts, again.Facts);
        Assert.Equal(year.Walks.Select(Told), again.Walks.Select(Told));
        Assert.Equal(year.Bookings.Select(b => (b.Id, b.WalkId, b.State, b.Meeting)), again.Bookings.Select(b => (b.Id, b.WalkId, b.State, b.Meeting)));

        static object Told(Walk w) => (w.Id, w.WardCode, w.StartsAt, w.State, w.Band, w.Taken, w.Capacity, w.Officers[0].OfficerId);
    }

    [Theory, InlineData("2026-03-29T00:30Z"), InlineData("2026-10-25T03:00Z"), InlineData("2027-01-01T23:45Z"), InlineData("2028-02-29T12:00Z")]
    public void Every_day_of_the_year_has_its_year_and_no_officer_is_on_two_walks(string at)
    {
        var now = Answers.At(at);
        var any = DemoYear.Of(Pack, now, Buffer);
        foreach (var times in any.Walks.SelectMany(w => w.Officers).Where(o => o.Active).GroupBy(o => o.OfficerId).Select(g => g.OrderBy(o => o.BusyFrom).ToList()))
            Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.First.BusyUntil <= pair.Second.BusyFrom));
        Assert.All(any.Walks, w => Assert.InRange(w.Taken, 0, w.Capacity));
        Assert.All(any.Walks.Where(w => w.StartsAt <= now), w => Assert.True(w.State is WalkState.Ended or WalkState.Cancelled));
        Assert.All(any.Walks.Where(w => w.StartsAt > now), w => Assert.True(w.State is WalkState.Published or WalkState.Cancelled));
        Assert.Contains(any.Walks, w => w.State == WalkState.Published && w.StartsAt > now.AddHours(2) && w.StartsAt < now.AddHours(48) && w.Taken < w.Capacity);
    }

    [Fact]
    public void Bookings_end_in_every_way_and_meetings_are_mostly_proven()
    {
        Assert.All((BookingState[])[BookingState.Confirmed, BookingState.Completed, BookingState.Expired, BookingState.CancelledByParticipant, BookingState.CancelledByForce,
            BookingState.NoShowParticipant, BookingState.NoShowOfficer], state => Assert.Contains(year.Bookings, b => b.State == state));
        var started = year.Facts.OfType<WalkStarted>().ToList();
        Assert.InRange(started.Count(s => s.Verified > 0) / (double)started.Count, 0.95, 1);
        Assert.InRange(started.Count, 350, 550);
        Assert.All(Enum.GetValues<LightBand>(), band => Assert.True(year.Walks.Count(w => w.Band == band) > 20, $"{band}"));
    }

    [Fact]
    public void Nearly_every_ward_was_walked_in_every_closed_quarter()
    {
        var ended = year.Walks.Where(w => w.State == WalkState.Ended).ToLookup(w => (w.LocalDate.Year, (w.LocalDate.Month + 2) / 3), w => w.WardCode);
        Assert.All((IEnumerable<(int, int)>)[(2025, 4), (2026, 1), (2026, 2), (2026, 3)], quarter => Assert.InRange(ended[quarter].Distinct().Count(), 44, Pack.Wards.Count));
    }
}

/// <summary>The seed of a service that is a demonstration, on its real database, and once only.</summary>
public sealed class DemoWalksTests(DemoWalksTests.App app) : IClassFixture<DemoWalksTests.App>
{
    public sealed class App() : BookingApp(WalkTalk.Fixtures.TestOn.OneProcess)
    {
        protected override IEnumerable<(string Key, string? Value)> Settings() => [.. base.Settings(), ("Demo:Enabled", "true")];
    }

    [Fact]
    public async Task It_is_filled_once_and_tells_facts_but_asks_for_no_message()
    {
        var walks = await app.Published<WalkPublished>();
        Assert.InRange(walks.Count, 450, 650);
        Assert.Empty(await app.Published<WalkTalk.Contracts.Notification.NotificationRequested>());
        Assert.NotEmpty(await app.Published<WalkPublished>(BookingApp.OtherForce));

        await app.Restart();
        Assert.Equal(walks.Count, (await app.Published<WalkPublished>()).Count);
    }
}
