using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>
/// How long what is kept (D9, periods of the pack): a contact that never got a place so many days after its hold, its walk or its answer; a contact so many days
/// after the walk; codes so many hours; what is noted of a meeting so many months after the walk. Nothing that still waits or is held is touched. Taken with
/// the day sheets, at six. The dry run and the run ask the same queries.
/// </summary>
internal sealed class Retention(BookingDb db, ForcePackCatalogue packs, PersonalData personal) : IConsume<DaySheetsDue>
{
    public const string Unconfirmed = "unconfirmed", Contact = "contact", Code = "code", Log = "log", Unchecked = "unchecked";
    // What is left is the next round's.
    private const int Most = 2000;

    private int left;

    private RetentionPeriods Periods => packs.Get(db.Force!).Retention;

    /// <summary>On the force's clock.</summary>
    public DateOnly Day(DateTimeOffset at) => packs.Get(db.Force!).Today(at);

    public DateTimeOffset UnconfirmedUntil => db.Now.AddDays(-Periods.UnconfirmedDays);
    public DateTimeOffset ContactUntil => db.Now.AddDays(-Periods.BookingContactDaysAfterLastWalk);
    public DateTimeOffset CodeUntil => db.Now.AddHours(-Periods.VerificationCodeHours);
    public DateTimeOffset LogUntil => db.Now.AddMonths(-Periods.VerificationLogMonths);

    /// <summary>The day on which what is noted of its meeting goes.</summary>
    public DateOnly GoesOn(Walk walk) => Day(SendDaySheets.Next(packs.Get(db.Force!), walk.EndsAt.AddMonths(Periods.VerificationLogMonths), missed: false));

    private IQueryable<Booking> Bookings => db.Bookings.Where(b => !db.LegalHolds.Any(h => h.SubjectId == b.Id || h.SubjectId == b.WalkId));
    private IQueryable<WalkRequest> Asked => db.WalkRequests.Where(r => !db.LegalHolds.Any(h => h.SubjectId == r.Id));
    private IQueryable<Walk> Walks => db.Walks.Where(w => !db.LegalHolds.Any(h => h.SubjectId == w.Id));

    /// <summary>Never had a place: what was held ended with the hold, what was waited for with the walk's start.</summary>
    public IQueryable<Kept<Booking>> NeverPlaced =>
        from b in Bookings
        where b.ContactProtected != null && b.WordsProtected == null
        join w in db.Walks on b.WalkId equals w.Id
        select new Kept<Booking> { Row = b, Since = b.State == BookingState.Held || b.State == BookingState.Joining || b.State == BookingState.Expired ? b.HoldUntil : w.StartsAt };

    /// <summary>Never verified, or answered: her place has a contact of its own.</summary>
    public IQueryable<Kept<WalkRequest>> NotAsking =>
        Asked.Where(r => r.ContactProtected != null && (r.State == RequestState.ContactPending || r.AnsweredAt != null))
            .Select(r => new Kept<WalkRequest> { Row = r, Since = r.State == RequestState.ContactPending ? r.HoldUntil : r.AnsweredAt!.Value });

    public IQueryable<Kept<Booking>> Walked =>
        from b in Bookings
        where b.ContactProtected != null && b.WordsProtected != null
        join w in db.Walks on b.WalkId equals w.Id
        select new Kept<Booking> { Row = b, Since = w.EndsAt };

    // A code whose time still runs is never taken: without it nothing would be asked of a guardian.
    public IQueryable<Kept<Booking>> Codes =>
        Bookings.Where(b => b.CodeSentAt != null && b.HoldUntil <= db.Now && (b.CodeHash != null || b.GuardianCodeHash != null))
            .Select(b => new Kept<Booking> { Row = b, Since = b.CodeSentAt!.Value });

    public IQueryable<Kept<WalkRequest>> RequestCodes =>
        Asked.Where(r => r.CodeSentAt != null && r.HoldUntil <= db.Now && (r.CodeHash != null || r.GuardianCodeHash != null))
            .Select(r => new Kept<WalkRequest> { Row = r, Since = r.CodeSentAt!.Value });

    public IQueryable<Kept<Booking>> Meetings =>
        from b in Bookings
        where b.MetAt != null || b.OverrideReason != null || b.Misses > 0 || b.CheckMisses > 0
        join w in db.Walks on b.WalkId equals w.Id
        select new Kept<Booking> { Row = b, Since = w.EndsAt };

    public IQueryable<Kept<StartOverride>> Starts => WithoutWords.Where(k => k.Row.ClosedAt != null);

    /// <summary>Nobody has said what both sides say: counted by a rule of its own, so that none goes unseen.</summary>
    public IQueryable<Kept<StartOverride>> NeverChecked => WithoutWords.Where(k => k.Row.ClosedAt == null);

    private IQueryable<Kept<StartOverride>> WithoutWords =>
        from o in db.StartOverrides join w in Walks on o.WalkId equals w.Id select new Kept<StartOverride> { Row = o, Since = w.EndsAt };

