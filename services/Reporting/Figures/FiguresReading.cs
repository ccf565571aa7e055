using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;

namespace WalkTalk.Reporting.Figures;

/// <summary>Staff figures from the projections: fourteen aggregate queries, whatever the size of the force.</summary>
internal static class FiguresReading
{
    /// <summary>How many queries one reading costs; a test counts them.</summary>
    public const int Queries = 14;

    /// <summary>A request younger than that may still become its walk.</summary>
    private const int DaysToWalk = 28;

    /// <summary>By then what has an owner has a public outcome.</summary>
    private const int DaysToOutcome = 56;

    public static async Task<StaffFigures> ReadFigures(this ReportingDb db, ForcePack pack, FiguresFilter filter, CancellationToken ct)
    {
        var (quarter, borough, ward) = filter;
        var walkRows = db.Walks.Where(w => w.Quarter != null
            && (quarter == null || w.Quarter == quarter) && (borough == null || w.BoroughCode == borough) && (ward == null || w.WardCode == ward));

        var walks = await walkRows
            .GroupBy(w => new { w.WardCode, w.LightBand })
            .Select(g => new
            {
                g.Key.WardCode,
                g.Key.LightBand,
                Published = g.Count(),
                Kept = g.Count(w => !w.Cancelled),
                Started = g.Count(w => w.Started),
                Verified = g.Count(w => w.Started && w.Verified > 0),
                Ended = g.Count(w => w.Ended),
            })
            .ToListAsync(ct);

        var bookings = await db.Bookings
            .Join(walkRows, b => b.WalkId, w => w.Id, (b, _) => b)
            .GroupBy(b => b.ForceId)
            .Select(g => new { Confirmed = g.Count(b => b.Confirmed), Met = g.Count(b => b.Met), Failed = g.Count(b => b.Confirmed && b.FailedByForce) })
            .SingleOrDefaultAsync(ct);

        var requestRows = db.Requests.Where(r => r.Quarter != null
            && (quarter == null || r.Quarter == quarter) && (borough == null || r.BoroughCode == borough) && (ward == null || r.WardCode == ward));
        var today = Quarters.Day(db.Now, pack.TimeZone);
        var (old, answered) = (today.AddDays(-DaysToWalk), today.AddDays(-DaysToOutcome));
        var requests = await requestRows
            .GroupBy(r => r.ForceId)
            .Select(g => new { Asked = g.Count(), Offered = g.Count(r => r.OfferedAfter != null), Old = g.Count(r => r.AskedOn < old), Walked = g.Count(r => r.AskedOn < old && r.Walked), Matched = g.Count(r => r.Outcome == "matched"), Declined = g.Count(r => r.Outcome == "declined"), Withdrawn = g.Count(r => r.Outcome == "withdrawn") })
            .SingleOrDefaultAsync(ct);

        // Of an even number the mean of the middle two.
        var offered = requests?.Offered ?? 0;
        var middle = await requestRows.Where(r => r.OfferedAfter != null).OrderBy(r => r.OfferedAfter).ThenBy(r => r.Id)
            .Skip(Math.Max(0, (offered - 1) / 2)).Take(offered % 2 == 0 ? 2 : 1).Select(r => r.OfferedAfter!.Value).ToListAsync(ct);

        var concernRows = db.Concerns.Where(c => c.Quarter != null && !c.Removed
            && (quarter == null || c.Quarter == quarter) && (borough == null || c.BoroughCode == borough) && (ward == null || c.WardCode == ward));
        var concerns = await concernRows
            .GroupBy(c => new { c.WardCode, c.BoroughCode, c.LightBand, c.Category })
            .Select(g => new
            {
                g.Key.WardCode,
                g.Key.BoroughCode,
                g.Key.LightBand,
                g.Key.Category,
                Received = g.Count(),
                Triaged = g.Count(c => c.TriagedQuarter != null),
                InAction = g.Count(c => c.ActionOn != null),
                Claimed = g.Count(c => c.ClaimedOn != null),
                Confirmed = g.Count(c => c.ConfirmedOn != null && (c.DisputedOn == null || c.DisputedOn <= c.ConfirmedOn)),
                // Of what has an owner: a step may be told before the one it follows.
                TriagedClaimed = g.Count(c => c.TriagedQuarter != null && c.ClaimedOn != null),
                TriagedConfirmed = g.Count(c => c.TriagedQuarter != null && c.ConfirmedOn != null && (c.DisputedOn == null || c.DisputedOn <= c.ConfirmedOn)),
                Disputed = g.Count(c => c.DisputedOn != null),
                NoAction = g.Count(c => c.NoActionOn != null && c.ClaimedOn == null),
                DueForTriage = g.Count(c => c.TriagedInTime != null || (c.TriagedQuarter == null && c.TriageBy < today)),
                TriagedInTime = g.Count(c => c.TriagedInTime == true),
                TriagedInAction = g.Count(c => c.TriagedQuarter != null && c.ActionOn != null),
                DueForOutcome = g.Count(c => c.TriagedOn < answered),
                Outcome = g.Count(c => c.TriagedOn < answered && (c.ClaimedOn != null || c.NoActionOn != null)),
                Heard = g.Count(c => c.ClaimedOn != null && (c.ConfirmedOn != null || c.DisputedOn != null)),
                HeardDone = g.Count(c => c.ClaimedOn != null && c.ConfirmedOn != null && (c.DisputedOn == null || c.DisputedOn <= c.ConfirmedOn)),
                Reopened = g.Count(c => c.ClaimedOn != null && c.DisputedOn != null),
                // Of today neither counts: whoever watches it live learns nothing of when she opens her mailbox.
                Reachable = g.Count(c => c.Reachable == true && c.OutcomeOn < today),
                Told = g.Count(c => c.Reachable == true && c.OutcomeOn < today && c.ToldOn >= c.OutcomeOn && c.ToldOn < today),
            })
            .ToListAsync(ct);

        var days = await concernRows.Where(c => c.OutcomeAfter != null)
            .GroupBy(c => c.OutcomeAfter!.Value).Select(g => new DaysCount(g.Key, g.Count())).ToListAsync(ct);

        var reasons = await concernRows.Where(c => c.NoActionOn != null && c.ClaimedOn == null)
            .GroupBy(c => c.NoActionReason)
            .Select(g => new { Code = g.Key, Count = g.Count(), Overdue = g.Count(c => c.ReviewOn < today && (c.LastStepOn == null || c.LastStepOn <= c.LastNoActionOn)) })
            .ToListAsync(ct);

        var placed = borough != null || ward != null;
        var advice = placed ? null : await db.Actions
            .Where(a => quarter == null || a.Quarter == quarter)
            .GroupBy(a => a.ForceId)
            .Select(g => new Share(g.Count(a => !a.Counted), g.Count()))
            .SingleOrDefaultAsync(ct) ?? new Share(0, 0);

        // Counted when their 24 hours are over and not before, handed over or not: the figure moves at midnight only, so that whoever watches it live
        // learns of no disclosure at the moment it is told. They have no place, so a selection of one has no such figure.
        var told = DateOnly.FromDateTime(db.Now.UtcDateTime).AddDays(-1);
        var recorded = placed ? null : await db.Disclosures
            .Where(d => d.FlaggedOn < told && (quarter == null || d.Quarter == quarter))
            .GroupBy(d => d.ForceId)
            .Select(g => new Share(g.Count(d => d.InTime == true), g.Count()))
            .SingleOrDefaultAsync(ct) ?? new Share(0, 0);

        var quarters = await db.Walks.Where(w => w.Quarter != null).Select(w => w.Quarter!)
            .Union(db.Concerns.Where(c => c.Quarter != null).Select(c => c.Quarter!))
            .ToListAsync(ct);

        var wards = pack.Wards
            .Where(w => (borough == null || w.BoroughCode == borough) && (ward == null || w.Code == ward))
            .ToList();
        var walked = walks.Where(w => w.Ended > 0).Select(w => w.WardCode).ToHashSet();

        LightCounts Light(string? wardCode, string? boroughCode)
        {
            var here = concerns.Where(c => c.WardCode == wardCode && c.BoroughCode == boroughCode).ToList();
            int In(string band) => here.Where(c => c.LightBand == band).Sum(c => c.Received);
            var (day, dusk, dark, late) = (In("day"), In("dusk"), In("dark"), In("late"));
            return new(day, dusk, dark, late, here.Sum(c => c.Received) - day - dusk - dark - late);
        }

        return new StaffFigures(
            filter,
            [.. quarters.OrderDescending(StringComparer.Ordinal)],
            new Funnel(
                walks.Sum(w => w.Published), bookings?.Confirmed ?? 0, bookings?.Met ?? 0, walks.Sum(w => w.Ended),
                concerns.Sum(c => c.Received), concerns.Sum(c => c.Triaged), concerns.Sum(c => c.InAction),
                concerns.Sum(c => c.Claimed), concerns.Sum(c => c.Confirmed)),
            new ClaimGap(
                concerns.Sum(c => c.Triaged), concerns.Sum(c => c.TriagedClaimed), concerns.Sum(c => c.TriagedConfirmed),
                concerns.Sum(c => c.Disputed), concerns.Sum(c => c.NoAction)),
            new Share(walks.Sum(w => w.Verified), walks.Sum(w => w.Started)),
            new Share(walks.Where(w => w.LightBand != "day").Sum(w => w.Kept), walks.Sum(w => w.Kept)),
            new Share(wards.Count(w => walked.Contains(w.Code)), wards.Count),
            [
                .. wards.Select(w => new WardFigures(w.Code, w.BoroughCode, walks.Where(x => x.WardCode == w.Code).Sum(x => x.Ended), Light(w.Code, w.BoroughCode))),
                .. concerns.Where(c => c.WardCode == null).Select(c => c.BoroughCode).Distinct().Order(StringComparer.Ordinal)
                    .Select(code => new WardFigures(null, code, 0, Light(null, code))),
            ],
            [
                .. concerns.GroupBy(c => c.Category!).OrderByDescending(g => g.Sum(c => c.Received)).ThenBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => new CategoryFigures(g.Key, g.Sum(c => c.Received), g.Sum(c => c.Triaged), g.Sum(c => c.InAction), g.Sum(c => c.Claimed), g.Sum(c => c.Confirmed))),
            ],
            new RequestFigures(requests?.Asked ?? 0, requests?.Matched ?? 0, requests?.Declined ?? 0, requests?.Withdrawn ?? 0),
            new Share((bookings?.Confirmed ?? 0) - (bookings?.Failed ?? 0), bookings?.Confirmed ?? 0),
            new Median(middle.Count == 0 ? null : Math.Round(middle.Average() / 60, 1), offered),
            new Share(requests?.Walked ?? 0, requests?.Old ?? 0),
            recorded,
            new AnswerFigures(
                new Share(concerns.Sum(c => c.TriagedInTime), concerns.Sum(c => c.DueForTriage)),
                new Share(concerns.Sum(c => c.TriagedInAction), concerns.Sum(c => c.Triaged)),
                new Share(concerns.Sum(c => c.Outcome), concerns.Sum(c => c.DueForOutcome)),
                new Share(concerns.Sum(c => c.Told), concerns.Sum(c => c.Reachable)),
                SpreadOf(days),
                new Share(concerns.Sum(c => c.HeardDone), concerns.Sum(c => c.Heard)),
                new Share(concerns.Sum(c => c.Reopened), concerns.Sum(c => c.Claimed)),
                [.. reasons.OrderByDescending(r => r.Count).ThenBy(r => r.Code, StringComparer.Ordinal).Select(r => new ReasonFigures(r.Code, r.Count))],
                reasons.Sum(r => r.Overdue),
                advice),
            await db.ReadFeeling(filter, ct),
            placed ? null : await db.ReadMessages(quarter, ct),
            placed ? null : await db.ReadRetention(today, ct));
    }

    /// <summary>Of an even number the middle is the mean of the middle two; nine of ten is the least value that nine tenths do not exceed.</summary>
    internal static Spread SpreadOf(IReadOnlyCollection<DaysCount> days)
    {
        var sorted = days.OrderBy(d => d.Days).ToList();
        var of = sorted.Sum(d => d.Count);
        return of == 0 ? new(null, null, 0) : new((At((of + 1) / 2) + At(of / 2 + 1)) / 2.0, At((9 * of + 9) / 10), of);

        int At(int place)
        {
            foreach (var (value, count) in sorted)
            {
                if ((place -= count) <= 0) return value;
            }
            throw new UnreachableException();
        }
    }
}

/// <summary>How many had their outcome after so many days.</summary>
internal sealed record DaysCount(int Days, int Count);
