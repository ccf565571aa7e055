using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Booking;

/// <summary>
/// "Is this officer on this walk now?" Three answers: genuine; not on this walk (we know the number); stop, call 999 (nobody has it, or none was shown).
/// The last two raise the alarm on the force's side; she has to explain nothing.
/// </summary>
internal static class CheckOfficer
{
    public const string Genuine = "genuine", NotOnThisWalk = "not-on-this-walk", Stop = "stop-call-999";

    /// <summary>An officer may be there a little early.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(60);

    public static Task<IResult> Handle(
        CheckOfficerRequest request, [FromHeader(Name = "Authorization")] string? authorization, BookingDb db, BookingMail mail, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Open(authorization, LinkPurpose.MyWalk, ct) is not { } booking) return Refusals.LinkUnknown;
            await db.Lock(booking.WalkId, ct);
            var walk = await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).SingleAsync(w => w.Id == booking.WalkId, ct);
            var now = db.Now;
            var key = Officer.KeyOf(request.CollarNumber);
            // Who only waits for a place must not learn here who walks.
            var hers = booking.KnowsWalk ? walk.Officers.FirstOrDefault(o => o.Officer.CollarKey == key)?.Officer : null;
            var answer = hers is not null && OnNow(walk, now) ? Genuine
                : hers is not null || (key.Length > 0 && await db.Officers.AnyAsync(o => o.CollarKey == key, ct)) ? NotOnThisWalk
                : Stop;

            // Her own officer's number at another time is answered, but is no alarm: she may only be trying the page.
            var alarm = answer != Genuine && hers is null
                && booking.State is BookingState.Confirmed or BookingState.Met
                && walk.State is WalkState.Published or WalkState.Started;
            if (alarm) await Alarm.Mismatch(db, mail, walk, booking, ct);
            db.Audit("officer-check", "Booking", $"{booking.Id}", answer);
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(answer == Genuine
                ? new OfficerChecked(answer, hers!.FirstName, hers.CollarNumber, false, walk.Local(now))
                : new OfficerChecked(answer, null, request.CollarNumber, alarm, walk.Local(now)));
        }, ct);

    private static bool OnNow(Walk walk, DateTimeOffset now) => walk.State switch
    {
        WalkState.Published => now >= walk.StartsAt - Early && now <= walk.EndsAt,
        WalkState.Started => true,
        _ => false,
    };
}
