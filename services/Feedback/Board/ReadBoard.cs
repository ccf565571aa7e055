using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>What women asked, what was said, what was done, what was not and why: newest answer first.</summary>
internal static class ReadBoard
{
    public static async Task<Results<Ok<BoardPage>, Refusal>> Handle(FeedbackDb db, string? ward, string? borough, string? state, string? cursor, CancellationToken ct)
    {
        var (rows, next, refusal) = await Page(db, ward, borough, state, cursor, ct);
        return refusal is null ? TypedResults.Ok(new BoardPage([.. rows.Select(View)], next)) : refusal;
    }

    /// <summary>What is read here and in every feed, so that no feed can tell more or in another order.</summary>
    public static async Task<(IReadOnlyList<BoardEntry> Rows, string? Next, Refusal? Refusal)> Page(FeedbackDb db, string? ward, string? borough, string? state, string? cursor, CancellationToken ct)
    {
        var after = Paging.Read(cursor, out var refusal);
        if (refusal is not null)
            return ([], null, refusal);
        var entries = db.Board.AsNoTracking();
        if (ward is not null)
            entries = entries.Where(e => e.WardCode == ward);
        if (borough is not null)
            entries = entries.Where(e => e.BoroughCode == borough);
        if (state is not null)
            entries = entries.Where(e => e.State == state);
        if (after is var (day, id))
            entries = entries.Where(e => e.ChangedOn < day || (e.ChangedOn == day && e.Id.CompareTo(id) > 0));
        var rows = await entries.OrderByDescending(e => e.ChangedOn).ThenBy(e => e.Id).Take(Paging.Size + 1).ToListAsync(ct);
        var next = rows.Count > Paging.Size ? Paging.After(rows[Paging.Size - 1].ChangedOn, rows[Paging.Size - 1].Id) : null;
        return ([.. rows.Take(Paging.Size)], next, null);
    }

    public static async Task<Results<Ok<BoardEntryView>, Refusal>> One(Guid id, FeedbackDb db, CancellationToken ct) =>
        await db.Board.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, ct) is { } entry ? TypedResults.Ok(View(entry)) : FeedbackRefusals.NotFound;

    private static BoardEntryView View(BoardEntry e) => new(
        e.Id, e.Category, e.WardCode, e.BoroughCode, e.LightBand, e.Period, e.State, e.Asked, [new("asked", e.Period, null), .. e.Steps]);
}
