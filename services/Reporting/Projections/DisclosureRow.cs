using WalkTalk.Contracts.Feedback;

namespace WalkTalk.Reporting.Projections;

/// <summary>What Feedback has told of one thing that may be a crime: the day, and whether it was handed over within its 24 hours. Whose, where and what it is never comes here.</summary>
internal sealed class DisclosureRow : IFactsRow
{
    public Guid Id { get; set; }
    public string ForceId { get; set; } = "";

    /// <summary>Quarter in which it was told; null until that fact itself has arrived.</summary>
    public string? Quarter { get; private set; }

    /// <summary>Day (UTC) on which it was told: all of the moment that the fact carries.</summary>
    public DateOnly? FlaggedOn { get; private set; }

    /// <summary>Handed over within its 24 hours; null while it is not handed over.</summary>
    public bool? InTime { get; private set; }

    public void Apply(DisclosureFlagged fact, DateTimeOffset at)
    {
        // A fact of before it had a day has that of its message; of two days the first one is true.
        var day = fact.On ?? DateOnly.FromDateTime(at.UtcDateTime);
        FlaggedOn = FlaggedOn < day ? FlaggedOn : day;
        Quarter = WalkTalk.Disclosure.Quarter.Of(FlaggedOn.Value).ToString();
    }

    /// <summary>If ever two are told, the one that is not in time stands.</summary>
    public void Apply(DisclosureHandedOver fact) => InTime = InTime != false && fact.InTime;
}
