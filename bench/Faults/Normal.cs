using System.Diagnostics;
using Npgsql;
using WalkTalk.Bench.Hosting;

namespace WalkTalk.Bench.Faults;

/// <summary>When the platform is as it should be: nothing that is due waits, nothing is being tried again, and somebody new is served from end to end.</summary>
internal sealed class Normal(Databases databases, Story story, CancellationToken stop)
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // What was written within the last second is work, not backlog. A row that has an error was postponed: it is not due, and yet it waits.
    private const string Backlog = """
        SELECT (SELECT count(*) FROM outbox WHERE sent_at IS NULL AND parked_at IS NULL
                AND created_at < now() - interval '1 second' AND (due_at < now() - interval '1 second' OR error IS NOT NULL))
             + (SELECT count(*) FROM inbox WHERE handled_on IS NULL AND parked_at IS NULL)
        """;

    // At night what is not urgent waits for the morning.
    private const string Mails = "SELECT count(*) FROM message WHERE state IN ('Queued', 'TemporaryFailure', 'Sending') AND reason IS DISTINCT FROM 'quiet-hours'";

    /// <summary>The time until it was normal again; null when it was not in time.</summary>
    public async Task<TimeSpan?> Again()
    {
        var clock = Stopwatch.StartNew();
        foreach (var question in (Func<Task<bool>>[])[() => story.Probe(Patience), async () => await Waiting() == 0])
        {
            while (!await Try(question))
            {
                if (clock.Elapsed > Patience)
                {
                    return null;
                }

                await Task.Delay(100, stop);
            }
        }

        return clock.Elapsed;
    }

    /// <summary>Returns when nothing waits any more, after the load has ended; false when something still does after the time.</summary>
    public async Task<bool> Quiet(TimeSpan atMost)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < atMost; await Task.Delay(500, stop))
        {
            if (await Try(async () => await Waiting() == 0 && await databases.Count("notification", Mails, stop) == 0))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<long> Waiting()
    {
        var waiting = 0L;
        foreach (var service in Deployment.Services)
        {
            waiting += await databases.Count(service, Backlog, stop);
        }

        return waiting;
    }

    private static async Task<bool> Try(Func<Task<bool>> question)
    {
        try
        {
            return await question();
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
