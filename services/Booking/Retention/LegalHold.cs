using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>A walk with everybody on it, one booking, or one request, that nothing is taken from while a law needs it. Whoever sets it says why; setting and lifting are audited.</summary>
internal sealed class LegalHold : IForceRow
{
    public string ForceId { get; set; } = "";
    public required Guid SubjectId { get; init; }

    /// <summary>walk, booking or request.</summary>
    public required string Kind { get; init; }
    public required string Reason { get; init; }
    public required DateOnly Since { get; init; }
}

/// <summary>What one rule of retention took on one day.</summary>
internal sealed class RetentionRun : IForceRow
{
    public string ForceId { get; set; } = "";
    public required string Rule { get; init; }
    public required DateOnly On { get; init; }
    public required int Taken { get; set; }
}
