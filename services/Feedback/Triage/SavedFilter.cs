using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>A filter of the board that one member of staff keeps for herself. Not audited: its key is a name that she typed.</summary>
internal sealed class SavedFilter : IDerivedRow
{
    public string ForceId { get; set; } = "";
    public required string Sub { get; init; }
    public required string Name { get; init; }
    /// <summary>The board's query, e.g. clock=over&amp;ward=E05014098.</summary>
    public required string Query { get; set; }
}
