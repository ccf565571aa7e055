using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>
/// One concern and its rules. It is always one of three: open with a clock (<see cref="DueOn"/>, or a stopped one while she is asked),
/// ended with a reason written for the public, or a marker without content. Transitions are pure: they take the day and the
/// facts, change only this object, and return a refusal or null.
/// </summary>
internal sealed class Concern : IForceRow, IVersioned, IUntimed
{
    /// <summary>Working days from an owner to an agreed action or a reasoned no.</summary>
    public const int DaysToDecide = 20;
    /// <summary>Working days from a dispute to a new answer.</summary>
    public const int DaysAfterDispute = 10;
    /// <summary>Days after which she is asked whether it is done for her.</summary>
    public const int DaysToAskAgain = 28;
    /// <summary>Days a question may stand unanswered before NA-INFO is a reason.</summary>
    public const int DaysToAnswer = 28;

    public Guid Id { get; init; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }
    public required Guid MailboxId { get; init; }
    public required string Reference { get; init; }

    public required string Code { get; init; }
    public string? WardCode { get; set; }
    public string? BoroughCode { get; set; }
    public string? Landmark { get; set; }
    public string? LightBand { get; set; }
    public string? DayType { get; set; }
    public string? HowOften { get; set; }
    public string? Since { get; set; }
    public string? With { get; set; }
    public string? BecauseOfIt { get; set; }
    public string? Basis { get; set; }
    public int? Intensity { get; set; }
    public bool FromWalk { get; init; }
    public required string Quarter { get; init; }
    public required DateOnly ReceivedOn { get; init; }

    /// <summary>The working copy: personal data masked. Null where nothing was written or the narrative is sealed elsewhere.</summary>
    public string? Text { get; set; }
    /// <summary>Her answer to "what would change it?", masked likewise.</summary>
    public string? WhatWouldChangeIt { get; set; }
    /// <summary>Kinds of personal data masked in <see cref="Text"/>, comma separated.</summary>
    public string Masked { get; set; } = "";
    /// <summary>What she wrote, under the mailbox's key: kept only where something was masked.</summary>
    public string? SealedOriginal { get; set; }
    /// <summary>The narrative lies in a disclosure or standards case of its own.</summary>
    public bool NarrativeSealed { get; init; }

    public ConcernState State { get; private set; }
    /// <summary>The clock: the day by which the next step is due. Null only once it has ended.</summary>
    public DateOnly? DueOn { get; private set; }
    /// <summary>Since when the clock stands still for her answer.</summary>
    public DateOnly? WaitingSince { get; private set; }
    public ConcernState? Resume { get; private set; }
    public DateOnly? DisputedOn { get; private set; }

    public string? OwnerBody { get; set; }
    public string? OwnerRole { get; private set; }
    public string? Assignee { get; private set; }
    public string? NoActionReason { get; private set; }
    public DateOnly? ReviewOn { get; private set; }
    /// <summary>The answer, in words written for publication.</summary>
    public string? Outcome { get; private set; }
    public string? NotAConcernReason { get; private set; }
    public string? ProposedBy { get; private set; }
    /// <summary>Hash of the link by which she may confirm or dispute from her e-mail.</summary>
    public byte[]? AnswerLinkHash { get; set; }

    public bool IsOpen => State is not (ConcernState.ConfirmedDone or ConcernState.NoAction or ConcernState.Withdrawn or ConcernState.NotAConcern);

    /// <summary>The state as staff and contributor read it: a disputed concern in action is shown as disputed.</summary>
    public string Shown => State == ConcernState.InAction && DisputedOn is not null ? "Disputed" : State.ToString();

    /// <summary>Starts the clock of the code's SLA; safe places have none and are no concerns.</summary>
    public void StartClock(ForcePack pack, ConcernType type) => DueOn = pack.AddWorkingDays(ReceivedOn, type.SlaWorkingDays ?? DaysToDecide);

    /// <summary>Nobody local has read it before this.</summary>
    public Refusal? PassScreening() => Move(ConcernState.Screened, ConcernState.Received);

    /// <summary>She holds her receipt: reference, owner and date.</summary>
    public Refusal? Acknowledge() => Move(ConcernState.Acknowledged, ConcernState.Screened);

    public Refusal? Triage(string ownerBody, string ownerRole, DateOnly today, ForcePack pack)
    {
        if (Move(ConcernState.Triaged, ConcernState.Acknowledged, ConcernState.Triaged) is { } refused)
            return refused;
        (OwnerBody, OwnerRole, DueOn) = (ownerBody, ownerRole, pack.AddWorkingDays(today, DaysToDecide));
        return null;
    }

    public Refusal? Assign(string assignee)
    {
        if (!IsOpen)
            return Wrong("Assigned");
        Assignee = assignee;
        return null;
    }

    public Refusal? Ask(DateOnly today)
    {
        var before = State;
        if (Move(ConcernState.WaitingForContributor, ConcernState.Acknowledged, ConcernState.Triaged, ConcernState.InAction) is { } refused)
            return refused;
        (Resume, WaitingSince) = (before, today);
        return null;
    }

    /// <summary>Her answer starts the clock again, with the working days it stood still added.</summary>
    public Refusal? HearAnswer(DateOnly today, ForcePack pack)
    {
        if (State != ConcernState.WaitingForContributor)
            return Wrong("Answered");
        var stood = 0;
        for (var day = WaitingSince!.Value.AddDays(1); day <= today; day = day.AddDays(1))
            stood += pack.IsWorkingDay(day) ? 1 : 0;
        DueOn = pack.AddWorkingDays(DueOn!.Value, stood);
        (State, Resume, WaitingSince) = (Resume!.Value, null, null);
        return null;
    }

