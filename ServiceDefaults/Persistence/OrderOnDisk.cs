using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace WalkTalk.ServiceDefaults.Persistence;

/// <summary>A row whose place on disk must not tell when it was written. New, it is not settled.</summary>
public interface ISettled
{
    /// <summary>It was written again together with everything else of its day, in the order of its key.</summary>
    bool Settled { get; set; }
}

/// <summary>Takes from rows the order in which they came.</summary>
public static class OrderOnDisk
{
    /// <summary>So many at once; what is left is the next round's, and since they are taken by their key, what is left tells nothing either.</summary>
    public const int Most = 5000;

    /// <summary>
    /// Writes what is not settled anew in the order of its key, in one statement: PostgreSQL then shows one transaction for all of them (xmin) and
    /// places (ctid) in the order of the key. SQLite keeps rows where their key puts them and needs the mark alone.
    /// </summary>
    public static Task<int> SettleOrder<T>(this ServiceDb db, CancellationToken ct) where T : class, ISettled
    {
        var type = db.Model.FindEntityType(typeof(T))!;
        var at = StoreObjectIdentifier.Table(type.GetTableName()!);
        string Column(IProperty property) => property.GetColumnName(at)!;
        var (table, key, settled) = (type.GetTableName(), Column(type.FindPrimaryKey()!.Properties.Single()), Column(type.FindProperty(nameof(ISettled.Settled))!));
        var columns = string.Join(", ", type.GetProperties().Select(Column).Where(c => c != settled));
        var due = $"SELECT {key} FROM {table} WHERE NOT {settled} ORDER BY {key} LIMIT {Most}";
#pragma warning disable EF1002 // names of the model, no value
        return db.Database.ExecuteSqlRawAsync(db.Database.IsNpgsql()
            ? $"WITH gone AS (DELETE FROM {table} WHERE {key} IN ({due}) RETURNING {columns}) INSERT INTO {table} ({columns}, {settled}) SELECT {columns}, true FROM gone ORDER BY {key}"
            : $"UPDATE {table} SET {settled} = 1 WHERE {key} IN ({due})", ct);
#pragma warning restore EF1002
    }
}
