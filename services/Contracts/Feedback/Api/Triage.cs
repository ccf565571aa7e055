using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Feedback.Api;

/// <summary>A page of the triage board, least time first. Next is the cursor of the page after, absent on the last.</summary>
public sealed record TriagePage(IReadOnlyList<TriageRow> Rows, string? Next, TriageClocks Clocks);

/// <summary>How many open concerns are over their date, due within two days, in time, and waiting for their contributor.</summary>
public sealed record TriageClocks(int Over, int Soon, int InTime, int Waiting);

/// <summary>A concern as the board shows it: the screened view. Clock: over, soon, in-time, stopped, merged or ended.</summary>
public sealed record TriageRow(
    Guid Id, string Reference, string Code, string? WardCode, string? Landmark, string? LightBand, string? HowOften, string? With,
    bool FromWalk, DateOnly ReceivedOn, string State, string Clock, DateOnly? DueOn, int? WorkingDaysLeft, string? OwnerBody, string? Assignee, long Version = 0, int MergedHere = 0);

/// <summary>Everything local staff may see of a concern. Text is the working copy with personal data masked. ByProgram: the bodies it can be sent to now.</summary>
public sealed record ConcernView(
    Guid Id, long Version, string Reference, string Code, string? WardCode, string? BoroughCode, string? Landmark,
    string? LightBand, string? DayType, string? HowOften, string? Since, string? With, string? BecauseOfIt, string? Basis, int? Intensity,
    string? Text, string? WhatWouldChangeIt, bool NarrativeSealed, IReadOnlyList<string> Masked, bool FromWalk, string Quarter, DateOnly ReceivedOn,
    string State, string Clock, DateOnly? DueOn, int? WorkingDaysLeft, string? OwnerBody, string? OwnerRole, string? Assignee,
    string? NoActionReason, DateOnly? ReviewOn, string? Outcome, string? ProposedNotAConcern, bool CanBeTold,
    IReadOnlyList<string> Next, IReadOnlyList<MailboxText> Messages, IReadOnlyList<ActionView> Actions,
    string? ReferredTo = null, string? ReferredRef = null, MergedConcern? Into = null, IReadOnlyList<MergedConcern>? MergedHere = null, int Disputes = 0,
    UsualOwner? Usual = null, IReadOnlyList<ReAuditPair>? ReAudits = null, IReadOnlyList<FollowUpView>? FollowUps = null,
    string Channel = "web", IReadOnlyList<PhotoSeen>? Photos = null, IReadOnlyList<PartnerRequestView>? Partners = null, IReadOnlyList<string>? ByProgram = null);

/// <summary>The other side of a merge.</summary>
public sealed record MergedConcern(Guid Id, string Reference);

/// <summary>Who usually acts on this, by the force pack.</summary>
public sealed record UsualOwner(string Body, string Role);

/// <summary>Two audits of the concern's point and light band, one before and one after the claim, that show it done.</summary>
public sealed record ReAuditPair(Guid Before, Guid After, string Landmark, string LightBand, int ScoreBefore, int ScoreAfter);

/// <summary>What she said when she was asked whether it is fixed.</summary>
public sealed record FollowUpView(int Weeks, DateOnly On, string? Changed, string Fixed, int? FeelDaylight, int? FeelAfterDark);

/// <summary>Confirms by two audits of others instead of her word.</summary>
public sealed record ReAudit
{
    public required Guid Before { get; init; }
    public required Guid After { get; init; }
}

/// <summary>Another concern that may tell of the same. Reasons: me-too, same-code, same-kind, same-landmark, same-light, days-apart.</summary>
public sealed record Duplicate(TriageRow Row, IReadOnlyList<string> Reasons);

/// <summary>What does not move, longest first.</summary>
public sealed record StuckList(IReadOnlyList<StuckRow> Rows, DateOnly? HolidaysRunOutOn);

/// <summary>A concern that is stuck, without place or word. Why: over (a week over its date), no-reply (28 days), referral (no answer there), partner (not taken by program, or closed there), silent (asked twice) or second-person.</summary>
public sealed record StuckRow(Guid Id, string Reference, string Code, string State, string Why, DateOnly DueOn, int WorkingDaysLeft, string? OwnerBody, string? Assignee);

/// <summary>A concern in the version that was seen.</summary>
public sealed record Seen(Guid Id, long Version);

/// <summary>One step for many concerns. Without an owner each gets the one its route in the force pack names.</summary>
public sealed record ManyAtOnce
{
    [Required, AllowedValues("triage", "assign")] public required string Step { get; init; }
    [Required, MinLength(1), MaxLength(100)] public required IReadOnlyList<Seen> Concerns { get; init; }
    [StringLength(20)] public string? OwnerBody { get; init; }
    [StringLength(100)] public string? OwnerRole { get; init; }
    [StringLength(200)] public string? Assignee { get; init; }
}

/// <summary>What was done, what not and why, and until when it can be taken back.</summary>
public sealed record ManyDone(Guid StepId, int Done, IReadOnlyList<NotDone> NotDone, DateTimeOffset UndoUntil);

/// <summary>A concern that stayed as it was.</summary>
public sealed record NotDone(string Reference, string Why);

/// <summary>A filter of the board kept under a name for whoever keeps it; an empty query forgets it.</summary>
public sealed record KeptFilter
{
    [Required, StringLength(60)] public required string Name { get; init; }
    [StringLength(400)] public string Query { get; init; } = "";
}

/// <summary>Who has to act on it.</summary>
public sealed record TriageDecision
{
    /// <summary>A body of the force pack, e.g. LA.</summary>
    [Required, StringLength(20)] public required string OwnerBody { get; init; }
    [Required, StringLength(100)] public required string OwnerRole { get; init; }
}

/// <summary>The member of staff who follows it up, by her subject.</summary>
public sealed record Assignment
{
    [Required, StringLength(200)] public required string Assignee { get; init; }
}

/// <summary>Passed on to a body of the force pack under its reference there; why, in words she may read.</summary>
public sealed record Referral
{
    [Required, StringLength(20)] public required string To { get; init; }
    [Required, StringLength(60)] public required string Reference { get; init; }
    [Required, StringLength(500, MinimumLength = 10)] public required string Why { get; init; }
}

/// <summary>The concern that tells of the same and whose answer this one waits for.</summary>
public sealed record MergeDecision
{
    public required Guid Into { get; init; }
}

/// <summary>A question to the contributor; her clock stops until she answers.</summary>
public sealed record QuestionToContributor
{
    [Required, StringLength(1000, MinimumLength = 5)] public required string Text { get; init; }
}

/// <summary>Nothing will be done: a coded reason, a named owner role, a review date and words for the public.</summary>
public sealed record NoActionDecision
{
    [Required, StringLength(20)] public required string Reason { get; init; }
    [Required, StringLength(100)] public required string OwnerRole { get; init; }
    public required DateOnly ReviewOn { get; init; }
    /// <summary>What women asked, in words written for publication.</summary>
    [Required, StringLength(500, MinimumLength = 10)] public required string Asked { get; init; }
    /// <summary>Why nothing is done, in words written for publication.</summary>
    [Required, StringLength(1000, MinimumLength = 10)] public required string Answer { get; init; }
}

/// <summary>Spam or abuse. Counts only when a second person says so too.</summary>
public sealed record NotAConcernProposal
{
    [Required, AllowedValues("spam", "abuse")] public required string Reason { get; init; }
}
