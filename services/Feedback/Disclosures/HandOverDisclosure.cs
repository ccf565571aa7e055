using System.Globalization;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>Within 24 hours, by whoever holds it: act on duty where she has not chosen, hand over with a reference, note the receipt.</summary>
internal static class HandOverDisclosure
{
    public static Task<IResult> Override(Guid id, DutyOverride duty, HttpContext http, FeedbackDb db, CancellationToken ct) =>
        On(id, "duty-override", duty.Reason, http, db, d => Task.FromResult(d.Override(duty.Reason)), ct);

    public static Task<IResult> HandOver(Guid id, HandOver hand, HttpContext http, FeedbackDb db, Tell tell, CancellationToken ct) =>
        On(id, "handed-over", null, http, db, async d =>
        {
            if (d.HandOver(hand.To, hand.Reference, db.Now) is { } refused)
                return refused;
            await db.Withdraw(DisclosureClock.Key(d.Id), ct);
            db.Publish(new DisclosureHandedOver(d.Id, db.Now <= d.DueAt), untimed: true);
            // An override is no consent to be contacted: her receipt waits in the mailbox then.
            if (d.Choice != SealedDisclosure.DutyOverride && await db.Mailboxes.SingleOrDefaultAsync(m => m.Id == d.MailboxId, ct) is { } mailbox)
            {
                await tell.Contributor(mailbox, "disclosure-receipt", d.Id, d.Version, new()
                {
                    ["reference"] = hand.Reference, ["handed_over_at"] = db.Now.ToString("O", CultureInfo.InvariantCulture), ["owner"] = hand.To,
                }, ct);
            }
            return null;
        }, ct);

    public static Task<IResult> Receipt(Guid id, HttpContext http, FeedbackDb db, CancellationToken ct) =>
        On(id, "receipted", null, http, db, d => Task.FromResult(d.Receipt()), ct);

    /// <summary>Standards give it to safeguarding, which is alerted at once when the time for that has passed.</summary>
    public static Task<IResult> Release(Guid id, HttpContext http, FeedbackDb db, Tell tell, CancellationToken ct) =>
        On(id, "released", null, http, db, d =>
        {
            if (d.Release() is { } refused)
                return Task.FromResult<Refusal?>(refused);
            if (d.Clock(db.Now) is "soon" or "over")
                AlertSafeguarding.Alert(tell, d);
            return Task.FromResult<Refusal?>(null);
        }, ct);

    private static async Task<IResult> On(Guid id, string step, string? reason, HttpContext http, FeedbackDb db, Func<SealedDisclosure, Task<Refusal?>> act, CancellationToken ct)
    {
        if (await db.Held().SingleOrDefaultAsync(d => d.Id == id, ct) is not { } disclosure)
            return FeedbackRefusals.NotFound;
        if (Etag.Check(http.Request, disclosure) is { } overtaken)
            return overtaken;
        if (await act(disclosure) is { } refused)
            return refused;
        db.Audit(step, nameof(SealedDisclosure), $"{id}", reason);
        await db.SaveChangesAsync(ct);
        Etag.Set(http.Response, disclosure);
        return TypedResults.NoContent();
    }
}
