namespace WalkTalk.Notification.Providers;

/// <summary>A finished mail on its way to one person.</summary>
/// <param name="MessageId">Stable for the message: whoever gets it twice can tell that it is one.</param>
internal sealed record Mail(
    Guid Id, string MessageId, Guid RecipientId, string To, string SenderName, string Subject, string Text, string Html,
    string Language, string Template, bool Urgent, Messages.AttachedFile? File);

internal enum Handed
{
    /// <summary>The provider is responsible now.</summary>
    Accepted,

    /// <summary>Not now: try again.</summary>
    Temporary,

    /// <summary>This address, never.</summary>
    Permanent,

    /// <summary>This message, never; the address may be good.</summary>
    Technical,

    /// <summary>It was handed over and the answer was lost.</summary>
    Unknown,
}

/// <summary>What came of offering a mail to a provider; the reason is a code, never the provider's text (it may quote the address).</summary>
internal readonly record struct Answer(Handed Handed, string? Reason = null);

/// <summary>Whoever takes a mail out of our hands.</summary>
internal interface IMailProvider
{
    /// <summary>For the operator: smtp or inbox.</summary>
    string Name { get; }

    /// <summary>True when a crash may leave it open whether a mail was accepted.</summary>
    bool MayLeaveUnknown { get; }

    Task<Answer> Send(Mail mail, CancellationToken ct);
}
