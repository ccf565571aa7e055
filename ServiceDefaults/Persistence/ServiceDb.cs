using System.Diagnostics;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.ServiceDefaults.Persistence;

/// <summary>What every <see cref="ServiceDb"/> is given.</summary>
public sealed record ServiceDbContext(Caller Caller, TimeProvider Time, Wakeups Wakeups);

/// <summary>
/// The database of one service, on SQLite or PostgreSQL. It carries what cannot be added later: the force on every row and query,
/// outbox and inbox, the audit trail, versions, idempotent answers and a key per person.
/// </summary>
public abstract class ServiceDb(DbContextOptions options, ServiceDbContext context) : DbContext(options)
{
    private static readonly MethodInfo ForceFilter = typeof(ServiceDb).GetMethod(nameof(OnlyThisForce), BindingFlags.Instance | BindingFlags.NonPublic)!;
    private bool wakeOnCommit;
    private bool refused;

    /// <summary>The service's name, e.g. booking.</summary>
    public abstract string Service { get; }

    /// <summary>
    /// Words of which one, as action, as kind of subject or as the reason of a read, seals an entry of the audit trail: whoever reads
    /// the trail sees that entry as a hash.
    /// </summary>
    protected internal virtual IReadOnlyList<string> SealedInAudit => [];

    /// <summary>The force whose rows are visible; null shows none.</summary>
    public string? Force { get => context.Caller.Force; set => context.Caller.Force = value; }

    /// <summary>The current instant by the platform's clock.</summary>
    public DateTimeOffset Now => context.Time.GetUtcNow();

    /// <summary>Who is acting.</summary>
    public Caller Caller => context.Caller;

    internal DbSet<OutboxRow> Outbox => Set<OutboxRow>();
    internal DbSet<InboxRow> Inbox => Set<InboxRow>();
    internal DbSet<HistoryRow> HistoryRead => Set<HistoryRow>();
    internal DbSet<AuditRow> AuditTrail => Set<AuditRow>();
    internal DbSet<PersonKeyRow> PersonKeys => Set<PersonKeyRow>();
    internal DbSet<AnswerRow> Answers => Set<AnswerRow>();

    /// <summary>Tells the other services a fact, in the same save as the change it tells of. It stays as history.</summary>
    /// <param name="fact">A record with a stable <see cref="DataContractAttribute"/> name.</param>
    /// <param name="untimed">True where the moment must not be told: the row carries the day only and no trace.</param>
    public void Publish<T>(T fact, bool untimed = false) where T : class => Enqueue(fact, OutboxRow.Fact, null, null, untimed);

    /// <summary>Asks another service for something, in the same save. It waits until a consumer has it, then it is gone.</summary>
    public void Request<T>(T message) where T : class => Enqueue(message, OutboxRow.Request, null, null, untimed: false);

    /// <summary>Sends this service a message at a time to come. The same key replaces what waits under it.</summary>
    public async Task Schedule<T>(string key, DateTimeOffset notBefore, T message, CancellationToken ct = default) where T : class
    {
        await Withdraw(key, ct);
        Enqueue(message, OutboxRow.Request, notBefore, key, untimed: false);
    }

    /// <summary>The same under a key that nothing waits under yet, because what it names is new.</summary>
    public void ScheduleFirst<T>(string key, DateTimeOffset notBefore, T message) where T : class => Enqueue(message, OutboxRow.Request, notBefore, key, untimed: false);

    /// <summary>Takes back what is scheduled under the key and not yet sent.</summary>
    public async Task Withdraw(string key, CancellationToken ct = default)
    {
        Outbox.RemoveRange(Outbox.Local.Where(r => r.Key == key).ToList());
        Outbox.RemoveRange(await Outbox.Where(r => r.Key == key && r.SentAt == null).ToListAsync(ct));
    }

    /// <summary>Whether something scheduled under the key waits to be sent.</summary>
    public Task<bool> IsScheduled(string key, CancellationToken ct = default) => Outbox.AnyAsync(r => r.Key == key && r.SentAt == null, ct);

    /// <summary>Records who did what to which subject, in the same save. Changes of rows are recorded without it; use it for reads and decisions.</summary>
    public void Audit(string action, string subjectType, string subjectId, string? reason = null)
    {
        context.Caller.HasAudited = true;
        AuditTrail.Add(new AuditRow
        {
            At = Now, SealAfter = Now, Actor = context.Caller.Actor,
            Action = action, SubjectType = subjectType, SubjectId = subjectId, Reason = reason,
        });
    }

    /// <summary>Runs several statements as one, inside the request's transaction where it already has one.</summary>
    public async Task<T> Atomically<T>(Func<Task<T>> work, CancellationToken ct = default)
    {
        if (Database.CurrentTransaction is not null)
        {
            return await work();
        }

        await using var transaction = await Database.BeginTransactionAsync(ct);
        var result = await work();
        await transaction.CommitAsync(ct);
        return result;
    }

