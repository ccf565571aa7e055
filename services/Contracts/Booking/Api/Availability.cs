using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>When an officer can walk, and what that comes to: <c>GET /officers/{officerId}/availability?from=&amp;days=</c>.</summary>
/// <param name="Zone">The clock of all its dates and times, IANA id.</param>
/// <param name="Windows">The windows of those days, leave taken out, in order of time.</param>
/// <param name="Walks">The first 20 of her walks that are not over.</param>
public sealed record OfficerAvailability(
    OfficerRow Officer, string Zone, IReadOnlyList<AvailabilityRow> Rules, IReadOnlyList<LeaveRow> Leave, IReadOnlyList<WindowView> Windows, IReadOnlyList<WalkAhead> Walks);

/// <summary>One window of clock time: once, or again by its rule.</summary>
/// <param name="Rule">RRULE of RFC 5545; null for a single day.</param>
/// <param name="Except">Days of the rule that fall out (EXDATE).</param>
public sealed record AvailabilityRow(Guid AvailabilityId, DateOnly FirstDate, TimeOnly From, TimeOnly Until, string? Rule, IReadOnlyList<DateOnly> Except);

/// <summary>Days on which an officer does not walk, both named days included.</summary>
/// <param name="Kind">annual, sick, training or other.</param>
public sealed record LeaveRow(Guid LeaveId, DateOnly From, DateOnly Until, string Kind);

/// <summary>A stretch of time in which she can walk.</summary>
public sealed record WindowView(DateTimeOffset From, DateTimeOffset Until);

/// <summary>A walk of hers that is not over.</summary>
public sealed record WalkAhead(Guid WalkId, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Ward);

/// <summary>Says when an officer can walk: <c>POST /officers/{officerId}/availability</c>. Dates and times are the clock's in the force's zone.</summary>
public sealed record AddAvailabilityRequest
{
    /// <summary>The first day; with a rule, the day from which it counts (DTSTART).</summary>
    public required DateOnly FirstDate { get; init; }

    /// <summary>When she can begin.</summary>
    public required TimeOnly From { get; init; }

    /// <summary>When she has to be done; not later than <see cref="From"/> means the next day.</summary>
    public required TimeOnly Until { get; init; }

    /// <summary>RRULE of RFC 5545, e.g. FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270331. Without it the window is that one day's.</summary>
    [StringLength(200, MinimumLength = 1)] public string? Rule { get; init; }
}

/// <summary>The window stands.</summary>
/// <param name="FirstDate">The first day on which there is one.</param>
public sealed record AvailabilityAdded(Guid AvailabilityId, DateOnly FirstDate);

/// <summary>An officer does not walk on these days: <c>POST /officers/{officerId}/leave</c>. Walks already published stay; the answer counts them.</summary>
public sealed record AddLeaveRequest
{
    /// <summary>The first day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day.</summary>
    public required DateOnly Until { get; init; }

    /// <summary>annual, sick, training or other; nothing more is kept.</summary>
    [Required, RegularExpression("^(annual|sick|training|other)$")] public required string Kind { get; init; }
}

/// <summary>The leave stands.</summary>
/// <param name="WalksInIt">Walks of hers in those days that somebody has to give to another officer or call off.</param>
public sealed record LeaveAdded(Guid LeaveId, int WalksInIt);
