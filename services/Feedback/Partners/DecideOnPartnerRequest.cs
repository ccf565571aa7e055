using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>What a coordinator decides about a referral by program that needs her, in the version she saw.</summary>
internal static class DecideOnPartnerRequest
{
    /// <summary>Sends it again. Where it may have arrived, it is looked for once more before that.</summary>
    public static Task<IResult> Retry(Guid id, HttpContext http, FeedbackDb db, CancellationToken ct) =>
        On(id, "sent-again", http, db, request => Task.FromResult(request.Retry(db.Now)), ct);

    /// <summary>It does not go; the concern is as it was before, if it has not moved since.</summary>
    public static Task<IResult> Withdraw(Guid id, HttpContext http, FeedbackDb db, CancellationToken ct) =>
        On(id, "taken-back", http, db, async request =>
        {
            if (request.Withdraw() is { } refused)
                return refused;
            if (await db.Concerns.SingleAsync(c => c.Id == request.ConcernId, ct) is var concern && concern.ReferredTo == request.Body)
                concern.TakeBack(request.Before);
            return null;
        }, ct);

    /// <summary>They have it, and said under which reference.</summary>
    public static Task<IResult> Know(Guid id, TheirReference their, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, Tell tell, CancellationToken ct) =>
        On(id, "reference-entered", http, db, async request =>
        {
            if (Open311Client.Id(their.Reference.Trim()) is not { } reference)
                return FeedbackRefusals.UnreadableReference;
            if (request.Know(reference, db.Now) is { } refused)
                return refused;
            await BringPartnerRequest.Follow(request, PartnerNews.Arrived, db, packs.Get(db.Force!), tell, ct);
            return null;
        }, ct);

    private static async Task<IResult> On(Guid id, string decision, HttpContext http, FeedbackDb db, Func<PartnerRequest, Task<Refusal?>> decide, CancellationToken ct)
    {
        if (await db.PartnerRequests.SingleOrDefaultAsync(r => r.Id == id, ct) is not { } request)
            return FeedbackRefusals.NotFound;
        if (Etag.Check(http.Request, request) is { } overtaken)
            return overtaken;
        if (await decide(request) is { } refused)
            return refused;
        db.Audit(decision, nameof(PartnerRequest), $"{id}");
        await db.SaveChangesAsync(ct);
        Etag.Set(http.Response, request);
        return TypedResults.NoContent();
    }
}
