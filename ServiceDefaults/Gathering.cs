using System.Collections.Concurrent;

namespace WalkTalk.ServiceDefaults;

/// <summary>
/// Whatever waits at the same moment is served together: while one batch is under way the next one gathers. There is no timer, so a
/// lonely item waits for nobody.
/// </summary>
/// <param name="most">The largest batch.</param>
/// <param name="lanes">How many batches may be under way at a time.</param>
/// <param name="serve">Answers every item of a batch; one it leaves unanswered fails with what it throws.</param>
internal sealed class Gathering<T, TAnswer>(int most, int lanes, Func<IReadOnlyList<Gathered<T, TAnswer>>, Task> serve)
{
    private readonly ConcurrentQueue<Gathered<T, TAnswer>> queue = new();
    private int free = lanes;

    /// <summary>The answer to one item, whoever it is served with.</summary>
    public Task<TAnswer> Do(T item)
    {
        var mine = new Gathered<T, TAnswer>(item);
        queue.Enqueue(mine);
        _ = Drain();
        return mine.Answered;
    }

    private async Task Drain()
    {
        while (!queue.IsEmpty && Enter())
        {
            var batch = new List<Gathered<T, TAnswer>>();
            while (batch.Count < most && queue.TryDequeue(out var next))
            {
                batch.Add(next);
            }

            try
            {
                await serve(batch);
            }
            catch (Exception e)
            {
                batch.ForEach(item => item.Fail(e));
            }
            finally
            {
                Interlocked.Increment(ref free);
            }
        }
    }

    private bool Enter()
    {
        for (var seen = Volatile.Read(ref free); seen > 0; seen = Volatile.Read(ref free))
        {
            if (Interlocked.CompareExchange(ref free, seen - 1, seen) == seen)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>An item that waits in a <see cref="Gathering{T, TAnswer}"/> for its answer.</summary>
internal sealed class Gathered<T, TAnswer>(T item)
{
    private readonly TaskCompletionSource<TAnswer> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public T Item => item;

    public Task<TAnswer> Answered => done.Task;

    public void Answer(TAnswer answer) => done.TrySetResult(answer);

    public void Fail(Exception e) => done.TrySetException(e);
}