    /// <summary>An action that counts moves the concern; advice to women never does, so the clock runs on.</summary>
    public Refusal? TakeUp(ForceAction action)
    {
        if (State is not (ConcernState.Triaged or ConcernState.InAction))
            return Wrong("InAction");
        if (action.Counted)
            (State, OwnerBody, OwnerRole, DueOn, DisputedOn) = (ConcernState.InAction, action.OwnerBody, action.OwnerRole, action.DueOn, null);
        return null;
    }

    public Refusal? ClaimDone(string outcome, DateOnly today)
    {
        if (Move(ConcernState.ClaimedDone, ConcernState.InAction) is { } refused)
            return refused;
        (Outcome, DueOn, DisputedOn) = (outcome, today.AddDays(DaysToAskAgain), null);
        return null;
    }

    public Refusal? Confirm()
    {
        if (Move(ConcernState.ConfirmedDone, ConcernState.ClaimedDone) is { } refused)
            return refused;
        (DueOn, AnswerLinkHash) = (null, null);
        return null;
    }

    public Refusal? Dispute(DateOnly today, ForcePack pack)
    {
        if (Move(ConcernState.InAction, ConcernState.ClaimedDone) is { } refused)
            return refused;
        (DisputedOn, Outcome, AnswerLinkHash, DueOn) = (today, null, null, pack.AddWorkingDays(today, DaysAfterDispute));
        return null;
    }

    public Refusal? EndWithoutAction(string reason, string ownerRole, DateOnly reviewOn, string outcome, DateOnly today)
    {
        if (reviewOn <= today || reviewOn > today.AddYears(2))
            return FeedbackRefusals.ReviewDate;
        if (reason == "NA-INFO" && (State != ConcernState.WaitingForContributor || today < WaitingSince!.Value.AddDays(DaysToAnswer)))
            return FeedbackRefusals.NoReplyTooSoon;
        if (State == ConcernState.WaitingForContributor && reason != "NA-INFO")
            return Wrong("NoAction");
        if (Move(ConcernState.NoAction, ConcernState.Acknowledged, ConcernState.Triaged, ConcernState.InAction, ConcernState.WaitingForContributor) is { } refused)
            return refused;
        (NoActionReason, OwnerRole, ReviewOn, Outcome) = (reason, ownerRole, reviewOn, outcome);
        (DueOn, WaitingSince, Resume, DisputedOn) = (null, null, null, null);
        return null;
    }

    /// <summary>The first person proposes, a second one confirms; only then is the content gone.</summary>
    public Refusal? CallNotAConcern(string reason, string by)
    {
        if (State is not (ConcernState.Acknowledged or ConcernState.Triaged))
            return Wrong("NotAConcern");
        if (ProposedBy is null)
        {
            (NotAConcernReason, ProposedBy) = (reason, by);
            return null;
        }
        if (ProposedBy == by)
            return FeedbackRefusals.SecondPersonNeeded;
        LeaveMarker(ConcernState.NotAConcern);
        return null;
    }

    /// <summary>No reason needed, at any time before its end.</summary>
    public Refusal? Withdraw()
    {
        if (!IsOpen)
            return Wrong("Withdrawn");
        LeaveMarker(ConcernState.Withdrawn);
        return null;
    }

    /// <summary>What staff may do next, as the pages offer it.</summary>
    public IReadOnlyList<string> Next => State switch
    {
        ConcernState.Acknowledged => ["triage", "assign", "ask", "no-action", "not-a-concern"],
        ConcernState.Triaged => ["triage", "assign", "ask", "agree", "no-action", "not-a-concern"],
        ConcernState.InAction => ["assign", "ask", "agree", "claim", "no-action"],
        ConcernState.WaitingForContributor => ["assign", "no-action"],
        ConcernState.ClaimedDone => ["assign"],
        _ => [],
    };

    /// <summary>It is her turn: a question to her, or "we say done", is open. The force's clock stands still.</summary>
    public bool WaitsForHer => State is ConcernState.WaitingForContributor or ConcernState.ClaimedDone;

    /// <summary>The board's clock: over, soon (two days), in-time, stopped (it is her turn) or ended.</summary>
    public string Clock(DateOnly today) => (State, DueOn) switch
    {
        _ when WaitsForHer => "stopped",
        (_, null) => "ended",
        (_, { } due) when due < today => "over",
        (_, { } due) when due <= today.AddDays(2) => "soon",
        _ => "in-time",
    };

    private void LeaveMarker(ConcernState state)
    {
        State = state;
        (WardCode, BoroughCode, Landmark, Text, WhatWouldChangeIt, SealedOriginal, Masked) = (null, null, null, null, null, null, "");
        (LightBand, DayType, HowOften, Since, With, BecauseOfIt, Basis, Intensity) = (null, null, null, null, null, null, null, null);
        (DueOn, WaitingSince, Resume, DisputedOn, AnswerLinkHash, Outcome, Assignee) = (null, null, null, null, null, null, null);
    }

    private Refusal? Move(ConcernState to, params ReadOnlySpan<ConcernState> from)
    {
        if (!from.Contains(State))
            return Wrong(to.ToString());
        State = to;
        return null;
    }

    private Refusal Wrong(string to) => FeedbackRefusals.WrongState with { Detail = $"It is {Shown}; {to} does not follow from that." };
}
