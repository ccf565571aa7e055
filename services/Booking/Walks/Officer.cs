using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>An officer who walks. Signed in when a coordinator has attached her account; without one she can neither verify nor start.</summary>
internal sealed class Officer : IForceRow, IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }
    public required string FirstName { get; init; }
    public required string CollarNumber { get; init; }

    /// <summary>The number as it is compared: capitals and digits only, because it is read from a shoulder in the dark.</summary>
    public required string CollarKey { get; init; }

    public List<string> Languages { get; init; } = ["en"];
    public string? Sub { get; set; }

    public static string KeyOf(string? collarNumber) =>
        string.Concat((collarNumber ?? "").Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
}
