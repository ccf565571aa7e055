using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Design;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>What women said, what was answered, and what is sealed. No row knows a booking, and none of hers knows the time of day.</summary>
internal abstract class FeedbackDb(DbContextOptions options, ServiceDbContext context) : ServiceDb(options, context)
{
    public override string Service => "feedback";

    /// <summary>What happened to a disclosure or to a case about police, and every look at one, also at her address to tell her of it: who reads the audit trail is not told that it exists.</summary>
    protected override IReadOnlyList<string> SealedInAudit { get; } = [nameof(SealedDisclosure), nameof(StandardsCase), "disclosure", "standards", "photo-disclosure", "photo-standards", "disclosure-options", "disclosure-receipt"];

    public DbSet<Mailbox> Mailboxes => Set<Mailbox>();
    public DbSet<MailboxMessage> Messages => Set<MailboxMessage>();
    public DbSet<Concern> Concerns => Set<Concern>();
    public DbSet<SafePlace> SafePlaces => Set<SafePlace>();
    public DbSet<PlaceAudit> Audits => Set<PlaceAudit>();
    public DbSet<ForceAction> Actions => Set<ForceAction>();
    public DbSet<Capture> Captures => Set<Capture>();
    public DbSet<Promise> Promises => Set<Promise>();
    public DbSet<SealedDisclosure> Disclosures => Set<SealedDisclosure>();
    public DbSet<StandardsCase> StandardsCases => Set<StandardsCase>();
    public DbSet<Conflict> Conflicts => Set<Conflict>();
    public DbSet<Photo> Photos => Set<Photo>();
    public DbSet<FollowUp> FollowUps => Set<FollowUp>();
    public DbSet<SavedFilter> SavedFilters => Set<SavedFilter>();
    public DbSet<BulkStep> BulkSteps => Set<BulkStep>();
    public DbSet<LegalHold> LegalHolds => Set<LegalHold>();
    public DbSet<RetentionRun> RetentionRuns => Set<RetentionRun>();
    public DbSet<PartnerRequest> PartnerRequests => Set<PartnerRequest>();
    public DbSet<BoardEntry> Board => Set<BoardEntry>();

    /// <summary>Every concern of the force, for what a step moves without showing it: whoever agrees an action must not leave one behind because it is kept from her.</summary>
    public IQueryable<Concern> AllConcerns => Concerns.IgnoreQueryFilters().Where(c => c.ForceId == Force);

    private string? Sub => Caller.Sub;

    /// <summary>
    /// Spends an attendance nonce; false when it was spent before. Written past the change tracker, so that not even
    /// an audit entry stands beside it: the table holds hashes, and whether their order is gone.
    /// </summary>
    public async Task<bool> Spend(byte[] nonceHash, CancellationToken ct) =>
        await Database.ExecuteSqlAsync($"INSERT INTO spent_nonce (hash, settled) VALUES ({nonceHash}, {false}) ON CONFLICT DO NOTHING", ct) == 1;

    /// <summary>Nothing tells any more in which order the nonces of the day were spent.</summary>
    public Task<int> ForgetOrder(CancellationToken ct) => this.SettleOrder<SpentNonce>(ct);

