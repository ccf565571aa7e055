using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>A coordinator adds an officer to a published walk or gives it to another. The database decides whether she is free; of "anyone who fits" the next is tried when it says no.</summary>
internal static class ChangeOfficers
{
    public static Task<IResult> Handle(
        Guid walkId, ChangeOfficersRequest request, HttpRequest http, BookingDb db, PersonalData personal, BookingMail mail,
        ForcePackCatalogue packs, IOptions<BookingOptions> options, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Lock(walkId, ct) == 0) return Refusals.WalkUnknown;
            var walk = await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).SingleAsync(w => w.Id == walkId, ct);
            if (Etag.Check(http, walk) is { } overtaken) return overtaken;
            if (walk.State != WalkState.Published || db.Now >= walk.EndsAt) return Refusals.WalkNotOpen;
            if (request is { Add: null, Anyone: false, Remove: null } or { Add: not null, Anyone: true }) return Refusals.OfficerUnknown with { Detail = "Name an officer to add or remove, or send anyone: true.", Field = "add" };
            if (walk.Officers.Exists(o => o.OfficerId == request.Add)) return Refusals.OfficerTwice with { Field = "add" };
            var leaves = walk.Officers.SingleOrDefault(o => o.OfficerId == request.Remove);
            if (request.Remove is not null && leaves is null) return Refusals.OfficerUnknown with { Detail = "She does not walk this walk.", Field = "remove" };
            var stay = walk.Officers.Where(o => o != leaves).Select(o => o.Officer).ToList();
            var joins = request.Anyone || request.Add is not null;
            if (stay.Count + (joins ? 1 : 0) is 0 or > 2) return Refusals.OneOrTwoOfficers;

            var pack = packs.Get(db.Force!);
            var bookings = await db.Bookings.Where(b => b.WalkId == walkId && b.State == BookingState.Confirmed).ToListAsync(ct);
            var needs = new List<WalkNeeds>();
            var open = new Dictionary<Guid, List<Need>>();
            foreach (var booking in bookings)
            {
                if (await Needs.Of(db, personal, booking, "change of officer", ct) is not { } hers) continue;
                needs.Add(hers);
                open[booking.Id] = [.. hers.ToArrange(walk)];
            }
            var left = leaves?.Officer;
            if (leaves is not null)
            {
                walk.Officers.Remove(leaves);
                db.WalkOfficers.Remove(leaves);
            }
            if (joins)
            {
                if (await Join(request, walk, stay, left, needs, db, pack, options.Value, ct) is { } nobody) return nobody;
            }
            else if (!stay.Exists(o => o.Languages.Contains(walk.Language)))
            {
                return Refusals.LanguageNotSpoken with { Field = "remove" };
            }
            walk.Revision++;
            foreach (var booking in bookings) await Tell(booking, walk, db, personal, mail, ct);
            await Settle(walk, bookings, db, personal, ct);
            // What an officer who leaves could do, and nobody can now, is to be arranged.
            foreach (var booking in bookings.Where(b => walk.StartsAt > db.Now && open.ContainsKey(b.Id))) await OpenNeed.Raise(db, personal, pack, booking, walk, options.Value, ct, open[booking.Id]);
            await mail.OfficersChanged(walk, left, stay, bookings.Sum(b => b.People), ct);
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(new OfficersChanged([.. walk.Officers.Select(o => o.Officer.Row())], bookings.Count));
        }, ct);

    private static async Task<Refusal?> Join(
        ChangeOfficersRequest request, Walk walk, List<Officer> stay, Officer? left, List<WalkNeeds> needs, BookingDb db, ForcePack pack, BookingOptions options, CancellationToken ct)
    {
        var (start, end) = (walk.Local(walk.StartsAt), walk.Local(walk.EndsAt));
        var all = await OfficerTime.ReadAll(db, pack, walk.LocalDate, walk.LocalDate, ct);
        if (!request.Anyone && !all.Exists(o => o.Officer.Id == request.Add)) return Refusals.OfficerUnknown with { Field = "add" };
        var candidates = request.Anyone
            ? all.Where(o => o.Officer.Id != request.Remove && !stay.Exists(s => s.Id == o.Officer.Id) && o.Against(start, end, walk.LocalDate, options) is null && Suits(o.Officer))
                .OrderBy(o => o.Recent).ThenBy(o => o.Officer.Id).ToList()
            : all.Where(o => o.Officer.Id == request.Add).ToList();

        var refusal = Refusals.NobodyFits;
        var transaction = db.Database.CurrentTransaction!;
        foreach (var candidate in candidates)
        {
            var id = candidate.Officer.Id;
            // Her row first: whoever gives her a walk waits here, and she is looked at once more. Of one who is not free it is let go again, so that
            // two who look for anybody never wait for each other.
            await transaction.CreateSavepointAsync("officer", ct);
            await db.LockOfficers([id], ct);
            var now = (await OfficerTime.Read(db, pack, walk.LocalDate, walk.LocalDate, [id], ct)).Single();
            var officer = await db.Officers.SingleAsync(o => o.Id == id, ct);
            if (!stay.Append(officer).Any(o => o.Languages.Contains(walk.Language))) return Refusals.LanguageNotSpoken with { Field = "add" };
            // A clash is left to the database, which refuses it whoever asks.
            if (now.Against(start, end, walk.LocalDate, options) is { } hindrance && hindrance != Hindrance.Busy)
            {
                refusal = PublishWalk.Hindered(hindrance, officer, options) with { Field = "add" };
                if (request.Anyone || request.OverrideReason is null || hindrance == Hindrance.Left)
                {
                    await transaction.RollbackToSavepointAsync("officer", ct);
                    continue;
                }
                db.Audit($"override-{hindrance.Wire()}", nameof(Walk), $"{walk.Id}", request.OverrideReason);
            }
            var row = new WalkOfficer { WalkId = walk.Id, OfficerId = id, BusyFrom = start - options.Buffer, BusyUntil = end + options.Buffer };
            db.WalkOfficers.Add(row);
            try
            {
                await db.SaveChangesAsync(ct);
                return null;
            }
            catch (DbUpdateException e) when (e.IsUniqueViolation("walk_officers_busy"))
            {
                await transaction.RollbackToSavepointAsync("officer", ct);
                db.Entry(row).State = EntityState.Detached;
                walk.Officers.Remove(row);
                refusal = Refusals.OfficerBusy with { Field = "add" };
            }
        }
        return request.Anyone ? Refusals.NobodyFits : refusal;

        bool Suits(Officer officer) =>
            officer.Areas.Contains(walk.WardCode) && stay.Append(officer).Any(o => o.Languages.Contains(walk.Language)) && !needs.Exists(n => n.WouldRatherNotMeet(officer))
            // What one who leaves could do, the new one can; what is asked for too, where anybody who walks here can.
            && needs.TrueForAll(n => !n.SignLanguage || stay.Append(officer).Any(o => o.SignLanguage)
                || (left?.SignLanguage != true && !all.Exists(o => o.Officer.SignLanguage && o.Officer.Areas.Contains(walk.WardCode))))
            && needs.TrueForAll(n => n.Spoken is not { } spoken || left?.Languages.Contains(spoken) != true || stay.Append(officer).Any(o => o.Languages.Contains(spoken)));
    }

    /// <summary>She hears who meets her now; the reminders that are planned speak of what she knows.</summary>
    private static async Task Tell(Booking booking, Walk walk, BookingDb db, PersonalData personal, BookingMail mail, CancellationToken ct)
    {
        // The new officer may not speak the language of her words.
        if (booking.Language == "cy") booking.WordsProtected = await personal.Protect(db, booking.PersonId, BookingMail.Words, MeetingWords.New(MeetingWords.LanguageOf(booking, walk)).ToString(), ct);
        booking.OfficerChanged = true;
        await mail.OfficerChanged(booking, walk, ct);
        foreach (var (template, due) in WalkReminder.Plan(walk.StartsAt, db.Now))
            await db.Schedule(WalkReminder.Key(booking.Id, template), due, new ReminderDue(booking.Id, template, booking.Told(walk)), ct);
    }

    /// <summary>What was to be arranged and is there now is nobody's work any more.</summary>
    private static async Task Settle(Walk walk, List<Booking> bookings, BookingDb db, PersonalData personal, CancellationToken ct)
    {
        foreach (var need in await OpenNeed.Standing(db).Where(n => n.WalkId == walk.Id).ToListAsync(ct))
        {
            var booking = bookings.Single(b => b.Id == need.BookingId);
            if (await need.What(db, personal, booking, "change of officer", ct) is not { } kind || await Needs.Of(db, personal, booking, "change of officer", ct) is not { } needs) continue;
            if (kind == Need.NonPoliceWalker || needs.ToArrange(walk).Contains(kind)) continue;
            need.Answer(NeedState.Arranged, booking);
            await need.Withdraw(db, ct);
        }
    }
}
