using System.Net.Http.Json;
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
    public async Task Page_by_page_and_day_by_day_is_found_what_a_look_at_every_walk_finds_also_across_the_clock_change()
    {
        app.Time.SetUtcNow(new DateTimeOffset(2027, 3, 10, 11, 7, 0, TimeSpan.Zero));
        var random = new Random(20270328);
        var pack = ForcePackCatalogue.Load(Path.Combine(AppContext.BaseDirectory, "packs")).Get("metropolitan");
        var all = Enumerable.Range(0, 900).Select(_ => Some(random, pack.Wards.Take(12).ToList())).ToList();
        await app.Db<BookingDb>(async db =>
        {
            db.Walks.AddRange(all);
            await db.SaveChangesAsync();
        }, Force);

        for (var i = 0; i < 100; i++)
        {
            var (query, fits) = Question(random, pack.Wards.Take(12).ToList());
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
            var from = new DateOnly(2027, 3, random.Next(12, 30));
            Assert.Equal(expected.Select(w => w.LocalDate).Where(d => d >= from).Distinct().Order().Take(8), (await app.Client().GetFromJsonAsync<List<DateOnly>>($"/v1/{Force}/walks/days?{query}&date={from:yyyy-MM-dd}"))!);
        }
    }

    private static Walk Some(Random random, List<Ward> wards)
    {
        // A good part of them on the two days around the change, every ten minutes, so that many begin together.
        var starts = random.Next(3) == 0 ? new DateTimeOffset(2027, 3, 27, 12, 0, 0, TimeSpan.Zero).AddMinutes(10 * random.Next(0, 200)) : new DateTimeOffset(2027, 3, 10, 11, 0, 0, TimeSpan.Zero).AddMinutes(10 * random.Next(0, 8600));
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

    private static (string Query, Func<Walk, bool> Fits) Question(Random random, List<Ward> wards)
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
            var day = new DateOnly(2027, 3, random.Next(26, 30));
            Ask($"date={day:yyyy-MM-dd}", w => w.LocalDate == day);
        }
        TimeOnly? from = random.Next(2) == 0 ? new TimeOnly(random.Next(24), 10 * random.Next(6)) : null, until = random.Next(2) == 0 ? new TimeOnly(random.Next(24), 10 * random.Next(6)) : null;
        if (from is not null) query.Add($"from={from:HH:mm}");
        if (until is not null) query.Add($"until={until:HH:mm}");
        var (first, last) = (from ?? TimeOnly.MinValue, until ?? TimeOnly.MaxValue);
        fits.Add(w => first > last ? w.LocalTime >= first || w.LocalTime <= last : w.LocalTime >= first && w.LocalTime <= last);
        return (string.Join('&', query), w => fits.TrueForAll(f => f(w)));
    }
}

public sealed class SearchOnSqlite(BookingApp.Sqlite app) : SearchTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class SearchOnPostgres(BookingApp.Postgres app) : SearchTests(app), IClassFixture<BookingApp.Postgres>;