    public Task<bool> IsSpent(byte[] nonceHash, CancellationToken ct) => Set<SpentNonce>().AnyAsync(n => n.Hash == nonceHash, ct);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<SpentNonce>().ToTable("spent_nonce").HasKey(n => n.Hash);
        modelBuilder.Entity<Mailbox>(b =>
        {
            b.ToTable("mailbox");
            b.HasIndex(m => new { m.ForceId, m.Reference }).IsUnique();
            b.HasIndex(m => m.AccessHash);
            b.HasIndex(m => m.KeepLinkHash);
            b.Property(m => m.Channel).HasDefaultValue("web").HasMaxLength(10);
        });
        modelBuilder.Entity<MailboxMessage>(b =>
        {
            b.ToTable("mailbox_message");
            b.HasIndex(m => new { m.SubjectId, m.Number }).IsUnique();
            b.HasIndex(m => m.MailboxId);
        });
        modelBuilder.Entity<Concern>(b =>
        {
            b.ToTable("concern", t =>
            {
                t.HasCheckConstraint("ck_concern_merged", "(state = 'Merged') = (merged_into IS NOT NULL)");
                t.HasCheckConstraint("ck_concern_clock_or_end",
                "due_on IS NOT NULL OR (state = 'ConfirmedDone' AND outcome IS NOT NULL) OR (state = 'NoAction' AND outcome IS NOT NULL AND no_action_reason IS NOT NULL AND review_on IS NOT NULL) OR (state IN ('Withdrawn', 'NotAConcern') AND text IS NULL)");
            });
            b.HasIndex(c => new { c.ForceId, c.Reference }).IsUnique();
            b.HasIndex(c => new { c.ForceId, c.DueOn, c.Id });
            b.HasIndex(c => c.MailboxId);
            b.HasIndex(c => c.AnswerLinkHash);
            b.HasIndex(c => c.MergedInto).HasFilter("merged_into IS NOT NULL");
            b.Ignore(c => c.CanCarry).Ignore(c => c.IsOpen).Ignore(c => c.WaitsForHer).Ignore(c => c.Shown).Ignore(c => c.Next);
        });
        modelBuilder.Entity<Photo>(b =>
        {
            b.ToTable("photo", t => t.HasCheckConstraint("ck_photo_loose_or_of_somebody", "(state = 'Loose') = (subject_id IS NULL) AND (state <> 'Loose' OR use_before IS NOT NULL)"));
            b.HasIndex(p => p.SubjectId);
            b.HasIndex(p => new { p.ForceId, p.State, p.ReceivedOn, p.Id });
        });
        modelBuilder.Entity<FollowUp>(b =>
        {
            b.ToTable("follow_up");
            b.HasIndex(f => f.ConcernId);
        });
        modelBuilder.Entity<LegalHold>().ToTable("legal_hold").HasKey(h => h.ConcernId);
        modelBuilder.Entity<RetentionRun>().ToTable("retention_run").HasKey(r => new { r.ForceId, r.Rule, r.On });
        modelBuilder.Entity<SavedFilter>().ToTable("saved_filter").HasKey(f => new { f.ForceId, f.Sub, f.Name });
        modelBuilder.Entity<BulkStep>(b =>
        {
            b.ToTable("bulk_step");
            Json(b.Property(s => s.Rows));
        });
        modelBuilder.Entity<SafePlace>().ToTable("safe_place");
        modelBuilder.Entity<PlaceAudit>(b =>
        {
            b.ToTable("place_audit");
            Json(b.Property(a => a.Ratings));
        });
        modelBuilder.Entity<ForceAction>(b =>
        {
            b.ToTable("action");
            b.HasIndex(a => new { a.ForceId, a.DueOn, a.Id });
            b.Ignore(a => a.IsOwed).HasMany(a => a.Concerns).WithOne().HasForeignKey(c => c.ActionId);
        });
        modelBuilder.Entity<ActionConcern>(b =>
        {
            b.ToTable("action_concern").HasKey(c => new { c.ActionId, c.ConcernId });
            b.HasIndex(c => c.ConcernId);
        });
        modelBuilder.Entity<Capture>().ToTable("capture").HasKey(c => c.Hash);
        modelBuilder.Entity<Promise>(b =>
        {
            b.ToTable("promise", t => t.HasCheckConstraint("ck_promise_open_or_ended",
                "(state = 'Open' AND ended_on IS NULL) OR (state = 'Action' AND action_id IS NOT NULL AND ended_on IS NOT NULL) OR (state = 'Answered' AND answer IS NOT NULL AND ended_on IS NOT NULL)"));
            b.HasIndex(p => new { p.ForceId, p.State, p.DueOn, p.Id });
            b.HasIndex(p => p.CaptureHash);
        });
        modelBuilder.Entity<SealedDisclosure>(b =>
        {
            b.ToTable("disclosure");
            b.HasIndex(d => new { d.ForceId, d.DueAt });
            b.HasIndex(d => d.MailboxId);
            b.HasIndex(d => d.StandardsCaseId);
            b.Ignore(d => d.MayBeContacted).Ignore(d => d.Next).Ignore(d => d.Holder);
        });
        modelBuilder.Entity<StandardsCase>(b =>
        {
            b.ToTable("standards_case");
            b.HasIndex(d => d.MailboxId);
            b.Ignore(d => d.Next);
        });
        modelBuilder.Entity<Conflict>().ToTable("standards_conflict").HasKey(c => new { c.ForceId, c.MailboxId, c.Sub });
        modelBuilder.Entity<PartnerRequest>(b =>
        {
            b.ToTable("partner_request");
            // However many send it at once, a partner is sent a concern once.
            b.HasIndex(r => new { r.ConcernId, r.Partner }).IsUnique().HasFilter("state <> 'Withdrawn'");
            b.HasIndex(r => new { r.ForceId, r.DueAt }).HasFilter("due_at IS NOT NULL");
            b.HasIndex(r => new { r.ForceId, r.Reference }).IsUnique();
            b.Ignore(r => r.NeedsPerson).Ignore(r => r.Next);
            Json(b.Property(r => r.Attributes));
            Json(b.Property(r => r.Before));
            Json(b.Property(r => r.Updates));
        });
        modelBuilder.Entity<BoardEntry>(b =>
        {
            b.ToTable("board_entry");
            b.HasIndex(e => new { e.ForceId, e.SourceId }).IsUnique();
            b.HasIndex(e => new { e.ForceId, e.WardCode, e.ChangedOn, e.Id });
            b.HasIndex(e => new { e.ForceId, e.Period, e.Id });
            Json(b.Property(e => e.Steps));
        });
        ApplyPlatformRules(modelBuilder);
        // What concerns a colleague does not exist for her, whatever asks.
        modelBuilder.Entity<Concern>().HasQueryFilter(c => c.ForceId == Force && !Conflicts.Any(x => x.MailboxId == c.MailboxId && x.Sub == Sub));
        modelBuilder.Entity<SealedDisclosure>().HasQueryFilter(d => d.ForceId == Force && !Conflicts.Any(x => x.MailboxId == d.MailboxId && x.Sub == Sub));
        modelBuilder.Entity<StandardsCase>().HasQueryFilter(s => s.ForceId == Force && !Conflicts.Any(x => x.MailboxId == s.MailboxId && x.Sub == Sub));
    }

    private static void Json<T>(Microsoft.EntityFrameworkCore.Metadata.Builders.PropertyBuilder<T> property) where T : class => property.HasConversion(
        value => JsonSerializer.Serialize(value, JsonSerializerOptions.Default),
        text => JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Default)!,
        // Replaced, never changed in place.
        new ValueComparer<T>((a, b) => ReferenceEquals(a, b), value => value.GetHashCode(), value => value));
}

/// <summary>A used attendance token: a hash, beside nothing. Each morning those of the day are written anew in the order of their hashes.</summary>
internal sealed class SpentNonce : ISettled
{
    public required byte[] Hash { get; init; }
    public bool Settled { get; set; }
}

internal sealed class SqliteFeedbackDb(DbContextOptions<SqliteFeedbackDb> options, ServiceDbContext context) : FeedbackDb(options, context);

internal sealed class PostgresFeedbackDb(DbContextOptions<PostgresFeedbackDb> options, ServiceDbContext context) : FeedbackDb(options, context);

internal sealed class SqliteFeedbackDbFactory : IDesignTimeDbContextFactory<SqliteFeedbackDb>
{
    public SqliteFeedbackDb CreateDbContext(string[] args) => new(DesignTime.Sqlite<SqliteFeedbackDb>(), DesignTime.Context);
}

internal sealed class PostgresFeedbackDbFactory : IDesignTimeDbContextFactory<PostgresFeedbackDb>
{
    public PostgresFeedbackDb CreateDbContext(string[] args) => new(DesignTime.Postgres<PostgresFeedbackDb>(), DesignTime.Context);
}
