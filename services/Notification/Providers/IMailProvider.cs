namespace WalkTalk.Notification.Providers;

/// <summary>A finished mail, or text message, on its way to one person.</summary>
/// <param name="MessageId">Stable for the message: whoever gets it twice can tell that it is one.</param>
/// <param name="Neutral">Its sender, as its subject, gives nothing away.</param>
/// <param name="Sms">A text message: to a number, with nothing but a text.</param>
internal sealed record Mail(
    Guid Id, string MessageId, Guid RecipientId, string To, string SenderName, string Subject, string Text, string Html,
    string Language, string Template, bool Urgent, Messages.AttachedFile? File, bool Neutral = false, bool Sms = false);

internal enum Handed
{
    /// <summary>The provider is responsible now.</summary>
    Accepted,

    /// <summary>Not now: try again.</summary>
    Temporary,

    /// <summary>Nobody's now, a limit is reached: it does not count as a try.</summary>
    Later,

    /// <summary>This address, never.</summary>
    Permanent,

    /// <summary>This message, never; the address may be good.</summary>
    Technical,

    /// <summary>It was handed over and the answer was lost.</summary>
    Unknown,
}

/// <summary>What came of offering a mail to a provider; the reason is a code, never the provider's text (it may quote the address).</summary>
internal readonly record struct Answer(Handed Handed, string? Reason = null);

/// <summary>Whoever takes a mail, or a text message, out of our hands.</summary>
internal interface IMailProvider
{
    /// <summary>For the operator, and to find it again: notify, smtp or inbox.</summary>
    string Name { get; }

    /// <summary>Whether it takes text messages, or mail.</summary>
    bool Takes(bool sms) => !sms;

    /// <summary>True when a crash may leave it open whether a mail was accepted.</summary>
    bool MayLeaveUnknown { get; }

    /// <summary>True when it can be asked afterwards whether it took a mail: then none is offered again before it has said no.</summary>
    bool CanBeAsked => false;

    /// <summary>True when it tells later whether a mail arrived: then its acceptance says nothing about the address.</summary>
    bool Confirms => false;

    /// <summary>True when its acceptance is the last that is heard of a mail that is on its way.</summary>
    bool HasLastWord => !Confirms;

    /// <summary>False when a file cannot go along.</summary>
    bool CarriesFiles => true;

    /// <summary>Until then it takes nothing, and what it would take waits.</summary>
    DateTimeOffset? PausedUntil => null;

    /// <summary>Until then another takes its place, if there is one.</summary>
    DateTimeOffset? AwayUntil => null;

    Task<Answer> Send(Mail mail, CancellationToken ct);

    /// <summary>Whether it has taken this message; null when it did not say.</summary>
    Task<bool?> Took(Guid id, bool neutral, CancellationToken ct) => throw new NotSupportedException();
}
