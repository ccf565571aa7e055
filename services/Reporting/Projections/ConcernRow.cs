using WalkTalk.Contracts.Feedback;

namespace WalkTalk.Reporting.Projections;

/// <summary>
/// What Feedback has told of one concern: codes, coarse place, quarter, and the day of each step. A step that can
/// come more than once keeps its first or its last day, so the order of arrival does not matter.
/// </summary>
internal sealed class ConcernRow : IFactsRow
{
    public Guid Id { get; set; }
    public string ForceId { get; set; } = "";

    /// <summary>Random id of a mailbox or an attendance nonce, to count people and not reports (D8 rule 12).</summary>
    public Guid? Contributor { get; private set; }
    /// <summary>Quarter of receipt; null until the receipt has arrived.</summary>
    public string? Quarter { get; private set; }
    public string? WardCode { get; private set; }
    public string? BoroughCode { get; private set; }
    public string? Category { get; private set; }
    public string? LightBand { get; private set; }

    /// <summary>Withdrawn, or no concern at all: out of every count.</summary>
    public bool Removed { get; private set; }
    public string? TriagedQuarter { get; private set; }

    /// <summary>The day it was received and the last one on which its first owner is in time; null where its receipt does not say.</summary>
    public DateOnly? ReceivedOn { get; private set; }
    public DateOnly? TriageBy { get; private set; }
    /// <summary>First day with an owner, and whether that was in time; of two that say, the one that was not stands.</summary>
    public DateOnly? TriagedOn { get; private set; }
    public bool? TriagedInTime { get; private set; }
    /// <summary>First day with an agreed action that counts; advice to women never does.</summary>
    public DateOnly? ActionOn { get; private set; }
    public DateOnly? ClaimedOn { get; private set; }
    public DateOnly? ConfirmedOn { get; private set; }
    public DateOnly? DisputedOn { get; private set; }
    public DateOnly? NoActionOn { get; private set; }
    /// <summary>Days from receipt to the first public outcome: what the force says it did, or why it did not.</summary>
    public int? OutcomeAfter { get; private set; }

    /// <summary>The last no, its reason and the day on which it is looked at again; of two on one day the one looked at later.</summary>
    public DateOnly? LastNoActionOn { get; private set; }
    public string? NoActionReason { get; private set; }
    public DateOnly? ReviewOn { get; private set; }
    /// <summary>Last day on which it got an owner or an action that counts, or was claimed done: a no before that has been looked at again.</summary>
    public DateOnly? LastStepOn { get; private set; }

    /// <summary>Day of the last outcome that says whether anybody could be told, and whether that was so; of two on one day the one that could stands.</summary>
    public DateOnly? OutcomeOn { get; private set; }
    public bool? Reachable { get; private set; }
    /// <summary>Last day on which she was told an outcome: she read it, or a message with it arrived.</summary>
    public DateOnly? ToldOn { get; private set; }

    public void Apply(ConcernReceived fact)
    {
        (Contributor, Quarter, WardCode, BoroughCode, Category, LightBand) =
        (fact.Contributor, fact.Quarter, fact.WardCode, fact.BoroughCode, fact.Category, fact.LightBand);
        (ReceivedOn, TriageBy) = (fact.On, fact.TriageBy);
        SeeOutcome();
    }

    public void Apply(ConcernRemoved _) => Removed = true;

    public void Apply(ConcernTriaged fact, DateOnly on)
    {
        TriagedQuarter = TriagedQuarter is { } q && string.CompareOrdinal(q, fact.Quarter) <= 0 ? q : fact.Quarter;
        if (fact.InTime is { } inTime) TriagedInTime = TriagedInTime != false && inTime;
        (TriagedOn, LastStepOn) = (Earlier(TriagedOn, on), Later(LastStepOn, on));
    }

    public void Apply(ActionAgreed fact, DateOnly on)
    {
        if (fact.Counted) (ActionOn, LastStepOn) = (Earlier(ActionOn, on), Later(LastStepOn, on));
    }

    public void Apply(ConcernClaimedDone fact)
    {
        (ClaimedOn, LastStepOn) = (Earlier(ClaimedOn, fact.On), Later(LastStepOn, fact.On));
        SeeReachable(fact.On, fact.Reachable);
        SeeOutcome();
    }

    public void Apply(ConcernConfirmedDone fact) => ConfirmedOn = Later(ConfirmedOn, fact.On);

    public void Apply(ConcernDisputed fact) => DisputedOn = Later(DisputedOn, fact.On);

    public void Apply(ConcernEndedNoAction fact, DateOnly on)
    {
        NoActionOn = Earlier(NoActionOn, on);
        if (LastNoActionOn is not { } last || on > last
            || (on == last && (fact.ReviewOn > ReviewOn || (fact.ReviewOn == ReviewOn && string.CompareOrdinal(fact.Reason, NoActionReason) > 0))))
            (LastNoActionOn, ReviewOn, NoActionReason) = (on, fact.ReviewOn, fact.Reason);
        SeeReachable(on, fact.Reachable);
        SeeOutcome();
    }

    public void Apply(ConcernOutcomeRead fact) => ToldOn = Later(ToldOn, fact.On);

    /// <summary>A message with its outcome has arrived, as far as its provider says so.</summary>
    public void Arrived(DateOnly on) => ToldOn = Later(ToldOn, on);

    private void SeeReachable(DateOnly on, bool? reachable)
    {
        if (reachable is { } said && !(OutcomeOn > on)) (OutcomeOn, Reachable) = (on, said || (OutcomeOn == on && Reachable == true));
    }

    private void SeeOutcome()
    {
        var first = ClaimedOn is { } claimed ? NoActionOn < claimed ? NoActionOn : claimed : NoActionOn;
        OutcomeAfter = first?.DayNumber - ReceivedOn?.DayNumber;
    }

    private static DateOnly Earlier(DateOnly? known, DateOnly on) => known is { } k && k < on ? k : on;

    private static DateOnly Later(DateOnly? known, DateOnly on) => known is { } k && k > on ? k : on;
}
