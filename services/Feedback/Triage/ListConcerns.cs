using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>
/// The triage board: open concerns, least time first; filtered by ward, borough, code or kind, owner, assignee, state,
/// clock and words of the landmark.
/// Unless asked for (clock=stopped, merged or any), what waits for her or for another's answer is left out.
/// </summary>
internal static class ListConcerns
{
    public static async Task<Results<Ok<TriagePage>, Refusal>> Handle(
        FeedbackDb db, ForcePackCatalogue packs, string? ward, string? borough, string? code, string? owner, string? assignee, string? state, string? clock, string? near, string? cursor, CancellationToken ct)
    {
        var after = Paging.Read(cursor, out var refusal);
        if (refusal is not null)
            return refusal;
        var pack = packs.Get(db.Force!);
        var today = pack.Today(db.Now);
        var soon = today.AddDays(2);

        var open = db.Concerns.AsNoTracking().Where(c => c.DueOn != null && (c.State != ConcernState.Merged || clock == "merged" || clock == "any"));
        var all = await db.Concerns.Where(c => c.DueOn != null && c.State != ConcernState.Merged).Select(c => new { c.DueOn, Waiting = c.State == ConcernState.WaitingForContributor || c.State == ConcernState.ClaimedDone }).ToListAsync(ct);
        var clocks = new TriageClocks(
            all.Count(c => !c.Waiting && c.DueOn < today), all.Count(c => !c.Waiting && c.DueOn >= today && c.DueOn <= soon),
            all.Count(c => !c.Waiting && c.DueOn > soon), all.Count(c => c.Waiting));

        if (ward is not null)
            open = open.Where(c => c.WardCode == ward);
        if (borough is not null)
            open = open.Where(c => c.BoroughCode == borough);
        // ENV is everything about the place.
        if (code is not null)
            open = code.Contains('-', StringComparison.Ordinal) ? open.Where(c => c.Code == code) : open.Where(c => c.Code.StartsWith(code + "-"));
        if (near?.Trim().ToLowerInvariant() is { Length: > 0 } words)
#pragma warning disable CA1304, CA1311, CA1862 // becomes lower() in SQL, on both databases
            open = open.Where(c => c.Landmark != null && c.Landmark.ToLower().Contains(words));
#pragma warning restore CA1304, CA1311, CA1862
        if (owner is not null)
            open = open.Where(c => c.OwnerBody == owner);
        if (assignee is not null)
            open = assignee == "nobody" ? open.Where(c => c.Assignee == null) : open.Where(c => c.Assignee == assignee);
        if (Enum.TryParse<ConcernState>(state, out var only))
            open = open.Where(c => c.State == only);
        var running = open.Where(c => c.State != ConcernState.WaitingForContributor && c.State != ConcernState.ClaimedDone);
        open = clock switch
        {
            "over" => running.Where(c => c.DueOn < today),
            "soon" => running.Where(c => c.DueOn >= today && c.DueOn <= soon),
            "in-time" => running.Where(c => c.DueOn > soon),
            "stopped" => open.Where(c => c.State == ConcernState.WaitingForContributor || c.State == ConcernState.ClaimedDone),
            "merged" => open.Where(c => c.State == ConcernState.Merged),
            "any" => open,
            _ => running,
        };
        if (after is var (day, id))
            open = open.Where(c => c.DueOn > day || (c.DueOn == day && c.Id.CompareTo(id) > 0));

        var rows = await open.OrderBy(c => c.DueOn).ThenBy(c => c.Id).Take(Paging.Size + 1).ToListAsync(ct);
        var next = rows.Count > Paging.Size ? Paging.After(rows[Paging.Size - 1].DueOn!.Value, rows[Paging.Size - 1].Id) : null;
        return TypedResults.Ok(new TriagePage([.. rows.Take(Paging.Size).Select(c => Row(c, today, pack))], next, clocks));
    }

    internal static TriageRow Row(Concern c, DateOnly today, ForcePack pack) => new(
        c.Id, c.Reference, c.Code, c.WardCode, c.Landmark, c.LightBand, c.HowOften, c.With, c.FromWalk, c.ReceivedOn,
        c.Shown, c.Clock(today), c.DueOn, c.DueOn is { } due ? pack.WorkingDaysUntil(today, due) : null, c.OwnerBody, c.Assignee, c.Version, c.MergedHere);
}
