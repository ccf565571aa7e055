using WalkTalk.Contracts.Booking;

namespace WalkTalk.Reporting.Projections;

/// <summary>What Booking has told of one booking: no person, only which walk it belongs to and how far it came.</summary>
internal sealed class BookingRow : IFactsRow
{
    public Guid Id { get; set; }
    public string ForceId { get; set; } = "";
    public Guid WalkId { get; private set; }
    public bool Confirmed { get; private set; }
    public bool Cancelled { get; private set; }
    public bool Met { get; private set; }

    public void Apply(BookingConfirmed fact) => (WalkId, Confirmed) = (fact.WalkId, true);

    public void Apply(BookingCancelled fact) => (WalkId, Cancelled) = (fact.WalkId, true);

    public void Apply(BookingMet fact) => (WalkId, Met) = (fact.WalkId, true);
}
