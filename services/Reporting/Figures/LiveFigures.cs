using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Reporting.Figures;

/// <summary>
/// The latest figures per force and filter, read at most once a <see cref="Freshness"/> however many watch. The version
/// is a hash of the figures themselves: equal on every replica, and unchanged by facts that change no figure.
/// </summary>
internal sealed class LiveFigures(IServiceScopeFactory scopes, ForcePackCatalogue packs, TimeProvider time)
{
    /// <summary>How old live figures may be.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Force, FiguresFilter Filter), Reading> readings = new();

    public async Task<VersionedFigures> Latest(string force, FiguresFilter filter, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var reading = readings.AddOrUpdate((force, filter), Begin, (key, last) => now - last.At < Freshness ? last : Begin(key));
        foreach (var (key, old) in readings)
        {
            if (now - old.At > WatchFigures.Longest) readings.TryRemove(key, out _); // nobody has watched this filter for long
        }
        return await reading.Figures.Value.WaitAsync(ct);

        Reading Begin((string, FiguresFilter) _) => new(now, new(() => Read(force, filter)));
    }

    private async Task<VersionedFigures> Read(string force, FiguresFilter filter)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Caller>().Force = force;
        return new(await scope.ServiceProvider.GetRequiredService<ReportingDb>().ReadFigures(packs.Get(force), filter, CancellationToken.None));
    }

    private sealed record Reading(DateTimeOffset At, Lazy<Task<VersionedFigures>> Figures);
}

/// <summary>Figures and the hash that names them.</summary>
internal sealed record VersionedFigures(StaffFigures Figures)
{
    public string Version { get; } = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Figures)).AsSpan(0, 8));
}
