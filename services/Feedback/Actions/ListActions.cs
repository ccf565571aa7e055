using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>Actions, earliest date first; one of them by id.</summary>
internal static class ListActions
{
    public static async Task<Results<Ok<ActionsPage>, Refusal>> Handle(FeedbackDb db, string? state, string? owner, string? cursor, CancellationToken ct)
    {
        var after = Paging.Read(cursor, out var refusal);
        if (refusal is not null)
            return refusal;
        var actions = db.Actions.AsNoTracking().Include(a => a.Concerns).AsQueryable();
        if (Enum.TryParse<ActionState>(state, out var only))
            actions = actions.Where(a => a.State == only);
        if (owner is not null)
            actions = actions.Where(a => a.OwnerBody == owner);
        if (after is var (day, id))
            actions = actions.Where(a => a.DueOn > day || (a.DueOn == day && a.Id.CompareTo(id) > 0));
        var rows = await actions.OrderBy(a => a.DueOn).ThenBy(a => a.Id).Take(Paging.Size + 1).ToListAsync(ct);
        var next = rows.Count > Paging.Size ? Paging.After(rows[Paging.Size - 1].DueOn, rows[Paging.Size - 1].Id) : null;
        return TypedResults.Ok(new ActionsPage([.. rows.Take(Paging.Size).Select(View)], next));
    }

    public static async Task<Results<Ok<ActionView>, Refusal>> Read(Guid id, HttpResponse response, FeedbackDb db, CancellationToken ct)
    {
        if (await db.Actions.AsNoTracking().Include(a => a.Concerns).SingleOrDefaultAsync(a => a.Id == id, ct) is not { } action)
            return FeedbackRefusals.NotFound;
        Etag.Set(response, action);
        return TypedResults.Ok(View(action));
    }

    public static ActionView View(ForceAction a) => new(
        a.Id, a.Version, a.Type, a.Counted, a.OwnerBody, a.OwnerRole, a.DueOn, a.FourP, a.State.ToString(), a.Asked, a.Promise, a.Done,
        [.. a.Concerns.Select(c => c.ConcernId)], a.Dropped);
}
