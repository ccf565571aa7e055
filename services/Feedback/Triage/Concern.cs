using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>
/// One concern and its rules. It is always one of three: open with a clock (<see cref="DueOn"/>, or a stopped one while she is asked),
/// ended with a reason written for the public, or a marker without content. One that is merged waits for another's answer, which is
/// then its own. Transitions are pure: they take the day and the facts, change only the concerns they name, and return a refusal or null.
/// </summary>
internal sealed class Concern : IForceRow, IVersioned, IUntimed
{
    /// <summary>Working days from an owner to an agreed action or a reasoned no.</summary>
    public const int DaysToDecide = 20;
    /// <summary>Working days from a dispute to a new answer.</summary>
    public const int DaysAfterDispute = 10;
    /// <summary>Weeks after "we say done" at which she is asked whether it is.</summary>
    public const int FirstAsked = 4, LastAsked = 12;
    /// <summary>Working days before its review date on which a no comes back as work.</summary>
    public const int DaysToReview = 5;
    /// <summary>Days a question may stand unanswered before NA-INFO is a reason.</summary>
    public const int DaysToAnswer = 28;

    public Guid Id { get; init; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }
    public required Guid MailboxId { get; set; }
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
    /// <summary>The day by which four fifths of the clock are gone.</summary>
    public DateOnly? WarnOn { get; private set; }
    public ClockTold Told { get; private set; }
    /// <summary>Since when the clock stands still for her answer.</summary>
    public DateOnly? WaitingSince { get; private set; }
    public ConcernState? Resume { get; private set; }
    public DateOnly? DisputedOn { get; private set; }
    /// <summary>How often she said "not done"; from the second time on oversight hears of it.</summary>
    public int Disputes { get; private set; }
    /// <summary>The day of the last "we say done".</summary>
    public DateOnly? ClaimedOn { get; private set; }
    /// <summary>0, 4 or 12: at how many weeks she was last asked.</summary>
    public int AskedAtWeeks { get; private set; }

    /// <summary>The concern whose answer this one waits for.</summary>
    public Guid? MergedInto { get; private set; }
    /// <summary>How many wait for this one's answer. Each change of it is a new version, so that of a merge and a withdrawal at once only one is saved.</summary>
    public int MergedHere { get; private set; }
    /// <summary>The answer on the public board to which she said "me too".</summary>
    public Guid? MeTooOf { get; set; }

    /// <summary>The body it was last passed on to, and under which reference there.</summary>
    public string? ReferredTo { get; private set; }
    public string? ReferredRef { get; private set; }

    /// <summary>The day it got its first owner, and the day it ended: what retention counts from.</summary>
    public DateOnly? TriagedOn { get; private set; }
    public DateOnly? EndedOn { get; private set; }

    /// <summary>Nothing of whoever raised it is left.</summary>
    public bool Anonymised { get; private set; }

    public string? OwnerBody { get; set; }
    public string? OwnerRole { get; private set; }
    public string? Assignee { get; private set; }
    public string? NoActionReason { get; private set; }
    public DateOnly? ReviewOn { get; private set; }
    /// <summary>The answer, in words written for publication.</summary>
    public string? Outcome { get; private set; }
    /// <summary>The day she first read the answer that stands.</summary>
    public DateOnly? OutcomeReadOn { get; private set; }
    public string? NotAConcernReason { get; private set; }
    public string? ProposedBy { get; private set; }
    /// <summary>Hash of the link by which she may confirm or dispute from her e-mail.</summary>
    public byte[]? AnswerLinkHash { get; set; }

    public bool IsOpen => State is not (ConcernState.ConfirmedDone or ConcernState.NoAction or ConcernState.Withdrawn or ConcernState.NotAConcern);

    /// <summary>The state as staff and contributor read it: Disputed while she disputes, Review while a no is looked at again.</summary>
    public string Shown => State switch
    {
        ConcernState.InAction when DisputedOn is not null => "Disputed",
        ConcernState.Triaged when ReviewOn is not null => "Review",
        _ => State.ToString(),
    };

