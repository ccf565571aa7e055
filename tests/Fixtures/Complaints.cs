using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WalkTalk.Fixtures;

/// <summary>Keeps the last warnings and errors of a host under test, for the message of a test that waited in vain.</summary>
internal sealed class Complaints : ILoggerProvider
{
    private const int Kept = 30;
    private readonly ConcurrentQueue<string> lines = new();

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public override string ToString() => lines.IsEmpty ? "  (not a word)" : string.Join('\n', lines);

    public void Dispose()
    {
    }

    private void Add(string line)
    {
        lines.Enqueue(line);
        while (lines.Count > Kept && lines.TryDequeue(out _))
        {
        }
    }

    private sealed class Category(Complaints complaints, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                complaints.Add($"  {logLevel} {name}: {formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}");
            }
        }
    }
}
