using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using WalkTalk.Fixtures;

namespace WalkTalk.Gateway.Tests;

/// <summary>The gateway on a clock that the test moves, near enough to the real one for tokens; what it logs and traces can be listened to.</summary>
public abstract class SecondFactorApp(TestOn on) : GatewayApp(on)
{
    public new sealed class Sqlite() : SecondFactorApp(TestOn.OneProcess);

    public new sealed class Postgres() : SecondFactorApp(TestOn.PostgresAndRabbit);

    private readonly ConcurrentQueue<string> said = new();
    private bool listening;

    public string Said => string.Join('\n', said);

    public void Listen()
    {
        listening = true;
        var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => said.Enqueue($"{activity.DisplayName} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(e => e.Tags))}"),
        };
        ActivitySource.AddActivityListener(listener);
    }

    public void Requires(bool secondFactor) => Services.GetRequiredService<IConfiguration>()["Auth:RequireSecondFactor"] = $"{secondFactor}";

    protected override void Customise(IServiceCollection services)
    {
        Time.SetUtcNow(TimeProvider.System.GetUtcNow());
        services.RemoveAll<TimeProvider>().AddSingleton<TimeProvider>(Time);
        services.AddSingleton<ILoggerProvider>(new Listener(this));
        services.Configure<LoggerFilterOptions>(options => options.MinLevel = LogLevel.Debug);
    }

    private sealed class Listener(SecondFactorApp app) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => app.listening;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => app.said.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
