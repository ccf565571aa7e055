using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>
/// The code comes back: contact verified, places confirmed (or waited for), meeting words made. The hold's token ends here and her page's link begins.
/// Everything that is to be sent later is scheduled with what she has been told and looks at it again when it falls due.
/// </summary>
internal static class ConfirmBooking
{
    public static Task<IResult> Handle(
        ConfirmBookingRequest request, [FromHeader(Name = "Authorization")] string? authorization,
        BookingDb db, PersonalData personal, BookingMail mail, Waitlist waitlist, ForcePackCatalogue packs, IOptions<BookingOptions> options, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Open(authorization, LinkPurpose.Hold, ct) is not { } booking) return Refusals.HoldUnknown;
            await db.Lock(booking.WalkId, ct);
            await db.Entry(booking).ReloadAsync(ct);

            var now = db.Now;
            var awaited = booking.GuardianAwaited;
            if (booking.Confirm(request.Code, request.GuardianCode, now) is { } refused)
            {
                if (!awaited && booking.GuardianAwaited) await Guardian.Wait(db, booking, options.Value, (await db.Walks.AsNoTracking().SingleAsync(w => w.Id == booking.WalkId, ct)).StartsAt, ct);
                // A wrong try is counted although it is refused.
                await db.SaveChangesAsync(ct);
                return refused with { Counts = true };
            }

            var walk = await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).SingleAsync(w => w.Id == booking.WalkId, ct);
            db.BookingLinks.RemoveRange(await db.BookingLinks.Where(l => l.BookingId == booking.Id).ToListAsync(ct));
            if (booking.State == BookingState.Waiting) return TypedResults.Ok(new BookingConfirmedReply(booking.Id, await waitlist.Join(booking, walk, ct)));

            await db.Withdraw(ExpireHold.Key(booking.Id), ct);
            var link = await Complete(db, personal, mail, packs.Get(db.Force!), options.Value, booking, walk, ct);
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(new BookingConfirmedReply(booking.Id, link));
        }, ct);

    /// <summary>The places are hers: she is told, and so are the other services. Answers the secret of her page.</summary>
    public static async Task<string> Complete(BookingDb db, PersonalData personal, BookingMail mail, ForcePack pack, BookingOptions options, Booking booking, Walk walk, CancellationToken ct)
    {
        var link = await mail.Confirmed(booking, walk, ct);
        await Plan(db, personal, pack, options, booking, walk, ct);
        db.Publish(new BookingConfirmed(booking.Id, walk.Id, booking.People));
        return link;
    }

    /// <summary>What a place on a walk brings with it: meeting words of its own, reminders, and what has to be arranged.</summary>
    public static async Task Plan(BookingDb db, PersonalData personal, ForcePack pack, BookingOptions options, Booking booking, Walk walk, CancellationToken ct)
    {
        booking.WordsProtected = await personal.Protect(db, booking.PersonId, BookingMail.Words, MeetingWords.New(MeetingWords.LanguageOf(booking, walk)).ToString(), ct);
        foreach (var (template, due) in WalkReminder.Plan(walk.StartsAt, db.Now))
            await db.Schedule(WalkReminder.Key(booking.Id, template), due, new ReminderDue(booking.Id, template, booking.Told(walk)), ct);
        await OpenNeed.Raise(db, personal, pack, booking, walk, options, ct);
    }
}
