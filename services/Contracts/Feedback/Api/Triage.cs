using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Feedback.Api;

/// <summary>A page of the triage board, least time first. Next is the cursor of the page after, absent on the last.</summary>
public sealed record TriagePage(IReadOnlyList<TriageRow> Rows, string? Next, TriageClocks Clocks);

/// <summary>How many open concerns are over their date, due within two days, in time, and waiting for their contributor.</summary>
public sealed record TriageClocks(int Over, int Soon, int InTime, int Waiting);

/// <summary>A concern as the board shows it: the screened view. Clock: over, soon, in-time, stopped, merged or ended.</summary>
public sealed record TriageRow(
    Guid Id, string Reference, string Code, string? WardCode, string? Landmark, string? LightBand, string? HowOften, string? With,
    bool FromWalk, DateOnly ReceivedOn, string State, string Clock, DateOnly? DueOn, int? WorkingDaysLeft, string? OwnerBody, string? Assignee);

/// <summary>Everything local staff may see of a concern. Text is the working copy with personal data masked.</summary>
public sealed record ConcernView(
    Guid Id, long Version, string Reference, string Code, string? WardCode, string? BoroughCode, string? Landmark,
    string? LightBand, string? DayType, string? HowOften, string? Since, string? With, string? BecauseOfIt, string? Basis, int? Intensity,
    string? Text, string? WhatWouldChangeIt, bool NarrativeSealed, IReadOnlyList<string> Masked, bool FromWalk, string Quarter, DateOnly ReceivedOn,
    string State, string Clock, DateOnly? DueOn, int? WorkingDaysLeft, string? OwnerBody, string? OwnerRole, string? Assignee,
    string? NoActionReason, DateOnly? ReviewOn, string? Outcome, string? ProposedNotAConcern, bool CanBeTold,
    IReadOnlyList<string> Next, IReadOnlyList<MailboxText> Messages, IReadOnlyList<ActionView> Actions);

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
