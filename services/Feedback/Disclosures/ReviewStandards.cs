using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>Professional standards: the list, one case opened (audited), taken, and answered into her mailbox; and who must have no part in it.</summary>
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
        var place = c.SealedPlace is null ? null : await personal.Open(db, c.Id, "place", c.SealedPlace, "standards", ct);
        var narrative = c.SealedNarrative is null ? null : await personal.Open(db, c.Id, "narrative", c.SealedNarrative, "standards", ct);
        var crime = await db.Held().Where(d => d.StandardsCaseId == id).Select(d => (Guid?)d.Id).FirstOrDefaultAsync(ct);
        var concerned = await db.Conflicts.AsNoTracking().Where(x => x.MailboxId == c.MailboxId).OrderBy(x => x.Sub).Select(x => new ConcernedPerson { Sub = x.Sub, Name = x.Name }).ToListAsync(ct);
        Etag.Set(response, c);
        return TypedResults.Ok(new StandardsView(c.Id, c.Version, c.Reference, c.State.ToString(), c.DueOn, c.Clock(packs.Get(db.Force!).Today(db.Now)),
            c.Code, place, narrative, c.Answer, c.Next, crime, concerned, await db.PhotosOf(personal, c.Id, ct)));
    }

    public static Task<IResult> Take(Guid id, HttpContext http, FeedbackDb db, CancellationToken ct) =>
        On(id, "taken", http, db, c => Task.FromResult(c.Take(db.Caller.Sub!)), ct);

    public static Task<IResult> Answer(Guid id, StandardsAnswer answer, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct) =>
        On(id, "answered", http, db, c => Task.FromResult(c.Reply(answer.Answer, packs.Get(db.Force!).Today(db.Now))), ct);

    /// <summary>Names somebody concerned, or no longer: whatever of this contributor they had is nobody's again. Naming oneself is how one steps back.</summary>
    public static Task<IResult> Name(Guid id, ConcernedPerson person, HttpContext http, FeedbackDb db, CancellationToken ct) =>
        On(id, person.Lift ? "concerned-lifted" : "concerned", http, db, async c =>
        {
            var known = await db.Conflicts.SingleOrDefaultAsync(x => x.MailboxId == c.MailboxId && x.Sub == person.Sub, ct);
            if (person.Lift)
            {
                if (known is not null)
                    db.Conflicts.Remove(known);
                return null;
            }
            if (known is not null)
                return null;
            var conflict = new Conflict { MailboxId = c.MailboxId, Sub = person.Sub, Name = person.Name };
            db.Conflicts.Add(conflict);
            // A new version of the case, so that of two at once one reads again.
            db.Entry(c).Property(s => s.State).IsModified = true;
            foreach (var other in await db.StandardsCases.Where(s => s.MailboxId == c.MailboxId).ToListAsync(ct))
                other.TakeFrom(person.Sub);
            foreach (var concern in await db.Concerns.Where(k => k.MailboxId == c.MailboxId && k.Assignee != null).ToListAsync(ct))
            {
                if (conflict.Is(concern.Assignee!))
                    concern.Unassign();
            }
            return null;
        }, ct);

    private static async Task<IResult> On(Guid id, string step, HttpContext http, FeedbackDb db, Func<StandardsCase, Task<Refusal?>> act, CancellationToken ct)
    {
        if (await db.StandardsCases.SingleOrDefaultAsync(c => c.Id == id, ct) is not { } standards)
            return FeedbackRefusals.NotFound;
        if (Etag.Check(http.Request, standards) is { } overtaken)
            return overtaken;
        if (await act(standards) is { } refused)
            return refused;
        db.Audit(step, nameof(StandardsCase), $"{id}");
        await db.SaveChangesAsync(ct);
        Etag.Set(http.Response, standards);
        return TypedResults.NoContent();
    }
}
