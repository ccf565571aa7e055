using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Gateway.Data;

/// <summary>What the gateway owns: staff of the built-in issuer, their second factor and their sessions.</summary>
public abstract class GatewayDb(DbContextOptions options, ServiceDbContext context) : ServiceDb(options, context)
{
    internal const string Name = "gateway";

    /// <inheritdoc/>
    public override string Service => Name;

    internal DbSet<StaffUser> Users => Set<StaffUser>();
    internal DbSet<Authenticator> Authenticators => Set<Authenticator>();
    internal DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();
    internal DbSet<Session> Sessions => Set<Session>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<StaffUser>(b =>
        {
            b.ToTable("staff_user").HasKey(u => u.Id);
            b.HasIndex(u => u.NormalizedUserName).IsUnique();
            b.Property(u => u.ConcurrencyStamp).IsConcurrencyToken();
        });
        modelBuilder.Entity<Authenticator>(b =>
        {
            b.ToTable("authenticator").HasKey(a => a.Sub);
            b.HasOne<StaffUser>().WithOne().HasForeignKey<Authenticator>(a => a.Sub);
        });
        modelBuilder.Entity<RecoveryCode>(b =>
        {
            b.ToTable("recovery_code").HasKey(c => new { c.Sub, c.Hash });
            b.HasOne<StaffUser>().WithMany().HasForeignKey(c => c.Sub);
        });
        modelBuilder.Entity<Session>(b =>
        {
            b.ToTable("session").HasKey(s => s.Id);
            b.HasIndex(s => s.ExpiresAt);
            b.HasIndex(s => s.Sub);
        });
        ApplyPlatformRules(modelBuilder);
    }
}

/// <summary>With SQLite's migrations.</summary>
public sealed class SqliteGatewayDb(DbContextOptions<SqliteGatewayDb> options, ServiceDbContext context) : GatewayDb(options, context);

/// <summary>With PostgreSQL's migrations.</summary>
public sealed class PostgresGatewayDb(DbContextOptions<PostgresGatewayDb> options, ServiceDbContext context) : GatewayDb(options, context);

internal sealed class SqliteGatewayDbFactory : IDesignTimeDbContextFactory<SqliteGatewayDb>
{
    public SqliteGatewayDb CreateDbContext(string[] args) => new(DesignTime.Sqlite<SqliteGatewayDb>(), DesignTime.Context);
}

internal sealed class PostgresGatewayDbFactory : IDesignTimeDbContextFactory<PostgresGatewayDb>
{
    public PostgresGatewayDb CreateDbContext(string[] args) => new(DesignTime.Postgres<PostgresGatewayDb>(), DesignTime.Context);
}
