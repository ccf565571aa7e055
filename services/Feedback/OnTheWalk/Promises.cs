using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>What officers promised: the open ones first by their dates; each ends as an action or with an answer, and both stand on the public board.</summary>
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
            var pack = packs.Get(db.Force!);
            // Of concerns the action has an entry already.
            if (taken.ConcernIds.Count == 0 && Kind(taken.Code, pack) is null)
                return NoKind;
            var (refused, action) = await AgreeAction.Make(agreement, db, pack, tell, ct);
            if ((refused ?? promise.Become(action!, today)) is { } no)
                return no;
            if (taken.ConcernIds.Count == 0 && action!.Counted)
                (await Publish(promise, action.Id, Kind(taken.Code, pack)!, db, pack, ct)).ForceSays("in-hand", "said", today, taken.Promise);
            return null;
        }, packs, ct);

    /// <summary>It is kept, or will not be, and why: in words written for publication.</summary>
    public static Task<IResult> Answer(Guid id, PromiseAnswer answer, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct) =>
        On(id, "promise-answered", http, db, async (promise, today) =>
        {
            var pack = packs.Get(db.Force!);
            if (Kind(answer.Code, pack) is not { } type)
                return NoKind;
            if ((PublicWords.Check((nameof(answer.Answer), answer.Answer)) ?? promise.AnswerWith(answer.Answer, today)) is { } refused)
                return refused;
            var entry = await Publish(promise, promise.Id, type, db, pack, ct);
            if (answer.Kept is { } kept)
                entry.ForceSays(kept ? "we-say-done" : "not-done", kept ? "we-say-done" : "not-done", today, answer.Answer);
            else
                entry.ForceSays("in-hand", "said", today, answer.Answer);
            return null;
        }, packs, ct);

    private static readonly Refusal NoKind = FeedbackRefusals.UnknownCode with { Detail = "Say what the promise is about: a code of the taxonomy that local staff answer." };

    /// <summary>What an officer's promise may be about on the public board: what has an owner and no sealed branch.</summary>
    private static ConcernType? Kind(string? code, ForcePack pack) => code is not null && pack.FindConcern(code) is { Owner: not null, Branch: ConcernBranch.None } type ? type : null;

    /// <summary>On the board as coarse as everything there: the ward, and the quarter of the walk.</summary>
    private static async Task<BoardEntry> Publish(Promise promise, Guid source, ConcernType type, FeedbackDb db, ForcePack pack, CancellationToken ct)
    {
        var quarter = await db.Captures.Where(c => c.Hash == promise.CaptureHash).Select(c => c.Quarter).SingleOrDefaultAsync(ct) ?? promise.DueOn.Quarter();
        var entry = BoardEntry.Coarse(source, type, quarter, pack.BoroughOf(promise.WardCode), promise.WardCode, null, promise.What);
        db.Board.Add(entry);
        return entry;
    }

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
