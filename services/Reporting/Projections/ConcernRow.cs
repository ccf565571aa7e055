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
    /// <summary>First day with an agreed action that counts; advice to women never does.</summary>
    public DateOnly? ActionOn { get; private set; }
    public DateOnly? ClaimedOn { get; private set; }
    public DateOnly? ConfirmedOn { get; private set; }
    public DateOnly? DisputedOn { get; private set; }
    public DateOnly? NoActionOn { get; private set; }

    public void Apply(ConcernReceived fact) =>
        (Contributor, Quarter, WardCode, BoroughCode, Category, LightBand) =
        (fact.Contributor, fact.Quarter, fact.WardCode, fact.BoroughCode, fact.Category, fact.LightBand);

    public void Apply(ConcernRemoved _) => Removed = true;

    public void Apply(ConcernTriaged fact) =>
        TriagedQuarter = TriagedQuarter is { } q && string.CompareOrdinal(q, fact.Quarter) <= 0 ? q : fact.Quarter;

    public void Apply(ActionAgreed fact, DateOnly on)
    {
        if (fact.Counted) ActionOn = Earlier(ActionOn, on);
    }

    public void Apply(ConcernClaimedDone fact) => ClaimedOn = Earlier(ClaimedOn, fact.On);

    public void Apply(ConcernConfirmedDone fact) => ConfirmedOn = Later(ConfirmedOn, fact.On);

    public void Apply(ConcernDisputed fact) => DisputedOn = Later(DisputedOn, fact.On);

    public void Apply(ConcernEndedNoAction _, DateOnly on) => NoActionOn = Earlier(NoActionOn, on);

    private static DateOnly Earlier(DateOnly? known, DateOnly on) => known is { } k && k < on ? k : on;

    private static DateOnly Later(DateOnly? known, DateOnly on) => known is { } k && k > on ? k : on;
}
