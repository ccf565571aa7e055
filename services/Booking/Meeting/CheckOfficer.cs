using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Booking;

/// <summary>
/// "Is this officer on this walk now?" Genuine; not on this walk; stop, call 999 (no number was shown, or the third was wrong too). A number that nobody has and an
/// officer's who is not on her walk get the same answer, and around the walk alone anything is looked up: nobody learns here where an officer is or whether
/// there is one. Around the walk a wrong answer raises the alarm on the force's side; she has to explain nothing.
/// </summary>
internal static class CheckOfficer
{
    public const string Genuine = "genuine", NotOnThisWalk = "not-on-this-walk", Stop = "stop-call-999";

    /// <summary>An officer may be there a little early.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(60);

    /// <summary>So often she may have misread it. One wrong number more is no slip any more.</summary>
    private const int Slips = 2;

    /// <summary>After so many wrong numbers nothing is looked up any more: the answer is the safe one.</summary>
    private const int Most = 10;

    public static Task<IResult> Handle(
        CheckOfficerRequest request, [FromHeader(Name = "Authorization")] string? authorization, BookingDb db, BookingMail mail, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Open(authorization, LinkPurpose.MyWalk, ct) is not { } booking) return Refusals.LinkUnknown;
            await db.Lock(booking.WalkId, ct);
            await db.Entry(booking).ReloadAsync(ct);
            var walk = await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).SingleAsync(w => w.Id == booking.WalkId, ct);
            var now = db.Now;
            var key = Officer.KeyOf(request.CollarNumber);
            // Who only waits for a place, or has none any more, must not learn here who walks.
            var near = booking.State is BookingState.Confirmed or BookingState.Met && OnNow(walk, now);
            var hers = near && booking.CheckMisses < Most ? walk.Officers.Find(o => o.Officer.CollarKey == key && !o.Officer.HasLeft(walk.Local(now)))?.Officer : null;
            var alarm = near && hers is null;
            if (alarm) booking.CheckMisses++;
            var answer = hers is not null ? Genuine : alarm && (key.Length == 0 || booking.CheckMisses > Slips) ? Stop : NotOnThisWalk;

            if (alarm) await Alarm.Mismatch(db, mail, walk, booking, ct);
            db.Audit("officer-check", "Booking", $"{booking.Id}", answer);
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(hers is not null
                ? new OfficerChecked(answer, hers.FirstName, hers.CollarNumber, false, walk.Local(now))
                : new OfficerChecked(answer, null, request.CollarNumber, alarm, walk.Local(now)));
        }, ct);

    private static bool OnNow(Walk walk, DateTimeOffset now) => walk.State switch
    {
        WalkState.Published => now >= walk.StartsAt - Early && now <= walk.EndsAt,
        WalkState.Started => true,
        _ => false,
    };
}
