using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.ServiceDefaults.Persistence;

/// <summary>Which database a service has: ConnectionStrings:{service}-db, else a SQLite file in the data folder.</summary>
public static class Database
{
    /// <summary>Registers a service's database, its migration at the start, its outbox, its inbox and its audit sealer.</summary>
    /// <typeparam name="TDb">The context that use cases take.</typeparam>
    /// <typeparam name="TSqlite">The same with SQLite's migrations.</typeparam>
    /// <typeparam name="TPostgres">The same with PostgreSQL's migrations.</typeparam>
    /// <param name="builder">The host.</param>
    /// <param name="service">The service's name.</param>
    /// <param name="seed">Runs after the migration and before the first request, at every start; must be repeatable.</param>
    public static void AddServiceDb<TDb, TSqlite, TPostgres>(
        this WebApplicationBuilder builder, string service, Func<IServiceProvider, TDb, CancellationToken, Task>? seed = null)
        where TDb : ServiceDb where TSqlite : TDb where TPostgres : TDb
    {
        var connection = ConnectionString(builder.Configuration, service);
        if (IsPostgres(connection))
        {
            builder.Services.AddDbContext<TDb, TPostgres>(o => Configure(o, connection), optionsLifetime: ServiceLifetime.Singleton);
        }
        else
        {
            var turns = new SqliteTurns();
            builder.Services.AddDbContext<TDb, TSqlite>(o =>
            {
                Configure(o, connection);
                o.AddInterceptors(turns);
            }, optionsLifetime: ServiceLifetime.Singleton);
        }

        builder.Services.AddKeyedScoped<ServiceDb>(service, (sp, _) => sp.GetRequiredService<TDb>());
        builder.Services.AddSingleton(new DatabaseInfo(service, IsPostgres(connection) ? "PostgreSQL" : "SQLite"));
        builder.Services.AddSingleton(sp => new Migrator<TDb>(service, seed, sp));
        builder.Services.AddSingleton<IMigrator>(sp => sp.GetRequiredService<Migrator<TDb>>());
        builder.Services.AddHostedService(sp => sp.GetRequiredService<Migrator<TDb>>());
        builder.Services.AddSingleton(sp => ActivatorUtilities.CreateInstance<Receiver<TDb>>(sp, service));
        builder.Services.AddSingleton<Receiver>(sp => sp.GetRequiredService<Receiver<TDb>>());
        builder.Services.AddHostedService<OutboxDispatcher<TDb>>();
        builder.Services.AddHostedService<HistoryReader<TDb>>();
        builder.Services.AddHostedService<AuditSealer<TDb>>();
        builder.Services.AddHostedService<Upkeep<TDb>>();
    }

    /// <summary>Sets the provider by the form of the connection string.</summary>
    public static void Configure(DbContextOptionsBuilder options, string connection)
    {
        options.UseSnakeCaseNamingConvention().AddInterceptors(WakeAfterCommit.Instance);
        // A row whose parent the force filter hides is hidden by the same filter.
        options.ConfigureWarnings(w => w.Ignore(CoreEventId.PossibleIncorrectRequiredNavigationWithQueryFilterInteractionWarning));
        // That the migrations say what the model says is a test (ModelTests); to look at each start would make the whole model twice more.
        options.ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning));
        if (IsPostgres(connection))
        {
            // What the connection string says nothing else about: of two equal settings the later counts. Behind a pooler that gives each
            // transaction another connection it has to say Max Auto Prepare=0. Nothing here outlives its transaction on a connection (SET LOCAL, no
            // temporary tables, no session's locks), so a connection goes back to the pool without the statements that would clear it.
            options.UseNpgsql($"Command Timeout=15;Max Auto Prepare=200;No Reset On Close=true;{connection}");
        }
        else
        {
            options.UseSqlite(connection);
        }
    }

    /// <summary>Where a process without servers keeps its data: configuration Data, else walktalk-data in the current folder.</summary>
    public static string DataFolder(IConfiguration configuration) => Path.GetFullPath(configuration["Data"] ?? "walktalk-data");

    internal static string ConnectionString(IConfiguration configuration, string service)
    {
        if (configuration.GetConnectionString($"{service}-db") is { Length: > 0 } given)
        {
            return given;
        }

        var folder = DataFolder(configuration);
        Directory.CreateDirectory(folder);
        return new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, $"{service}.db"), ForeignKeys = true, DefaultTimeout = 30 }.ToString();
    }

    internal static bool IsPostgres(string connection) => new DbConnectionStringBuilder { ConnectionString = connection }.ContainsKey("Host");

    /// <summary>
    /// Whether a save was refused by a unique, primary key or exclusion constraint (a trigger's RAISE on SQLite); optionally by one
    /// whose name on PostgreSQL contains the text, or on SQLite whose columns or message contain each of its words parted by "_".
    /// </summary>
    public static bool IsUniqueViolation(this DbUpdateException exception, string? part = null) => exception.InnerException switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ExclusionViolation } e =>
            part is null || e.ConstraintName?.Contains(part, StringComparison.Ordinal) == true,
        SqliteException { SqliteExtendedErrorCode: 2067 or 1555 or 1811 } e =>
            part is null || part.Split('_').All(p => e.Message.Contains(p, StringComparison.Ordinal)),
        _ => false,
    };

    private sealed class WakeAfterCommit : DbTransactionInterceptor
    {
        public static readonly WakeAfterCommit Instance = new();

        public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            (eventData.Context as ServiceDb)?.Committed();
            return Task.CompletedTask;
        }
    }
}

/// <summary>For the banner and the operator: which database a service runs on.</summary>
internal sealed record DatabaseInfo(string Service, string Provider);
