using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>An audit of one place in one light by the parameters of D2. Feeling stands beside the score, never in it.</summary>
internal sealed class PlaceAudit : IForceRow, IUntimed
{
    public Guid Id { get; init; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public required Guid MailboxId { get; init; }
    public required string WardCode { get; init; }
    public string? Landmark { get; init; }
    public required string LightBand { get; init; }
    public required string Quarter { get; init; }
    public required Dictionary<string, int> Ratings { get; init; }
    public int? Feel { get; init; }

    /// <summary>0–100, or null with fewer than seven parameters rated.</summary>
    public int? Score { get; init; }

    /// <summary>100 · Σ rᵢ / (3 · n) over what was rated: every weight is 1 until a force publishes others.</summary>
    public static int? ScoreOf(IReadOnlyCollection<int> ratings) =>
        ratings.Count < 7 ? null : (int)Math.Round(100.0 * ratings.Sum() / (3 * ratings.Count), MidpointRounding.AwayFromZero);
}
