using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>The dry run and the report of retention, and the concerns that are held back from it.</summary>
internal static class ReadRetention
{
    public static async Task<Ok<RetentionReport>> Handle(FeedbackDb db, ForcePackCatalogue packs, Retention retention, CancellationToken ct)
    {
        var periods = packs.Get(db.Force!).Retention;
        var runs = await db.RetentionRuns.AsNoTracking().GroupBy(r => r.Rule).Select(g => new { Rule = g.Key, On = g.Max(r => r.On), Taken = g.Sum(r => r.Taken) }).ToListAsync(ct);
        RetentionRule Rule(string name, string period, int due) => new(name, period, due, runs.Find(r => r.Rule == name)?.On, runs.Find(r => r.Rule == name)?.Taken ?? 0);
        return TypedResults.Ok(new RetentionReport(
            [
                Rule(Retention.Place, $"{periods.RawPinDaysAfterTriage} days", await retention.Places.CountAsync(ct)),
                Rule(Retention.Contact, $"{periods.ContributorContactDaysAfterLastConcern} days", await retention.Contacts.CountAsync(ct)),
                Rule(Retention.Content, $"{periods.ConcernMonthsBeforeAnonymised} months", await retention.Contents.CountAsync(ct)),
            ],
            await db.LegalHolds.AsNoTracking().Join(db.Concerns, h => h.ConcernId, c => c.Id, (h, c) => new { c.Reference, h.Reason, h.Since })
                .OrderBy(h => h.Since).ThenBy(h => h.Reference).Take(500).Select(h => new HeldBack(h.Reference, h.Reason, h.Since)).ToListAsync(ct)));
    }

    public static async Task<IResult> Hold(HoldBack hold, FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        var reference = References.Read(hold.Reference);
        if (await db.Concerns.AsNoTracking().SingleOrDefaultAsync(c => c.Reference == reference, ct) is not { } concern)
            return FeedbackRefusals.NotFound with { Detail = "No concern has this reference.", Field = nameof(hold.Reference) };
        var held = await db.LegalHolds.SingleOrDefaultAsync(h => h.ConcernId == concern.Id, ct);
        if (hold.Lift && held is not null)
            db.LegalHolds.Remove(held);
        else if (!hold.Lift && held is null)
            db.LegalHolds.Add(new LegalHold { ConcernId = concern.Id, Reason = hold.Reason, Since = packs.Get(db.Force!).Today(db.Now) });
        db.Audit(hold.Lift ? "hold-lifted" : "held", nameof(Concern), $"{concern.Id}", hold.Reason);
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
