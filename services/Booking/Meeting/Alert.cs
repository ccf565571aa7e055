using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>Words that did not match; an officer nobody has heard of; an officer who calls for help herself.</summary>
internal enum AlertKind { Mismatch, Overdue, Help }

/// <summary>How an alarm ended: everybody was found well; somebody was sent or helped; nothing had happened; the officer was heard of herself.</summary>
internal enum AlertOutcome { Well, Helped, Mistake, Heard }

/// <summary>An alarm that stands until a coordinator has taken it, and is open until it is said how it ended.</summary>
internal sealed class Alert : IForceRow, IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }
    public required AlertKind Kind { get; init; }
    public required Guid WalkId { get; init; }
    public Guid? BookingId { get; init; }
    public required DateTimeOffset RaisedAt { get; init; }
    public bool Escalated { get; set; }
    public DateTimeOffset? AcknowledgedAt { get; set; }
    public string? AcknowledgedBy { get; set; }
    public DateTimeOffset? ResolvedAt { get; set; }
    public string? ResolvedBy { get; private set; }
    public AlertOutcome? Outcome { get; private set; }

    /// <summary>What was found, in the coordinator's words.</summary>
    public string? Note { get; private set; }

    /// <summary>Unacknowledged for so long, it goes to the next one on duty, and again after as long.</summary>
    public TimeSpan EscalatesAfter => TimeSpan.FromMinutes(Kind == AlertKind.Help ? 2 : 10);

    /// <summary>That it was raised and how it ended stays; what was found does not.</summary>
    public void ForgetNote() => Note = null;

    public void Acknowledge(string? by, DateTimeOffset now)
    {
        if (AcknowledgedAt is null) (AcknowledgedAt, AcknowledgedBy) = (now, by);
    }

    /// <summary>Who says how it ended has it in hand as well.</summary>
    public void Resolve(AlertOutcome outcome, string? note, string? by, DateTimeOffset now)
    {
        Acknowledge(by, now);
        (Outcome, Note, ResolvedBy, ResolvedAt) = (outcome, note, by, now);
    }
}
