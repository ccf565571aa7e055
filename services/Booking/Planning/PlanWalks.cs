using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>A coordinator plans the weeks ahead: she sees what would be published and what not and why, then has it published.</summary>
internal static class PlanWalks
{
    /// <summary>Walks one call publishes, in one transaction. The answer says how many wanted ones are left.</summary>
    public const int Most = 100;

    public static async Task<IResult> Preview(PlanWalksRequest request, BookingDb db, ForcePackCatalogue packs, IOptions<BookingOptions> options, CancellationToken ct)
    {
        var (refused, plan) = await Plan(request, db, packs, options.Value, ct);
        return refused ?? TypedResults.Ok(Reply(plan!, packs.Get(db.Force!)));
    }

    /// <summary>
    /// All officers' rows are taken first, so that nobody gives any of them a walk between the look and the save: clash, rest and the day's maximum hold as they were
    /// planned, and plans come one after another. What a walk is called by (ward, week, number) is unique besides, so a plan sent twice makes it once: it needs no
    /// Idempotency-Key.
    /// </summary>
    public static async Task<IResult> Handle(PlanWalksRequest request, BookingDb db, ForcePackCatalogue packs, IOptions<BookingOptions> options, CancellationToken ct)
    {
        await Turn.WaitAsync(ct);
        try
        {
            return await db.Atomically(() => Publish(request, db, packs, options.Value, ct), ct);
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <summary>Plans of one process wait for each other here, where it costs no connection; those of other replicas wait for the rows.</summary>
    private static readonly SemaphoreSlim Turn = new(1);

    private static async Task<IResult> Publish(PlanWalksRequest request, BookingDb db, ForcePackCatalogue packs, BookingOptions options, CancellationToken ct)
    {
        var officers = await db.LockOfficers(await db.Officers.Select(o => o.Id).ToListAsync(ct), ct);
        var (refused, plan) = await Plan(request, db, packs, options, ct, officers);
        if (refused is not null) return refused;
        var pack = packs.Get(db.Force!);
        foreach (var walk in plan!.Walks) Publish(walk, request, db, pack, options);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(Reply(plan, pack));
    }

    private static async Task<(IResult? Refused, WalkPlan? Plan)> Plan(PlanWalksRequest request, BookingDb db, ForcePackCatalogue packs, BookingOptions options, CancellationToken ct, IReadOnlyCollection<Guid>? only = null)
    {
        var pack = packs.Get(db.Force!);
        if (request.Wards.FirstOrDefault(w => pack.FindWard(w) is null) is { } unknown) return (Refusals.WardUnknown with { Detail = $"{unknown} is no ward of this force." }, null);
        var today = pack.Today(db.Now);
        var from = request.From ?? today;
        if (from < today) return (Refusals.WalkInPast with { Field = "from" }, null);
        if (from > today.AddDays(options.HorizonDays)) return (Refusals.WalkTooFar with { Detail = $"At most {options.HorizonDays} days ahead.", Field = "from" }, null);
        var until = from.AddDays(request.Days - 1);

        // Whole weeks: a walk published by hand on Monday is the ward's walk of that week, also for a plan that begins on Thursday.
        var (monday, sunday) = (from.AddDays(-6), until.AddDays(6));
        var recently = today.AddDays(-OfficerTime.RecentDays);
        var keys = await db.Walks.Where(w => w.PlanKey != null && w.LocalDate >= monday && w.LocalDate <= sunday).Select(w => w.PlanKey!).ToListAsync(ct);
        var byHand = await db.Walks.Where(w => w.PlanKey == null && w.State != WalkState.Cancelled && w.LocalDate >= monday && w.LocalDate <= sunday)
            .GroupBy(w => new { w.WardCode, w.LocalDate }).Select(g => new { g.Key.WardCode, g.Key.LocalDate, Walks = g.Count() }).ToListAsync(ct);
        var recent = await db.Walks.Where(w => w.State != WalkState.Cancelled && w.LocalDate >= recently)
            .GroupBy(w => w.WardCode).Select(g => new { Ward = g.Key, Walks = g.Count() }).ToDictionaryAsync(g => g.Ward, g => g.Walks, ct);
        // One who was imported in this moment is nobody's to give a walk yet.
        var officers = (await OfficerTime.ReadAll(db, pack, from, until, ct)).FindAll(o => only?.Contains(o.Officer.Id) != false);
        var ground = new PlanGround(pack, await MeetingPoints.All(db, pack, ct), officers, keys.ToHashSet(),
            byHand.GroupBy(w => (w.WardCode, Monday(w.LocalDate))).ToDictionary(g => g.Key, g => g.Sum(w => w.Walks)), recent,
            db.Now + options.MinimumNotice, db.Now.AddDays(options.HorizonDays), options);
        var plan = new WalkPlan(ground, new PlanFor(from, until, request.EachWeek, request.Wards.ToHashSet(), TimeSpan.FromMinutes(request.Minutes), request.Language, request.StepFree, request.SignLanguage, request.Officers));
        plan.Run(Most);
        return (null, plan);
    }

    private static void Publish(NextWalk next, PlanWalksRequest request, BookingDb db, ForcePack pack, BookingOptions options)
    {
        var offer = next.Offer;
        var walk = PublishWalk.New(pack, next.Point, offer.Start, offer.End, request.Capacity, request.Language, request.StepFree, next.Wanted.Key);
        walk.Officers.AddRange(next.Officers.Select(o => new WalkOfficer { OfficerId = o.Officer.Id, BusyFrom = offer.Start - options.Buffer, BusyUntil = offer.End + options.Buffer }));
        db.Walks.Add(walk);
        db.Publish(walk.Published());
        RaiseOverdue.Watch(db, walk);
        next.WalkId = walk.Id;
    }

    private static WalksPlanned Reply(WalkPlan plan, ForcePack pack) => new(
        [.. plan.Walks.OrderBy(w => w.Offer.Start).ThenBy(w => w.Wanted.WardCode, StringComparer.Ordinal).Select(w => new PlannedWalk(
            w.WalkId, w.Offer.Start, w.Offer.End, w.Band.Wire(), w.Wanted.WardCode, pack.FindWard(w.Wanted.WardCode)!.Name, w.Point.Name, w.Offer.Officer.Officer.View(), w.Recent, w.Second?.Officer.View()))],
        [.. plan.Unmet.GroupBy(u => (u.Wanted.WardCode, u.Wanted.Week)).Select(g => new UnmetWard(g.Key.WardCode, pack.FindWard(g.Key.WardCode)!.Name, g.Key.Week, g.Count(), g.First().Reason))],
        [.. plan.Skipped().Select(s => new SkippedWindow(s.Offer.Officer.Officer.View(), s.Offer.Start, s.Offer.End, s.Reason.Wire()))],
        plan.Already, plan.Left);

    private static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
}
