using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RabbitMQ.Client;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;
using Xunit;

namespace WalkTalk.Fixtures;

/// <summary>What a service under test stands on.</summary>
public enum TestOn
{
    /// <summary>SQLite files in a folder of its own, messages handed over in the process.</summary>
    OneProcess,

    /// <summary>A PostgreSQL database per service and RabbitMQ, from <see cref="TestServers"/>.</summary>
    PostgresAndRabbit,
}

/// <summary>
/// One or more services in their real host, on Kestrel and a free port, with databases of their own and a clock that
/// stands still until the test moves it. Only the issuer of staff tokens, the clock and the settings are the test's.
/// </summary>
/// <remarks>Derive one class per service and ground, and use it as an xunit class fixture.</remarks>
public abstract class ServiceApp(TestOn on, params ServiceModule[] modules) : IAsyncLifetime
{
    /// <summary>The force whose pack is built in.</summary>
    public const string Force = "metropolitan";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2); // two busy cores
    private readonly TestIssuer issuer = new();
    private readonly Complaints complaints = new();
    private readonly string folder = Directory.CreateTempSubdirectory("walktalk-test-").FullName;
    private readonly Dictionary<string, string?> settings = [];
    private WebApplication? app;

    /// <summary>The services' clock: Tuesday 24 November 2026, noon in London, until moved.</summary>
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    /// <summary>The host's own services.</summary>
    public IServiceProvider Services => Running.Services;

    /// <summary>Where the services answer, e.g. http://127.0.0.1:40123.</summary>
    public Uri Address => new(Running.Urls.First());

    private WebApplication Running => app ?? throw new InvalidOperationException("The host has not started.");

    /// <summary>More settings for the host, e.g. where mail goes. Called once, before it is built.</summary>
    protected virtual IEnumerable<(string Key, string? Value)> Settings() => [];

    /// <summary>A last change to the host's services.</summary>
    protected virtual void Customise(IServiceCollection services)
    {
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        settings["Data"] = folder;
        settings["Protection:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        settings["Protection:TransitKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        if (on == TestOn.PostgresAndRabbit)
        {
            settings["ConnectionStrings:rabbitmq"] = await TestServers.RabbitMq();
            settings["Messaging:Prefix"] = TestServers.NewPrefix();
            foreach (var module in modules)
            {
                settings[$"ConnectionStrings:{module.Name}-db"] = await TestServers.NewDatabase(module.Name);
            }
        }

        foreach (var (key, value) in Settings())
        {
            settings[key] = value;
        }

        await Start();
    }

    /// <summary>Stops the host and starts it again on the same data, as after a crash or an update; with other settings, as when a service is added.</summary>
    public async Task Restart(params (string Key, string Value)[] changed)
    {
        await Stop();
        foreach (var (key, value) in changed)
        {
            settings[key] = value;
        }

        await Start();
    }

    private async Task Start()
    {
        // Settings go in as arguments: the services read theirs while they are added.
        app = ServiceHost.Build(["--environment=Test", .. settings.Select(s => $"--{s.Key}={s.Value}")], builder =>
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders().AddProvider(complaints);
            builder.Host.UseDefaultServiceProvider(o => o.ValidateScopes = o.ValidateOnBuild = true);
            builder.Services.RemoveAll<TimeProvider>().AddSingleton<TimeProvider>(Time);
            builder.Services.PostConfigure<JwtBearerOptions>(Auth.Bearer, issuer.Trust);
            Customise(builder.Services);
        }, modules);
        await app.StartAsync();
        foreach (var migrator in app.Services.GetServices<IMigrator>())
        {
            await migrator.Ready.WaitAsync(Patience);
        }

        await Eventually(() => Task.FromResult(app.Services.GetRequiredService<Transport>().Ready), "the broker to be reached");
    }

    private async Task Stop()
    {
        if (app is { } running)
        {
            app = null;
            await running.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);
            await running.DisposeAsync();
        }
    }

    /// <summary>A caller: without a role anybody, with one a signed-in member of staff.</summary>
    /// <param name="role">One role, or several parted by blanks.</param>
    /// <param name="force">The force she belongs to, or several parted by blanks.</param>
    /// <param name="sub">Who she is; without it one person per role.</param>
    public HttpClient Client(string? role = null, string force = Force, string? sub = null)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (role is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer",
                issuer.Token(sub ?? $"test-{role}", role.Split(' '), force.Split(' ')));
        }

        return client;
    }

    /// <summary>What the services have published or requested of one kind, oldest first, whether it has left the outbox or waits there.</summary>
    /// <remarks>A request that a consumer has taken is gone. What is scheduled for later is in <see cref="Scheduled{T}"/>.</remarks>
    public Task<IReadOnlyList<T>> Published<T>(string force = Force) where T : class => Outbox<T>(force, (row, now) => row.Key is null || row.DueAt <= now);

    /// <summary>What the services have scheduled of one kind and not yet sent, with the instant it falls due, soonest first.</summary>
    public async Task<IReadOnlyList<(DateTimeOffset DueAt, T Message)>> Scheduled<T>(string force = Force) where T : class
    {
        var rows = await OutboxRows<T>(force);
        return [.. rows.Where(r => r.SentAt is null && r.DueAt > Time.GetUtcNow()).OrderBy(r => r.DueAt).Select(r => (r.DueAt, Read<T>(r)))];
    }

    private async Task<IReadOnlyList<T>> Outbox<T>(string force, Func<OutboxRow, DateTimeOffset, bool> fits) where T : class
    {
        var rows = await OutboxRows<T>(force);
        return [.. rows.Where(r => fits(r, Time.GetUtcNow())).OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).Select(Read<T>)];
    }

    private static T Read<T>(OutboxRow row) => JsonSerializer.Deserialize<T>(row.Body, Delivery.Json)!;

    private async Task<List<OutboxRow>> OutboxRows<T>(string force)
    {
        var name = Delivery.NameOf(typeof(T));
        var rows = new List<OutboxRow>();
        foreach (var module in modules)
        {
            await using var scope = Services.CreateAsyncScope();
            if (scope.ServiceProvider.GetKeyedService<ServiceDb>(module.Name) is { } db)
            {
                db.Force = force;
                rows.AddRange(await db.Outbox.AsNoTracking().Where(r => r.Name == name).ToListAsync());
            }
        }

        return rows;
    }

    /// <summary>Hands the services a message as if another service had sent it, and waits until every consumer has handled it or failed at it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="force">Its force.</param>
    /// <param name="id">Its id; give the same twice to deliver a message twice.</param>
    /// <returns>The message's id.</returns>
    public async Task<Guid> Deliver<T>(T message, string force = Force, Guid? id = null) where T : class
    {
        var delivery = new Delivery(id ?? Guid.CreateVersion7(), Delivery.NameOf(typeof(T)), force, JsonSerializer.Serialize(message, Delivery.Json), null, Time.GetUtcNow());
        if ((await Services.GetRequiredService<Transport>().Send([new Outgoing(delivery, MustArrive: true)], CancellationToken.None))[0] is { } error)
        {
            throw error;
        }

        foreach (var receiver in Services.GetServices<Receiver>().Where(r => r.Names.Contains(delivery.Name)))
        {
            var consumers = Services.GetRequiredKeyedService<Consumers>(receiver.Service).ByName[delivery.Name].Count();
            await Eventually(async () =>
            {
                await using var scope = Services.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredKeyedService<ServiceDb>(receiver.Service);
                db.Force = force;
                return await db.Inbox.CountAsync(r => r.MessageId == delivery.Id) == consumers;
            }, $"{receiver.Service} to take {delivery.Name}");
        }

        return delivery.Id;
    }

    /// <summary>Works on a service's database as the force.</summary>
    public async Task<TResult> Db<TDb, TResult>(Func<TDb, Task<TResult>> work, string force = Force) where TDb : ServiceDb
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        db.Force = force;
        return await work(db);
    }

    /// <summary>Works on a service's database as the force.</summary>
    public Task Db<TDb>(Func<TDb, Task> work, string force = Force) where TDb : ServiceDb =>
        Db<TDb, bool>(async db => { await work(db); return true; }, force);

    /// <summary>Waits, in real time, until something is so. The clock of the services stands still meanwhile.</summary>
    /// <param name="isSo">What to wait for.</param>
    /// <param name="what">In words, for the failure.</param>
    public async Task Eventually(Func<Task<bool>> isSo, string what = "what the test waits for")
    {
        var until = DateTime.UtcNow + Patience;
        while (!await isSo())
        {
            if (DateTime.UtcNow > until)
            {
                throw new TimeoutException($"Waited {Patience.TotalSeconds:0} s for {what}. The services complained:\n{complaints}");
            }

            await Task.Delay(25);
        }
    }

    /// <summary>Waits, in real time, until an assertion holds; its last failure is the test's.</summary>
    public static async Task Eventually(Func<Task> assertion)
    {
        var until = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
            catch (Exception) when (DateTime.UtcNow < until)
            {
                await Task.Delay(25);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Stop();
        if (on == TestOn.PostgresAndRabbit)
        {
            await RemoveQueues();
            foreach (var module in modules)
            {
                await TestServers.DropDatabase(settings[$"ConnectionStrings:{module.Name}-db"]!);
            }
        }

        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    // A broker given by the environment outlives the tests.
    private async Task RemoveQueues()
    {
        var names = new BrokerNames(settings["Messaging:Prefix"]!);
        await using var connection = await new ConnectionFactory { Uri = new Uri(settings["ConnectionStrings:rabbitmq"]!) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var module in modules)
        {
            await channel.QueueDeleteAsync(names.Queue(module.Name));
            await channel.QueueDeleteAsync(names.Dead(module.Name));
        }
    }
}
