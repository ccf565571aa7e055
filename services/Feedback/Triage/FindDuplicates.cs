using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>Others that may tell of the same, by place, category and time, each with what speaks for it. A person decides.</summary>
internal static class FindDuplicates
{
    private const int DaysApart = 90, Most = 5;

    public static async Task<Results<Ok<List<Duplicate>>, Refusal>> Handle(Guid id, FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        if (await db.Concerns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, ct) is not { } concern)
            return FeedbackRefusals.NotFound;
        var pack = packs.Get(db.Force!);
        var group = pack.FindConcern(concern.Code)!.Group + "-";
        var (from, to) = (concern.ReceivedOn.AddDays(-DaysApart), concern.ReceivedOn.AddDays(DaysApart));
        var same = await SaidMeTooOf(db, concern, ct);
        var near = await db.Concerns.AsNoTracking().Where(c => c.Id != id
                && (c.State == ConcernState.Acknowledged || c.State == ConcernState.Triaged || c.State == ConcernState.Referred || c.State == ConcernState.InAction)
                && (same.Contains(c.Id) || (concern.WardCode != null && c.WardCode == concern.WardCode && c.Code.StartsWith(group) && c.ReceivedOn >= from && c.ReceivedOn <= to)))
            .OrderBy(c => c.ReceivedOn).ThenBy(c => c.Id).Take(300).ToListAsync(ct);
        var today = pack.Today(db.Now);
        return TypedResults.Ok(near.Select(c => (Concern: c, Reasons: Reasons(concern, c, same.Contains(c.Id)))).Where(d => d.Reasons.Count > 2)
            .OrderByDescending(d => d.Reasons.Contains("me-too")).ThenByDescending(d => d.Reasons.Count).ThenBy(d => d.Concern.ReceivedOn)
            .Take(Most).Select(d => new Duplicate(ListConcerns.Row(d.Concern, today, pack), d.Reasons)).ToList());
    }

    /// <summary>What speaks for it that two tell of the same. The ward and a kind in common are what made them candidates.</summary>
    internal static List<string> Reasons(Concern a, Concern b, bool meToo)
    {
        var reasons = new List<string>();
        if (meToo)
            reasons.AddRange(["me-too", "same-kind", "days-apart"]);
        if (a.WardCode is null || a.WardCode != b.WardCode)
            return reasons;
        if (!meToo)
            reasons.Add(a.Code == b.Code ? "same-code" : "same-kind");
        if (Landmarks(a.Landmark).Intersect(Landmarks(b.Landmark)).Any())
            reasons.Add("same-landmark");
        if (a.LightBand is not null && a.LightBand == b.LightBand)
            reasons.Add("same-light");
        if (!meToo && Math.Abs(a.ReceivedOn.DayNumber - b.ReceivedOn.DayNumber) <= 30)
            reasons.Add("days-apart");
        return reasons;
    }

    private static IEnumerable<string> Landmarks(string? landmark) => (landmark ?? "").ToLowerInvariant()
        .Split([' ', ',', '.', '-', '\'', '\u2019'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 3 && word is not ("with" or "near" or "behind" or "beside" or "outside" or "from" or "street" or "road"));

    /// <summary>Those whose answer on the public board she said "me too" to.</summary>
    private static async Task<List<Guid>> SaidMeTooOf(FeedbackDb db, Concern concern, CancellationToken ct)
    {
        if (concern.MeTooOf is not { } entry || await db.Board.AsNoTracking().SingleOrDefaultAsync(e => e.Id == entry, ct) is not { } answer)
            return [];
        var answered = await db.Actions.Where(a => a.Id == answer.SourceId).SelectMany(a => a.Concerns.Select(c => c.ConcernId)).ToListAsync(ct);
        return [answer.SourceId, .. answered];
    }
}
