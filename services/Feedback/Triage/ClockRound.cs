using System.Runtime.Serialization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Feedback;

/// <summary>A reminder of this service to itself, every working morning: look at all clocks.</summary>
[DataContract(Name = "feedback-clock-round")]
internal sealed record ClockRound;

/// <summary>
/// What the days bring: a no comes back for its review, women are asked whether it is fixed, and staff are told once of each clock
/// that has used four fifths, and once when it is over, all in one message, however many. What a round does is marked in the same
/// transaction, so that none is done twice and one that was missed is made up for by the next.
/// </summary>
internal sealed class MindClocks(FeedbackDb db, ForcePackCatalogue packs, Tell tell, ILogger<MindClocks> log) : IConsume<ClockRound>
{
    private const string Key = "clock-round";
    // More than a borough's day; what is left is the next round's.
    private const int Most = 500;

    /// <summary>The first round of each force. Each plans the next in its own transaction.</summary>
    public static async Task Begin(FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        foreach (var pack in packs.Ids.Select(packs.Get))
        {
            db.Force = pack.Id;
            if (await db.IsScheduled(Key, ct))
                continue;
            await Plan(db, pack, ct);
            await db.SaveChangesAsync(ct);
        }
    }

    /// <summary>When the scheme opens on the next working day.</summary>
    internal static DateTimeOffset Next(ForcePack pack, DateTimeOffset now)
    {
        for (var day = pack.Today(now); ; day = day.AddDays(1))
        {
            var opens = day.ToDateTime(pack.OpeningHours.TryGetValue(day.DayOfWeek, out var hours) ? hours.Opens : new TimeOnly(8, 0));
            var instant = new DateTimeOffset(opens, pack.TimeZone.GetUtcOffset(opens)).ToUniversalTime();
            if (pack.IsWorkingDay(day) && instant > now)
                return instant;
        }
    }

    private static Task Plan(FeedbackDb db, ForcePack pack, CancellationToken ct) => db.Schedule(Key, Next(pack, db.Now), new ClockRound(), ct);

    public async Task Consume(ClockRound message, Delivery delivery, CancellationToken ct)
    {
        var pack = packs.Get(delivery.ForceId);
        var today = pack.Today(db.Now);
        await Plan(db, pack, ct);
        if (pack.HolidaysUntil < today.AddMonths(6))
            log.BankHolidaysRunOut(pack.Id, pack.HolidaysUntil);

        var soon = pack.AddWorkingDays(today, Concern.DaysToReview);
        foreach (var concern in await db.Concerns.Where(c => c.State == ConcernState.NoAction && c.ReviewOn <= soon).OrderBy(c => c.ReviewOn).Take(Most).ToListAsync(ct))
            concern.Review(today, pack);
        await Ask(today, ct);
        await Alert(pack, today, ct);
    }

    private async Task Ask(DateOnly today, CancellationToken ct)
    {
        var (first, last) = (today.AddDays(-7 * Concern.FirstAsked), today.AddDays(-7 * Concern.LastAsked));
        var due = await db.Concerns.Where(c =>
                (c.State == ConcernState.ClaimedDone && c.ClaimedOn <= first && c.AskedAtWeeks < Concern.FirstAsked)
                || ((c.State == ConcernState.ClaimedDone || c.State == ConcernState.ConfirmedDone) && c.ClaimedOn <= last && c.AskedAtWeeks < Concern.LastAsked))
            .OrderBy(c => c.ClaimedOn).ThenBy(c => c.Id).Take(Most).ToListAsync(ct);
        foreach (var concern in due)
        {
            var weeks = concern.ToAsk(today)!.Value;
            concern.Asked(weeks);
            await tell.About(concern, $"is-it-fixed-{weeks}w", null, new() { ["reference"] = concern.Reference, ["what"] = concern.Outcome! }, ct);
        }
    }

    private async Task Alert(ForcePack pack, DateOnly today, CancellationToken ct)
    {
        var running = db.Concerns.Where(c => c.DueOn != null
            && c.State != ConcernState.WaitingForContributor && c.State != ConcernState.ClaimedDone && c.State != ConcernState.Merged);
        await Tell("sla-breach", "over", ClockTold.Breach, running.Where(c => c.DueOn < today && c.Told != ClockTold.Breach));
        await Tell("sla-warning", "any", ClockTold.Warning, running.Where(c => c.DueOn >= today && c.Told == ClockTold.Nothing && (c.WarnOn <= today || c.DueOn == today)));

        async Task Tell(string template, string clock, ClockTold told, IQueryable<Concern> of)
        {
            var due = await of.OrderBy(c => c.DueOn).ThenBy(c => c.Id).Select(c => new { c.Id, c.Reference, c.Code, c.DueOn, c.OwnerBody }).Take(Most).ToListAsync(ct);
            if (due.Count == 0)
                return;
            var ids = due.ConvertAll(c => c.Id);
            // Past the entity: a mark of ours must not overtake the version that somebody has open before her.
            await db.Concerns.Where(c => ids.Contains(c.Id)).ExecuteUpdateAsync(s => s.SetProperty(c => c.Told, told), ct);
            // All of them to coordinator and oversight; to each owner that the pack gives a duty contact, its own.
            foreach (var (role, owed) in due.GroupBy(c => c.OwnerBody ?? "").Select(g => (g.Key, g.ToList())).Where(o => o.Key is not ("coordinator" or "oversight")).Prepend(("oversight", due)).Prepend(("coordinator", due)))
            {
                var list = string.Join(", ", owed.Take(5).Select(c => $"{pack.FindConcern(c.Code)?.Label.In("en") ?? c.Code} ({c.Reference})"));
                var more = owed.Count > 5 ? $" and {owed.Count - 5} more" : "";
                var ends = owed[0].DueOn!.Value.ToDateTime(new TimeOnly(23, 59));
                tell.Duty(role, template, ClocksOf(pack.Id), db.Now.ToUnixTimeSeconds(), new()
                {
                    ["what"] = list + more, ["due_at"] = new DateTimeOffset(ends, pack.TimeZone.GetUtcOffset(ends)).ToString("O"),
                    ["link"] = role switch { "coordinator" => $"/{pack.Id}/staff/board?clock={clock}", "oversight" => $"/{pack.Id}/staff/stuck", _ => $"/{pack.Id}/staff/board?owner={role}" },
                });
            }
        }
    }

    /// <summary>What the messages about all clocks of a force are about.</summary>
    private static Guid ClocksOf(string force) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"clocks of {force}")).AsSpan(0, 16));
}

internal static partial class ClockLog
{
    [LoggerMessage(EventId = 4002, EventName = "BankHolidaysRunOut", Level = LogLevel.Warning, Message = "The pack of {Force} knows bank holidays until {Until}: give those after it")]
    public static partial void BankHolidaysRunOut(this ILogger log, string force, DateOnly until);
}
