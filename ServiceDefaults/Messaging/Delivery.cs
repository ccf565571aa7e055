using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json;
using System.Threading.Channels;
using MassTransit;

namespace WalkTalk.ServiceDefaults.Messaging;

/// <summary>A message on its way: the envelope is the same in one process and over the broker.</summary>
/// <param name="Id">The outbox row's id: by it a consumer knows what it has handled.</param>
/// <param name="Name">The message's stable name, e.g. walk-published.</param>
/// <param name="ForceId">The force it belongs to.</param>
/// <param name="Body">The message as JSON.</param>
/// <param name="Traceparent">W3C trace context of what caused it; null where the trace must end.</param>
/// <param name="PublishedAt">When it was written, UTC; the day only where the moment must not be told.</param>
[MessageUrn("walktalk:delivery")]
public sealed record Delivery(Guid Id, string Name, string ForceId, string Body, string? Traceparent, DateTimeOffset PublishedAt)
{
    /// <summary>The name under which is kept what came but is no message of this platform.</summary>
    internal const string Unreadable = "unreadable";

    private static readonly ConcurrentDictionary<Type, string> Names = new();

    /// <summary>Whether these are messages of this platform: JSON leaves out what it likes.</summary>
    internal static bool AreWhole(IReadOnlyCollection<Delivery>? deliveries) =>
        deliveries is { Count: > 0 } && deliveries.All(d => d is { Name: not null, ForceId: not null, Body: not null });

    /// <summary>How messages are written: camel case, unknown fields ignored, so that a field can be added.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The stable name a message type declares.</summary>
    public static string NameOf(Type message) => Names.GetOrAdd(message, static type =>
        type.GetCustomAttribute<DataContractAttribute>()?.Name
        ?? throw new InvalidOperationException($"{type.Name} needs [DataContract(Name = …)]: messages have stable names."));
}

/// <summary>Messages of one name that waited together and cross the broker as one. Each keeps its id, by which its consumers know it.</summary>
/// <param name="Deliveries">In the order in which they became due.</param>
[MessageUrn("walktalk:parcel")]
public sealed record Parcel(IReadOnlyList<Delivery> Deliveries);

/// <summary>Handles one kind of message. It changes its database's entities and stops: inbox row, changes and new messages are saved together by the receiver.</summary>
/// <typeparam name="T">The message.</typeparam>
public interface IConsume<in T>
{
    /// <summary>Handles the message. An exception rolls everything back; the message is tried again later, and parked in the end.</summary>
    Task Consume(T message, Delivery delivery, CancellationToken ct);
}

/// <summary>
/// Handles many messages of a kind at once: it is shown all that came before it consumes the first, and what it changed is saved
/// together at the end. For consumers that only change rows they find by their keys.
/// </summary>
/// <typeparam name="T">The message.</typeparam>
public interface IConsumeTogether<in T> : IConsume<T>
{
    /// <summary>Loads into the context what the messages will need, in few queries.</summary>
    Task Prepare(IEnumerable<T> messages, CancellationToken ct);
}

/// <summary>
/// Handles each message in a transaction of its own: for reminders that lock rows which requests lock too. Several of them in one transaction would take
/// their rows in the order of the messages, requests in another, and one of the two would be ended as a deadlock.
/// </summary>
/// <typeparam name="T">The message.</typeparam>
public interface IConsumeAlone<in T> : IConsume<T>;

/// <summary>What a service consumes.</summary>
public sealed class Consumers(IServiceCollection services)
{
    private readonly List<Consumer> all = [];

    internal ILookup<string, Consumer> ByName => all.ToLookup(c => c.Message);

    /// <summary>The services whose facts are consumed from their beginning, and which facts these are.</summary>
    internal ILookup<string, string> Histories => all.Where(c => c.HistoryOf is not null).ToLookup(c => c.HistoryOf!, c => c.Message);

    /// <summary>The consumers that read them.</summary>
    internal IReadOnlyList<string> OfHistories => [.. all.Where(c => c.HistoryOf is not null).Select(c => c.Name).Distinct()];

    /// <summary>Hands messages of the type to the consumer.</summary>
    /// <param name="historyOf">The service whose fact it is, when this service needs also those from before it was deployed.</param>
    public void On<TMessage, TConsumer>(string? historyOf = null) where TMessage : class where TConsumer : class, IConsume<TMessage>
    {
        services.AddScoped<TConsumer>();
        all.Add(new Consumer(Delivery.NameOf(typeof(TMessage)), typeof(TConsumer).Name, historyOf,
            (scope, delivery, ct) => scope.GetRequiredService<TConsumer>().Consume(Read(delivery), delivery, ct),
            typeof(TConsumer).IsAssignableTo(typeof(IConsumeTogether<TMessage>))
                ? (scope, deliveries, ct) => ((IConsumeTogether<TMessage>)scope.GetRequiredService<TConsumer>()).Prepare(deliveries.Select(Read), ct)
                : null,
            typeof(TConsumer).IsAssignableTo(typeof(IConsumeAlone<TMessage>))));

        static TMessage Read(Delivery delivery) =>
            JsonSerializer.Deserialize<TMessage>(delivery.Body, Delivery.Json) ?? throw new JsonException("An empty message.");
    }
}

/// <summary>One registration of <see cref="Consumers"/>.</summary>
internal sealed record Consumer(
    string Message, string Name, string? HistoryOf, Func<IServiceProvider, Delivery, CancellationToken, Task> Run,
    Func<IServiceProvider, IEnumerable<Delivery>, CancellationToken, Task>? Prepare, bool Alone);

/// <summary>Wakes a service's dispatcher when there is something to send.</summary>
public sealed class Wakeups
{
    private readonly ConcurrentDictionary<string, Wakeup> byService = new(StringComparer.Ordinal);

    internal Wakeup For(string service) => byService.GetOrAdd(service, _ => new Wakeup());
}

/// <summary>A signal that is not lost when nobody waits.</summary>
internal sealed class Wakeup
{
    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => signal.Writer.TryWrite(true);

    /// <summary>Returns when the signal was set, or when the time is over.</summary>
    public async Task Wait(TimeSpan atMost, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(atMost);
        try
        {
            await signal.Reader.ReadAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // the time is over
        }
    }
}
