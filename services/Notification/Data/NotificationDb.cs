using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using WalkTalk.Notification.Messages;
using WalkTalk.Notification.Providers;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Notification.Data;

/// <summary>What Notification owns: messages, whom they go to, what was withdrawn, and the local inbox.</summary>
public abstract class NotificationDb(DbContextOptions options, ServiceDbContext context) : ServiceDb(options, context)
{
    internal const string Name = "notification";

    /// <inheritdoc/>
    public override string Service => Name;

    internal DbSet<Message> Messages => Set<Message>();
    internal DbSet<Recipient> Recipients => Set<Recipient>();
    internal DbSet<Withdrawal> Withdrawals => Set<Withdrawal>();
    internal DbSet<InboxMail> Mails => Set<InboxMail>();

    /// <summary>Whose a message is, looked for among every force's; null when there is none. For a provider, who knows it by its id alone.</summary>
    internal Task<string?> ForceOf(Guid message, CancellationToken ct) =>
        Messages.IgnoreQueryFilters().Where(m => m.Id == message).Select(m => (string?)m.ForceId).SingleOrDefaultAsync(ct);

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Message>(b =>
        {
            b.ToTable("message").HasKey(m => m.Id);
            // Exactly one message, whatever is delivered twice or at the same time.
            b.HasIndex(m => new { m.RecipientId, m.Template, m.SubjectId, m.SubjectVersion }).IsUnique().HasDatabaseName("ix_message_once");
            b.HasIndex(m => new { m.ForceId, m.RequestId }).IsUnique();
            b.HasIndex(m => new { m.Urgent, m.DueAt }).HasFilter("state IN ('Queued', 'TemporaryFailure', 'Sending')").HasDatabaseName("ix_message_due");
            b.HasIndex(m => m.SubjectId);
            b.HasIndex(m => new { m.ForceId, m.QueuedAt });
            b.Property(m => m.State).HasMaxLength(20);
            b.Property(m => m.Provider).HasMaxLength(20);
            b.HasOne<Recipient>().WithMany().HasForeignKey(m => m.RecipientId).OnDelete(DeleteBehavior.Restrict);
        });
        modelBuilder.Entity<Recipient>(b =>
        {
            b.ToTable("recipient").HasKey(r => r.Id);
            b.HasIndex(r => new { r.ForceId, r.ContactHash }).IsUnique();
        });
        modelBuilder.Entity<Withdrawal>(b =>
        {
            b.ToTable("withdrawal").HasKey(w => w.Id);
            b.HasIndex(w => w.SubjectId);
        });
        modelBuilder.Entity<InboxMail>(b =>
        {
            b.ToTable("inbox_mail").HasKey(m => m.Id);
            b.HasIndex(m => new { m.ForceId, m.At });
        });
        ApplyPlatformRules(modelBuilder);
    }
}

internal sealed class SqliteNotificationDb(DbContextOptions<SqliteNotificationDb> options, ServiceDbContext context) : NotificationDb(options, context);

internal sealed class PostgresNotificationDb(DbContextOptions<PostgresNotificationDb> options, ServiceDbContext context) : NotificationDb(options, context);

internal sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteNotificationDb>
{
    public SqliteNotificationDb CreateDbContext(string[] args) => new(DesignTime.Sqlite<SqliteNotificationDb>(), DesignTime.Context);
}

internal sealed class PostgresDesign : IDesignTimeDbContextFactory<PostgresNotificationDb>
{
    public PostgresNotificationDb CreateDbContext(string[] args) => new(DesignTime.Postgres<PostgresNotificationDb>(), DesignTime.Context);
}