    /// <summary>Starts the clock of the code's SLA; safe places have none and are no concerns.</summary>
    public void StartClock(ForcePack pack, ConcernType type) => SetClock(ReceivedOn, pack.AddWorkingDays(ReceivedOn, type.SlaWorkingDays ?? DaysToDecide), pack);

    /// <summary>Nobody local has read it before this.</summary>
    public Refusal? PassScreening() => Move(ConcernState.Screened, ConcernState.Received);

    /// <summary>She holds her receipt: reference, owner and date.</summary>
    public Refusal? Acknowledge() => Move(ConcernState.Acknowledged, ConcernState.Screened);

    public Refusal? Triage(string ownerBody, string ownerRole, DateOnly today, ForcePack pack)
    {
        // Another owner does not buy another twenty days.
        var first = State != ConcernState.Triaged;
        if (Move(ConcernState.Triaged, ConcernState.Acknowledged, ConcernState.Triaged, ConcernState.Referred) is { } refused)
            return refused;
        (OwnerBody, OwnerRole, TriagedOn) = (ownerBody, ownerRole, TriagedOn ?? today);
        if (first)
            SetClock(today, pack.AddWorkingDays(today, DaysToDecide), pack);
        return null;
    }

    /// <summary>Passed on to a body that can act. Its answer is asked for in twenty working days; the case stays the force's.</summary>
    public Refusal? Refer(string to, string? reference, DateOnly today, ForcePack pack)
    {
        if (Move(ConcernState.Referred, ConcernState.Acknowledged, ConcernState.Triaged, ConcernState.Referred) is { } refused)
            return refused;
        (ReferredTo, ReferredRef, NoActionReason, ReviewOn, Outcome) = (to, reference, null, null, null);
        SetClock(today, pack.AddWorkingDays(today, DaysToDecide), pack);
        return null;
    }

    /// <summary>The reference that body has given it by now.</summary>
    public void KnowReference(string to, string reference) => ReferredRef = ReferredTo == to ? reference : ReferredRef;

    /// <summary>It was passed on and never left: as it was before.</summary>
    public void TakeBack(ConcernMemo before)
    {
        if (State != ConcernState.Referred)
            return;
        Restore(before);
        (ReferredTo, ReferredRef) = (before.ReferredTo, before.ReferredRef);
    }

    /// <summary>There is nothing more to wait for where it was passed on, refused or closed there: work again, and soon. The clock is never longer for it.</summary>
    public void ComeBack(DateOnly today, ForcePack pack)
    {
        if (State == ConcernState.Referred && pack.AddWorkingDays(today, DaysToReview) is var due && due < DueOn)
            SetClock(today, due, pack);
    }

    public Refusal? Assign(string assignee)
    {
        if (!IsOpen)
            return Wrong("Assigned");
        Assignee = assignee;
        return null;
    }

    /// <summary>Whoever has it must not have it any more.</summary>
    public void Unassign() => Assignee = null;

    public Refusal? Ask(DateOnly today)
    {
        // The clock of those merged into it would stand still for a question that they were not asked.
        if (MergedHere > 0)
            return FeedbackRefusals.OthersWait;
        if (Anonymised)
            return FeedbackRefusals.WrongState with { Detail = "It is anonymised: there is nobody to ask." };
        var before = State;
        if (Move(ConcernState.WaitingForContributor, ConcernState.Acknowledged, ConcernState.Triaged, ConcernState.Referred, ConcernState.InAction) is { } refused)
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
        WarnOn = WarnOn is { } warn ? pack.AddWorkingDays(warn, stood) : null;
        (State, Resume, WaitingSince) = (Resume!.Value, null, null);
        return null;
    }

    /// <summary>An action that counts moves the concern; advice to women never does, so the clock runs on.</summary>
    public Refusal? TakeUp(ForceAction action, DateOnly today, ForcePack pack)
    {
        if (State is not (ConcernState.Triaged or ConcernState.Referred or ConcernState.InAction))
            return Wrong("InAction");
        if (!action.Counted)
            return null;
        // A dispute and a no under review are answered by what is agreed now.
        (State, DisputedOn, NoActionReason, ReviewOn, Outcome) = (ConcernState.InAction, null, null, null, null);
        Follow(action, today, pack);
        return null;
    }

