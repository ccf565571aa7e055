using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

internal enum AlertKind { Mismatch, Overdue }

/// <summary>An alarm that stands until a coordinator has taken it.</summary>
internal sealed class Alert : IForceRow, IVersioned
{
    /// <summary>Unacknowledged for so long, it is sent once more to everybody.</summary>
    public static readonly TimeSpan EscalatesAfter = TimeSpan.FromMinutes(10);

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
}
