using WalkTalk.Contracts.Booking;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Figures;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Reporting.Projections;

/// <summary>
/// What Booking has told of one walk. Every fact has columns of its own and only ever sets them, so facts may
/// come in any order, twice, or side by side (EF writes changed columns only) and the row ends the same.
/// </summary>
internal sealed class WalkRow : IFactsRow
{
    public Guid Id { get; set; }
    public string ForceId { get; set; } = "";

    /// <summary>Quarter of the local day it begins; null until the walk's publication has arrived.</summary>
    public string? Quarter { get; private set; }
    public string? WardCode { get; private set; }
    public string? BoroughCode { get; private set; }
    public string? LightBand { get; private set; }

    public bool Cancelled { get; private set; }
    public bool Started { get; private set; }
    public bool Ended { get; private set; }
    /// <summary>Meetings proven by the words; the others of a started walk were overrides.</summary>
    public int Verified { get; private set; }
    public int Attended { get; private set; }

    public void Apply(WalkPublished fact, ForcePack pack)
    {
        Quarter = Quarters.Of(fact.StartsAt, pack.TimeZone).ToString();
        WardCode = fact.WardCode;
        BoroughCode = pack.FindWard(fact.WardCode)?.BoroughCode;
        LightBand = fact.LightBand;
    }

    public void Apply(WalkCancelled _) => Cancelled = true;

    public void Apply(WalkStarted fact)
    {
        Started = true;
        Verified = fact.Verified;
    }

    public void Apply(WalkEnded fact)
    {
        Ended = true;
        Attended = fact.Attended;
    }
}
