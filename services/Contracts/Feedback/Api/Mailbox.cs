using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Feedback.Api;

/// <summary>Opens a mailbox. A wrong reference and wrong words are answered alike, at the same cost.</summary>
public sealed record MailboxOpening
{
    [Required, StringLength(20)] public required string Reference { get; init; }
    [Required, StringLength(200)] public required string Words { get; init; }
}

/// <summary>The link of the reply to a text: reference and words are shown for it once.</summary>
public sealed record WordsLink
{
    [Required, StringLength(100)] public required string Token { get; init; }
}

/// <summary>Reference and words, which nobody will see again.</summary>
public sealed record MailboxWordsShown(string Reference, string Words);

/// <summary>Send Access as the header Mailbox-Access with every further call, until Until (UTC, at most an hour).</summary>
public sealed record MailboxOpened(string Access, DateTimeOffset Until);

/// <summary>What the contributor sees.</summary>
public sealed record MailboxView(string Reference, bool HasEmail, IReadOnlyList<MailboxItem> Items);

/// <summary>One thing she sent. Kind: concern, disclosure or standards. She may do what Can lists: answer, confirm, dispute, withdraw, choose. Choice is hers about a disclosure, so far; AskedAtWeeks is 4 or 12 once she was asked again. ByStandards: a disclosure that standards read instead of safeguarding.</summary>
public sealed record MailboxItem(
    string Kind, Guid Id, string Reference, string? Code, string? WardCode, string State, string? OwnerBody,
    DateOnly? NextBy, string? Outcome, string? NoActionReason, IReadOnlyList<string> Can, IReadOnlyList<MailboxText> Messages, string? Choice = null, int AskedAtWeeks = 0, bool ByStandards = false);

/// <summary>A message in the mailbox. From: force or contributor. Text "[sealed]" stands for words that lie with the team they are for alone, "[photos]" for photos without words.</summary>
public sealed record MailboxText(string From, DateOnly On, string Text);

/// <summary>Her answer to a question, or why she disputes. No reason is owed.</summary>
public sealed record MailboxAnswer
{
    [Required, StringLength(5000)] public required string Text { get; init; }
    /// <summary>Pictures held before by POST /photos, at most three.</summary>
    [MaxLength(3)] public IReadOnlyList<PhotoInput> Photos { get; init; } = [];
}

/// <summary>Her word on "we say done", with or without saying why.</summary>
public sealed record DoneAnswer
{
    public bool Done { get; init; }
    [StringLength(2000)] public string? Text { get; init; }
    /// <summary>Pictures held before by POST /photos, at most three.</summary>
    [MaxLength(3)] public IReadOnlyList<PhotoInput> Photos { get; init; } = [];
}

/// <summary>
/// Her answer when she is asked whether it is fixed. "yes" confirms, "no" reopens, "partly" reopens if she says so; all of it is kept.
/// </summary>
public record FixedAnswer
{
    [AllowedValues("better", "same", "worse", "have-not-been", null)] public string? Changed { get; init; }
    [Required, AllowedValues("yes", "partly", "no", "cannot-tell")] public required string Fixed { get; init; }
    public bool Reopen { get; init; }
    /// <summary>How safe she feels walking there alone, 1 (very unsafe) to 5 (very safe).</summary>
    [Range(1, 5)] public int? FeelDaylight { get; init; }
    [Range(1, 5)] public int? FeelAfterDark { get; init; }
    [StringLength(2000)] public string? Text { get; init; }
    /// <summary>Pictures held before by POST /photos, at most three.</summary>
    [MaxLength(3)] public IReadOnlyList<PhotoInput> Photos { get; init; } = [];
}

/// <summary>The same through the link in her e-mail.</summary>
public sealed record FixedByLink : FixedAnswer
{
    [Required, StringLength(100)] public required string Token { get; init; }
}

/// <summary>What she wants to happen with something that may be a crime. NotNow means no contact.</summary>
public sealed record DisclosureChoice
{
    [Required, AllowedValues("ReportNow", "Supported", "ThirdParty", "NotNow")] public required string Choice { get; init; }
}

/// <summary>A link sent by e-mail, good for one concern and one purpose.</summary>
public sealed record AnswerLink
{
    [Required, StringLength(100)] public required string Token { get; init; }
}

/// <summary>Her answer through the link.</summary>
public sealed record AnswerByLink
{
    [Required, StringLength(100)] public required string Token { get; init; }
    public bool Done { get; init; }
    [StringLength(2000)] public string? Text { get; init; }
    /// <summary>Pictures held before by POST /photos, at most three.</summary>
    [MaxLength(3)] public IReadOnlyList<PhotoInput> Photos { get; init; } = [];
}

/// <summary>Her answer to the notice that what is hers goes: keep it, or erase now what has ended.</summary>
public sealed record RetentionChoice
{
    [Required, StringLength(100)] public required string Token { get; init; }
    public bool Keep { get; init; }
}

/// <summary>What goes when: the mailbox, the day, and how many of its concerns have ended.</summary>
public sealed record RetentionNoticeView(string Reference, DateOnly On, int Ended);

/// <summary>What the link is about.</summary>
public sealed record AnswerLinkView(string Reference, string Code, string State, string? Outcome, bool CanAnswer, int AskedAtWeeks = 0);
