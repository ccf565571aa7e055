using System.Diagnostics;

namespace WalkTalk.Bench.Pipeline;

/// <summary>Work that comes at its own pace, whether what came before is done or not.</summary>
internal static class Pace
{
    /// <summary>Begins so many a second, and returns what became of each when all are done.</summary>
    /// <param name="perSecond">How many.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="one">One of them; it is told how long after the first it began.</param>
    /// <param name="ct">Ends it unfinished.</param>
    public static async Task<IReadOnlyList<T>> Open<T>(double perSecond, TimeSpan duration, Func<TimeSpan, Task<T>> one, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var under = new List<Task<T>>();
        for (var n = 0; clock.Elapsed < duration; n++)
        {
            var due = TimeSpan.FromSeconds(n / perSecond) - clock.Elapsed;
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, ct);
            }

            under.Add(Task.Run(() => one(clock.Elapsed), ct));
        }

        return await Task.WhenAll(under);
    }
}
