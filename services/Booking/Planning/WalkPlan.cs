using System.Globalization;
using WalkTalk.ForcePacks;

namespace WalkTalk.Booking;

/// <summary>A wanted walk: the n-th of a ward in a week. Its key makes it the same walk whoever plans it, and whenever.</summary>
internal sealed record WantedWalk(string WardCode, DateOnly Week, int Number)
{
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{WardCode}/{Week:yyyy-MM-dd}/{Number}");
}

/// <summary>A time at which an officer could walk: a piece of one of her windows.</summary>
internal sealed record OfferedTime(OfficerTime Officer, DateTimeOffset Start, DateTimeOffset End)
{
    public DateOnly Date => DateOnly.FromDateTime(Start.DateTime);
    public DateOnly Week => Date.AddDays(-(((int)Date.DayOfWeek + 6) % 7));
}

/// <summary>What is known before weeks are planned.</summary>
/// <param name="Keys">Of the walks that were planned before, also of those called off.</param>
/// <param name="ByHand">Walks of a ward in a week that were published one by one.</param>
/// <param name="Recent">Walks of a ward since 28 days ago, those ahead included.</param>
internal sealed record PlanGround(
    ForcePack Pack, IReadOnlyList<MeetingPoint> Points, IReadOnlyList<OfficerTime> Officers, IReadOnlySet<string> Keys,
    IReadOnlyDictionary<(string Ward, DateOnly Week), int> ByHand, IReadOnlyDictionary<string, int> Recent, DateTimeOffset Earliest, DateTimeOffset Latest, BookingOptions Options);

/// <summary>
/// Walks for the weeks ahead: every ward in its turn, those with the fewest walks first; for each the officer (or two) with the fewest walks who is
/// free, rested and speaks the language. It decides nothing by chance, so that a preview and what follows it are the same.
/// </summary>
internal sealed class WalkPlan
{
    private readonly PlanGround ground;
    private readonly PlanFor wish;
    private readonly List<OfferedTime> offers;
    private readonly ILookup<DateOnly, OfferedTime> byWeek;
    private readonly HashSet<OfferedTime> used = new(ReferenceEqualityComparer.Instance);

    public WalkPlan(PlanGround ground, PlanFor wish)
    {
        (this.ground, this.wish) = (ground, wish);
        offers = [.. ground.Officers.SelectMany(Offers).OrderBy(o => o.Start).ThenBy(o => o.Officer.Officer.Id)];
        byWeek = offers.ToLookup(o => o.Week);
    }

    public List<NextWalk> Walks { get; } = [];
    public List<(WantedWalk Wanted, string Reason)> Unmet { get; } = [];
    public int Already { get; private set; }
    public int Left { get; private set; }

    /// <summary>Goes through what is wanted, at most so many walks.</summary>
    /// <param name="most">The bound of one call.</param>
    /// <param name="found">Sees each walk before its officers' time is counted.</param>
    public void Run(int most, Action<NextWalk>? found = null)
    {
        foreach (var wanted in Wanted())
        {
            if (ground.Keys.Contains(wanted.Key) || wanted.Number <= ground.ByHand.GetValueOrDefault((wanted.WardCode, wanted.Week)))
            {
                Already++;
                continue;
            }
            if (Walks.Count >= most)
            {
                Left++;
                continue;
            }
            Find(wanted, found);
        }
    }

    /// <summary>The offered times that became no walk, each with its reason; of those behind the bound nothing is said.</summary>
    public IEnumerable<(OfferedTime Offer, Hindrance Reason)> Skipped() =>
        offers.Where(o => !used.Contains(o)).Select(o => (o, Why(o))).Where(s => Left == 0 || s.Item2 != Hindrance.NotNeeded);

    private void Find(WantedWalk wanted, Action<NextWalk>? found)
    {
        var offered = byWeek[wanted.Week].Where(o => o.Officer.Officer.Areas.Contains(wanted.WardCode)).ToList();
        // Sorted once: her count changes only when this walk is made.
        foreach (var offer in offered.OrderBy(o => o.Officer.Recent).ThenBy(o => o.Start).ThenBy(o => o.Officer.Officer.Id))
        {
            if (used.Contains(offer) || Hinders(offer) is not null || Place(wanted, offer) is not { } place) continue;
            var second = wish.Officers == 2 ? Second(wanted, offer) : null;
            if (wish.Officers == 2 && second is null) continue;
            var walk = new NextWalk(wanted, offer, place.Point, place.Band, offer.Officer.Recent, second);
            found?.Invoke(walk);
            foreach (var officer in walk.Officers) officer.Take(offer.Start, offer.End, offer.Date, ground.Options);
            used.Add(offer);
            Walks.Add(walk);
            return;
        }
        var reasons = offered.Select(o => Hinders(o) ?? (wish.Officers == 2 && Place(wanted, o) is not null ? Hindrance.Second : Hindrance.Place)).GroupBy(h => h).OrderByDescending(g => g.Count()).ThenBy(g => g.Key);
        Unmet.Add((wanted, reasons.FirstOrDefault()?.Key.Wire() ?? "nobody"));
    }

