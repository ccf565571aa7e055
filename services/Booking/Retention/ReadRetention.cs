using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts;
using WalkTalk.ForcePacks;

namespace WalkTalk.Booking;

/// <summary>The dry run and the report of retention, and what is held back from it.</summary>
internal static class ReadRetention
{
    public static async Task<Ok<RetentionReport>> Handle(BookingDb db, ForcePackCatalogue packs, Retention retention, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        var periods = pack.Retention;
        var runs = await db.RetentionRuns.AsNoTracking().GroupBy(r => r.Rule).Select(g => new { Rule = g.Key, On = g.Max(r => r.On), Taken = g.Sum(r => r.Taken) }).ToListAsync(ct);

        RetentionRule Rule(string name, string period, Func<DateTimeOffset, DateTimeOffset> ends, params (int Due, DateTimeOffset? Next)[] kept)
        {
            var due = kept.Sum(k => k.Due);
            DateTimeOffset? next = due > 0 ? db.Now : kept.Min(k => k.Next) is { } since ? ends(since) : null;
            var run = runs.Find(r => r.Rule == name);
            return new(name, period, due, run?.On, run?.Taken ?? 0, next is { } at ? retention.Day(SendDaySheets.Next(pack, at, missed: false)) : null);
        }

        async Task<(int, DateTimeOffset?)> Of<T>(IQueryable<Kept<T>> kept, DateTimeOffset until) where T : class =>
            (await kept.CountAsync(k => k.Since <= until, ct), await kept.Where(k => k.Since > until).MinAsync(k => (DateTimeOffset?)k.Since, ct));

        var (unconfirmed, code, log) = (retention.UnconfirmedUntil, retention.CodeUntil, retention.LogUntil);
        return TypedResults.Ok(new RetentionReport(
            [
                Rule(Retention.Unconfirmed, $"{periods.UnconfirmedDays} days", since => since.AddDays(periods.UnconfirmedDays),
                    await Of(retention.NeverPlaced, unconfirmed), await Of(retention.NotAsking, unconfirmed)),
                Rule(Retention.Contact, $"{periods.BookingContactDaysAfterLastWalk} days", since => since.AddDays(periods.BookingContactDaysAfterLastWalk),
                    await Of(retention.Walked, retention.ContactUntil)),
                Rule(Retention.Code, $"{periods.VerificationCodeHours} hours", since => since.AddHours(periods.VerificationCodeHours),
                    await Of(retention.Codes, code), await Of(retention.RequestCodes, code)),
                Rule(Retention.Log, $"{periods.VerificationLogMonths} months", since => since.AddMonths(periods.VerificationLogMonths),
                    await Of(retention.Meetings, log), await Of(retention.Starts, log), await Of(retention.Alarms, log), await Of(retention.Notes, log)),
                Rule(Retention.Unchecked, $"{periods.VerificationLogMonths} months", since => since.AddMonths(periods.VerificationLogMonths), await Of(retention.NeverChecked, log)),
            ],
            (await db.LegalHolds.AsNoTracking().OrderBy(h => h.Since).ThenBy(h => h.SubjectId).Take(500).ToListAsync(ct))
                .ConvertAll(h => new HeldBack($"{h.Kind} {h.SubjectId}", h.Reason, h.Since))));
    }

    public static async Task<IResult> Hold(HoldBack hold, BookingDb db, Retention retention, CancellationToken ct)
    {
        // What the report says, the id, or the address of the page.
        if (!Guid.TryParse(hold.Reference.Split(['/', ' '], StringSplitOptions.RemoveEmptyEntries).LastOrDefault(), out var id)) return Refusals.NothingToHold;
        var kind = await db.Walks.AnyAsync(w => w.Id == id, ct) ? "walk"
            : await db.Bookings.AnyAsync(b => b.Id == id, ct) ? "booking"
            : await db.WalkRequests.AnyAsync(r => r.Id == id, ct) ? "request" : null;
        var held = await db.LegalHolds.SingleOrDefaultAsync(h => h.SubjectId == id, ct);
        if (kind is null && held is null) return Refusals.NothingToHold;
        if (hold.Lift && held is not null) db.LegalHolds.Remove(held);
        else if (!hold.Lift && held is null) db.LegalHolds.Add(new LegalHold { SubjectId = id, Kind = kind!, Reason = hold.Reason, Since = retention.Day(db.Now) });
        db.Audit(hold.Lift ? "hold-lifted" : "held", kind ?? held!.Kind, $"{id}", hold.Reason);
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
