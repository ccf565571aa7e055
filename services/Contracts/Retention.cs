using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts;

/// <summary>What a service's retention would take now, what it has taken, and what is held back: <c>GET /retention</c>.</summary>
public sealed record RetentionReport(IReadOnlyList<RetentionRule> Rules, IReadOnlyList<HeldBack> Held);

/// <summary>
/// One rule. Booking: unconfirmed, contact, code, log, unchecked (starts without words that nobody has checked). Feedback: place (landmarks), notice (contributors told a month ahead), contact (addresses after the last concern),
/// content (concerns anonymised), audit (audits and safe places), capture (what held the stops of a walk together), sealed (what left with its hand-over).
/// </summary>
/// <param name="Rule">Its name.</param>
/// <param name="Period">After how long.</param>
/// <param name="Due">The dry run: what the next round takes.</param>
/// <param name="LastOn">When it last took anything.</param>
/// <param name="TakenInAll">How much it has taken.</param>
/// <param name="NextOn">When it takes something next, of what there is now; null: nothing is kept, or the service does not say.</param>
public sealed record RetentionRule(string Rule, string Period, int Due, DateOnly? LastOn, int TakenInAll, DateOnly? NextOn = null);

/// <summary>What retention does not touch.</summary>
public sealed record HeldBack(string Reference, string Reason, DateOnly Since);

/// <summary>Holds something back from retention, or lifts that; the reason is audited: <c>POST /retention/holds</c>.</summary>
public sealed record HoldBack
{
    /// <summary>Of a concern, a disclosure or a case its reference; of a walk, a booking or a request its id or the address of its page.</summary>
    [Required, StringLength(200)] public required string Reference { get; init; }
    [Required, StringLength(300, MinimumLength = 10)] public required string Reason { get; init; }
    public bool Lift { get; init; }
}
