namespace WalkTalk.Contracts.Notification.Api;

/// <summary>What lies in the local inbox: there only while no provider is configured. Newest first.</summary>
public sealed record InboxList(IReadOnlyList<InboxEntry> Mails, string? Next);

/// <summary>One mail from outside: neither address nor subject is read for a list.</summary>
public sealed record InboxEntry(Guid Id, string Template, string Language, bool HasFile, DateTimeOffset At);

/// <summary>One opened mail; opening it is written to the audit trail.</summary>
/// <param name="FileName">The attachment's name, or null without one.</param>
public sealed record OpenedMail(
    Guid Id, string Template, string Language, DateTimeOffset At, string From, string To, string Subject, string Text, string? FileName);
