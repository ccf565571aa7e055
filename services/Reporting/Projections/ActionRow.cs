using WalkTalk.Contracts.Feedback;

namespace WalkTalk.Reporting.Projections;

/// <summary>What Feedback has told of one agreed action: when, and whether it counts. It answers concerns of several wards, so it has no place of its own.</summary>
internal sealed class ActionRow : IFactsRow
{
    public Guid Id { get; set; }
    public string ForceId { get; set; } = "";

    /// <summary>Quarter and first day of its agreement: a concern joined later is told of under the same action.</summary>
    public string Quarter { get; private set; } = "";
    public DateOnly? AgreedOn { get; private set; }

    /// <summary>False for advice to women, which is no action.</summary>
    public bool Counted { get; private set; }

    public void Apply(ActionAgreed fact, DateOnly on)
    {
        AgreedOn = AgreedOn < on ? AgreedOn : on;
        Quarter = WalkTalk.Disclosure.Quarter.Of(AgreedOn.Value).ToString();
        Counted = fact.Counted;
    }
}
