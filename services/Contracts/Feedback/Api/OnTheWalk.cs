using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Feedback.Api;

// What an officer notes on a walk: POST /capture/stops, /capture/promises, /capture/end, /capture/disclosure; GET /capture.
// The header Capture brings a random reference of the walk, 32 to 64 letters and digits, made by the caller and told to nobody else.

/// <summary>A stop: the place, how it was found, and by her consent what is wrong there. No words of hers.</summary>
public sealed record StopNoted
{
    public PlaceInput Place { get; init; } = new();

    [Required, AllowedValues("day", "dusk", "dark", "late")] public required string LightBand { get; init; }

    /// <summary>Codes of the taxonomy; those that may be a crime or are about police have the sealed form.</summary>
    [MaxLength(10)] public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>She was asked, and agrees that it is noted.</summary>
    public bool Consent { get; init; }

    /// <summary>Ratings of D2, 0–3; they need a ward.</summary>
    [MaxLength(11)] public IReadOnlyDictionary<string, int> Ratings { get; init; } = new Dictionary<string, int>();
}

/// <summary>What the officer promised: what, to whom as a role, within how many days.</summary>
public sealed record PromiseMade
{
    [Required, StringLength(500, MinimumLength = 5)] public required string What { get; init; }

    [StringLength(100, MinimumLength = 2)] public string To { get; init; } = "Participant";

    [AllowedValues(7, 14, 28)] public int WithinDays { get; init; } = 14;

    [StringLength(20)] public string? WardCode { get; init; }
}

/// <summary>The walk is over (D4, "officer after").</summary>
public sealed record CaptureEnded
{
    /// <summary>Groups of the taxonomy, e.g. ENV.</summary>
    [MaxLength(10)] public IReadOnlyList<string> Themes { get; init; } = [];

    /// <summary>A crime or harm was told.</summary>
    public bool Disclosed { get; init; }
}

/// <summary>The sealed form: read by safeguarding alone.</summary>
public sealed record DisclosureTold
{
    /// <summary>What was told, and how safeguarding reaches the officer.</summary>
    [Required, StringLength(5000, MinimumLength = 10)] public required string Text { get; init; }

    [StringLength(200)] public string? Place { get; init; }

    /// <summary>Her choice after it was explained what recording means. NotNow means no contact.</summary>
    [Required, AllowedValues("ReportNow", "Supported", "ThirdParty", "NotNow")] public required string Choice { get; init; }
}

/// <summary>What this walk has so far.</summary>
/// <param name="Ended">The questions of the end are answered.</param>
/// <param name="Disclosed">A crime or harm was told.</param>
public sealed record CaptureView(int Stops, IReadOnlyList<PromiseNoted> Promises, bool Ended, bool Disclosed);

/// <summary>A promise as its officer sees it again.</summary>
public sealed record PromiseNoted(string What, DateOnly DueOn);

/// <summary>Promises of officers by date: <c>GET /promises?state=open|ended</c>.</summary>
public sealed record PromisesPage(IReadOnlyList<PromiseView> Rows, string? Next, int Open, int Over);

/// <summary>A promise: Open, Action or Answered.</summary>
/// <param name="Clock">over, soon, in-time or ended.</param>
public sealed record PromiseView(
    Guid Id, long Version, string What, string To, string? WardCode, DateOnly DueOn, string State, string Clock, Guid? ActionId, string? Answer, DateOnly? EndedOn);

/// <summary>The promise becomes an action: <c>POST /promises/{id}/action</c> with If-Match.</summary>
public sealed record PromiseTaken
{
    [Required, StringLength(30)] public required string Type { get; init; }

    /// <summary>Concerns it answers as well; may be empty.</summary>
    [MaxLength(100)] public IReadOnlyList<Guid> ConcernIds { get; init; } = [];
    [Required, StringLength(20)] public required string OwnerBody { get; init; }
    [Required, StringLength(100)] public required string OwnerRole { get; init; }
    public required DateOnly DueOn { get; init; }
    [Required, AllowedValues("prepare", "prevent", "protect", "pursue")] public required string FourP { get; init; }

    /// <summary>Who does what by when, in words written for publication.</summary>
    [Required, StringLength(1000, MinimumLength = 10)] public required string Promise { get; init; }

    /// <summary>What it is about, for the public board: a code of the taxonomy without a sealed branch. Needed where it answers no concern.</summary>
    [StringLength(30)] public string? Code { get; init; }
}

/// <summary>The answer to a promise, in words written for publication: <c>POST /promises/{id}/answer</c> with If-Match.</summary>
public sealed record PromiseAnswer
{
    [Required, StringLength(1000, MinimumLength = 10)] public required string Answer { get; init; }

    /// <summary>What it is about, for the public board: a code of the taxonomy without a sealed branch.</summary>
    [Required, StringLength(30)] public required string Code { get; init; }

    /// <summary>True: what was promised is done, as the force says; false: it will not be; null: it goes on.</summary>
    public bool? Kept { get; init; }
}
