namespace WalkTalk.Contracts.Notification.Api;

/// <summary>What lies in the local inbox: there only while no provider is configured. Newest first.</summary>
public sealed record InboxList(IReadOnlyList<InboxEntry> Mails, string? Next);

/// <summary>One mail from outside: neither address nor subject is read for a list.</summary>
/// <param name="Sms">A text message.</param>
public sealed record InboxEntry(Guid Id, string Template, string Language, bool HasFile, DateTimeOffset At, bool Sms = false);

/// <summary>One opened mail; opening it is written to the audit trail.</summary>
/// <param name="FileName">The attachment's name, or null without one.</param>
/// <param name="Sms">A text message: to a number, and without a subject.</param>
public sealed record OpenedMail(
    Guid Id, string Template, string Language, DateTimeOffset At, string From, string To, string Subject, string Text, string? FileName, bool Sms = false);
