using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>The dry run and the report of retention, and what is held back from it.</summary>
internal static class ReadRetention
{
    public static async Task<Ok<RetentionReport>> Handle(FeedbackDb db, ForcePackCatalogue packs, Retention retention, CancellationToken ct)
    {
        var periods = packs.Get(db.Force!).Retention;
        var runs = await db.RetentionRuns.AsNoTracking().GroupBy(r => r.Rule).Select(g => new { Rule = g.Key, On = g.Max(r => r.On), Taken = g.Sum(r => r.Taken) }).ToListAsync(ct);
        RetentionRule Rule(string name, string period, params int[] due) => new(name, period, due.Sum(), runs.Find(r => r.Rule == name)?.On, runs.Find(r => r.Rule == name)?.Taken ?? 0);
        var months = $"{periods.ConcernMonthsBeforeAnonymised} months";
        return TypedResults.Ok(new RetentionReport(
            [
                Rule(Retention.Place, $"{periods.RawPinDaysAfterTriage} days", await retention.Places.CountAsync(ct), await retention.AuditPlaces.CountAsync(ct), await retention.SafePlaces.CountAsync(ct)),
                Rule(Retention.Picture, $"{periods.RawPinDaysAfterTriage} days, or two hours without a concern", await retention.Pictures.CountAsync(ct)),
                Rule(Retention.Notice, $"{Retention.NoticeDays} days ahead", await retention.Notices.CountAsync(ct)),
                Rule(Retention.Contact, $"{periods.ContributorContactDaysAfterLastConcern} days", await retention.Contacts.CountAsync(ct)),
                Rule(Retention.Content, months, await retention.Contents.CountAsync(ct), await retention.OldDisclosures.CountAsync(ct), await retention.OldCases.CountAsync(ct)),
                Rule(Retention.Audit, months, await retention.Audits.CountAsync(ct), await retention.OldSafePlaces.CountAsync(ct)),
                Rule(Retention.Walk, $"{periods.RouteDays} days after its quarter", await retention.Captures.CountAsync(ct)),
                Rule(Retention.Sealed, "their receipt, or the answer's time", await retention.Disclosures.CountAsync(ct), await retention.Cases.CountAsync(ct)),
            ],
            await Held(db, ct)));
    }

    private static async Task<List<HeldBack>> Held(FeedbackDb db, CancellationToken ct)
    {
        var holds = await db.LegalHolds.AsNoTracking().OrderBy(h => h.Since).ThenBy(h => h.ConcernId).Take(500).ToListAsync(ct);
        var ids = holds.ConvertAll(h => h.ConcernId);
        var named = (await db.Concerns.Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.Reference }).ToListAsync(ct))
            .Concat(await db.Disclosures.Where(d => ids.Contains(d.Id)).Select(d => new { d.Id, d.Reference }).ToListAsync(ct))
            .Concat(await db.StandardsCases.Where(s => ids.Contains(s.Id)).Select(s => new { s.Id, s.Reference }).ToListAsync(ct))
            .ToDictionary(n => n.Id, n => n.Reference);
        return [.. holds.Where(h => named.ContainsKey(h.ConcernId)).Select(h => new HeldBack(named[h.ConcernId], h.Reason, h.Since))];
    }

    public static async Task<IResult> Hold(HoldBack hold, FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        var reference = References.Read(hold.Reference);
        var named = await db.Concerns.Where(c => c.Reference == reference).Select(c => (Guid?)c.Id).FirstOrDefaultAsync(ct)
            ?? await db.Disclosures.Where(d => d.Reference == reference).Select(d => (Guid?)d.Id).FirstOrDefaultAsync(ct)
            ?? await db.StandardsCases.Where(c => c.Reference == reference).Select(c => (Guid?)c.Id).FirstOrDefaultAsync(ct);
        if (named is not { } id)
            return FeedbackRefusals.NotFound with { Detail = "No concern, disclosure or case has this reference.", Field = nameof(hold.Reference) };
        var held = await db.LegalHolds.SingleOrDefaultAsync(h => h.ConcernId == id, ct);
        if (hold.Lift && held is not null)
            db.LegalHolds.Remove(held);
        else if (!hold.Lift && held is null)
            db.LegalHolds.Add(new LegalHold { ConcernId = id, Reason = hold.Reason, Since = packs.Get(db.Force!).Today(db.Now) });
        db.Audit(hold.Lift ? "hold-lifted" : "held", nameof(LegalHold), $"{id}", hold.Reason);
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
