using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WalkTalk.Fixtures;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting;
using WalkTalk.Reporting.Data;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Bench.Simulation;

/// <summary>What the runs of one thread share: databases with their tables, and the services' registrations. Nothing of a run stays in it.</summary>
internal sealed class World : IDisposable
{
    public static readonly string[] Forces = ["metropolitan", "north-wales"];
    private readonly ServiceProvider services;

    private World(ServiceProvider services, IReadOnlyDictionary<string, Part> parts, Clock clock) => (this.services, Parts, Clock) = (services, parts, clock);

    public IServiceProvider Services => services;

    public IReadOnlyDictionary<string, Part> Parts { get; }

    public IEnumerable<Store> Stores => Parts.Values.Select(p => p.Store);

    public Clock Clock { get; }

    public static async Task<World> Make(ILoggerFactory logging)
    {
        var (clock, packs) = (new Clock(), ForcePackCatalogue.Load(Repository.PathOf("packs")));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Protection:TransitKey"] = Convert.ToBase64String(new byte[32]),
            ["Services:owner:http:0"] = "http://owner", ["Services:booking:http:0"] = "http://owner", ["Services:feedback:http:0"] = "http://owner",
            ["Services:notification:http:0"] = "http://owner",
        }).Build();
        var collection = new ServiceCollection()
            .AddSingleton<TimeProvider>(clock).AddSingleton<IConfiguration>(configuration).AddSingleton(logging).AddLogging()
            .AddSingleton(new KnownForces(Forces.ToHashSet(StringComparer.Ordinal), packs.Hash)).AddSingleton(packs)
            .AddSingleton<Keys>().AddSingleton<ServiceTokens>().AddSingleton<Wakeups>().AddScoped<Caller>().AddScoped<ServiceDbContext>();
        Part[] parts =
        [
            new Part<OwnerDb>("owner", Add<OwnerDb, OwnerDb>(collection, "owner", OwnerDb.AddConsumers)),
            new Part<OfficeDb>("office", Add<OfficeDb, OfficeDb>(collection, "office", OfficeDb.AddConsumers)),
            new Part<ReportingDb>("reporting", Add<ReportingDb, SqliteReportingDb>(collection, "reporting", ReportingService.Module.AddConsumers)),
        ];
        var services = collection.BuildServiceProvider();
        foreach (var part in parts)
        {
            await part.Prepare(services);
        }

        return new World(services, parts.ToDictionary(p => p.Service), clock);
    }

    public void Dispose()
    {
        services.Dispose();
        foreach (var part in Parts.Values)
        {
            part.Store.Dispose();
            (part as IDisposable)?.Dispose();
        }
    }

    private static Store Add<TDb, TSqlite>(IServiceCollection collection, string service, Action<Consumers> consumers) where TDb : ServiceDb where TSqlite : TDb
    {
        var store = new Store(service);
        store.Connection.Open();
        collection.AddDbContext<TDb, TSqlite>(options =>
        {
            ServiceDefaults.Persistence.Database.Configure(options, "Data Source=:memory:");
            options.UseSqlite(store.Connection).AddInterceptors(store);
        });
        collection.AddKeyedScoped<ServiceDb>(service, (sp, _) => sp.GetRequiredService<TDb>());
        var registered = new Consumers(collection);
        consumers(registered);
        collection.AddKeyedSingleton(service, registered);
        return store;
    }
}

/// <summary>One service of the deployment.</summary>
internal abstract class Part(string service, Store store)
{
    public string Service => service;

    public Store Store => store;

    public ILookup<string, string> Histories { get; protected set; } = null!;

    public ILookup<string, Consumer> Consumers { get; protected set; } = null!;

    public abstract Task Prepare(IServiceProvider services);

    public abstract Receiver NewReceiver();

    /// <summary>A round of its dispatcher: tries again what failed, and sends what is due.</summary>
    public abstract Func<CancellationToken, Task<int>> NewDispatcher(Receiver receiver, Transport transport);

    /// <summary>How it reads a page of a history: of the owner, these facts, for the force. Null where it needs none.</summary>
    public abstract Func<string, IReadOnlyList<string>, string, CancellationToken, Task<bool>>? NewReader(Receiver receiver, Transport transport, HttpMessageHandler owners);
}

/// <inheritdoc/>
internal sealed class Part<TDb>(string service, Store store) : Part(service, store), IDisposable where TDb : ServiceDb
{
    private IServiceProvider services = null!;
    private Migrator<TDb> migrator = null!;

    public override async Task Prepare(IServiceProvider services)
    {
        this.services = services;
        var consumers = services.GetRequiredKeyedService<Consumers>(Service);
        (Histories, Consumers) = (consumers.Histories, consumers.ByName);
        migrator = new Migrator<TDb>(Service, async (_, db, ct) =>
        {
            if (db is ProbeDb)
            {
                await db.GetService<IRelationalDatabaseCreator>().CreateTablesAsync(ct);
            }
        }, services);
        await migrator.StartAsync(CancellationToken.None);
        await migrator.Ready;
    }

    public void Dispose() => migrator.Dispose();

    public override Receiver NewReceiver() =>
        new Receiver<TDb>(Service, services, migrator, services.GetRequiredService<KnownForces>(), services.GetRequiredService<ILogger<Receiver>>());

    public override Func<CancellationToken, Task<int>> NewDispatcher(Receiver receiver, Transport transport)
    {
        var dispatcher = new OutboxDispatcher<TDb>(services, transport, (Receiver<TDb>)receiver, migrator, services.GetRequiredService<Wakeups>(),
            services.GetRequiredService<ILogger<OutboxDispatcher<TDb>>>());
        return async ct => await receiver.TryAgain(ct) + await dispatcher.Dispatch(ct);
    }

    public override Func<string, IReadOnlyList<string>, string, CancellationToken, Task<bool>>? NewReader(Receiver receiver, Transport transport, HttpMessageHandler owners) =>
        Histories.Count == 0 ? null : new HistoryReader<TDb>(services, (Receiver<TDb>)receiver, migrator, transport, services.GetRequiredService<KnownForces>(),
            services.GetRequiredService<ServiceTokens>(), services.GetRequiredService<Wakeups>(), services.GetRequiredService<IConfiguration>(), null!,
            services.GetRequiredService<ILogger<HistoryReader<TDb>>>()) { Http = new HttpClient(owners) { Timeout = Timeout.InfiniteTimeSpan } }.ReadOn;
}
