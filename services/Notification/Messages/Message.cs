using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Notification.Messages;

/// <summary>D3. <c>Sent</c> is "accepted by the provider"; <c>Delivered</c> is said by a provider that confirms, which SMTP is not.</summary>
public enum MessageState
{
    Queued,
    Sending,
    Sent,
    Delivered,
    TemporaryFailure,
    PermanentFailure,
    TechnicalFailure,
    Cancelled,
    Suppressed,
}

/// <summary>
/// One message to one person. Exactly one exists per (recipient, template, subject, version), by a unique index;
/// everything personal in it stands in <see cref="Payload"/> under the recipient's key.
/// </summary>
internal sealed class Message : IForceRow, IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }

    public required Guid RequestId { get; init; }
    public required string Service { get; init; }
    public required Guid RecipientId { get; init; }
    public required string Template { get; init; }
    public required int TemplateVersion { get; init; }
    public required string Language { get; init; }
    public required Guid SubjectId { get; init; }
    public required long SubjectVersion { get; init; }
    public required bool Urgent { get; init; }
    public required bool Mandatory { get; init; }
    public required bool Neutral { get; init; }

    /// <summary>To a number, as a text message.</summary>
    public required bool Sms { get; init; }
    public required DateTimeOffset QueuedAt { get; init; }
    public required DateTimeOffset WorthUntil { get; init; }

    /// <summary>When the walk begins that it speaks of; near it the quiet hours do not hold.</summary>
    public DateTimeOffset? WalkAt { get; init; }

    /// <summary>Address, fields and attachment, protected; null once they are gone.</summary>
    public string? Payload { get; set; }

    public MessageState State { get; set; } = MessageState.Queued;

    /// <summary>Why it ended or waits: a word of ours or the provider's status code, never its text.</summary>
    public string? Reason { get; set; }

    public DateTimeOffset DueAt { get; set; }
    public DateTimeOffset? LeasedUntil { get; set; }
    public int Attempts { get; set; }

    /// <summary>By whom it was last offered; null before.</summary>
    public string? Provider { get; set; }

    /// <summary>
    /// The provider may have accepted it before a crash or a lost answer. One that can be asked is asked before anything else; to another it is offered once more
    /// under the same Message-ID.
    /// </summary>
    public bool Uncertain { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Whether a provider has it is not known.</summary>
    public bool IsUndecided => State == MessageState.Sending || (Uncertain && IsUnsent);

    public bool IsUnsent => State is MessageState.Queued or MessageState.TemporaryFailure;

    public void Cancel(string reason, DateTimeOffset now) => End(MessageState.Cancelled, reason, now);

    public void End(MessageState state, string? reason, DateTimeOffset now)
    {
        (State, Reason, EndedAt, LeasedUntil) = (state, reason, now, null);
        if (state is MessageState.Cancelled or MessageState.Suppressed) Payload = null;
    }

    /// <summary>
    /// What its provider says of it afterwards, in whatever order and as often as it likes: arrived is arrived, and a failure counts for what was thought sent or
    /// not known. False when it changes nothing.
    /// </summary>
    public bool Hear(MessageState state, string? reason, DateTimeOffset at)
    {
        if (State == MessageState.Delivered || (state != MessageState.Delivered && State != MessageState.Sent && EndedAt is not null)) return false;
        Uncertain = false;
        End(state, reason, at);
        return true;
    }

    /// <summary>Wait and be claimed again.</summary>
    public void Wait(MessageState state, string? reason, DateTimeOffset until) => (State, Reason, DueAt, LeasedUntil) = (state, reason, until, null);

    /// <summary>
    /// The wait after a failed attempt: 15 s, growing fourfold to an hour (urgent: 5 s, doubling to a minute), spread by a fifth
    /// so that what failed together does not come back together.
    /// </summary>
    /// <param name="attempts">Attempts so far, from 1.</param>
    /// <param name="urgent">Staff alerts wait less.</param>
    /// <param name="spread">0 to 1, random.</param>
    public static TimeSpan Backoff(int attempts, bool urgent, double spread)
    {
        var seconds = urgent ? Math.Min(60, 5 * Math.Pow(2, attempts - 1)) : Math.Min(3600, 15 * Math.Pow(4, attempts - 1));
        return TimeSpan.FromSeconds(seconds * (0.8 + 0.4 * spread));
    }
}

/// <summary>What is personal in a message.</summary>
internal sealed record Payload(string Address, IReadOnlyDictionary<string, string> Fields, AttachedFile? File);

/// <summary>An attachment: a text file.</summary>
internal sealed record AttachedFile(string Name, string ContentType, string Content);
