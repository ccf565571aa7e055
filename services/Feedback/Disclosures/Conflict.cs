using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>
/// Somebody whom a case about police concerns. By the database's own filter nothing of that contributor exists for this sign-in: not the case,
/// not its disclosure, not her concerns; and none of it is given to this name. Standards alone write and read it; the audit trail names the case, not the person.
/// </summary>
internal sealed class Conflict : IForceRow, IDerivedRow
{
    public string ForceId { get; set; } = "";
    public required Guid MailboxId { get; init; }
    /// <summary>The subject identifier of the sign-in.</summary>
    public required string Sub { get; init; }
    /// <summary>As others write it when they give somebody a concern.</summary>
    public string? Name { get; init; }

    /// <summary>Whether this is who is written there, by sign-in or by name.</summary>
    public bool Is(string written) => Same(Sub, written) || Same(Name, written);

    private static bool Same(string? one, string other) => string.Equals(one?.Trim(), other.Trim(), StringComparison.OrdinalIgnoreCase);
}
