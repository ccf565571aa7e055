using WalkTalk.Reporting.Data;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Reporting.Projections;

/// <summary>A row that facts about one thing fill, whichever of them comes first.</summary>
internal interface IFactsRow : IDerivedRow
{
    Guid Id { get; set; }
}

internal static class FactsRows
{
    /// <summary>The row of a thing, begun by whichever fact comes first. Two facts that begin it at the same moment collide on the key, and the loser is tried again by its inbox.</summary>
    public static async Task<T> Row<T>(this ReportingDb db, Guid id, CancellationToken ct) where T : class, IFactsRow, new() =>
        await db.Set<T>().FindAsync([id], ct) ?? db.Add(new T { Id = id }).Entity;
}
