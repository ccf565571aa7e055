using System.Net;
using System.Net.Http.Json;
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

namespace WalkTalk.Platform.Tests.Fixtures;

/// <summary>What every service's tests rely on, seen on the smallest service there can be.</summary>
public abstract class ServiceAppTests(ProbeApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_staff_token_opens_its_own_force_alone()
    {
        Assert.Equal(HttpStatusCode.OK, (await app.Client("operator").GetAsync("/v1/metropolitan/operations/status", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Client("coordinator").GetAsync("/v1/metropolitan/operations/status", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Client("operator", force: "south-wales").GetAsync("/v1/metropolitan/operations/status", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Client().GetAsync("/v1/metropolitan/operations/status", Ct)).StatusCode);
    }

    [Fact]
    public async Task What_a_use_case_publishes_and_schedules_is_seen()
    {
        var text = $"said {Guid.NewGuid()}";
        var answer = await app.Client().PostAsJsonAsync("/v1/metropolitan/notes", new Note(text), Ct);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);

        Assert.Contains(new Noted(text), await app.Published<Noted>());
        Assert.Contains((app.Time.GetUtcNow() + TimeSpan.FromHours(1), new NoteDue(text)), await app.Scheduled<NoteDue>());
    }

    [Fact]
    public async Task A_delivered_message_is_consumed_once()
    {
        var text = $"told {Guid.NewGuid()}";
        var id = await app.Deliver(new Told(text));
        await app.Deliver(new Told(text), id: id);

        await app.Eventually(() => app.Db<ProbeDb, bool>(db => db.Notes.AnyAsync(n => n.Text == text, Ct)));
        Assert.Equal(1, await app.Db<ProbeDb, int>(db => db.Notes.CountAsync(n => n.Text == text, Ct)));
        Assert.Equal(0, await app.Db<ProbeDb, int>(db => db.Notes.CountAsync(Ct), force: "south-wales"));
    }
}

public sealed class ServiceAppOnSqlite(ProbeApp.Sqlite app) : ServiceAppTests(app), IClassFixture<ProbeApp.Sqlite>;

public sealed class ServiceAppOnPostgres(ProbeApp.Postgres app) : ServiceAppTests(app), IClassFixture<ProbeApp.Postgres>;

public abstract class ProbeApp(TestOn on) : ServiceApp(on, Module)
{
    private static readonly ServiceModule Module = new("probe",
        builder =>
        {
            builder.AddForces([Force, "south-wales"], "none");
            builder.AddServiceDb<ProbeDb, SqliteProbeDb, PostgresProbeDb>("probe", (_, db, ct) => db.CreateTables(ct));
        },
        consumers => consumers.On<Told, RecordTold>(),
        routes => routes.MapPost("/notes", async (Note note, ProbeDb db, CancellationToken ct) =>
        {
            db.Publish(new Noted(note.Text));
            await db.Schedule(note.Text, db.Now + TimeSpan.FromHours(1), new NoteDue(note.Text), ct);
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }).Public());

    public sealed class Sqlite() : ProbeApp(TestOn.OneProcess);

    public sealed class Postgres() : ProbeApp(TestOn.PostgresAndRabbit);
}

public sealed record Note(string Text);

[DataContract(Name = "probe-noted")]
public sealed record Noted(string Text);

[DataContract(Name = "probe-note-due")]
public sealed record NoteDue(string Text);

[DataContract(Name = "probe-told")]
public sealed record Told(string Text);

public sealed class NoteRow : IForceRow
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public string ForceId { get; set; } = "";
    public required string Text { get; set; }
}

internal sealed class RecordTold(ProbeDb db) : IConsume<Told>
{
    public Task Consume(Told message, Delivery delivery, CancellationToken ct)
    {
        db.Notes.Add(new NoteRow { Text = message.Text });
        return Task.CompletedTask;
    }
}

public abstract class ProbeDb(DbContextOptions options, ServiceDbContext context) : ServiceDb(options, context)
{
    public override string Service => "probe";

    public DbSet<NoteRow> Notes => Set<NoteRow>();

    /// <summary>A service of the tests has no migrations: its tables come from the model, at the first start.</summary>
    public async Task CreateTables(CancellationToken ct)
    {
        if (!(await Database.SqlQueryRaw<string>(HasNotes).ToListAsync(ct)).Contains("note"))
        {
            await this.GetService<IRelationalDatabaseCreator>().CreateTablesAsync(ct);
        }
    }

    protected abstract string HasNotes { get; }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<NoteRow>().ToTable("note");
        ApplyPlatformRules(modelBuilder);
    }
}

public sealed class SqliteProbeDb(DbContextOptions<SqliteProbeDb> options, ServiceDbContext context) : ProbeDb(options, context)
{
    protected override string HasNotes => "SELECT name FROM sqlite_master";
}

public sealed class PostgresProbeDb(DbContextOptions<PostgresProbeDb> options, ServiceDbContext context) : ProbeDb(options, context)
{
    protected override string HasNotes => "SELECT tablename FROM pg_tables";
}
