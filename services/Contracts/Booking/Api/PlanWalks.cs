using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>
/// Walks for the weeks ahead, made from the officers' availability: <c>POST /plan/preview</c> shows them, <c>POST /plan</c> publishes them.
/// It may be sent again as often as one likes: what stands is not planned twice, and what was called off is not planned anew.
/// </summary>
public sealed record PlanWalksRequest
{
    /// <summary>The first day; today if missing.</summary>
    public DateOnly? From { get; init; }

    /// <summary>How many days; the horizon ends it earlier.</summary>
    [Range(1, 56)] public int Days { get; init; } = 14;

    /// <summary>Walks a ward is to have in each week, those published by hand included.</summary>
    [Range(1, 14)] public int EachWeek { get; init; } = 1;

    /// <summary>Codes of the wards to plan for; none means all.</summary>
    [MaxLength(2000)] public IReadOnlyList<string> Wards { get; init; } = [];

    /// <summary>From 30 minutes to four hours.</summary>
    [Range(30, 240)] public int Minutes { get; init; } = 45;

    /// <summary>Places of each walk, companions included.</summary>
    [Range(1, 20)] public int Capacity { get; init; } = 2;

    /// <summary>The language spoken, ISO 639.</summary>
    [Required, RegularExpression("^[a-z]{2,3}$")] public string Language { get; init; } = "en";

    /// <summary>Step-free all the way: only from step-free places, and the officers keep to such a route.</summary>
    public bool StepFree { get; init; }

    /// <summary>One or two officers on each walk. Of two, one speaks the language and signs.</summary>
    [Range(1, 2)] public int Officers { get; init; } = 1;

    /// <summary>Only officers who sign BSL.</summary>
    public bool SignLanguage { get; init; }
}

/// <summary>What is planned, or after <c>POST /plan</c> published, and what is not.</summary>
/// <param name="Already">Walks that were wanted and stand, or were called off.</param>
/// <param name="Left">Wanted walks that were not looked at, because one call makes so many at most: send it again.</param>
public sealed record WalksPlanned(IReadOnlyList<PlannedWalk> Walks, IReadOnlyList<UnmetWard> Unmet, IReadOnlyList<SkippedWindow> Skipped, int Already, int Left);

/// <summary>One walk of the plan.</summary>
/// <param name="WalkId">Null in a preview.</param>
/// <param name="Recent">The officer's walks since 28 days ago, those ahead included, before this one.</param>
public sealed record PlannedWalk(
    Guid? WalkId, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string LightBand, string WardCode, string Ward, string MeetingPoint, OfficerView Officer, int Recent, OfficerView? Second = null);

/// <summary>A ward that has fewer walks in a week than wanted.</summary>
/// <param name="Week">Its Monday.</param>
/// <param name="Reason">nobody: no officer of that ward has a window then; else what stood most often against her: see <see cref="SkippedWindow"/>.</param>
public sealed record UnmetWard(string WardCode, string Ward, DateOnly Week, int Missing, string Reason);

/// <summary>A time an officer could have walked at, and why she does not.</summary>
/// <param name="Reason">busy, leave, rest, dayfull, notice, language, signlanguage, area, place (no fitting meeting point), second (nobody to walk with her), or notneeded.</param>
public sealed record SkippedWindow(OfficerView Officer, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Reason);