    /// <summary>Owner and date are the action's: when it is agreed, when its date moves, and for what is merged into a concern it answers.</summary>
    public void Follow(ForceAction action, DateOnly today, ForcePack pack)
    {
        if (!(State is ConcernState.InAction or ConcernState.Merged && DisputedOn is null))
            return;
        (OwnerBody, OwnerRole) = (action.OwnerBody, action.OwnerRole);
        SetClock(today, action.DueOn, pack);
    }

    /// <summary>The last action for it was dropped: it needs another answer, soon.</summary>
    public void LoseAction(DateOnly today, ForcePack pack)
    {
        if (State is not (ConcernState.InAction or ConcernState.Merged))
            return;
        State = State == ConcernState.Merged ? State : ConcernState.Triaged;
        SetClock(today, pack.AddWorkingDays(today, DaysAfterDispute), pack);
    }

    public Refusal? ClaimDone(string outcome, DateOnly today)
    {
        if (Move(ConcernState.ClaimedDone, ConcernState.InAction) is { } refused)
            return refused;
        (Outcome, OutcomeReadOn, DueOn, WarnOn, DisputedOn, ClaimedOn, AskedAtWeeks) = (outcome, null, today.AddDays(FirstAsked * 7), null, null, today, 0);
        return null;
    }

    /// <summary>She says it is done, or a re-audit by others does.</summary>
    public Refusal? Confirm(DateOnly today)
    {
        if (Move(ConcernState.ConfirmedDone, ConcernState.ClaimedDone) is { } refused)
            return refused;
        (DueOn, AnswerLinkHash, EndedOn) = (null, null, today);
        return null;
    }

    /// <summary>She says it is not done: also of what she, or a re-audit, has called done before.</summary>
    public Refusal? Dispute(DateOnly today, ForcePack pack)
    {
        if (Move(ConcernState.InAction, ConcernState.ClaimedDone, ConcernState.ConfirmedDone) is { } refused)
            return refused;
        (DisputedOn, Disputes, Outcome, AnswerLinkHash, EndedOn) = (today, Disputes + 1, null, null, null);
        SetClock(today, pack.AddWorkingDays(today, DaysAfterDispute), pack);
        return null;
    }

    /// <summary>At how many weeks she is to be asked today, if at all. At four only where she has not answered; at twelve also whether it has stayed so.</summary>
    public int? ToAsk(DateOnly today) => (State, ClaimedOn) switch
    {
        (ConcernState.ClaimedDone or ConcernState.ConfirmedDone, { } on) when AskedAtWeeks < LastAsked && on.AddDays(LastAsked * 7) <= today => LastAsked,
        (ConcernState.ClaimedDone, { } on) when AskedAtWeeks < FirstAsked && on.AddDays(FirstAsked * 7) <= today => FirstAsked,
        _ => null,
    };

    public void Asked(int weeks)
    {
        AskedAtWeeks = weeks;
        if (State == ConcernState.ClaimedDone)
            DueOn = ClaimedOn!.Value.AddDays(LastAsked * 7);
    }

    /// <summary>Another one tells of the same: this one waits for its answer. Neither waits longer for it: the earlier clock counts for both.</summary>
    public Refusal? Merge(Concern into, DateOnly today, ForcePack pack)
    {
        if (into.Id == Id || !into.CanCarry)
            return FeedbackRefusals.MergeTarget with { Detail = into.Id == Id ? "It cannot be merged into itself." : $"{into.Reference} is {into.Shown}: it has no answer to come." };
        if (MergedHere > 0)
            return FeedbackRefusals.MergeTarget with { Detail = $"{MergedHere} wait for this one. Merge the other way round." };
        var before = State;
        if (Move(ConcernState.Merged, ConcernState.Acknowledged, ConcernState.Triaged, ConcernState.Referred, ConcernState.InAction) is { } refused)
            return refused;
        (Resume, MergedInto, ProposedBy, NotAConcernReason) = (before, into.Id, null, null);
        into.MergedHere++;
        if (DueOn < into.DueOn)
            into.SetClock(today, DueOn.Value, pack);
        return null;
    }

