using System.ComponentModel.DataAnnotations;
using System.Runtime.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using WalkTalk.Fixtures;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Platform.Tests;

/// <summary>The smallest service that uses everything the platform gives one.</summary>
public static class Probe
{
    internal static readonly ServiceModule Module = new("probe", builder =>
    {
        builder.AddForces(["metropolitan", "north-wales"], "probe");
        builder.AddServiceDb<ProbeDb, SqliteProbeDb, PostgresProbeDb>("probe", (_, db, ct) => db.CreateTables(ct));
    }, consumers =>
    {
        consumers.On<ThingMade, CountThing>();
        consumers.On<ThingMade, SometimesFails>();
        consumers.On<ThingDue, CountDue>();
        consumers.On<ThingTouched, TouchThing>();
    }, routes =>
    {
        routes.MapPost("/things", MakeThing).Staff("coordinator").Idempotent();
        routes.MapGet("/things/{id:guid}", GetThing).Staff("coordinator", "officer");
        routes.MapPut("/things/{id:guid}", RenameThing).Staff("coordinator");
        routes.MapGet("/things", (ProbeDb db, CancellationToken ct) => db.Things.CountAsync(ct)).Public();
    });

    private static async Task<IResult> MakeThing(NewThing request, ProbeDb db, PersonalData personal, CancellationToken ct)
    {
        var thing = new Thing { Id = Guid.CreateVersion7(), Name = request.Name };
        thing.Contact = await personal.Protect(db, thing.Id, "contact", request.Contact ?? "nobody@example.org", ct);
        db.Things.Add(thing);
        db.Publish(new ThingMade(thing.Id, request.Name));
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/things/{thing.Id}", new ThingView(thing.Id, thing.Name, null));
    }

    private static async Task<IResult> GetThing(Guid id, ProbeDb db, PersonalData personal, HttpResponse response, CancellationToken ct)
    {
        if (await db.Things.FirstOrDefaultAsync(t => t.Id == id, ct) is not { } thing)
        {
            return new Refusal("no-thing", 404, "There is no such thing");
        }

        Etag.Set(response, thing);
        return TypedResults.Ok(new ThingView(id, thing.Name, await personal.Open(db, id, "contact", thing.Contact, "looked at", ct)));
    }

    private static async Task<IResult> RenameThing(Guid id, NewThing request, ProbeDb db, HttpRequest http, CancellationToken ct)
    {
        if (await db.Things.FirstOrDefaultAsync(t => t.Id == id, ct) is not { } thing)
        {
            return new Refusal("no-thing", 404, "There is no such thing");
        }

        if (Etag.Check(http, thing) is { } refusal)
        {
            return refusal;
        }

        thing.Name = request.Name;
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    public sealed class OnSqlite() : App(TestOn.OneProcess);

    public sealed class OnPostgres() : App(TestOn.PostgresAndRabbit);

    public abstract class App : ServiceApp
    {
        private protected App(TestOn on) : base(on, Module)
        {
        }
    }
}

public sealed record NewThing
{
    [Required]
    public required string Name { get; init; }
    public string? Contact { get; init; }
}

public sealed record ThingView(Guid Id, string Name, string? Contact);

[DataContract(Name = "probe-thing-made")]
public sealed record ThingMade(Guid Id, string Name);

[DataContract(Name = "probe-thing-due")]
public sealed record ThingDue(string Name);

[DataContract(Name = "probe-thing-touched")]
public sealed record ThingTouched(Guid Id, string Name);

[DataContract(Name = "probe-nobody-wants")]
public sealed record NobodyWants(string Name);

internal sealed class Thing : IForceRow, IVersioned
{
    public Guid Id { get; set; }
    public string ForceId { get; set; } = "";
    public long Version { get; set; }
    public required string Name { get; set; }
    public string Contact { get; set; } = "";
}

/// <summary>One row for each time a consumer ran to its end.</summary>
internal sealed class Effect : IForceRow
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public string ForceId { get; set; } = "";
    public required string Consumer { get; set; }
    public required string Name { get; set; }
}

internal abstract class ProbeDb(DbContextOptions options, ServiceDbContext context) : ServiceDb(options, context)
{
    public override string Service => "probe";

    protected internal override IReadOnlyList<string> SealedInAudit { get; } = ["hidden"];

    public DbSet<Thing> Things => Set<Thing>();
    public DbSet<Effect> Effects => Set<Effect>();

    /// <summary>A test needs no migrations.</summary>
    public async Task CreateTables(CancellationToken ct)
    {
        if (!(await Database.SqlQueryRaw<string>(Tables).ToListAsync(ct)).Contains("things"))
        {
            await this.GetService<IRelationalDatabaseCreator>().CreateTablesAsync(ct);
        }
    }

    protected abstract string Tables { get; }

    public Task<int> Touch(Guid id, string name, CancellationToken ct) => Things.Where(t => t.Id == id).ExecuteUpdateAsync(s => s.SetProperty(t => t.Name, name), ct);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Thing>();
        modelBuilder.Entity<Effect>();
        ApplyPlatformRules(modelBuilder);
    }
}

internal sealed class SqliteProbeDb(DbContextOptions<SqliteProbeDb> options, ServiceDbContext context) : ProbeDb(options, context)
{
    protected override string Tables => "SELECT name AS \"Value\" FROM sqlite_master";
}

internal sealed class PostgresProbeDb(DbContextOptions<PostgresProbeDb> options, ServiceDbContext context) : ProbeDb(options, context)
{
    protected override string Tables => "SELECT table_name AS \"Value\" FROM information_schema.tables";
}

internal sealed class CountThing(ProbeDb db) : IConsume<ThingMade>
{
    public Task Consume(ThingMade message, Delivery delivery, CancellationToken ct)
    {
        db.Effects.Add(new Effect { Consumer = nameof(CountThing), Name = message.Name });
        return Task.CompletedTask;
    }
}

/// <summary>Fails as often as a thing's name says: "fails 2 …" twice, "fails always …" until it is told otherwise.</summary>
internal sealed class SometimesFails(ProbeDb db) : IConsume<ThingMade>
{
    public static readonly System.Collections.Concurrent.ConcurrentDictionary<Guid, int> Tries = new();
    public static readonly System.Collections.Concurrent.ConcurrentDictionary<Guid, bool> Mended = new();

    public async Task Consume(ThingMade message, Delivery delivery, CancellationToken ct)
    {
        db.Effects.Add(new Effect { Consumer = nameof(SometimesFails), Name = message.Name });
        await db.SaveChangesAsync(ct); // on purpose: a failure afterwards must take it back
        var tries = Tries.AddOrUpdate(message.Id, 1, (_, n) => n + 1);
        if ((message.Name.StartsWith("fails 2", StringComparison.Ordinal) && tries <= 2)
            || (message.Name.StartsWith("fails always", StringComparison.Ordinal) && !Mended.ContainsKey(message.Id)))
        {
            throw new InvalidOperationException($"Secret of {message.Name}");
        }
    }
}

internal sealed class CountDue(ProbeDb db) : IConsume<ThingDue>
{
    public Task Consume(ThingDue message, Delivery delivery, CancellationToken ct)
    {
        db.Effects.Add(new Effect { Consumer = nameof(CountDue), Name = message.Name });
        return Task.CompletedTask;
    }
}

/// <summary>Locks what a request locks too.</summary>
internal sealed class TouchThing(ProbeDb db) : IConsumeAlone<ThingTouched>
{
    public Task Consume(ThingTouched message, Delivery delivery, CancellationToken ct) => db.Touch(message.Id, message.Name, ct);
}
