using Microsoft.EntityFrameworkCore;
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
    /// <summary>The row of a thing, begun by whichever fact comes first.</summary>
    public static async Task<T> Row<T>(this ReportingDb db, Guid id, CancellationToken ct) where T : class, IFactsRow, new()
    {
        await db.TakeTurn(ct);
        return await db.Set<T>().FindAsync([id], ct) ?? db.Add(new T { Id = id }).Entity;
    }

    /// <summary>Loads the rows of many things in one query and begins those that are not there, so that <see cref="Row"/> finds each at hand.</summary>
    public static async Task Rows<T>(this ReportingDb db, IEnumerable<Guid> ids, CancellationToken ct) where T : class, IFactsRow, new()
    {
        await db.TakeTurn(ct);
        var missing = ids.Distinct().Where(id => db.Set<T>().Local.FindEntry(id) is null).ToList();
        await db.Set<T>().Where(row => missing.Contains(row.Id)).LoadAsync(ct);
        foreach (var id in missing.Where(id => db.Set<T>().Local.FindEntry(id) is null))
        {
            db.Add(new T { Id = id });
        }
    }
}