    /// <summary>
    /// Rows of values to be joined in SQL, as <c>FROM … AS name</c> with column1, column2, …: one array a column on PostgreSQL, so that the statement is the
    /// same however many they are and stays prepared. Adds its parameters behind those that are there.
    /// </summary>
    public string Values(List<object> parameters, string name, params Array[] columns)
    {
        var first = parameters.Count;
        if (Database.IsNpgsql())
        {
            parameters.AddRange(columns);
            return $"unnest({string.Join(", ", columns.Select((_, i) => $"{{{first + i}}}"))}) AS {name}({string.Join(", ", columns.Select((_, i) => $"column{i + 1}"))})";
        }

        var rows = Enumerable.Range(0, columns[0].Length).Select(row => $"({string.Join(", ", columns.Select((column, i) =>
        {
            parameters.Add(column.GetValue(row)!);
            return $"{{{parameters.Count - 1}}}";
        }))})").ToList();
        return $"(VALUES {string.Join(", ", rows)}) AS {name}";
    }

    /// <inheritdoc/>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        var automatic = ChangeTracker.AutoDetectChangesEnabled;
        ChangeTracker.DetectChanges();
        ChangeTracker.AutoDetectChangesEnabled = false; // once is enough: what changes below is changed explicitly
        try
        {
            return await Save(acceptAllChangesOnSuccess, cancellationToken);
        }
        finally
        {
            ChangeTracker.AutoDetectChangesEnabled = automatic;
        }
    }

    private async Task<int> Save(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken)
    {
        var changes = new List<AuditRow>();
        foreach (var entry in ChangeTracker.Entries<IVersioned>().Where(e => e.State is EntityState.Added or EntityState.Modified))
        {
            entry.Property(nameof(IVersioned.Version)).CurrentValue = entry.Entity.Version + 1;
        }

        foreach (var entry in ChangeTracker.Entries<IForceRow>()
            .Where(e => e is { Entity: not (IPlatformRow or IDerivedRow), State: EntityState.Added or EntityState.Modified or EntityState.Deleted }).ToList())
        {
            changes.Add(AuditChange(entry));
        }

        foreach (var entry in ChangeTracker.Entries<IForceRow>().Where(e => e.State == EntityState.Added))
        {
            Stamp(entry.Entity);
        }

        var wakes = ChangeTracker.Entries<OutboxRow>().Any(e => e.State == EntityState.Added && e.Entity.DueAt <= Now);
        int saved;
        try
        {
            saved = ManyRows.Of(this) is { Count: > 0 } many
                ? await Atomically(async () => await this.Insert(many, cancellationToken) + await SaveWhatIsLeft(acceptAllChangesOnSuccess, cancellationToken), cancellationToken)
                : await SaveWhatIsLeft(acceptAllChangesOnSuccess, cancellationToken);
        }
        catch (DbUpdateException)
        {
            // What did not happen is not audited; whoever tries again audits again.
            changes.ForEach(row => Entry(row).State = EntityState.Detached);
            refused = true;
            throw;
        }

        wakeOnCommit |= wakes;
        if (Database.CurrentTransaction is null)
        {
            Committed();
        }

        return saved;
    }

    /// <summary>A reminder that is taken back may have gone out at the same moment; that hinders nobody, because it is looked at again where it arrives.</summary>
    private async Task<int> SaveWhatIsLeft(bool acceptAllChangesOnSuccess, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await base.SaveChangesAsync(acceptAllChangesOnSuccess, ct);
            }
            catch (DbUpdateConcurrencyException e) when (e.Entries.All(entry => entry is { Entity: OutboxRow, State: EntityState.Deleted }))
            {
                foreach (var gone in e.Entries)
                {
                    gone.State = EntityState.Detached;
                }
            }
        }
    }

    /// <inheritdoc/>
    public override int SaveChanges(bool acceptAllChangesOnSuccess) => throw new NotSupportedException("Save asynchronously.");

    /// <summary>Wakes the dispatcher, once what it is to send can be seen by it.</summary>
    internal void Committed()
    {
        if (wakeOnCommit)
        {
            wakeOnCommit = false;
            context.Wakeups.For(Service).Set();
        }
    }

    /// <summary>Saves the audited reads of a request that changed nothing else.</summary>
    internal async Task SaveReads(CancellationToken ct)
    {
        var reads = ChangeTracker.Entries<AuditRow>().Where(e => e.State == EntityState.Added).Select(e => e.Entity)
            .Where(row => !refused || row.Action == AuditRow.Read).ToList();
        if (reads.Count > 0)
        {
            // Alone: a refused request may have left changes that must not be saved with them.
            ChangeTracker.Clear();
            AuditTrail.AddRange(reads);
            await SaveChangesAsync(ct);
        }
    }

    private void Enqueue<T>(T message, string kind, DateTimeOffset? notBefore, string? key, bool untimed) where T : class
    {
        var now = untimed ? Today : Now;
        Outbox.Add(new OutboxRow
        {
            Id = untimed ? Guid.NewGuid() : Guid.CreateVersion7(Now), Name = Delivery.NameOf(typeof(T)), Kind = kind, Key = key,
            Body = JsonSerializer.Serialize(message, Delivery.Json), Traceparent = untimed ? null : Activity.Current?.Id,
            CreatedAt = now, DueAt = notBefore ?? now,
        });
    }

    private DateTimeOffset Today => new(Now.UtcDateTime.Date, TimeSpan.Zero);

    private void Stamp(IForceRow row)
    {
        if (row.ForceId.Length == 0)
        {
            row.ForceId = Force ?? throw new InvalidOperationException($"{row.GetType().Name} belongs to no force.");
        }
        else if (Force is not null && row.ForceId != Force)
        {
            throw new InvalidOperationException($"{row.GetType().Name} belongs to another force.");
        }
    }

    private AuditRow AuditChange(EntityEntry<IForceRow> entry)
    {
        var untimed = entry.Entity is IUntimed;
        return AuditTrail.Add(new AuditRow
        {
            ForceId = entry.Entity.ForceId,
            At = untimed ? Today : Now, SealAfter = untimed ? Today.AddDays(1) : Now, Actor = context.Caller.Actor,
            Action = entry.State switch { EntityState.Added => "added", EntityState.Deleted => "deleted", _ => "changed" },
            SubjectType = entry.Metadata.ClrType.Name,
            SubjectId = string.Join('/', entry.Metadata.FindPrimaryKey()!.Properties.Select(p => Text(entry.Property(p.Name).CurrentValue))),
            Fields = entry.State == EntityState.Modified
                ? string.Join(' ', entry.Properties.Where(p => p.IsModified && p.Metadata.Name != nameof(IVersioned.Version)).Select(p => p.Metadata.Name))
                : null,
        }).Entity;

        static string? Text(object? key) => key is byte[] bytes ? Convert.ToHexStringLower(bytes) : key?.ToString();
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
        if (Database.IsSqlite())
        {
            configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();
        }
        else
        {
            configurationBuilder.Properties<DateTimeOffset>().HaveConversion<Utc>();
        }
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<OutboxRow>(b =>
        {
            b.ToTable("outbox").HasKey(r => r.Id);
            b.HasIndex(r => r.DueAt).HasFilter("sent_at IS NULL AND parked_at IS NULL");
            b.HasIndex(r => new { r.ForceId, r.Key }).IsUnique().HasFilter("key IS NOT NULL AND sent_at IS NULL");
            b.HasIndex(r => new { r.ForceId, r.CreatedAt, r.Id }).HasFilter("kind = 'fact'");
        });
        modelBuilder.Entity<HistoryRow>(b =>
        {
            b.ToTable("history").HasKey(r => new { r.ForceId, r.Owner });
            b.Property(r => r.Run).IsConcurrencyToken();
            b.Property(r => r.After).IsConcurrencyToken();
        });
        modelBuilder.Entity<InboxRow>(b =>
        {
            b.ToTable("inbox").HasKey(r => new { r.MessageId, r.Consumer });
            b.HasIndex(r => r.DueAt).HasFilter("handled_on IS NULL");
        });
        modelBuilder.Entity<AuditRow>(b =>
        {
            b.ToTable("audit").HasKey(r => r.Id);
            b.HasIndex(r => new { r.ForceId, r.Sequence }).IsUnique().HasFilter("sequence IS NOT NULL");
            b.HasIndex(r => r.SealAfter).HasFilter("sequence IS NULL");
        });
        modelBuilder.Entity<PersonKeyRow>().ToTable("person_key").HasKey(r => r.PersonId);
        modelBuilder.Entity<AnswerRow>().ToTable("answer").HasKey(r => r.KeyHash);
    }

    /// <summary>To be called at the end of OnModelCreating, when every entity is known: hides other forces' rows and makes versions concurrency tokens.</summary>
    protected void ApplyPlatformRules(ModelBuilder modelBuilder)
    {
        foreach (var type in modelBuilder.Model.GetEntityTypes().Where(t => t.BaseType is null && !t.IsOwned()).ToList())
        {
            if (type.ClrType.IsAssignableTo(typeof(IForceRow)))
            {
                ForceFilter.MakeGenericMethod(type.ClrType).Invoke(this, [modelBuilder]);
            }

            if (type.ClrType.IsAssignableTo(typeof(IVersioned)))
            {
                modelBuilder.Entity(type.ClrType).Property(nameof(IVersioned.Version)).IsConcurrencyToken();
            }
        }
    }

    private void OnlyThisForce<T>(ModelBuilder modelBuilder) where T : class, IForceRow =>
        modelBuilder.Entity<T>().HasQueryFilter(row => row.ForceId == Force).Property(row => row.ForceId).HasMaxLength(40);

    // SQLite cannot order or compare DateTimeOffset; PostgreSQL refuses other offsets than zero.
    private sealed class UtcTicks() : ValueConverter<DateTimeOffset, long>(v => v.UtcTicks, v => new DateTimeOffset(v, TimeSpan.Zero));

    private sealed class Utc() : ValueConverter<DateTimeOffset, DateTimeOffset>(v => v.ToUniversalTime(), v => v);
}
