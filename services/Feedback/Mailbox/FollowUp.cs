using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>What she said when she was asked whether it is fixed. Kept beside the concern, so that "better, but not done" is not lost.</summary>
internal sealed class FollowUp : IForceRow, IUntimed
{
    public Guid Id { get; init; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public required Guid ConcernId { get; init; }
    /// <summary>0 (asked at once), 4 or 12 weeks after the claim.</summary>
    public required int Weeks { get; init; }
    public required DateOnly On { get; init; }
    /// <summary>better, same, worse or have-not-been.</summary>
    public string? Changed { get; init; }
    /// <summary>yes, partly, no or cannot-tell.</summary>
    public required string Fixed { get; init; }
    /// <summary>How safe she feels walking there alone, 1 to 5.</summary>
    public int? FeelDaylight { get; init; }
    public int? FeelAfterDark { get; init; }
}
