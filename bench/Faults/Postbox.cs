using System.Collections.Concurrent;
using System.Diagnostics;
using WalkTalk.Fixtures;

namespace WalkTalk.Bench.Faults;

/// <summary>One message as the mail server accepted it, each time it did.</summary>
internal sealed record Arrival(SmtpMail Mail, TimeSpan At);

/// <summary>Everything that the mail server has accepted, by address and by Message-ID.</summary>
internal sealed class Postbox
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<SmtpMail>> byAddress = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Arrival>> byId = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly ConcurrentQueue<TimeSpan> kills = new();

    public Postbox(SmtpServer server) => server.Accepted += mail =>
    {
        byAddress.GetOrAdd(mail.To[0], _ => new()).Enqueue(mail);
        byId.GetOrAdd(mail.Message.MessageId ?? "(none)", _ => new()).Enqueue(new Arrival(mail, clock.Elapsed));
    };

    public IEnumerable<(string MessageId, IReadOnlyCollection<Arrival> Arrivals)> Messages => byId.Select(m => (m.Key, (IReadOnlyCollection<Arrival>)m.Value));

    public IReadOnlyCollection<Arrival> Of(string messageId) => byId.TryGetValue(messageId, out var arrivals) ? arrivals : [];

    /// <summary>A sender is being killed: what it was told at this moment it may not have kept.</summary>
    public void SenderDies() => kills.Enqueue(clock.Elapsed);

    /// <summary>Whether the sender cannot have known, or cannot have kept, that the message was accepted: nothing it does then is right for sure.</summary>
    public bool Undecidable(Arrival arrival) =>
        !arrival.Mail.AnswerRead || kills.Any(kill => kill >= arrival.At && kill - arrival.At < TimeSpan.FromSeconds(1));

    /// <summary>The first mail to the address that fits; null when there is none in time.</summary>
    public async Task<SmtpMail?> Wait(string address, Func<SmtpMail, bool> fits, TimeSpan atMost, CancellationToken ct)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < atMost && !ct.IsCancellationRequested;)
        {
            if (byAddress.TryGetValue(address, out var mails) && mails.FirstOrDefault(fits) is { } mail)
            {
                return mail;
            }

            await Task.Delay(50, CancellationToken.None);
        }

        return null;
    }
}