    /// <summary>Of alarms those about words alone; who was overdue or called for help is no verification, and only what was noted of it goes.</summary>
    public IQueryable<Kept<Alert>> Alarms =>
        from a in db.Alerts
        where a.Kind == AlertKind.Mismatch && a.ResolvedAt != null && !db.LegalHolds.Any(h => h.SubjectId == a.BookingId)
        join w in Walks on a.WalkId equals w.Id
        select new Kept<Alert> { Row = a, Since = w.EndsAt };

    public IQueryable<Kept<Alert>> Notes =>
        from a in db.Alerts
        where a.Kind != AlertKind.Mismatch && a.ResolvedAt != null && a.Note != null
        join w in Walks on a.WalkId equals w.Id
        select new Kept<Alert> { Row = a, Since = w.EndsAt };

    public async Task Consume(DaySheetsDue message, Delivery delivery, CancellationToken ct)
    {
        left = 0;
        var lapsed = await Due(NeverPlaced, UnconfirmedUntil, ct);
        foreach (var booking in lapsed) await Forget(booking, ct);
        var asked = await Due(NotAsking, UnconfirmedUntil, ct);
        foreach (var request in asked) await Forget(request, ct);
        await Tell(Unconfirmed, lapsed.Count + asked.Count, ct);

        var walked = await Due(Walked, ContactUntil, ct);
        foreach (var booking in walked) await Forget(booking, ct);
        await Tell(Contact, walked.Count, ct);

        // Saved by now is what has gone with a contact above.
        await db.SaveChangesAsync(ct);
        Participant[] coded = [.. await Due(Codes, CodeUntil, ct), .. await Due(RequestCodes, CodeUntil, ct)];
        foreach (var participant in coded) participant.ForgetCodes();
        await Tell(Code, coded.Length, ct);

        var (meetings, starts, alarms) = (await Due(Meetings, LogUntil, ct), await Due(Starts, LogUntil, ct), await Due(Alarms, LogUntil, ct));
        foreach (var booking in meetings) booking.ForgetMeeting();
        db.StartOverrides.RemoveRange(starts);
        db.Alerts.RemoveRange(alarms);
        var notes = await Due(Notes, LogUntil, ct);
        foreach (var alert in notes) alert.ForgetNote();
        await Tell(Log, meetings.Count + starts.Count + alarms.Count + notes.Count, ct);

        var neverChecked = await Due(NeverChecked, LogUntil, ct);
        db.StartOverrides.RemoveRange(neverChecked);
        await Tell(Unchecked, neverChecked.Count, ct);
        db.Publish(new BookingRetentionRun(Day(db.Now), left));

        await db.SettleOrder<TokenCount>(ct);
    }

    /// <summary>Her key and her links are destroyed. What stays says that places were booked, not by whom.</summary>
    public async Task Forget(Booking booking, CancellationToken ct)
    {
        await personal.Erase(db, booking.PersonId, ct);
        booking.Forget();
        db.OpenNeeds.RemoveRange(await db.OpenNeeds.Where(n => n.BookingId == booking.Id).ToListAsync(ct));
        db.BookingLinks.RemoveRange(await db.BookingLinks.Where(l => l.BookingId == booking.Id).ToListAsync(ct));
    }

    /// <summary>What stays says that a walk was asked for, where and in which light, not by whom.</summary>
    public async Task Forget(WalkRequest asked, CancellationToken ct)
    {
        await personal.Erase(db, asked.PersonId, ct);
        asked.Forget();
        db.RequestLinks.RemoveRange(await db.RequestLinks.Where(l => l.RequestId == asked.Id).ToListAsync(ct));
        // Never verified: nobody has asked for anything.
        if (asked.State == RequestState.ContactPending) db.WalkRequests.Remove(asked);
    }

    private async Task<List<T>> Due<T>(IQueryable<Kept<T>> kept, DateTimeOffset until, CancellationToken ct) where T : class
    {
        var due = await kept.Where(k => k.Since <= until).OrderBy(k => k.Since).Take(Most).Select(k => k.Row).ToListAsync(ct);
        if (due.Count == Most) left += await kept.CountAsync(k => k.Since <= until, ct) - Most;
        return due;
    }

    private async Task Tell(string rule, int taken, CancellationToken ct)
    {
        if (taken == 0) return;
        db.Audit("retention", rule, $"{taken}");
        var today = Day(db.Now);
        if (await db.RetentionRuns.FindAsync([db.Force, rule, today], ct) is { } run) run.Taken += taken;
        else db.RetentionRuns.Add(new RetentionRun { Rule = rule, On = today, Taken = taken });
    }
}

/// <summary>A row and what its period is counted from.</summary>
internal sealed record Kept<T> where T : class
{
    public required T Row { get; init; }
    public required DateTimeOffset Since { get; init; }
}
