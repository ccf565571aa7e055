using System.Reflection;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Fixtures;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Platform.Tests.Architecture;

/// <summary>The databases: nothing pending on either provider, migrations apply from empty, and every row belongs to a force.</summary>
public sealed class ModelTests
{
    private static readonly Type[] Contexts = [.. new[]
    {
        typeof(Booking.BookingService), typeof(Feedback.FeedbackService), typeof(Notification.NotificationService),
        typeof(Reporting.ReportingService), typeof(Gateway.GatewayService),
    }.SelectMany(t => t.Assembly.GetTypes()).Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(DbContext)))];

    public static TheoryData<string> Names => [.. Contexts.Select(c => c.Name)];

    private static ServiceDb Create(string name, string? connection = null)
    {
        var type = Contexts.Single(c => c.Name == name);
        var options = (DbContextOptionsBuilder)Activator.CreateInstance(typeof(DbContextOptionsBuilder<>).MakeGenericType(type))!;
        Database.Configure(options, connection ?? (name.StartsWith("Sqlite", StringComparison.Ordinal) ? "Data Source=none.db" : "Host=none"));
        return (ServiceDb)Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, [options.Options, DesignTime.Context], null)!;
    }

    [Fact]
    public void Each_service_and_the_gateway_have_a_context_for_each_database() => Assert.Equal(10, Contexts.Length);

    [Theory, MemberData(nameof(Names))]
    public void No_migration_is_pending(string context)
    {
        using var db = Create(context);
        Assert.False(db.Database.HasPendingModelChanges(), $"{context}: dotnet ef migrations add … --context {context}");
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Migrations_apply_from_empty(string context)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.db");
        var connection = context.StartsWith("Sqlite", StringComparison.Ordinal) ? $"Data Source={file};Pooling=False" : await TestServers.NewDatabase("migrations");
        try
        {
            await using var db = Create(context, connection);
            await db.Database.MigrateAsync();
            Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_row_of_a_service_belongs_to_a_force(string context)
    {
        using var db = Create(context);
        // The gateway's people and sessions may hold several forces: its rows say so themselves. A spent nonce is a hash and
        // nothing else, so that it tells nothing; the force is in what was hashed.
        Assert.Empty(db.Model.GetEntityTypes().Where(t => !t.IsOwned() && db.Service != "gateway" && t.ClrType.Name != "SpentNonce" && !t.ClrType.IsAssignableTo(typeof(IForceRow))).Select(t => t.ClrType.Name));
        Assert.Empty(db.Model.GetEntityTypes().Where(t => t.ClrType.IsAssignableTo(typeof(IForceRow)) && t.BaseType is null && t.GetDeclaredQueryFilters().Count == 0).Select(t => t.ClrType.Name));
    }
}
