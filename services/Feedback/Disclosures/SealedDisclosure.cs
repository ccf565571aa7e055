using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>The states of D3. The choice itself is <see cref="SealedDisclosure.Choice"/>.</summary>
internal enum DisclosureState { Flagged, Explained, Chosen, HandedOver, Receipted }

/// <summary>
/// Something that may be a crime, as a record of its own: narrative and identity under its own key, read by whoever holds it alone,
/// every reading audited. Twenty-four hours from receipt. Safeguarding holds it; where she told of police with it, standards, until they release it.
/// </summary>
internal sealed class SealedDisclosure : IForceRow, IVersioned, IUntimed
{
    public const string NotNow = "NotNow";
    public const string DutyOverride = "DutyOverride";
    /// <summary>The cause of what an officer was told on a walk.</summary>
    public const string ByOfficer = "officer";
    /// <summary>The cause of what the check of a photo found.</summary>
    public const string ByPhoto = "photo";

    public Guid Id { get; init; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }
    public required string Reference { get; init; }
    public required Guid MailboxId { get; init; }
    /// <summary>code (of a kind that may be a crime), tick (her own), cue (something she wrote), officer (told to one on a walk) or photo.</summary>
    public required string Cause { get; init; }
    public required string Code { get; init; }
    /// <summary>The case about police that was told with it: standards hold its 24 hours, and nobody else learns that it exists.</summary>
    public Guid? StandardsCaseId { get; set; }
    /// <summary>The role that reads it, chooses and hands over: its alerts go there.</summary>
    public string Holder => StandardsCaseId is null ? "safeguarding" : "standards";
    /// <summary>Place and narrative, sealed under this record's own key; null once it has left our store.</summary>
    public string? SealedPlace { get; set; }
    public string? SealedNarrative { get; set; }

    /// <summary>When the 24 hours end. The hour of receipt rounded down, so that the clock never runs late and the minute is not kept.</summary>
    public required DateTimeOffset DueAt { get; init; }

    public DisclosureState State { get; private set; }
    public string? Choice { get; private set; }
    public string? OverrideReason { get; private set; }
    public string? HandedOverTo { get; private set; }
    public string? HandedOverRef { get; private set; }
    public DateTimeOffset? HandedOverAt { get; private set; }

    /// <summary>NotNow means no contact, until she says otherwise.</summary>
    public bool MayBeContacted => Choice is not (null or NotNow);

    public static DateTimeOffset ClockFrom(DateTimeOffset received) =>
        new DateTimeOffset(received.UtcDateTime.Date, TimeSpan.Zero).AddHours(received.UtcDateTime.Hour + 24);

    /// <summary>What recording means has been put before her.</summary>
    public void Explain()
    {
        if (State == DisclosureState.Flagged)
            State = DisclosureState.Explained;
    }

    /// <summary>Her choice, which she may change until it is handed over.</summary>
    public Refusal? Choose(string choice)
    {
        if (State is not (DisclosureState.Explained or DisclosureState.Chosen))
            return Wrong("choice");
        (State, Choice, OverrideReason) = (DisclosureState.Chosen, choice, null);
        return null;
    }

    /// <summary>Its holder acts on duty where she has not chosen, or chose not now.</summary>
    public Refusal? Override(string reason)
    {
        if (State is DisclosureState.HandedOver or DisclosureState.Receipted)
            return Wrong("duty override");
        (State, Choice, OverrideReason) = (DisclosureState.Chosen, DutyOverride, reason);
        return null;
    }

    public Refusal? HandOver(string to, string reference, DateTimeOffset now)
    {
        if (State is DisclosureState.HandedOver or DisclosureState.Receipted)
            return Wrong("hand-over");
        if (Choice is null or NotNow)
            return FeedbackRefusals.ReasonNeeded;
        (State, HandedOverTo, HandedOverRef, HandedOverAt) = (DisclosureState.HandedOver, to, reference, now);
        return null;
    }

    /// <summary>What may be a crime is not by police after all, or standards need safeguarding for it: from here on it is theirs.</summary>
    public Refusal? Release()
    {
        if (StandardsCaseId is null || State is DisclosureState.HandedOver or DisclosureState.Receipted)
            return Wrong("release");
        StandardsCaseId = null;
        return null;
    }

    /// <summary>Whoever it was handed to has said that they have it.</summary>
    public Refusal? Receipt()
    {
        if (State != DisclosureState.HandedOver)
            return Wrong("receipt");
        State = DisclosureState.Receipted;
        return null;
    }

    /// <summary>over, soon (18 of 24 hours gone), in-time or ended.</summary>
    public string Clock(DateTimeOffset now) => State switch
    {
        DisclosureState.HandedOver or DisclosureState.Receipted => "ended",
        _ when now > DueAt => "over",
        _ when now > DueAt.AddHours(-6) => "soon",
        _ => "in-time",
    };

    public IReadOnlyList<string> Next => State switch
    {
        DisclosureState.HandedOver => ["receipt"],
        DisclosureState.Receipted => [],
        _ => [Choice is null or NotNow ? "override" : "hand-over", .. StandardsCaseId is null ? Array.Empty<string>() : ["release"]],
    };

    private Refusal Wrong(string step) => FeedbackRefusals.WrongState with { Detail = $"The disclosure is {State}; no {step} follows from that." };
}
