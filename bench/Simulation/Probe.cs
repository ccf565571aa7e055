using System.Runtime.Serialization;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Bench.Simulation;

/// <summary>A message of the simulation: it tells its own id, force and moment, so that a consumer sees when the envelope says something else.</summary>
internal interface IProbeMessage
{
    Guid Id { get; }
    string Force { get; }
    DateTimeOffset At { get; }
}

/// <summary>A fact; its consumer Fussy fails at it so many times.</summary>
[DataContract(Name = "probe-made")]
internal sealed record Made(Guid Id, Guid Subject, string Force, DateTimeOffset At, int Fails) : IProbeMessage;

/// <summary>A fact that does not tell its moment.</summary>
[DataContract(Name = "probe-seen")]
internal sealed record Seen(Guid Id, Guid Subject, string Force, DateTimeOffset At) : IProbeMessage;

/// <summary>A request to the office.</summary>
[DataContract(Name = "probe-asked")]
internal sealed record Asked(Guid Id, string Force, DateTimeOffset At) : IProbeMessage;

/// <summary>The office's fact about it, published by the consumer.</summary>
[DataContract(Name = "probe-answered")]
internal sealed record Answered(Guid Id, string Force, DateTimeOffset At) : IProbeMessage;

/// <summary>A reminder.</summary>
[DataContract(Name = "probe-due")]
internal sealed record Due(Guid Id, string Force, DateTimeOffset At, DateTimeOffset NotBefore) : IProbeMessage;

/// <summary>One row for each accepted act: what is not here did not happen.</summary>
internal sealed class ActRow : IDerivedRow
{
    public Guid Id { get; set; }
    public string ForceId { get; set; } = "";
}

/// <summary>One row for each time a consumer ran to its end.</summary>
internal sealed class Effect : IForceRow
{
    public Guid Id { get; set; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public required string Consumer { get; set; }
    public Guid Message { get; set; }
}

/// <summary>A projection that counts: a fact that comes twice, or not at all, is seen.</summary>
internal sealed class Tally : IDerivedRow
{
    public Guid Id { get; set; }
    public string ForceId { get; set; } = "";
    public int Made { get; set; }
    public int Seen { get; set; }
}

internal abstract class ProbeDb(DbContextOptions options, ServiceDbContext context) : ServiceDb(options, context)
{
    public DbSet<Effect> Effects => Set<Effect>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<ActRow>().ToTable("acts").Property(r => r.Id).ValueGeneratedNever();
        modelBuilder.Entity<Effect>().ToTable("effects").Property(r => r.Id).ValueGeneratedNever();
        modelBuilder.Entity<Tally>().ToTable("tallies").Property(r => r.Id).ValueGeneratedNever();
        ApplyPlatformRules(modelBuilder);
    }
}

/// <summary>The service that publishes, asks and reminds itself.</summary>
internal sealed class OwnerDb(DbContextOptions<OwnerDb> options, ServiceDbContext context) : ProbeDb(options, context)
{
    public override string Service => "owner";

    public static void AddConsumers(Consumers consumers)
    {
        consumers.On<Made, Counting<OwnerDb>>();
        consumers.On<Made, Fussy>();
        consumers.On<Answered, Counting<OwnerDb>>();
        consumers.On<Due, Counting<OwnerDb>>();
    }
}

/// <summary>The service that answers, counts, and may be deployed late.</summary>
internal sealed class OfficeDb(DbContextOptions<OfficeDb> options, ServiceDbContext context) : ProbeDb(options, context)
{
    public override string Service => "office";

    public static void AddConsumers(Consumers consumers)
    {
        consumers.On<Made, Tallying>(historyOf: "owner");
        consumers.On<Seen, Tallying>(historyOf: "owner");
        consumers.On<Made, Counting<OfficeDb>>();
        consumers.On<Asked, Answering>();
    }
}

internal sealed class Counting<TDb>(TDb db) : IConsume<Made>, IConsume<Answered>, IConsume<Due> where TDb : ProbeDb
{
    public Task Consume(Made message, Delivery delivery, CancellationToken ct) => Count(message, delivery);

    public Task Consume(Answered message, Delivery delivery, CancellationToken ct) => Count(message, delivery);

    public Task Consume(Due message, Delivery delivery, CancellationToken ct)
    {
        Node.Current!.Run.Expect(db.Now >= message.NotBefore, "a reminder came before its time");
        return Count(message, delivery);
    }

    private Task Count(IProbeMessage message, Delivery delivery)
    {
        Node.Current!.Run.Consumed(nameof(Counting<TDb>), message, delivery, db);
        db.Effects.Add(new Effect { Consumer = "Counting", Message = message.Id });
        return Task.CompletedTask;
    }
}

/// <summary>Fails as often as the message says, after it has written: the failure must take that back.</summary>
internal sealed class Fussy(OwnerDb db) : IConsume<Made>
{
    public async Task Consume(Made message, Delivery delivery, CancellationToken ct)
    {
        Node.Current!.Run.Consumed(nameof(Fussy), message, delivery, db);
        db.Effects.Add(new Effect { Consumer = nameof(Fussy), Message = message.Id });
        await db.SaveChangesAsync(ct);
        if (Node.Current!.Run.Fails(message))
        {
            throw new InvalidOperationException("It does not please");
        }
    }
}

internal sealed class Answering(OfficeDb db) : IConsume<Asked>
{
    public Task Consume(Asked message, Delivery delivery, CancellationToken ct)
    {
        Node.Current!.Run.Consumed(nameof(Answering), message, delivery, db);
        db.Effects.Add(new Effect { Consumer = nameof(Answering), Message = message.Id });
        db.Publish(new Answered(message.Id, message.Force, db.Now));
        return Task.CompletedTask;
    }
}

internal sealed class Tallying(OfficeDb db) : IConsumeTogether<Made>, IConsumeTogether<Seen>
{
    public async Task Consume(Made message, Delivery delivery, CancellationToken ct)
    {
        Node.Current!.Run.Consumed(nameof(Tallying), message, delivery, db);
        (await Row(message.Subject, ct)).Made++;
    }

    public async Task Consume(Seen message, Delivery delivery, CancellationToken ct)
    {
        Node.Current!.Run.Consumed(nameof(Tallying), message, delivery, db, untimed: true);
        (await Row(message.Subject, ct)).Seen++;
    }

    public Task Prepare(IEnumerable<Made> messages, CancellationToken ct) => Load(messages.Select(m => m.Subject), ct);

    public Task Prepare(IEnumerable<Seen> messages, CancellationToken ct) => Load(messages.Select(m => m.Subject), ct);

    private async Task<Tally> Row(Guid id, CancellationToken ct) => await db.Set<Tally>().FindAsync([id], ct) ?? db.Add(new Tally { Id = id }).Entity;

    private async Task Load(IEnumerable<Guid> ids, CancellationToken ct)
    {
        var missing = ids.Distinct().Where(id => db.Set<Tally>().Local.FindEntry(id) is null).ToList();
        await db.Set<Tally>().Where(t => missing.Contains(t.Id)).LoadAsync(ct);
        foreach (var id in missing.Where(id => db.Set<Tally>().Local.FindEntry(id) is null))
        {
            db.Add(new Tally { Id = id });
        }
    }
}
