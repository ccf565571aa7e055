using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Reporting.Releases;

/// <summary>
/// What the public may read of one quarter, frozen: the exact texts of its files, after the disclosure rules.
/// A trigger of the database refuses every change and deletion, so nothing but a new release can correct one.
/// </summary>
internal sealed class Release : IForceRow
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public string ForceId { get; set; } = "";
    /// <summary>Written 2026Q3; one release a quarter.</summary>
    public required string Quarter { get; init; }
    public required DateOnly AsAt { get; init; }
    public required DateOnly PublishedOn { get; init; }
    /// <summary>manifest.json.</summary>
    public required string Manifest { get; init; }
    /// <summary>data.json, as hashed in the manifest.</summary>
    public required string Json { get; init; }
    /// <summary>data.csv, as hashed in the manifest.</summary>
    public required string Csv { get; init; }
    /// <summary>data.geojson, as hashed in the manifest; null in a release of before there was one, which has none for ever.</summary>
    public string? Geo { get; init; }
}
