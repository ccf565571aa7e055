using CsCheck;
using WalkTalk.Fixtures;
using WalkTalk.ForcePacks;

namespace WalkTalk.Booking.Tests.Planning;

/// <summary>What holds for every plan, whatever officers offer and whatever stands already.</summary>
public sealed class WalkPlanTests
{
    private static readonly ForcePack Pack = ForcePackCatalogue.Load(Path.Combine(Repository.Root, "packs")).Get("metropolitan");
    private static readonly List<Ward> Wards = [.. Pack.Wards.Take(6)];
    private static readonly BookingOptions Options = new();
    private static readonly int[] Lengths = [30, 45, 60, 240];
    private static readonly DateTimeOffset[] Nows = [Answers.At("2026-11-24T12:00Z"), Answers.At("2027-03-19T08:30Z"), Answers.At("2027-10-22T23:45Z"), Answers.At("2028-03-20T00:00Z")];

    /// <summary>A force as the dice have it. The clock changes in its second week as often as not.</summary>
    private sealed record Force(DateTimeOffset Now, List<Hand> Officers, PlanFor Wish, int Most, int Seed);

    private sealed record Hand(int[] Areas, bool Welsh, bool Signs, (int Day, int Hour, int Hours)[] Windows, int[] Away, (int Day, int Hour)[] Walks, int Recent);

    private static readonly Gen<Hand> Hands =
        from areas in Gen.Int[0, 6].Array[1, 4]
        from welsh in Gen.Bool
        from signs in Gen.Bool
        from windows in Gen.Select(Gen.Int[-1, 15], Gen.Int[0, 23], Gen.Int[1, 8]).Array[0, 6]
        from away in Gen.Int[0, 14].Array[0, 3]
        from walks in Gen.Select(Gen.Int[-1, 15], Gen.Int[0, 23]).Array[0, 4]
        from recent in Gen.Int[0, 5]
        select new Hand(areas, welsh, signs, windows, away, walks, recent);

