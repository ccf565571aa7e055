using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.ServiceDefaults;

/// <summary>The services of this process, besides the gateway.</summary>
public sealed record LocalServices(IReadOnlyList<string> Names);

/// <summary>The one host of the platform: a process is a list of modules.</summary>
public static class ServiceHost
{
    /// <summary>The address of a service of this process until it is known.</summary>
    internal const string NotYetListening = "http://self";

    /// <summary>Builds and runs a process until it is stopped; 0 on a clean stop, 2 on a wrong argument.</summary>
    public static async Task<int> Run(string[] args, params ServiceModule[] modules)
    {
        try
        {
            await using var app = Build(args, null, modules);
            await app.RunAsync();
            return 0;
        }
        catch (UnknownServiceException e)
        {
            await using var error = new StreamWriter(OpenStandardError());
            await error.WriteLineAsync(e.Message);
            return 2;
        }
    }

    /// <summary>Builds a process from modules. --services=a,b picks among them.</summary>
    /// <param name="args">The command line: configuration, as --Section:Key=value.</param>
    /// <param name="customise">Last word on the builder, for Standalone and tests.</param>
    /// <param name="modules">What this process can run.</param>
    /// <exception cref="UnknownServiceException">--services names something that is not there.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? customise, params ServiceModule[] modules)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var chosen = Choose(modules, builder.Configuration["services"]);
        var local = chosen.Where(m => !m.IsEntry).Select(m => m.Name).ToList();
        var hasEntry = chosen.Any(m => m.IsEntry);

        var prefixed = hasEntry || local.Count > 1;
        if (prefixed)
        {
            // Services of the same process are reached like any other, at addresses that are known once it listens.
            builder.Configuration.AddInMemoryCollection(local.Select(name => KeyValuePair.Create(Address(name), (string?)NotYetListening)));
        }

        builder.Services.AddSingleton(new LocalServices(local));
        builder.AddTelemetry(builder.Configuration["OTEL_SERVICE_NAME"] ?? (chosen.Count == 1 ? chosen[0].Name : "walktalk"));
        builder.AddWeb();
        builder.AddStaffTokens();
        builder.AddMessaging();
        builder.AddHealth();
        foreach (var module in chosen)
        {
            var consumers = new Consumers(builder.Services);
            module.AddConsumers(consumers);
            builder.Services.AddKeyedSingleton(module.Name, consumers);
            builder.Services.AddOpenApi(module.Name);
            module.Add(builder);
        }

        builder.Services.AddSingleton<IHostedService>(services => new Listening(() => Started(services, local, hasEntry, prefixed)));
        customise?.Invoke(builder);
        var app = builder.Build();
        app.UseWeb();
        foreach (var module in chosen)
        {
            module.Use?.Invoke(app);
        }

        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHealth();
        app.MapOpenApi().Public();
        foreach (var module in chosen)
        {
            if (module.IsEntry)
            {
                module.Map(app);
                // What it audits itself stands beside what the services do.
                app.ForceGroup($"/api/{module.Name}", module.Name).MapAudit();
                continue;
            }

            // Alone a service answers at /v1; beside the gateway where the gateway would have forwarded to it.
            var group = app.ForceGroup(prefixed ? $"/api/{module.Name}" : "", module.Name);
            module.Map(group);
            group.MapOperations();
            group.MapHistory();
            group.MapAudit();
        }

        return app;
    }

    /// <summary>Completes when every database of the process is up to date and seeded.</summary>
    public static Task DatabasesReady(this WebApplication app) => Task.WhenAll(app.Services.GetServices<IMigrator>().Select(m => m.Ready));

    private static List<ServiceModule> Choose(ServiceModule[] modules, string? names)
    {
        if (string.IsNullOrWhiteSpace(names))
        {
            return [.. modules];
        }

        var wanted = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var known = modules.Where(m => !m.IsEntry).Select(m => m.Name).ToList();
        return wanted.Except(known).FirstOrDefault() is { } unknown
            ? throw new UnknownServiceException(unknown, known)
            : [.. modules.Where(m => m.IsEntry || wanted.Contains(m.Name))];
    }

    private static string Address(string service) => $"Services:{service}:http:0";

    private static void Started(IServiceProvider services, List<string> local, bool hasEntry, bool prefixed)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var address = services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
            .Replace("[::]", "127.0.0.1", StringComparison.Ordinal).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);
        if (prefixed)
        {
            foreach (var name in local)
            {
                configuration[Address(name)] = $"{address}/api/{name}";
            }
        }

        if (hasEntry)
        {
            configuration["Auth:Authority"] ??= address;
        }

        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("WalkTalk.Host");
        log.Started(address, string.Join(", ", local),
            string.Join(", ", services.GetServices<DatabaseInfo>().Select(d => d.Provider).Distinct()),
            services.GetRequiredService<Transport>().Name, services.GetService<KnownForces>()?.PackHash ?? "no packs");
    }

    private static FileStream OpenStandardError() => new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(2, ownsHandle: false), FileAccess.Write);

    /// <summary>
    /// Once it listens, and before ApplicationStarted: who waits for that is told in the opposite order of asking, and has to find the process's own address.
    /// </summary>
    private sealed class Listening(Action known) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken)
        {
            known();
            return Task.CompletedTask;
        }

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>A service was asked for that this process does not have.</summary>
public sealed class UnknownServiceException(string name, IEnumerable<string> known)
    : Exception($"There is no service \"{name}\". Known services: {string.Join(", ", known)}.");

internal static partial class ServiceHostLog
{
    [LoggerMessage(EventId = 1000, EventName = "Started", Level = LogLevel.Information,
        Message = "WalkTalk is ready at {Address}; services: {Services}; database: {Database}; messages: {Transport}; packs: {PackHash}")]
    public static partial void Started(this ILogger log, string address, string services, string database, string transport, string packHash);
}
