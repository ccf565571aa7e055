using Microsoft.AspNetCore.Http.HttpResults;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>
/// Takes in what a woman found: concerns, safe places, audits; with an attendance token or with no walk at all. She gets reference
/// and words at once. Nothing of hers carries a time of day, an order, or a trace that leads back to a walk.
/// </summary>
internal static class SubmitFeedback
{
    public static async Task<Results<Created<FeedbackReceipt>, Refusal>> Handle(
        FeedbackSubmission sent, FeedbackDb db, ForcePackCatalogue packs, AttendanceKeys keys, Intake intake, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        if (Check(sent, pack) is { } unfit)
            return unfit;

        AttendanceToken? attendance = null;
        if (sent.AttendanceToken is { } token)
        {
            (attendance, var refusal) = await keys.Read(token, pack.Id, ct);
            if (refusal is not null)
                return refusal;
        }

        return await db.Atomically<Results<Created<FeedbackReceipt>, Refusal>>(async () =>
        {
            var claim = Guid.NewGuid();
            if (await db.Claim([.. sent.Concerns.SelectMany(c => c.Photos)], claim, ct) is { } gone)
                return gone;
            // The unique key decides between two who use one token at once.
            if (attendance is not null && !await db.Spend(AttendanceKeys.Spent(attendance), ct))
            {
                await db.Release(claim, ct);
                return FeedbackRefusals.AttendanceSpent;
            }
            var (receipt, _) = await intake.Take(sent, pack, attendance, attendance is null ? "web" : "walk", ct);
            await db.SaveChangesAsync(ct);
            return TypedResults.Created((string?)null, receipt);
        }, ct);
    }

    internal static Refusal? Check(FeedbackSubmission sent, ForcePack pack)
    {
        if (sent.Concerns.Count + sent.Audits.Count == 0)
            return FeedbackRefusals.NothingSent;
        foreach (var concern in sent.Concerns)
        {
            if (pack.FindConcern(concern.Code) is not { } type)
                return FeedbackRefusals.UnknownCode with { Detail = $"{concern.Code} is not in the taxonomy of {pack.Id}." };
            if (concern.Place.WardCode is { } ward && pack.FindWard(ward) is null)
                return FeedbackRefusals.UnknownWard with { Detail = $"{ward} is no ward of {pack.Id}." };
            if (concern.Photos.Count > 0 && type.Owner is null)
                return FeedbackRefusals.PhotoUnfit;
        }
        foreach (var audit in sent.Audits)
        {
            if (pack.FindWard(audit.WardCode) is null)
                return FeedbackRefusals.UnknownWard with { Detail = $"{audit.WardCode} is no ward of {pack.Id}." };
            foreach (var (code, rating) in audit.Ratings)
            {
                if (rating is < 0 or > 3 || pack.AuditParameters.All(p => p.Code != code))
                    return FeedbackRefusals.UnknownRating with { Detail = $"{code} = {rating} is no rating." };
            }
        }
        return null;
    }
}
