using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>What officers promised: the open ones first by their dates; each ends as an action or with an answer.</summary>
internal static class Promises
{
    public static async Task<Results<Ok<PromisesPage>, Refusal>> List(FeedbackDb db, ForcePackCatalogue packs, string? state, string? cursor, CancellationToken ct)
    {
        var after = Paging.Read(cursor, out var refusal);
        if (refusal is not null)
            return refusal;
        var today = packs.Get(db.Force!).Today(db.Now);
        var open = await db.Promises.CountAsync(p => p.State == PromiseState.Open, ct);
        var over = await db.Promises.CountAsync(p => p.State == PromiseState.Open && p.DueOn < today, ct);
        var promises = db.Promises.AsNoTracking().Where(p => state == "ended" ? p.State != PromiseState.Open : p.State == PromiseState.Open);
        if (after is var (day, id))
            promises = promises.Where(p => p.DueOn > day || (p.DueOn == day && p.Id.CompareTo(id) > 0));
        var rows = await promises.OrderBy(p => p.DueOn).ThenBy(p => p.Id).Take(Paging.Size + 1).ToListAsync(ct);
        var next = rows.Count > Paging.Size ? Paging.After(rows[Paging.Size - 1].DueOn, rows[Paging.Size - 1].Id) : null;
        return TypedResults.Ok(new PromisesPage([.. rows.Take(Paging.Size).Select(p => View(p, today))], next, open, over));
    }

    public static async Task<Results<Ok<PromiseView>, Refusal>> Read(Guid id, HttpResponse response, FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        if (await db.Promises.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, ct) is not { } promise)
            return FeedbackRefusals.NotFound;
        Etag.Set(response, promise);
        return TypedResults.Ok(View(promise, packs.Get(db.Force!).Today(db.Now)));
    }

    /// <summary>Somebody takes it up with an owner and a date, for concerns as well or for the promise alone.</summary>
    public static Task<IResult> Take(Guid id, PromiseTaken taken, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, Tell tell, CancellationToken ct) =>
        On(id, "promise-taken-up", http, db, async (promise, today) =>
        {
            var agreement = new ActionAgreement
            {
                Type = taken.Type, ConcernIds = taken.ConcernIds, OwnerBody = taken.OwnerBody, OwnerRole = taken.OwnerRole, DueOn = taken.DueOn, FourP = taken.FourP,
                Asked = promise.What, Promise = taken.Promise,
            };
            var (refused, action) = await AgreeAction.Make(agreement, db, packs.Get(db.Force!), tell, ct);
            return refused ?? promise.Become(action!, today);
        }, packs, ct);

    /// <summary>It is kept, or will not be, and why: in words written for publication.</summary>
    public static Task<IResult> Answer(Guid id, PromiseAnswer answer, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct) =>
        On(id, "promise-answered", http, db, (promise, today) =>
            Task.FromResult(PublicWords.Check((nameof(answer.Answer), answer.Answer)) ?? promise.AnswerWith(answer.Answer, today)), packs, ct);

    private static Task<IResult> On(Guid id, string decision, HttpContext http, FeedbackDb db, Func<Promise, DateOnly, Task<Refusal?>> decide, ForcePackCatalogue packs, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Promises.SingleOrDefaultAsync(p => p.Id == id, ct) is not { } promise)
                return FeedbackRefusals.NotFound;
            if (Etag.Check(http.Request, promise) is { } overtaken)
                return overtaken;
            if (await decide(promise, packs.Get(db.Force!).Today(db.Now)) is { } refused)
                return refused;
            db.Audit(decision, nameof(Promise), $"{promise.Id}");
            await db.SaveChangesAsync(ct);
            Etag.Set(http.Response, promise);
            return TypedResults.NoContent();
        }, ct);

    private static PromiseView View(Promise p, DateOnly today) => new(
        p.Id, p.Version, p.What, p.To, p.WardCode, p.DueOn, p.State.ToString(),
        p.State != PromiseState.Open ? "ended" : p.DueOn < today ? "over" : p.DueOn <= today.AddDays(2) ? "soon" : "in-time", p.ActionId, p.Answer, p.EndedOn);
}
