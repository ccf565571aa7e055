using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using WalkTalk.Reporting.Projections;
using WalkTalk.Reporting.Releases;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Reporting.Data;

/// <summary>Projections of what other services told, and releases. No contact, no free text, no exact place or time.</summary>
internal abstract class ReportingDb(DbContextOptions options, ServiceDbContext context) : ServiceDb(options, context)
{
    public override string Service => "reporting";

    private bool hasTurn;

    public DbSet<WalkRow> Walks => Set<WalkRow>();
    public DbSet<BookingRow> Bookings => Set<BookingRow>();
    public DbSet<RequestRow> Requests => Set<RequestRow>();
    public DbSet<ConcernRow> Concerns => Set<ConcernRow>();
    public DbSet<ActionRow> Actions => Set<ActionRow>();
    public DbSet<DisclosureRow> Disclosures => Set<DisclosureRow>();
    public DbSet<FeelingRow> Feelings => Set<FeelingRow>();
    public DbSet<MessageRow> Messages => Set<MessageRow>();
    public DbSet<RetentionRow> RetentionRuns => Set<RetentionRow>();
    public DbSet<Release> Releases => Set<Release>();

    /// <summary>
    /// Waits until no other replica projects, for the rest of the transaction: facts about one thing come close together and to any replica. Not for ever,
    /// because the other may stand still with its transaction open: then the columns below notice what collides, and one of the two waits in the inbox.
    /// </summary>
    public async Task TakeTurn(CancellationToken ct)
    {
        for (var tries = 0; !hasTurn && Database.IsNpgsql() && Database.CurrentTransaction is not null; tries++)
        {
            hasTurn = tries == 200 || await Database.SqlQuery<bool>($"SELECT pg_try_advisory_xact_lock(311, 1) AS \"Value\"").SingleAsync(ct);
            if (!hasTurn)
            {
                await Task.Delay(5, ct);
            }
        }
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<WalkRow>(walk =>
        {
            walk.ToTable("walks");
            walk.Property(w => w.Id).ValueGeneratedNever();
            walk.HasIndex(w => new { w.ForceId, w.Quarter });
        });
        model.Entity<BookingRow>(booking =>
        {
            booking.ToTable("bookings");
            booking.Property(b => b.Id).ValueGeneratedNever();
            booking.HasIndex(b => b.WalkId);
            booking.Property(b => b.Revision).IsConcurrencyToken();
        });
        model.Entity<RequestRow>(request =>
        {
            request.ToTable("requests");
            request.Property(r => r.Id).ValueGeneratedNever();
            request.HasIndex(r => new { r.ForceId, r.Quarter });
            // The shortest of several depends on what stood there before.
            request.Property(r => r.OfferedAfter).IsConcurrencyToken();
        });
        model.Entity<ConcernRow>(concern =>
        {
            concern.ToTable("concerns");
            concern.Property(c => c.Id).ValueGeneratedNever();
            concern.HasIndex(c => new { c.ForceId, c.Quarter });
            // First and last days depend on what stood there before: two at the same moment must not lose one.
            concern.Property(c => c.TriagedQuarter).IsConcurrencyToken();
            concern.Property(c => c.ActionOn).IsConcurrencyToken();
            concern.Property(c => c.ClaimedOn).IsConcurrencyToken();
            concern.Property(c => c.ConfirmedOn).IsConcurrencyToken();
            concern.Property(c => c.DisputedOn).IsConcurrencyToken();
            concern.Property(c => c.NoActionOn).IsConcurrencyToken();
            concern.Property(c => c.ReceivedOn).IsConcurrencyToken();
            concern.Property(c => c.TriagedOn).IsConcurrencyToken();
            concern.Property(c => c.TriagedInTime).IsConcurrencyToken();
            concern.Property(c => c.LastNoActionOn).IsConcurrencyToken();
            concern.Property(c => c.ReviewOn).IsConcurrencyToken();
            concern.Property(c => c.NoActionReason).IsConcurrencyToken();
            concern.Property(c => c.LastStepOn).IsConcurrencyToken();
            concern.Property(c => c.OutcomeOn).IsConcurrencyToken();
            concern.Property(c => c.Reachable).IsConcurrencyToken();
            concern.Property(c => c.ToldOn).IsConcurrencyToken();
        });
        model.Entity<ActionRow>(action =>
        {
            action.ToTable("actions");
            action.Property(a => a.Id).ValueGeneratedNever();
            action.HasIndex(a => new { a.ForceId, a.Quarter });
            action.Property(a => a.AgreedOn).IsConcurrencyToken();
        });
        model.Entity<DisclosureRow>(disclosure =>
        {
            disclosure.ToTable("disclosures");
            disclosure.Property(d => d.Id).ValueGeneratedNever();
            disclosure.HasIndex(d => new { d.ForceId, d.FlaggedOn });
            disclosure.Property(d => d.FlaggedOn).IsConcurrencyToken();
            disclosure.Property(d => d.InTime).IsConcurrencyToken();
        });
        model.Entity<FeelingRow>(feeling =>
        {
            feeling.ToTable("feelings");
            feeling.Property(f => f.Id).ValueGeneratedNever();
            feeling.HasIndex(f => new { f.ForceId, f.Quarter });
        });
        model.Entity<MessageRow>(message =>
        {
            message.ToTable("messages");
            message.Property(m => m.Id).ValueGeneratedNever();
            message.HasIndex(m => new { m.ForceId, m.Quarter });
            message.Property(m => m.On).IsConcurrencyToken();
            message.Property(m => m.State).IsConcurrencyToken();
            message.Property(m => m.Seconds).IsConcurrencyToken();
            message.Property(m => m.MayBeTwice).IsConcurrencyToken();
        });
        model.Entity<RetentionRow>(run =>
        {
            run.ToTable("retention_runs");
            run.Property(r => r.Id).ValueGeneratedNever();
            run.Property(r => r.RanOn).IsConcurrencyToken();
            run.Property(r => r.Overdue).IsConcurrencyToken();
        });
        model.Entity<Release>(release =>
        {
            release.ToTable("releases");
            release.Property(r => r.Id).ValueGeneratedNever();
            release.HasIndex(r => new { r.ForceId, r.Quarter }).IsUnique();
        });
        base.OnModelCreating(model);
        ApplyPlatformRules(model);
    }
}

internal sealed class SqliteReportingDb(DbContextOptions<SqliteReportingDb> options, ServiceDbContext context) : ReportingDb(options, context)
{
    internal sealed class Factory : IDesignTimeDbContextFactory<SqliteReportingDb>
    {
        public SqliteReportingDb CreateDbContext(string[] args) => new(DesignTime.Sqlite<SqliteReportingDb>(), DesignTime.Context);
    }
}

internal sealed class PostgresReportingDb(DbContextOptions<PostgresReportingDb> options, ServiceDbContext context) : ReportingDb(options, context)
{
    internal sealed class Factory : IDesignTimeDbContextFactory<PostgresReportingDb>
    {
        public PostgresReportingDb CreateDbContext(string[] args) => new(DesignTime.Postgres<PostgresReportingDb>(), DesignTime.Context);
    }
}
