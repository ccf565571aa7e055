using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>Professional standards: the list, one case opened (audited), taken, and answered into her mailbox.</summary>
internal static class ReviewStandards
{
    public static async Task<Ok<List<StandardsRow>>> List(FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        var today = packs.Get(db.Force!).Today(db.Now);
        var open = await db.StandardsCases.AsNoTracking().Where(c => c.State != StandardsState.Answered)
            .OrderBy(c => c.DueOn).ThenBy(c => c.Id).Take(200).ToListAsync(ct);
        var ended = await db.StandardsCases.AsNoTracking().Where(c => c.State == StandardsState.Answered)
            .OrderByDescending(c => c.DueOn).ThenBy(c => c.Id).Take(20).ToListAsync(ct);
        return TypedResults.Ok(open.Concat(ended).Select(c => new StandardsRow(c.Id, c.Reference, c.State.ToString(), c.DueOn, c.Clock(today))).ToList());
    }

    public static async Task<Results<Ok<StandardsView>, Refusal>> Open(Guid id, HttpResponse response, FeedbackDb db, PersonalData personal, ForcePackCatalogue packs, CancellationToken ct)
    {
        if (await db.StandardsCases.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, ct) is not { } c)
            return FeedbackRefusals.NotFound;
        var place = await personal.Open(db, c.Id, "place", c.SealedPlace!, "standards", ct);
        var narrative = await personal.Open(db, c.Id, "narrative", c.SealedNarrative!, "standards", ct);
        Etag.Set(response, c);
        return TypedResults.Ok(new StandardsView(c.Id, c.Version, c.Reference, c.State.ToString(), c.DueOn, c.Clock(packs.Get(db.Force!).Today(db.Now)),
            c.Code, place, narrative, c.Answer, c.Next));
    }

    public static Task<IResult> Take(Guid id, HttpContext http, FeedbackDb db, CancellationToken ct) =>
        On(id, "taken", http, db, c => c.Take(db.Caller.Sub!), ct);

    public static Task<IResult> Answer(Guid id, StandardsAnswer answer, HttpContext http, FeedbackDb db, CancellationToken ct) =>
        On(id, "answered", http, db, c => c.Reply(answer.Answer), ct);

    private static async Task<IResult> On(Guid id, string step, HttpContext http, FeedbackDb db, Func<StandardsCase, Refusal?> act, CancellationToken ct)
    {
        if (await db.StandardsCases.SingleOrDefaultAsync(c => c.Id == id, ct) is not { } standards)
            return FeedbackRefusals.NotFound;
        if (Etag.Check(http.Request, standards) is { } overtaken)
            return overtaken;
        if (act(standards) is { } refused)
            return refused;
        db.Audit(step, nameof(StandardsCase), $"{id}");
        await db.SaveChangesAsync(ct);
        Etag.Set(http.Response, standards);
        return TypedResults.NoContent();
    }
}
