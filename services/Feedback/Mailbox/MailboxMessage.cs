using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>One message between force and contributor. What she writes is screened like everything else before it is stored here.</summary>
internal sealed class MailboxMessage : IForceRow, IUntimed
{
    public const string Force = "force";
    public const string Contributor = "contributor";
    /// <summary>Stands for words that lie in a disclosure or standards case.</summary>
    public const string Sealed = "[sealed]";
    /// <summary>Stands for photos that came without words.</summary>
    public const string Photos = "[photos]";

    public Guid Id { get; init; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public required Guid MailboxId { get; init; }
    /// <summary>The concern or standards case it belongs to.</summary>
    public required Guid SubjectId { get; init; }
    /// <summary>Order within the subject; there is no time of day.</summary>
    public required int Number { get; init; }
    public required string From { get; init; }
    public required DateOnly On { get; init; }
    public required string Text { get; set; }
}
