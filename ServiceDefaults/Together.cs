using System.Diagnostics;
using Npgsql;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.ServiceDefaults;

/// <summary>
/// Decides requests of one kind that came at the same moment, in one transaction. They are decided one after the other, as if each had come alone;
/// one that is refused changes nothing for the others.
/// </summary>
/// <typeparam name="T">What is asked for.</typeparam>
public interface IDecideTogether<in T>
{
    /// <summary>Locks what the requests contend for, always in the same order, and reads what they need, in few queries.</summary>
    Task Prepare(IReadOnlyCollection<T> asked, CancellationToken ct);

    /// <summary>Decides one from what was read and from what was decided before it, and adds its rows; a <see cref="Refusal"/> adds none.</summary>
    IResult Decide(T asked);

    /// <summary>Saves what was decided. Where it throws, each request is decided alone.</summary>
    Task Save(CancellationToken ct);

    /// <summary>What it means when the database refuses a request that was decided alone; null where that is a bug.</summary>
    Refusal? Named(Exception e) => null;
}

/// <summary>
/// The way of a request into a transaction that it shares: while one batch is under way the next one gathers, a lonely request waits for nobody.
/// Honours Idempotency-Key itself. Only requests of the same caller and force share.
/// </summary>
public sealed class Together<TDecide, T> where TDecide : class, IDecideTogether<T>
{
    private const int Most = 100;
    private readonly Gathering<Asked, IResult> waiting;
    private readonly IServiceScopeFactory scopes;
    private readonly Idempotency idempotency;

    /// <summary>One of a process.</summary>
    public Together(IServiceProvider services) =>
        (scopes, idempotency, waiting) = (services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<Idempotency>(), 
            // SQLite has one writer. Elsewhere one batch is decided while the disk has the one before.
            new(Most, services.GetServices<DatabaseInfo>().All(d => d.Provider == "PostgreSQL") ? 2 : 1, Serve));

    /// <summary>The answer to a request, once it is durable.</summary>
    public async Task<IResult> Ask(HttpContext http, T what)
    {
        var caller = http.RequestServices.GetRequiredService<Caller>();
        var (malformed, key) = await Idempotency.Read(http, caller);
        return malformed ?? await waiting.Do(new Asked(what, key, caller, http, Activity.Current));
    }

    private async Task Serve(IReadOnlyList<Gathered<Asked, IResult>> batch)
    {
        Activity.Current = null; // that of whoever serves the batch is not everybody's
        foreach (var one in batch.GroupBy(g => (g.Item.Caller.Force, g.Item.Caller.Actor)))
        {
            // A twin waits for the first of them, which it would do in a transaction of its own as well.
            var first = one.GroupBy(g => g.Item.Key is { } key ? Convert.ToHexString(key.Hash) : $"{Guid.NewGuid()}").Select(g => g.First()).ToList();
            if (first.Count > 1)
            {
                try
                {
                    await Answer(first);
                }
                catch (Exception e) when (Unavailable.Of(e) is null || e.GetBaseException() is PostgresException)
                {
                    first.Clear(); // whatever it was comes up again at the one that caused it
                }
            }
            else
            {
                first.Clear();
            }

            foreach (var alone in one.Except(first))
            {
                try
                {
                    try
                    {
                        await Answer([alone]);
                    }
                    catch (TwinException)
                    {
                        await Answer([alone]);
                    }
                }
                catch (Exception e)
                {
                    alone.Fail(e);
                }
            }
        }
    }

    private async Task Answer(List<Gathered<Asked, IResult>> batch)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Caller>().Become(batch[0].Item.Caller);
        var service = batch[0].Item.Http.GetEndpoint()!.Metadata.GetRequiredMetadata<EndpointService>().Name;
        var db = scope.ServiceProvider.GetRequiredKeyedService<ServiceDb>(service);
        db.Database.AutoSavepointsEnabled = false; // what fails, fails as a whole
        await using var transaction = await db.Database.BeginTransactionAsync();

        var answers = new Dictionary<Asked, IResult>();
        var asked = batch.ConvertAll(g => g.Item);
        var keys = asked.Where(a => a.Key is not null).Select(a => a.Key!).ToList();
        var decide = ActivatorUtilities.GetServiceOrCreateInstance<TDecide>(scope.ServiceProvider);
        await decide.Prepare(asked.ConvertAll(a => a.What), default);
        // Keys are looked for when the rows are locked, so a twin that had them before has its answer here; and entered when all is decided.
        if (keys.Count > 0)
        {
            var known = await idempotency.Known(db, keys, default);
            foreach (var again in asked.Where(a => a.Key is not null && known.ContainsKey(a.Key)))
            {
                answers[again] = known[again.Key!];
            }
        }

        var open = asked.Where(a => !answers.ContainsKey(a)).ToList();
        var kept = new List<(IdempotencyKey Key, Idempotency.Answer Answer)>();
        foreach (var one in open)
        {
            Activity.Current = one.Activity;
            answers[one] = decide.Decide(one.What);
            // A refusal may be tried again with the same key.
            if (one.Key is { } key && answers[one] is not Refusal)
            {
                var answer = await Idempotency.Capture(answers[one], one.Http);
                answers[one] = answer;
                kept.Add((key, answer));
            }
        }

        Activity.Current = null;
        try
        {
            await decide.Save(default);
        }
        catch (Exception e) when (batch is [var alone] && decide.Named(e) is { } refusal)
        {
            alone.Answer(refusal);
            return;
        }

        if (kept.Count > 0 && !await idempotency.Enter(db, kept, default))
        {
            throw new TwinException(); // nothing of this batch happens; looked at once more, the twin's answer is known
        }

        await transaction.CommitAsync();
        batch.ForEach(g => g.Answer(answers[g.Item]));
    }

    private sealed class TwinException : Exception;

    private sealed record Asked(T What, IdempotencyKey? Key, Caller Caller, HttpContext Http, Activity? Activity)
    {
        public bool Equals(Asked? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }
}
