using WalkTalk.Contracts.Booking;

namespace WalkTalk.Reporting.Projections;

/// <summary>What Booking has told of one booking: no person, only which walk it belongs to and how far it came.</summary>
internal sealed class BookingRow : IFactsRow
{
    public Guid Id { get; set; }
    public string ForceId { get; set; } = "";
    public Guid WalkId { get; private set; }
    /// <summary>Of the last move told; 0 where there was none. The walk goes with it, so two facts at once must not both decide.</summary>
    public int Revision { get; private set; }
    public bool Confirmed { get; private set; }
    public bool Cancelled { get; private set; }
    public bool Met { get; private set; }

    /// <summary>No officer came, or the force called it off less than 24 hours before.</summary>
    public bool FailedByForce { get; private set; }

    public void Apply(BookingConfirmed fact)
    {
        Confirmed = true;
        if (Revision == 0) WalkId = fact.WalkId;
    }

    public void Apply(BookingMoved fact)
    {
        if (fact.Revision > Revision) (WalkId, Revision) = (fact.ToWalkId, fact.Revision);
    }

    public void Apply(BookingCancelled fact)
    {
        Cancelled = true;
        FailedByForce |= fact.By == "force" && (fact.Late || fact.Reason == "no-show");
        if (WalkId == Guid.Empty) WalkId = fact.WalkId;
    }

    public void Apply(BookingMet fact)
    {
        Met = true;
        if (WalkId == Guid.Empty) WalkId = fact.WalkId;
    }
}
