using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>A coordinator plans the weeks ahead: she sees what would be published and what not and why, then has it published.</summary>
internal static class PlanWalks
{
    /// <summary>Walks one call publishes: a second or two of work. The answer says how many wanted ones are left.</summary>
    public const int Most = 100;

    public static async Task<IResult> Preview(PlanWalksRequest request, BookingDb db, ForcePackCatalogue packs, IOptions<BookingOptions> options, CancellationToken ct)
    {
        var (refused, plan) = await Plan(request, db, packs, options.Value, ct);
        if (refused is not null) return refused;
        await plan!.Run(Most, _ => Task.FromResult(Published.Done));
        return TypedResults.Ok(Reply(plan, packs.Get(db.Force!)));
    }

    /// <summary>
    /// Each walk is a transaction of its own, so that two coordinators never wait for each other's whole plan. What a walk is called by
    /// (ward, week, number) is unique, so a plan sent twice, also at the same moment, makes it once: it needs no Idempotency-Key.
    /// </summary>
    public static async Task<IResult> Handle(PlanWalksRequest request, BookingDb db, ForcePackCatalogue packs, IOptions<BookingOptions> options, CancellationToken ct)
    {
        var (refused, plan) = await Plan(request, db, packs, options.Value, ct);
        if (refused is not null) return refused;
        var pack = packs.Get(db.Force!);
        await plan!.Run(Most, walk => db.Atomically(() => Publish(walk, request, db, pack, options.Value, ct), ct));
        return TypedResults.Ok(Reply(plan, pack));
    }

    private static async Task<(IResult? Refused, WalkPlan? Plan)> Plan(PlanWalksRequest request, BookingDb db, ForcePackCatalogue packs, BookingOptions options, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        if (request.Wards.FirstOrDefault(w => pack.FindWard(w) is null) is { } unknown) return (Refusals.WardUnknown with { Detail = $"{unknown} is no ward of this force." }, null);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(db.Now, pack.TimeZone).DateTime);
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
        var ground = new PlanGround(pack, await MeetingPoints.All(db, pack, ct), await OfficerTime.ReadAll(db, pack, from, until, ct), keys.ToHashSet(),
            byHand.GroupBy(w => (w.WardCode, Monday(w.LocalDate))).ToDictionary(g => g.Key, g => g.Sum(w => w.Walks)), recent,
            db.Now + options.MinimumNotice, db.Now.AddDays(options.HorizonDays), options);
        return (null, new WalkPlan(ground, new PlanFor(from, until, request.EachWeek, request.Wards.ToHashSet(), TimeSpan.FromMinutes(request.Minutes), request.Language, request.StepFree, request.SignLanguage, request.Officers)));
    }

    private static async Task<Published> Publish(NextWalk next, PlanWalksRequest request, BookingDb db, ForcePack pack, BookingOptions options, CancellationToken ct)
    {
        var offer = next.Offer;
        // Their rows first: whoever plans with the same officers waits here, so that rest and the day's maximum hold as well as the clash.
        Guid[] ids = [.. next.Officers.Select(o => o.Officer.Id)];
        await db.LockOfficers(ids, ct);
        var now = (await OfficerTime.Read(db, pack, offer.Date, offer.Date, ids, ct)).ToDictionary(o => o.Officer.Id);
        next.Gone.AddRange(next.Officers.Where(o => !now.TryGetValue(o.Officer.Id, out var hers) || hers.Against(offer.Start, offer.End, offer.Date, options) is not null));
        if (next.Gone.Count > 0) return Published.OfficerTaken;

        var walk = PublishWalk.New(pack, next.Point, offer.Start, offer.End, request.Capacity, request.Language, request.StepFree, next.Wanted.Key);
        walk.Officers.AddRange(next.Officers.Select(o => new WalkOfficer { OfficerId = o.Officer.Id, BusyFrom = offer.Start - options.Buffer, BusyUntil = offer.End + options.Buffer }));
        db.Walks.Add(walk);
        db.Publish(walk.Published());
        try
        {
            await db.SaveChangesAsync(ct);
            next.WalkId = walk.Id;
            return Published.Done;
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation("plan_key"))
        {
            return Published.ByAnother;
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation("walk_officers_busy"))
        {
            next.Gone.AddRange(next.Officers);
            return Published.OfficerTaken;
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    private static WalksPlanned Reply(WalkPlan plan, ForcePack pack) => new(
        [.. plan.Walks.OrderBy(w => w.Offer.Start).ThenBy(w => w.Wanted.WardCode, StringComparer.Ordinal).Select(w => new PlannedWalk(
            w.WalkId, w.Offer.Start, w.Offer.End, w.Band.Wire(), w.Wanted.WardCode, pack.FindWard(w.Wanted.WardCode)!.Name, w.Point.Name, w.Offer.Officer.Officer.View(), w.Recent, w.Second?.Officer.View()))],
        [.. plan.Unmet.GroupBy(u => (u.Wanted.WardCode, u.Wanted.Week)).Select(g => new UnmetWard(g.Key.WardCode, pack.FindWard(g.Key.WardCode)!.Name, g.Key.Week, g.Count(), g.First().Reason))],
        [.. plan.Skipped().Select(s => new SkippedWindow(s.Offer.Officer.Officer.View(), s.Offer.Start, s.Offer.End, s.Reason.Wire()))],
        plan.Already, plan.Left);

    private static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
}
