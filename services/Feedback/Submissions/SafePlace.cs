using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>A place that feels safe, or got better, and why (POS-*). Nobody has to act on it.</summary>
internal sealed class SafePlace : IForceRow, IUntimed
{
    public Guid Id { get; init; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public required Guid MailboxId { get; init; }
    public required string Code { get; init; }
    public string? WardCode { get; init; }
    public string? Landmark { get; set; }
    public string? LightBand { get; init; }
    public required string Quarter { get; init; }
    /// <summary>Why, with personal data masked.</summary>
    public string? Text { get; init; }
}
