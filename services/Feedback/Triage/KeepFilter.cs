using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;

namespace WalkTalk.Feedback;

/// <summary>The filters of the board that a member of staff keeps for herself.</summary>
internal static class KeepFilter
{
    public static async Task<Ok<List<KeptFilter>>> List(FeedbackDb db, CancellationToken ct) => TypedResults.Ok(await db.SavedFilters.AsNoTracking()
        .Where(f => f.Sub == db.Caller.Sub).OrderBy(f => f.Name).Take(50).Select(f => new KeptFilter { Name = f.Name, Query = f.Query }).ToListAsync(ct));

    public static async Task<IResult> Handle(KeptFilter filter, FeedbackDb db, CancellationToken ct)
    {
        var (sub, name) = (db.Caller.Sub!, filter.Name.Trim());
        var kept = await db.SavedFilters.SingleOrDefaultAsync(f => f.Sub == sub && f.Name == name, ct);
        if (filter.Query.Length == 0)
        {
            if (kept is not null)
                db.SavedFilters.Remove(kept);
        }
        else if (kept is not null)
            kept.Query = filter.Query;
        else
            db.SavedFilters.Add(new SavedFilter { Sub = sub, Name = name, Query = filter.Query });
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
