using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Feedback.Api;

/// <summary>What a woman sends: after a walk (with its attendance token) or with no walk at all. Everything but the content is optional.</summary>
public sealed record FeedbackSubmission
{
    /// <summary>Proves that its bearer was on a walk, and nothing else. Good once.</summary>
    [StringLength(2000)] public string? AttendanceToken { get; init; }

    [AllowedValues("en", "cy")] public string Language { get; init; } = "en";

    [MaxLength(10)] public IReadOnlyList<ConcernInput> Concerns { get; init; } = [];

    [MaxLength(5)] public IReadOnlyList<AuditInput> Audits { get; init; } = [];

    /// <summary>Only when she wants to be told by e-mail. The mailbox works without it.</summary>
    [EmailAddress, StringLength(254)] public string? Email { get; init; }
}

/// <summary>One concern of D1, or one safe place (POS-*), with its facets. Any facet may be left out.</summary>
public sealed record ConcernInput
{
    [Required, StringLength(20)] public required string Code { get; init; }

    public PlaceInput Place { get; init; } = new();

    [AllowedValues("day", "dusk", "dark", "late", null)] public string? LightBand { get; init; }
    [AllowedValues("weekday", "weekend", "any", null)] public string? DayType { get; init; }
    [AllowedValues("once", "sometimes", "most", null)] public string? HowOften { get; init; }
    [AllowedValues("30days", "year", "always", null)] public string? Since { get; init; }
    [AllowedValues("alone", "companion", "child", null)] public string? With { get; init; }

    /// <summary>What the place makes her do: the ONS idea of changed behaviour, never advice.</summary>
    [AllowedValues("nothing", "route", "time", "taxi", "calls", "does-not-go", null)] public string? BecauseOfIt { get; init; }

    [AllowedValues("me", "saw", "heard", null)] public string? Basis { get; init; }
    [Range(1, 5)] public int? Intensity { get; init; }

    [StringLength(5000)] public string? Text { get; init; }
    [StringLength(1000)] public string? WhatWouldChangeIt { get; init; }

    /// <summary>The answer on the public board to which she says "me too".</summary>
    public Guid? MeTooOf { get; init; }

    /// <summary>Her own tick: this may be a crime.</summary>
    public bool MayBeCrime { get; init; }

    /// <summary>Her choice, where what recording means was explained before she wrote. NotNow means no contact.</summary>
    [AllowedValues("ReportNow", "Supported", "ThirdParty", "NotNow", null)] public string? DisclosureChoice { get; init; }

    /// <summary>Pictures held before by POST /photos, at most three. Not for safe places.</summary>
    [MaxLength(3)] public IReadOnlyList<PhotoInput> Photos { get; init; } = [];
}

/// <summary>A picture that was held before, each good for one concern or one answer.</summary>
public sealed record PhotoInput
{
    public required Guid Id { get; init; }

    /// <summary>What it shows, for who cannot see it. Screened with her words.</summary>
    [StringLength(200)] public string? Description { get; init; }
}

/// <summary>As close as she wants to say. The landmark is never published.</summary>
public sealed record PlaceInput
{
    [StringLength(20)] public string? WardCode { get; init; }
    [StringLength(200)] public string? Landmark { get; init; }
}

/// <summary>An audit of a place by the parameters of D2: A1 to A10 and F, each 0–3; what was not seen is left out.</summary>
public sealed record AuditInput
{
    [Required, StringLength(20)] public required string WardCode { get; init; }
    [StringLength(200)] public string? Landmark { get; init; }
    [Required, AllowedValues("day", "dusk", "dark", "late")] public required string LightBand { get; init; }
    [Required, MaxLength(11)] public required IReadOnlyDictionary<string, int> Ratings { get; init; }
}

/// <summary>
/// The immediate answer. Reference and words open the mailbox; the words are shown here once and stored only as a slow hash.
/// </summary>
public sealed record FeedbackReceipt
{
    public required string Reference { get; init; }
    public required string Words { get; init; }

    /// <summary>Something she wrote sounds like danger now: show 999 before anything else.</summary>
    public required bool Danger { get; init; }

    /// <summary>Something touches the police or this scheme: show the complaint route.</summary>
    public required bool ComplaintRoute { get; init; }

    public required IReadOnlyList<ReceivedItem> Items { get; init; }
}

/// <summary>One thing received. Kind: concern, safe-place, audit, disclosure or standards. ByStandards: a disclosure told with the conduct of police, read by standards instead of safeguarding.</summary>
public sealed record ReceivedItem(string Kind, string Reference, string? Code, string? OwnerBody, DateOnly? AnswerBy, int? Score, bool ByStandards = false);
