using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking.Tests.Walks;

/// <summary>However a search reads, it finds what a look at every walk finds.</summary>
public abstract class SearchTests(BookingApp app)
{
    private const string Force = BookingApp.OtherForce;
    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
    private static readonly string[] Languages = ["en", "en", "en", "pl", "cy"];

    [Fact]
    public async Task Page_by_page_and_day_by_day_is_found_what_a_look_at_every_walk_finds_also_across_the_clock_changes()
    {
        foreach (var change in (DateOnly[])[new(2027, 3, 28), new(2027, 10, 31)]) await Agrees(change, new Random(change.DayNumber));
    }

    private async Task Agrees(DateOnly change, Random random)
    {
        app.Time.SetUtcNow(new DateTimeOffset(change, new TimeOnly(11, 7), TimeSpan.Zero).AddDays(-18));
        var wards = ForcePackCatalogue.Load(Path.Combine(AppContext.BaseDirectory, "packs")).Get("metropolitan").Wards.Take(12).ToList();
        var all = Enumerable.Range(0, 900).Select(_ => Some(change, random, wards)).ToList();
        await app.Db<BookingDb>(async db =>
        {
            await db.Walks.ExecuteDeleteAsync();
            db.Walks.AddRange(all);
            await db.SaveChangesAsync();
        }, Force);

        for (var i = 0; i < 60; i++)
        {
            var (query, fits) = Question(change, random, wards);
            var expected = all.Where(w => w.State == WalkState.Published && w.StartsAt >= app.Time.GetUtcNow().AddHours(2) && w.StartsAt <= app.Time.GetUtcNow().AddDays(56) && fits(w)).ToList();
            var found = new List<WalkOffer>();
            for (string? cursor = ""; cursor is not null;)
            {
                var page = (await app.Client().GetFromJsonAsync<FoundWalks>($"/v1/{Force}/walks?{query}&take={random.Next(1, 50)}&cursor={cursor}"))!;
                found.AddRange(page.Walks);
                cursor = page.Next;
            }

            Assert.Equal(expected.Select(w => w.StartsAt).Order(), found.Select(w => w.StartsAt.ToUniversalTime()));
            Assert.Equal(expected.Select(w => w.Id).Order(), found.Select(w => w.WalkId).Order());
            if (i % 5 != 0 || query.Contains("&date=", StringComparison.Ordinal)) continue;
            var from = change.AddDays(random.Next(-16, 2));
            Assert.Equal(expected.Select(w => w.LocalDate).Where(d => d >= from).Distinct().Order().Take(8), (await app.Client().GetFromJsonAsync<List<DateOnly>>($"/v1/{Force}/walks/days?{query}&date={from:yyyy-MM-dd}"))!);
        }
    }

    private static Walk Some(DateOnly change, Random random, List<Ward> wards)
    {
        // A good part of them in the night of the change, every ten minutes, so that many begin together.
        var midnight = new DateTimeOffset(change, TimeOnly.MinValue, TimeSpan.Zero);
        var starts = random.Next(3) == 0 ? midnight.AddMinutes(10 * random.Next(-12, 24)) : midnight.AddDays(-18).AddHours(11).AddMinutes(10 * random.Next(0, 8600));
        var wall = TimeZoneInfo.ConvertTime(starts, London).DateTime;
        var capacity = random.Next(1, 5);
        return new Walk
        {
            State = random.Next(12) == 0 ? WalkState.Cancelled : WalkState.Published, WardCode = wards[random.Next(wards.Count)].Code, MeetingPoint = "Somewhere", Lit = true, StepFree = random.Next(3) == 0,
            Language = Languages[random.Next(Languages.Length)], StartsAt = starts, EndsAt = starts.AddMinutes(45), LocalDate = DateOnly.FromDateTime(wall), LocalTime = TimeOnly.FromDateTime(wall), Zone = London.Id,
            // Most of them dark, so that one stretch is longer than the others.
            Band = random.Next(3) == 0 ? (LightBand)random.Next(4) : LightBand.Dark, Capacity = capacity, Taken = random.Next(4) == 0 ? random.Next(capacity) : capacity,
        };
    }

    private static (string Query, Func<Walk, bool> Fits) Question(DateOnly change, Random random, List<Ward> wards)
    {
        var (query, fits) = (new List<string>(), new List<Func<Walk, bool>>());
        void Ask(string q, Func<Walk, bool> f)
        {
            query.Add(q);
            fits.Add(f);
        }

        var named = wards.OrderBy(_ => random.Next()).Take(random.Next(1, 13)).Select(w => w.Code).ToList();
        Ask(string.Join('&', named.Select(w => $"ward={w}")), w => named.Contains(w.WardCode));
        var (people, full) = (random.Next(1, 5), random.Next(4) == 0);
        Ask($"people={people}&full={full}", w => full ? people <= w.Capacity && w.Taken + people > w.Capacity : w.Taken + people <= w.Capacity);
        if (random.Next(2) == 0)
        {
            var bands = Enum.GetValues<LightBand>().OrderBy(_ => random.Next()).Take(random.Next(1, 3)).ToList();
            Ask(string.Join('&', bands.Select(b => $"band={b}")), w => bands.Contains(w.Band));
        }
        if (random.Next(3) == 0) Ask("stepFree=true", w => w.StepFree);
        if (random.Next(3) == 0)
        {
            var language = Languages[random.Next(Languages.Length)];
            Ask($"language={language}", w => w.Language == language);
        }
        if (random.Next(4) == 0)
        {
            var day = change.AddDays(random.Next(-2, 2));
            Ask($"date={day:yyyy-MM-dd}", w => w.LocalDate == day);
        }
        var (from, until) = (Hour(random), Hour(random));
        if (from is not null) query.Add($"from={from:HH:mm}");
        if (until is not null) query.Add($"until={until:HH:mm}");
        var (first, last) = (from ?? TimeOnly.MinValue, until ?? TimeOnly.MaxValue);
        fits.Add(w => first > last ? w.LocalTime >= first || w.LocalTime <= last : w.LocalTime >= first && w.LocalTime <= last);
        return (string.Join('&', query), w => fits.TrueForAll(f => f(w)));
    }

    /// <summary>None as often as one, and of those many in the night.</summary>
    private static TimeOnly? Hour(Random random) => random.Next(2) == 0 ? null : new TimeOnly(random.Next(3) == 0 ? random.Next(24) : random.Next(4), 10 * random.Next(6));
}

public sealed class SearchOnSqlite(BookingApp.Sqlite app) : SearchTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class SearchOnPostgres(BookingApp.Postgres app) : SearchTests(app), IClassFixture<BookingApp.Postgres>;