    private IEnumerable<WantedWalk> Wanted()
    {
        var wards = ground.Pack.Wards.Where(w => wish.Wards.Count == 0 || wish.Wards.Contains(w.Code))
            .OrderBy(w => ground.Recent.GetValueOrDefault(w.Code)).ThenBy(w => w.Code, StringComparer.Ordinal).ToList();
        for (var week = wish.From.AddDays(-(((int)wish.From.DayOfWeek + 6) % 7)); week <= wish.Until; week = week.AddDays(7))
        {
            for (var number = 1; number <= wish.EachWeek; number++)
            {
                foreach (var ward in wards) yield return new(ward.Code, week, number);
            }
        }
    }

    private IEnumerable<OfferedTime> Offers(OfficerTime officer)
    {
        foreach (var window in officer.Windows ?? [])
        {
            for (var start = window.From; start + wish.Length <= window.Until; start += wish.Length + 2 * ground.Options.Buffer)
            {
                var local = TimeZoneInfo.ConvertTime(start, ground.Pack.TimeZone);
                var offer = new OfferedTime(officer, local, TimeZoneInfo.ConvertTime(start + wish.Length, ground.Pack.TimeZone));
                if (offer.Date >= wish.From && offer.Date <= wish.Until && offer.Start <= ground.Latest && !officer.Officer.LeavesBefore(offer.End)) yield return offer;
            }
        }
    }

    private Hindrance? Hinders(OfferedTime offer) =>
        offer.Start < ground.Earliest ? Hindrance.Notice
        : !offer.Officer.Officer.Languages.Contains(wish.Language) ? Hindrance.Language
        : wish.SignLanguage && !offer.Officer.Officer.SignLanguage ? Hindrance.SignLanguage
        : offer.Officer.Against(offer.Start, offer.End, offer.Date, ground.Options);

    private Hindrance Why(OfferedTime offer)
    {
        if (Hinders(offer) is { } hindrance) return hindrance;
        var wards = ground.Pack.Wards.Where(w => offer.Officer.Officer.Areas.Contains(w.Code) && (wish.Wards.Count == 0 || wish.Wards.Contains(w.Code))).ToList();
        return wards.Count == 0 ? Hindrance.Area
            : wards.TrueForAll(w => Place(new(w.Code, offer.Week, 1), offer) is null) ? Hindrance.Place : Hindrance.NotNeeded;
    }

    /// <summary>Who walks with her: offered that time too, walks there, and has the fewest walks.</summary>
    private OfficerTime? Second(WantedWalk wanted, OfferedTime offer) =>
        ground.Officers.Where(o => o != offer.Officer && o.Windows is not null && o.Officer.Areas.Contains(wanted.WardCode) && o.Against(offer.Start, offer.End, offer.Date, ground.Options) is null)
            .OrderBy(o => o.Recent).ThenBy(o => o.Officer.Id).FirstOrDefault();

    /// <summary>The ward's places take turns; in any light but day's only those that are lit.</summary>
    private (MeetingPoint Point, LightBand Band)? Place(WantedWalk wanted, OfferedTime offer)
    {
        if (ground.Pack.FindWard(wanted.WardCode) is not { } ward) return null;
        var band = Sun.Band(ward.Lat, ward.Lng, ground.Pack.TimeZone, offer.Start, offer.End);
        var fitting = ground.Points.Where(p => p.WardCode == ward.Code && (p.StepFree || !wish.StepFree) && (p.Lit || band == LightBand.Day)).OrderBy(p => p.Id, StringComparer.Ordinal).ToList();
        return fitting.Count == 0 ? null : (fitting[(wanted.Week.DayNumber / 7 + wanted.Number) % fitting.Count], band);
    }
}

/// <summary>What a coordinator asks the plan for.</summary>
internal sealed record PlanFor(
    DateOnly From, DateOnly Until, int EachWeek, IReadOnlyCollection<string> Wards, TimeSpan Length, string Language, bool StepFree, bool SignLanguage, int Officers = 1);

/// <summary>A walk that the plan has found a time, an officer and a place for.</summary>
/// <param name="Second">The other officer of a pair; null where one walks.</param>
internal sealed record NextWalk(WantedWalk Wanted, OfferedTime Offer, MeetingPoint Point, LightBand Band, int Recent, OfficerTime? Second = null)
{
    public IEnumerable<OfficerTime> Officers => Second is null ? [Offer.Officer] : [Offer.Officer, Second];

    /// <summary>Null as long as it is only previewed.</summary>
    public Guid? WalkId { get; set; }
}