    /// <summary>On its own again; if its clock has run out meanwhile, with the days a dispute has.</summary>
    public Refusal? Unmerge(Concern from, DateOnly today, ForcePack pack)
    {
        if (State != ConcernState.Merged || MergedInto != from.Id)
            return Wrong("Unmerged");
        (State, Resume, MergedInto) = (Resume!.Value, null, null);
        from.MergedHere--;
        if (DueOn <= today)
            SetClock(today, pack.AddWorkingDays(today, DaysAfterDispute), pack);
        return null;
    }

    /// <summary>
    /// What becomes of those that wait for this one once it has moved: they share its answer and are told and asked as if it were theirs
    /// alone, or, when it has none for them (withdrawn, none at all, her own silence), they are on their own again. Returns those that share it.
    /// </summary>
    public List<Concern> Settle(IEnumerable<Concern> waiting, DateOnly today, ForcePack pack)
    {
        var shared = new List<Concern>();
        foreach (var other in CanCarry ? [] : waiting)
        {
            if (State == ConcernState.ClaimedDone || (State == ConcernState.NoAction && NoActionReason != "NA-INFO"))
            {
                other.Inherit(this);
                shared.Add(other);
            }
            else
                other.Unmerge(this, today, pack);
        }
        return shared;
    }

    private void Inherit(Concern answered)
    {
        (State, OwnerBody, OwnerRole, Outcome, DueOn, WarnOn) = (answered.State, answered.OwnerBody, answered.OwnerRole, answered.Outcome, answered.DueOn, null);
        (ClaimedOn, AskedAtWeeks, NoActionReason, ReviewOn) = (answered.ClaimedOn, 0, answered.NoActionReason, answered.ReviewOn);
        (MergedInto, Resume, DisputedOn, EndedOn, OutcomeReadOn) = (null, null, null, answered.EndedOn, null);
        answered.MergedHere--;
    }

    public Refusal? EndWithoutAction(string reason, string ownerRole, DateOnly reviewOn, string outcome, DateOnly today)
    {
        if (reviewOn <= today || reviewOn > today.AddYears(2))
            return FeedbackRefusals.ReviewDate;
        if (reason == "NA-INFO" && (State != ConcernState.WaitingForContributor || today < WaitingSince!.Value.AddDays(DaysToAnswer)))
            return FeedbackRefusals.NoReplyTooSoon;
        if (State == ConcernState.WaitingForContributor && reason != "NA-INFO")
            return Wrong("NoAction");
        if (Move(ConcernState.NoAction, ConcernState.Acknowledged, ConcernState.Triaged, ConcernState.Referred, ConcernState.InAction, ConcernState.WaitingForContributor) is { } refused)
            return refused;
        (NoActionReason, OwnerRole, ReviewOn, Outcome, OutcomeReadOn, EndedOn) = (reason, ownerRole, reviewOn, outcome, null, today);
        (DueOn, WarnOn, WaitingSince, Resume, DisputedOn) = (null, null, null, null, null);
        return null;
    }

    /// <summary>A no comes back as work, due on its review date; before it, on a challenge, at once.</summary>
    public Refusal? Review(DateOnly today, ForcePack pack)
    {
        if (Move(ConcernState.Triaged, ConcernState.NoAction) is { } refused)
            return refused;
        EndedOn = null;
        SetClock(today, ReviewOn > today ? ReviewOn.Value : pack.AddWorkingDays(today, DaysToReview), pack);
        return null;
    }

