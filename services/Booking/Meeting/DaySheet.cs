using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>The signed-in officer's walks of a day, and who comes: first names, never a contact, and never the words she is to hear.</summary>
internal static class DaySheet
{
    internal const string NoAccount = "No officer has this account yet. A coordinator attaches it.";

    public static async Task<IResult> Handle(DateOnly? date, HttpResponse response, BookingDb db, PersonalData personal, BookingMail mail, ForcePackCatalogue packs, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        if (await Officers.SignedIn(db, pack, ct) is not { } officer) return Refusals.NotYourWalk with { Detail = NoAccount };
        var now = db.Now;
        var day = date ?? pack.Today(now);

        var walks = await db.Walks.Where(w => w.LocalDate == day && w.State != WalkState.Cancelled && w.Officers.Any(o => o.OfficerId == officer.Id))
            .Include(w => w.Officers).ThenInclude(o => o.Officer).OrderBy(w => w.StartsAt).AsNoTracking().ToListAsync(ct);
        var ids = walks.Select(w => w.Id).ToList();
        var bookings = await db.Bookings.Where(b => ids.Contains(b.WalkId)).OrderBy(b => b.Id).AsNoTracking().ToListAsync(ct);
        var alarms = await db.Alerts.Where(a => ids.Contains(a.WalkId) && a.ResolvedAt == null).OrderBy(a => a.RaisedAt).AsNoTracking().ToListAsync(ct);

        var sheet = new List<OfficerWalk>();
        foreach (var walk in walks)
        {
            var coming = new List<OfficerBooking>();
            foreach (var booking in bookings.Where(b => b.WalkId == walk.Id && b.State is BookingState.Confirmed or BookingState.Met or BookingState.Completed or BookingState.NoShowParticipant))
            {
                var wordsNow = booking.State == BookingState.Confirmed && booking.Meeting == Verification.Issued && walk.State == WalkState.Published && walk.WordsWork(now);
                coming.Add(new OfficerBooking(booking.Id, await mail.NameOf(booking, "day sheet", ct), booking.People, booking.State.Wire(),
                    booking.Meeting.Wire(), booking.WordTriesLeft, wordsNow ? (await mail.WordsOf(booking, "day sheet", ct))?.Officer : null,
                    await NeedsAt(db, personal, booking, walk, "day sheet", ct)));
            }
            sheet.Add(new OfficerWalk(walk.Id, walk.State.Wire(), walk.Ward(pack), walk.MeetingPoint, walk.Lit, walk.StepFree, walk.Language,
                walk.Local(walk.StartsAt), walk.Local(walk.EndsAt), walk.Zone, walk.Band.Wire(), walk.Local(walk.EndDue),
                alarms.Exists(a => a.WalkId == walk.Id && a is { Kind: AlertKind.Mismatch, AcknowledgedAt: null }), walk.OfficerViews(), coming,
                [.. alarms.Where(a => a.WalkId == walk.Id && a.Kind != AlertKind.Mismatch).Select(a => new OfficerAlarm(a.Kind.Wire(), walk.Local(a.RaisedAt), walk.Local(a.AcknowledgedAt)))]));
        }
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new DaySheetView(officer.View(), day, sheet));
    }

    /// <summary>What she must know to meet her well, and only while it lies ahead.</summary>
    public static async Task<MeetingNeeds?> NeedsAt(BookingDb db, PersonalData personal, Booking booking, Walk walk, string reason, CancellationToken ct, bool guardian = true)
    {
        if (booking.State is not (BookingState.Confirmed or BookingState.Met)) return null;
        var name = guardian ? await Guardian.NameOf(db, personal, booking, reason, ct) : null;
        var needs = await Needs.Of(db, personal, booking, reason, ct);
        return needs is null && name is null ? null
            : new(needs?.Spoken == walk.Language ? null : needs?.Spoken, needs?.StepFree ?? false, needs?.SignLanguage ?? false, needs?.NonPoliceWalker ?? false, name);
    }
}
