using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Notification.Messages;

/// <summary>
/// Somebody a service writes to, known only by the keyed hash of her address; hashed apart for each asking service,
/// so that it cannot be seen that two services write to the same person.
/// </summary>
internal sealed class Recipient : IForceRow
{
    /// <summary>Also names her key: erasing it makes every message to her unreadable.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public required string ContactHash { get; init; }

    /// <summary>Her provider has refused the address for good; set back when a message to it is accepted.</summary>
    public DateTimeOffset? BadSince { get; set; }
}

/// <summary>Requests about this subject up to this version are refused, also when they arrive after the withdrawal.</summary>
internal sealed class Withdrawal : IForceRow
{
    public Guid Id { get; init; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public required Guid SubjectId { get; init; }
    public string? Template { get; init; }
    public required long UpToVersion { get; init; }
    public required DateTimeOffset At { get; init; }
}