    /// <summary>The first person proposes, a second one confirms; only then is the content gone.</summary>
    public Refusal? CallNotAConcern(string reason, string by, DateOnly today)
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
        LeaveMarker(ConcernState.NotAConcern, today);
        return null;
    }

    /// <summary>No reason needed, at any time before its end.</summary>
    public Refusal? Withdraw(DateOnly today)
    {
        if (!IsOpen)
            return Wrong("Withdrawn");
        LeaveMarker(ConcernState.Withdrawn, today);
        return null;
    }

    /// <summary>An answer stands that she has not read.</summary>
    public bool IsUnread => OutcomeReadOn is null && State is (ConcernState.ClaimedDone or ConcernState.ConfirmedDone or ConcernState.NoAction);

    public void Read(DateOnly day) => OutcomeReadOn ??= day;

    /// <summary>What staff may do next, as the pages offer it.</summary>
    public IReadOnlyList<string> Next => State switch
    {
        ConcernState.Acknowledged => ["triage", "assign", "ask", "refer", "merge", "no-action", "not-a-concern"],
        ConcernState.Triaged => ["triage", "assign", "ask", "refer", "merge", "agree", "no-action", "not-a-concern"],
        ConcernState.Referred => ["triage", "assign", "ask", "refer", "merge", "agree", "no-action"],
        ConcernState.InAction => ["assign", "ask", "merge", "agree", "claim", "no-action"],
        ConcernState.WaitingForContributor => ["assign", "no-action"],
        ConcernState.Merged => ["unmerge"],
        ConcernState.ClaimedDone => ["assign", "re-audit"],
        ConcernState.NoAction => ["review"],
        _ => [],
    };

    /// <summary>It is her turn: a question to her, or "we say done", is open. The force's clock stands still.</summary>
    public bool WaitsForHer => State is ConcernState.WaitingForContributor or ConcernState.ClaimedDone;

    /// <summary>An answer of the force is still to come, so that others can wait for it.</summary>
    public bool CanCarry => State is ConcernState.Acknowledged or ConcernState.Triaged or ConcernState.Referred or ConcernState.InAction;

    /// <summary>The board's clock: over, soon (two days), in-time, stopped (it is her turn), merged (another's clock counts) or ended.</summary>
    public string Clock(DateOnly today) => (State, DueOn) switch
    {
        _ when WaitsForHer => "stopped",
        (ConcernState.Merged, _) => "merged",
        (_, null) => "ended",
        (_, { } due) when due < today => "over",
        (_, { } due) when due <= today.AddDays(2) => "soon",
        _ => "in-time",
    };

    public ConcernMemo Memo() => new(State, OwnerBody, OwnerRole, Assignee, DueOn, WarnOn, Told, TriagedOn, ReferredTo, ReferredRef);

    /// <summary>As it was before a step that nobody has been told of.</summary>
    public void Restore(ConcernMemo before) =>
        (State, OwnerBody, OwnerRole, Assignee, DueOn, WarnOn, Told, TriagedOn) =
        (before.State, before.OwnerBody, before.OwnerRole, before.Assignee, before.DueOn, before.WarnOn, before.Told, before.TriagedOn);

    /// <summary>What staff know already, they are not told again.</summary>
    public void KnowClock(DateOnly today) => Told = DueOn < today ? ClockTold.Breach : WarnOn <= today ? ClockTold.Warning : Told;

    /// <summary>Its code, place and end stay for the figures; no word, no mailbox, no colleague's name.</summary>
    public void Anonymise()
    {
        (Anonymised, MailboxId, Assignee, ProposedBy, AnswerLinkHash, MeTooOf) = (true, Guid.NewGuid(), null, null, null, null);
        (Landmark, Text, WhatWouldChangeIt, SealedOriginal, Masked) = (null, null, null, null, "");
    }

    private void SetClock(DateOnly from, DateOnly due, ForcePack pack) =>
        (DueOn, WarnOn, Told) = (due, pack.AddWorkingDays(from, pack.WorkingDaysUntil(from, due) * 4 / 5), ClockTold.Nothing);

    private void LeaveMarker(ConcernState state, DateOnly today)
    {
        (State, EndedOn) = (state, today);
        (WardCode, BoroughCode, Landmark, Text, WhatWouldChangeIt, SealedOriginal, Masked) = (null, null, null, null, null, null, "");
        (LightBand, DayType, HowOften, Since, With, BecauseOfIt, Basis, Intensity) = (null, null, null, null, null, null, null, null);
        (DueOn, WarnOn, WaitingSince, Resume, DisputedOn, AnswerLinkHash, Outcome, OutcomeReadOn, Assignee) = (null, null, null, null, null, null, null, null, null);
        (MergedInto, MeTooOf, ReferredTo, ReferredRef, NoActionReason, ReviewOn) = (null, null, null, null, null, null);
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
