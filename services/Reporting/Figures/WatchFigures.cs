using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Mvc;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.ForcePacks;

namespace WalkTalk.Reporting.Figures;

/// <summary>
/// The figures as they change, by server-sent events: one <c>figures</c> event whenever they differ from the last one
/// sent, a <c>heartbeat</c> when nothing has for a while. The event's id is the version of the figures, so a client
/// that comes back with Last-Event-ID is told only what it has not seen, by whichever replica answers.
/// </summary>
internal static class WatchFigures
{
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>A stream ends itself, and the browser comes back: a role that was taken away does not watch on.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static IResult Handle(
        string force, [AsParameters] FiguresQuery query, [FromHeader(Name = "Last-Event-ID")] string? lastEventId,
        LiveFigures live, ForcePackCatalogue packs, IHostApplicationLifetime host, TimeProvider time, HttpContext http)
    {
        if (!query.TryRead(packs.Get(force), out var filter, out var refusal)) return refusal;

        http.Response.Headers["X-Accel-Buffering"] = "no"; // a proxy that buffers would make live figures late figures
        return TypedResults.ServerSentEvents(Stream(force, filter, lastEventId, live, time, host.ApplicationStopping, http.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<StaffFigures?>> Stream(
        string force, FiguresFilter filter, string? seen, LiveFigures live, TimeProvider time,
        CancellationToken stopping, [EnumeratorCancellation] CancellationToken aborted)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        // Something goes out at once, so that the client and every proxy between know the stream is open.
        var (opened, spoke) = (time.GetUtcNow(), DateTimeOffset.MinValue);
        while (!over.IsCancellationRequested && time.GetUtcNow() - opened < Longest)
        {
            var latest = await live.Latest(force, filter, aborted);
            if (latest.Version != seen)
            {
                (seen, spoke) = (latest.Version, time.GetUtcNow());
                yield return new SseItem<StaffFigures?>(latest.Figures, "figures") { EventId = seen };
            }
            else if (time.GetUtcNow() - spoke >= Heartbeat)
            {
                spoke = time.GetUtcNow();
                yield return new SseItem<StaffFigures?>(null, "heartbeat");
            }
            await Task.Delay(LiveFigures.Freshness, time, over.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
