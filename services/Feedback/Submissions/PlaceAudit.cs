using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>An audit of one place in one light by the parameters of D2. Feeling stands beside the score, never in it.</summary>
internal sealed class PlaceAudit : IForceRow, IUntimed
{
    public Guid Id { get; init; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public required Guid MailboxId { get; init; }
    public required string WardCode { get; init; }
    public string? Landmark { get; set; }
    /// <summary>Keyed hash of the landmark: tells that two audits are of one point when its name is gone.</summary>
    public string? Point { get; set; }
    public required string LightBand { get; init; }
    public required string Quarter { get; init; }
    /// <summary>The day it came in; none for those of before there was a re-audit.</summary>
    public DateOnly? On { get; init; }
    /// <summary>It came with an attendance token: whoever rated the place was there on a walk.</summary>
    public bool FromWalk { get; init; }
    public required Dictionary<string, int> Ratings { get; init; }
    public int? Feel { get; init; }

    /// <summary>0–100, or null with fewer than seven parameters rated.</summary>
    public int? Score { get; init; }

    /// <summary>100 · Σ rᵢ / (3 · n) over what was rated: every weight is 1 until a force publishes others.</summary>
    public static int? ScoreOf(IReadOnlyCollection<int> ratings) =>
        ratings.Count < 7 ? null : (int)Math.Round(100.0 * ratings.Sum() / (3 * ratings.Count), MidpointRounding.AwayFromZero);

    /// <summary>The same spot in the same light: scores of others cannot be set against each other.</summary>
    public bool SamePoint(PlaceAudit other) =>
        WardCode == other.WardCode && LightBand == other.LightBand
        && ((Point is not null && Point == other.Point) || (Plain(Landmark) is { Length: > 0 } landmark && landmark == Plain(other.Landmark)));

    public static string? PointOf(string? landmark, FeedbackDb db, PersonalData personal) => Plain(landmark) is { Length: > 0 } plain ? personal.Hash(db, $"point {plain}") : null;

    /// <summary>
    /// Why these two do not show that what was claimed is done, or null if they do: one before and one after the claim, the later one from
    /// a walk and not by her who raised it (she can say so herself), the place better and felt no worse.
    /// </summary>
    public static string? Doubt(PlaceAudit before, PlaceAudit after, Concern concern)
    {
        if (!before.SamePoint(after))
            return "They are not of the same point and light band.";
        if (before.WardCode != concern.WardCode || (concern.LightBand is { } band && band != before.LightBand))
            return "They are of another ward or light band than the concern.";
        if (!(before.On < concern.ClaimedOn) || !(after.On >= concern.ClaimedOn))
            return "One has to come before and one after the day on which it was called done.";
        if (!after.FromWalk || after.MailboxId == concern.MailboxId)
            return "The later one has to come from a walk, and from somebody else than the contributor.";
        return after.Score > before.Score && (after.Feel ?? 3) >= (before.Feel ?? 0) ? null : "The place is not better.";
    }

    private static string Plain(string? landmark) =>
        string.Join(' ', (landmark ?? "").ToLowerInvariant().Split([' ', ',', '.', '-', '\''], StringSplitOptions.RemoveEmptyEntries).Where(w => w is not ("the" or "a" or "at" or "by" or "of")));
}
