using WalkTalk.Contracts.Notification;

namespace WalkTalk.Reporting.Projections;

/// <summary>What Notification has told of one message: how far it came, how long that took, and the day. To whom, and about what, never comes here.</summary>
internal sealed class MessageRow : IFactsRow
{
    public Guid Id { get; set; }
    public string ForceId { get; set; } = "";

    /// <summary>Quarter and day, on the force's clock, on which it came that far.</summary>
    public string Quarter { get; private set; } = "";
    public DateOnly? On { get; private set; }

    /// <summary>Of D3: Sent, then how it ended. Arrived is arrived, and a failure counts for what was thought sent.</summary>
    public string State { get; private set; } = "";

    /// <summary>Its provider says what arrives.</summary>
    public bool Confirms { get; private set; }

    /// <summary>Seconds until then, from when it might go.</summary>
    public int Seconds { get; private set; }

    /// <summary>It may have gone twice.</summary>
    public bool MayBeTwice { get; private set; }

    public void Apply(MessageEnded fact)
    {
        MayBeTwice |= fact.MayBeTwice;
        if (On is { } on && Order(fact.State, fact.On, fact.Seconds, fact.Confirms).CompareTo(Order(State, on, Seconds, Confirms)) <= 0) return;
        (State, On, Quarter, Seconds, Confirms) = (fact.State, fact.On, WalkTalk.Disclosure.Quarter.Of(fact.On).ToString(), fact.Seconds, fact.Confirms);
    }

    // All of it, so that of two that ought not to be both the same one stands whichever comes first.
    private static (int, DateOnly, int, bool, string) Order(string state, DateOnly on, int seconds, bool confirms) => (state switch { "Sent" => 0, "Delivered" => 2, _ => 1 }, on, seconds, confirms, state);
}
