using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>One step for many concerns, with what each was before, so that it can be taken back until it is told.</summary>
internal sealed class BulkStep : IForceRow
{
    /// <summary>How long it is held back from the other services.</summary>
    public static readonly TimeSpan HeldBack = TimeSpan.FromMinutes(10);

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public string ForceId { get; set; } = "";
    public required string Sub { get; init; }
    public required DateTimeOffset At { get; init; }
    public required IReadOnlyList<BulkRow> Rows { get; set; }
    /// <summary>It was told or taken back: nothing more can be done with it.</summary>
    public bool Closed { get; set; }
}

/// <summary>One concern of a step: its version after the step, and what it was before.</summary>
internal sealed record BulkRow(Guid ConcernId, long Version, bool FirstOwner, ConcernMemo Before);

/// <summary>What a step of triage, or a referral, can change of a concern.</summary>
internal sealed record ConcernMemo(ConcernState State, string? OwnerBody, string? OwnerRole, string? Assignee, DateOnly? DueOn, DateOnly? WarnOn, ClockTold Told, DateOnly? TriagedOn,
    string? ReferredTo = null, string? ReferredRef = null)
{
    /// <summary>Whether the first decision about it, taken on that day, came before its clock had run out; null where it is no first one.</summary>
    public bool? InTime(DateOnly today) => State == ConcernState.Acknowledged ? today <= DueOn : null;
}