    private static readonly Gen<Force> Forces =
        from now in Gen.Int[0, 3].Select(i => Nows[i])
        from officers in Hands.List[0, 6]
        from skip in Gen.Int[0, 5]
        from days in Gen.Int[1, 14]
        from each in Gen.Int[1, 4]
        from wards in Gen.Int[0, 5].Array[0, 3]
        from length in Gen.Int[0, 3].Select(i => Lengths[i])
        from special in Gen.Int[0, 3]
        from pair in Gen.Int[1, 2]
        from most in Gen.Bool.Select(few => few ? 3 : 100)
        from seed in Gen.Int
        let today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, Pack.TimeZone).DateTime)
        select new Force(now, officers, new PlanFor(today.AddDays(skip), today.AddDays(skip + days - 1), each, wards.Distinct().Select(w => Wards[w].Code).ToHashSet(),
            TimeSpan.FromMinutes(length), special == 1 ? "cy" : "en", special == 2, special == 3, pair), most, seed);

    [Fact]
    public void A_plan_has_no_clash_no_officer_twice_and_keeps_every_limit() => Forces.Sample(force =>
    {
        var ground = Ground(force);
        var before = ground.Officers.ToDictionary(o => o.Officer.Id, o => o.Walks.ToList());
        var plan = Run(ground, force);
        Assert.True(plan.Walks.Count <= force.Most);
        Assert.Equal(plan.Walks.Count, plan.Walks.Select(w => w.Wanted.Key).Distinct().Count());
        foreach (var walk in plan.Walks)
        {
            var (offer, officer) = (walk.Offer, walk.Offer.Officer);
            Assert.Contains(officer.Windows!, w => w.Covers(offer.Start, offer.End));
            Assert.DoesNotContain(officer.Leave, l => l.Overlaps(offer.Start, offer.End));
            Assert.Contains(walk.Wanted.WardCode, officer.Officer.Areas);
            Assert.Contains(force.Wish.Language, officer.Officer.Languages);
            Assert.True(officer.Officer.SignLanguage || !force.Wish.SignLanguage);
            Assert.True(walk.Point.WardCode == walk.Wanted.WardCode && (walk.Point.StepFree || !force.Wish.StepFree) && (walk.Point.Lit || walk.Band == LightBand.Day));
            Assert.Equal(force.Wish.Officers, walk.Officers.Distinct().Count());
            Assert.All(walk.Officers, o => Assert.Contains(walk.Wanted.WardCode, o.Officer.Areas));
            Assert.All(walk.Officers, o => Assert.Contains(o.Windows!, w => w.Covers(offer.Start, offer.End)));
            Assert.True(offer.Start >= force.Now + Options.MinimumNotice);
            Assert.InRange(DateOnly.FromDateTime(offer.Start.DateTime), force.Wish.From, force.Wish.Until);
            Assert.Equal(TimeZoneInfo.ConvertTime(offer.Start, Pack.TimeZone).DateTime, offer.Start.DateTime);
            Assert.Equal(force.Wish.Length, offer.End - offer.Start);
        }
        foreach (var officer in ground.Officers)
        {
            var added = plan.Walks.Where(w => w.Officers.Contains(officer)).Select(w => w.Offer).ToList();
            foreach (var one in added)
            {
                Assert.DoesNotContain(before[officer.Officer.Id], w => w.BusyFrom < one.End + Options.Buffer && one.Start - Options.Buffer < w.BusyUntil);
                Assert.DoesNotContain(added, other => other != one && other.Start - Options.Buffer < one.End + Options.Buffer && one.Start - Options.Buffer < other.End + Options.Buffer);
                Assert.DoesNotContain(before[officer.Officer.Id].Select(w => (w.StartsAt, w.EndsAt, w.LocalDate)).Concat(added.Where(o => o != one).Select(o => (o.Start, o.End, o.Date))),
                    w => w.Item3 != one.Date && w.Item1 < one.End + Options.Rest && one.Start < w.Item2 + Options.Rest);
                Assert.True(before[officer.Officer.Id].Count(w => w.LocalDate == one.Date) + added.Count(o => o.Date == one.Date) <= Options.MaximumADay);
            }
        }
    }, iter: 3_000);

    [Fact]
    public void Planning_again_makes_nothing_new_and_bounded_calls_come_to_an_end() => Forces.Sample(force =>
    {
        var made = new List<NextWalk>();
        WalkPlan plan;
        var calls = 0;
        do
        {
            plan = Run(Ground(force, made), force);
            made.AddRange(plan.Walks);
            Assert.True(++calls < 300);
        }
        while (plan.Left > 0);
        Assert.Equal(made.Count, made.Select(w => w.Wanted.Key).Distinct().Count());
        Assert.Empty(Run(Ground(force, made), force).Walks);
    }, iter: 1_000);

    [Fact]
    public void The_same_ground_gives_the_same_plan() => Forces.Sample(force =>
        Assert.Equal(Run(Ground(force), force).Walks.Select(Told), Run(Ground(force), force).Walks.Select(Told)), iter: 500);

    [Fact]
    public void Every_wanted_walk_is_made_stands_already_is_unmet_or_is_left() => Forces.Sample(force =>
    {
        var plan = Run(Ground(force), force);
        var weeks = (Monday(force.Wish.Until).DayNumber - Monday(force.Wish.From).DayNumber) / 7 + 1;
        var wards = force.Wish.Wards.Count == 0 ? Pack.Wards.Count : force.Wish.Wards.Count;
        Assert.Equal(weeks * wards * force.Wish.EachWeek, plan.Walks.Count + plan.Already + plan.Unmet.Count + plan.Left);
        // Who could walk for a ward that goes without was not overlooked.
        if (plan.Left == 0 && force.Wish.Officers == 1) Assert.DoesNotContain(plan.Skipped(), s => s.Reason == Hindrance.NotNeeded && plan.Unmet.Exists(u => u.Wanted.Week == s.Offer.Week && s.Offer.Officer.Officer.Areas.Contains(u.Wanted.WardCode)
            && ForWard(u.Wanted.WardCode, s.Offer)));
    }, iter: 1_000);

    [Fact]
    public void Of_those_who_could_she_with_the_fewest_walks_walks() => Forces.Sample(force =>
    {
        var ground = Ground(force);
        var counts = ground.Officers.ToDictionary(o => o.Officer.Id, o => o.Recent);
        var first = true;
        new WalkPlan(ground, force.Wish).Run(force.Most, walk =>
        {
            Assert.Equal(counts[walk.Offer.Officer.Officer.Id]++, walk.Recent);
            if (walk.Second is { } second) Assert.Equal(counts[second.Officer.Id]++, second.Recent);
            if (first && walk.Second is null)
            {
                // Nothing is given yet, so everybody who may walk in that ward and week is looked at as she was.
                var others = ground.Officers.Where(o => o.Recent < walk.Recent && o.Officer.Areas.Contains(walk.Wanted.WardCode) && o.Officer.Languages.Contains(force.Wish.Language)
                    && (o.Officer.SignLanguage || !force.Wish.SignLanguage) && Starts(o, force).Any(start => Monday(Date(start)) == walk.Wanted.Week && start >= force.Now + Options.MinimumNotice
                        && o.Against(start, start + force.Wish.Length, Date(start), Options) is null && Fits(walk.Wanted.WardCode, start, force.Wish)));
                Assert.Empty(others);
            }
            first = false;
        });
    }, iter: 1_000);

    private static WalkPlan Run(PlanGround ground, Force force)
    {
        var plan = new WalkPlan(ground, force.Wish);
        plan.Run(force.Most);
        return plan;
    }

    /// <summary>Every time at which a walk of hers could begin, within the days that are planned.</summary>
    private static IEnumerable<DateTimeOffset> Starts(OfficerTime officer, Force force) => (officer.Windows ?? [])
        .SelectMany(w => Enumerable.Range(0, 50).Select(i => w.From + (i * (force.Wish.Length + (2 * Options.Buffer)))).Where(s => s + force.Wish.Length <= w.Until))
        .Where(s => Date(s) >= force.Wish.From && Date(s) <= force.Wish.Until);

    private static DateOnly Date(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Pack.TimeZone).DateTime);

    private static bool Fits(string ward, DateTimeOffset start, PlanFor wish)
    {
        var at = Pack.FindWard(ward)!;
        var band = Sun.Band(at.Lat, at.Lng, Pack.TimeZone, start, start + wish.Length);
        return Pack.MeetingPoints.Any(p => p.WardCode == ward && (p.Lit || band == LightBand.Day) && (p.StepFree || !wish.StepFree));
    }

    private static bool ForWard(string ward, OfferedTime offer)
    {
        var at = Pack.FindWard(ward)!;
        var band = Sun.Band(at.Lat, at.Lng, Pack.TimeZone, offer.Start, offer.End);
        return Pack.MeetingPoints.Any(p => p.WardCode == ward && (p.Lit || band == LightBand.Day) && p.StepFree);
    }

    private static PlanGround Ground(Force force, IReadOnlyList<NextWalk>? made = null)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(force.Now, Pack.TimeZone).DateTime);
        var ids = new Random(force.Seed);
        var officers = force.Officers.Select((hand, i) =>
        {
            var bytes = new byte[16];
            ids.NextBytes(bytes);
            var id = new Guid(bytes);
            var windows = hand.Windows.Select(w => new Availability { OfficerId = id, FirstDate = today.AddDays(w.Day), From = new TimeOnly(w.Hour, 0), Until = new TimeOnly((w.Hour + w.Hours) % 24, 0) }).ToList();
            var walks = hand.Walks.Select(w => (Start: WallClock.Moment(today.AddDays(w.Day), new TimeOnly(w.Hour, 0), Pack.TimeZone), Date: today.AddDays(w.Day))).DistinctBy(w => w.Start).ToList();
            var mine = (made ?? []).Where(m => m.Officers.Any(o => o.Officer.Id == id)).ToList();
            return new OfficerTime
            {
                Officer = new Officer { Id = id, FirstName = $"O{i}", CollarNumber = $"{i}", CollarKey = $"{i}", Languages = hand.Welsh ? ["en", "cy"] : ["en"], SignLanguage = hand.Signs, Areas = [.. hand.Areas.Select(a => Wards[Math.Min(a, 5)].Code).Distinct()] },
                Windows = windows.Count == 0 ? null : Availability.Windows(windows, [], today.AddDays(-2), today.AddDays(20), Pack.TimeZone),
                Leave = [.. hand.Away.Select(a => new Leave { OfficerId = id, From = today.AddDays(a), Until = today.AddDays(a), Kind = "annual" }.Time(Pack.TimeZone))],
                Walks = [.. walks.Select(w => new Engagement(w.Start - Options.Buffer, w.Start.AddMinutes(45) + Options.Buffer, w.Start, w.Start.AddMinutes(45), w.Date)),
                    .. mine.Select(m => new Engagement(m.Offer.Start - Options.Buffer, m.Offer.End + Options.Buffer, m.Offer.Start, m.Offer.End, m.Offer.Date))],
                Recent = hand.Recent + mine.Count,
            };
        }).ToList();
        return new PlanGround(Pack, Pack.MeetingPoints, [.. officers.OrderBy(o => o.Officer.Id)], (made ?? []).Select(m => m.Wanted.Key).ToHashSet(), new Dictionary<(string, DateOnly), int>(),
            (made ?? []).GroupBy(m => m.Wanted.WardCode).ToDictionary(g => g.Key, g => g.Count()), force.Now + Options.MinimumNotice, force.Now.AddDays(Options.HorizonDays), Options);
    }

    private static (string, Guid, DateTimeOffset, string) Told(NextWalk walk) => (walk.Wanted.Key, walk.Offer.Officer.Officer.Id, walk.Offer.Start, walk.Point.Id);

    private static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
}
