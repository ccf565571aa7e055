using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>A concern, or a sealed record, that nothing is taken from, nor from what else its contributor sent, while a law needs it. Whoever sets it says why; setting and lifting are audited.</summary>
internal sealed class LegalHold : IForceRow
{
    public string ForceId { get; set; } = "";
    /// <summary>Of the concern, the disclosure or the case.</summary>
    public required Guid ConcernId { get; init; }
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
