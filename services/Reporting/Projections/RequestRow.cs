using WalkTalk.Contracts.Booking;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Figures;

namespace WalkTalk.Reporting.Projections;

/// <summary>What Booking has told of one walk request: where, in which light and when it was asked, and how it was answered. Null: not said, or not yet.</summary>
internal sealed class RequestRow : IFactsRow
{
    public Guid Id { get; set; }
    public string ForceId { get; set; } = "";

    /// <summary>Quarter in which it was asked; null until the request itself has arrived.</summary>
    public string? Quarter { get; private set; }
    public string? WardCode { get; private set; }
    public string? BoroughCode { get; private set; }
    public string? LightBand { get; private set; }

    /// <summary>Day on which it was asked, on the force's clock.</summary>
    public DateOnly? AskedOn { get; private set; }

    /// <summary>Minutes until she was told of a first place.</summary>
    public int? OfferedAfter { get; private set; }

    /// <summary>She has been on a walk that answered it.</summary>
    public bool Walked { get; private set; }

    /// <summary>matched, declined or withdrawn.</summary>
    public string? Outcome { get; private set; }

    public void Apply(WalkRequested fact, DateTimeOffset at, ForcePack pack) =>
        (Quarter, AskedOn, WardCode, BoroughCode, LightBand) =
        (Quarters.Of(at, pack.TimeZone).ToString(), DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, pack.TimeZone).DateTime),
         fact.WardCode, fact.WardCode is { } ward ? pack.FindWard(ward)?.BoroughCode : null, fact.LightBand);

    public void Apply(WalkRequestOffered fact) => OfferedAfter = OfferedAfter < fact.MinutesAfter ? OfferedAfter : fact.MinutesAfter;

    public void Apply(WalkRequestWalked _) => Walked = true;

    public void Apply(WalkRequestAnswered fact) => Outcome = fact.Outcome;
}
