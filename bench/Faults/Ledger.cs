using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace WalkTalk.Bench.Faults;

/// <summary>What came of a request: it was answered with success, refused (4xx: nothing was promised), or never answered (it may have happened, once).</summary>
internal enum Answered { Accepted, Refused, Never }

/// <summary>One request that changes something, as the client remembers it.</summary>
internal sealed class Entry
{
    public required int Number { get; init; }

    /// <summary>The use case, e.g. confirm.</summary>
    public required string What { get; init; }

    /// <summary>A word of this request's own, which its effect carries where it can.</summary>
    public required string Tag { get; init; }

    /// <summary>The Idempotency-Key that every try of it carries.</summary>
    public string Key { get; } = $"{Guid.NewGuid()}";

    /// <summary>The booking, walk or concern it is about; null until an answer names it.</summary>
    public Guid? Subject { get; set; }

    public Answered Answered { get; set; } = Answered.Never;

    /// <summary>The round in which it was answered, or else begun.</summary>
    public required int Round { get; set; }

    public int Status { get; set; }

    public int Tries { get; set; }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"ledger entry {Number} ({What} {Tag}, {Answered}, status {Status} after {Tries} tries, round {Round})");
}

/// <summary>The client's own memory: each request is written down before it is sent and again with its answer, so that nothing rests on what the platform says of itself.</summary>
internal sealed class Ledger(string file) : IDisposable
{
    private readonly StreamWriter writer = new(file) { AutoFlush = true };
    private readonly ConcurrentQueue<Entry> entries = new();
    private int numbers;

    public string File => file;

    public IReadOnlyCollection<Entry> Entries => entries;

    /// <summary>The round that is on.</summary>
    public int Round { get; set; }

    public Entry Begin(string what, string tag, Guid? subject)
    {
        var entry = new Entry { Number = Interlocked.Increment(ref numbers), What = what, Tag = tag, Subject = subject, Round = Round };
        entries.Enqueue(entry);
        Write(new { entry.Number, entry.What, entry.Tag, entry.Key, entry.Subject, entry.Round });
        return entry;
    }

    public void End(Entry entry)
    {
        entry.Round = Round;
        Write(new { entry.Number, entry.Subject, Answered = $"{entry.Answered}", entry.Status, entry.Tries, entry.Round });
    }

    /// <summary>The last request about a thing, to name it when something is wrong with the thing.</summary>
    public Entry? Of(Guid subject) => entries.LastOrDefault(e => e.Subject == subject);

    public void Dispose() => writer.Dispose();

    private void Write(object line)
    {
        lock (writer)
        {
            writer.WriteLine(JsonSerializer.Serialize(line));
        }
    }
}
