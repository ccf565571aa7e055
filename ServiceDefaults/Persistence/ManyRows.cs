using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace WalkTalk.ServiceDefaults.Persistence;

/// <summary>
/// New rows on PostgreSQL, all of a table in one statement (<c>INSERT … SELECT FROM unnest</c>) and all tables in one round trip: a batch of
/// requests or messages then costs the server little more than one of them. What is changed or deleted in the same save goes EF's way.
/// </summary>
internal static class ManyRows
{
    // Fewer are quicker EF's way.
    private const int Worth = 16;

    private static readonly ConditionalWeakTable<IModel, IReadOnlyList<Table>> Tables = [];

    /// <summary>Inserts the rows; a refusal of the database leaves nothing of them and is EF's exception. How many they were.</summary>
    public static async Task<int> Insert(this ServiceDb db, IReadOnlyList<(Table Table, List<EntityEntry> Rows)> many, CancellationToken ct)
    {
        var transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction)transaction);
        // As EF does: whoever catches the refusal goes on in his transaction.
        if (db.Database.AutoSavepointsEnabled)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SAVEPOINT many_rows"));
        }

        foreach (var (table, rows) in many)
        {
            batch.BatchCommands.Add(table.Insert(rows));
        }

        try
        {
            await batch.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException e)
        {
            if (db.Database.AutoSavepointsEnabled)
            {
                await transaction.RollbackAsync("many_rows", CancellationToken.None);
            }

            throw new DbUpdateException(e.Message, e, [.. many.SelectMany(m => m.Rows)]);
        }

        foreach (var row in many.SelectMany(m => m.Rows))
        {
            row.State = EntityState.Unchanged;
        }

        return many.Sum(m => m.Rows.Count);
    }

    /// <summary>What is new in the context and can be inserted so, in the order in which it has to be.</summary>
    public static IReadOnlyList<(Table Table, List<EntityEntry> Rows)> Of(ServiceDb db)
    {
        if (!db.Database.IsNpgsql() || db.ChangeTracker.Entries().Take(Worth).Count() < Worth)
        {
            return [];
        }

        var changed = db.ChangeTracker.Entries().Where(e => e.State is not EntityState.Unchanged).ToLookup(e => e.Metadata);
        var chosen = new List<(Table, List<EntityEntry>)>();
        var left = new HashSet<IEntityType>();
        foreach (var table in Tables.GetValue(db.Model, Read).Where(t => changed.Contains(t.Type)))
        {
            // A row that replaces another waits for it to go; a row that belongs to another waits for it to come.
            if (table.Fits && changed[table.Type].All(e => e.State == EntityState.Added) && !table.Principals.Any(left.Contains))
            {
                chosen.Add((table, [.. changed[table.Type]]));
            }
            else
            {
                left.Add(table.Type);
            }
        }

        return chosen.Sum(c => c.Item2.Count) < Worth ? [] : chosen;
    }

    private static IReadOnlyList<Table> Read(IModel model) => [.. model.GetEntityTypes().OrderBy(Depth).Select(t => new Table(t))];

    private static int Depth(IEntityType type) =>
        type.GetForeignKeys().Where(k => k.PrincipalEntityType != type).Select(k => Depth(k.PrincipalEntityType) + 1).DefaultIfEmpty().Max();

    internal sealed class Table
    {
        private readonly List<(IClrPropertyGetter Getter, Func<object?, object?>? Convert, Type Type)> columns = [];
        private readonly string sql = "";

        public Table(IEntityType type)
        {
            Type = type;
            Principals = [.. type.GetForeignKeys().Select(k => k.PrincipalEntityType).Where(p => p != type)];
            var properties = type.GetProperties().ToList();
            Fits = type.GetTableName() is not null && properties.TrueForAll(p => !p.IsShadowProperty() && p.GetTypeMapping() is RelationalTypeMapping { ElementTypeMapping: null });
            if (Fits)
            {
                columns.AddRange(properties.Select(p => (p.GetGetter(), p.GetTypeMapping().Converter?.ConvertToProvider, Stored(p))));
                var names = properties.Select(p => $"\"{p.GetColumnName()}\"");
                sql = $"INSERT INTO \"{type.GetTableName()}\" ({string.Join(", ", names)}) SELECT * FROM unnest({string.Join(", ", properties.Select((_, i) => $"${i + 1}"))})";
            }
        }

        public IEntityType Type { get; }

        public IReadOnlyList<IEntityType> Principals { get; }

        public bool Fits { get; }

        public NpgsqlBatchCommand Insert(List<EntityEntry> rows)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var (getter, convert, type) in columns)
            {
                var values = Array.CreateInstance(type, rows.Count);
                for (var i = 0; i < rows.Count; i++)
                {
                    var value = getter.GetClrValue(rows[i].Entity);
                    values.SetValue(value is null || convert is null ? value : convert(value), i);
                }

                command.Parameters.Add(new NpgsqlParameter { Value = values });
            }

            return command;
        }

        private static Type Stored(IProperty property)
        {
            var mapping = property.GetTypeMapping();
            var type = Nullable.GetUnderlyingType(mapping.Converter?.ProviderClrType ?? mapping.ClrType) ?? mapping.Converter?.ProviderClrType ?? mapping.ClrType;
            return type.IsValueType && property.IsNullable ? typeof(Nullable<>).MakeGenericType(type) : type;
        }
    }
}
