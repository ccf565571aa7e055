using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>No walk suits her: <c>POST /requests</c>. A six-digit code goes to her contact; <c>POST /my-request/confirm</c> with it begins the clock.</summary>
public sealed record AskForWalkRequest : WalkNeeds
{
    /// <summary>The ward she would like to walk in; null: anywhere.</summary>
    [StringLength(9)] public string? WardCode { get; init; }

    /// <summary>day, dusk, dark or late; null: in any light.</summary>
    [RegularExpression("^(day|dusk|dark|late)$")] public string? Band { get; init; }

    /// <summary>weekdays, weekend; empty: any day.</summary>
    [MaxLength(2), OneOf("weekdays", "weekend")] public IReadOnlyList<string> Days { get; init; } = [];

    /// <summary>morning, afternoon, evening, night; empty: any time.</summary>
    [MaxLength(4), OneOf("morning", "afternoon", "evening", "night")] public IReadOnlyList<string> Times { get; init; } = [];

    /// <summary>She and whoever she brings.</summary>
    [Range(1, 4)] public int People { get; init; } = 1;

    /// <summary>What the officer and her own page call her.</summary>
    [Required, StringLength(40, MinimumLength = 1)] public required string FirstName { get; init; }

    /// <summary>Where the code and the answer go: an e-mail address or, where text messages are sent, a UK mobile number.</summary>
    [Required, EmailOrMobile, StringLength(254)] public required string Email { get; init; }

    /// <summary>The language of her messages: en or cy.</summary>
    [RegularExpression("^(en|cy)$")] public string Language { get; init; } = "en";

    /// <summary>Sender and subject give nothing away.</summary>
    public bool Neutral { get; init; }

    /// <summary>Only where she is under 18.</summary>
    public GuardianContact? Guardian { get; init; }
}

/// <summary>The code is on its way and works until <paramref name="CodeUntil"/>.</summary>
/// <param name="Token">Sent as <c>Authorization: Request …</c>, or as <c>/{force}/request/{token}</c>; shown once.</param>
public sealed record WalkAskedFor(Guid RequestId, string Token, DateTimeOffset CodeUntil);

/// <summary>Her request: <c>GET /my-request</c> with her link; <c>POST /my-request/withdraw</c> with If-Match takes it back. Never her needs or contact.</summary>
/// <param name="State">contactpending, received, matched, declined or withdrawn.</param>
/// <param name="DueAt">By then she has an answer.</param>
/// <param name="CodeWanted">The code that was sent can still be given.</param>
public sealed record MyRequestView(
    Guid RequestId, string State, string? FirstName, string? Ward, string? LightBand, int People, DateTimeOffset? DueAt, string? DeclineReason, bool CodeWanted, string ETag,
    bool GuardianAsked = false, bool GuardianAwaited = false);

/// <summary>What waits for an answer, the most urgent first, and what was asked for in vain: <c>GET /requests</c>.</summary>
public sealed record RequestBoard(IReadOnlyList<RequestRow> Open, IReadOnlyList<UnmetDemand> Unmet);

/// <summary>One request without her name or needs.</summary>
/// <param name="State">received; matched while the offered place waits for her word.</param>
/// <param name="Used">Per cent of the time to answer that is gone.</param>
public sealed record RequestRow(
    Guid RequestId, string State, string? WardCode, string? Ward, string? LightBand, IReadOnlyList<string> Days, IReadOnlyList<string> Times, int People,
    DateTimeOffset ReceivedAt, DateTimeOffset DueAt, int Used, string? DeclineReason, string ETag);

/// <summary>Requests of the last 90 days that wait or were declined, by ward and light. Null: anywhere, in any light.</summary>
public sealed record UnmetDemand(string? Ward, string? LightBand, int Requests);

/// <summary>One request with what a walk must have: <c>GET /requests/{requestId}</c>. Each reading is audited.</summary>
public sealed record RequestDetail(RequestRow Request, string? FirstName, WalkNeeds? Needs, string? GuardianName, string? GuardianEmail);

/// <summary>A place for her on a walk: <c>POST /requests/{requestId}/match</c> with If-Match. It is offered to her; no code is asked again.</summary>
public sealed record MatchRequestRequest
{
    /// <summary>The walk, with room for her and whom she brings.</summary>
    [Required] public required Guid WalkId { get; init; }

    /// <summary>Also where somebody has to arrange what she needs: it then stands on the schedule with its clock.</summary>
    public bool Arrange { get; init; }
}

/// <summary>The place is kept for her until <paramref name="OfferUntil"/>; without an answer the request waits again.</summary>
public sealed record RequestMatched(DateTimeOffset OfferUntil);

/// <summary>A no with its reason: <c>POST /requests/{requestId}/decline</c> with If-Match.</summary>
public sealed record DeclineRequestRequest
{
    /// <summary>no-officer, no-language, outside-area or other: a code, in words to her.</summary>
    [Required, RegularExpression("^(no-officer|no-language|outside-area|other)$")] public required string Reason { get; init; }
}

/// <summary>Each of the texts is one of these.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneOfAttribute(params string[] allowed) : ValidationAttribute("One of these is not known.")
{
    /// <summary>The texts that are known.</summary>
    public IReadOnlyList<string> Allowed => allowed;

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is not IEnumerable<string> texts || texts.All(t => allowed.Contains(t, StringComparer.Ordinal));
}
