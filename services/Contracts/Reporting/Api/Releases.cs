using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WalkTalk.Contracts.Reporting.Api;

/// <summary>A release as listed: what quarter, when published, and the hashes that prove it has not changed.</summary>
public sealed record ReleaseSummary(string Quarter, DateOnly AsAt, DateOnly PublishedOn, Headline Headline, ReleaseManifest Manifest);

/// <summary>What a release was made by: rules, thresholds, force pack, and each file with its SHA-256 in hex.</summary>
public sealed record ReleaseManifest(
    string Force, string Quarter, DateOnly AsAt, DateOnly PublishedOn, string Rules,
    IReadOnlyDictionary<string, int> Thresholds, string PackHash, IReadOnlyList<ReleaseFile> Files);

/// <summary>One file of a release.</summary>
public sealed record ReleaseFile(string Name, string ContentType, int Bytes, string Sha256);

/// <summary>Everything a release says, after the disclosure rules. Counts are distinct contributors rounded to 5 unless said otherwise.</summary>
/// <param name="Concerns">Of concerns whose light was said.</param>
/// <param name="VerifiedMeetings">Per cent of the twelve months' started walks whose meeting was proven with the words.</param>
public sealed record ReleaseData(
    string Force, string Quarter, DateOnly AsAt,
    Headline Headline,
    IReadOnlyList<FunnelStep> Funnel,
    LightShares Walks, LightShares Concerns,
    int? VerifiedMeetings, Coverage Coverage,
    ConcernTable ConcernsByWard);

/// <summary>Done, by whose word: per cent of concerns decided in the twelve months to AsAt, to the nearest 5; null when a percentage may not be given (D8 rule 3).</summary>
/// <param name="Decided">Contributors whose concern got an owner in those months.</param>
/// <param name="WeSay">The force says done.</param>
/// <param name="WomenSay">Women say done.</param>
/// <param name="Refused">Ended with a published reason and no action.</param>
public sealed record Headline(DateOnly From, DateOnly To, PublishedCount Decided, int? WeSay, int? WomenSay, int? Refused)
{
    /// <summary>The difference of the two published figures, so that it tells nothing the two do not.</summary>
    public int? Gap => WeSay - WomenSay;
}

/// <summary>One step of the way from telling to done, in the twelve months of the headline: told, owner-named, action-agreed, we-say-done, women-say-done.</summary>
public sealed record FunnelStep(string Step, PublishedCount Contributors);

/// <summary>Per cent by light band, in the twelve months of the headline, to the nearest 5; null where a percentage may not be given.</summary>
public sealed record LightShares(int? Day, int? Dusk, int? Dark, int? Late);

/// <summary>Wards in which a walk ended in the quarter, of all wards.</summary>
public sealed record Coverage(int WardsWalked, int Wards);

/// <summary>Concerns of the quarter by ward and light band. Totals are rounded separately and need not add up.</summary>
public sealed record ConcernTable(IReadOnlyList<ConcernTableRow> Rows, ConcernTableRow Total);

/// <summary>One ward of the table; the total row has no ward.</summary>
public sealed record ConcernTableRow(string? WardCode, PublishedCount Day, PublishedCount Dusk, PublishedCount Dark, PublishedCount Late, PublishedCount NotSaid, PublishedCount All);

/// <summary>A number that passed the disclosure rules, or <c>c</c>: withheld to protect people.</summary>
[JsonConverter(typeof(PublishedCountConverter))]
public readonly record struct PublishedCount(int? Value)
{
    /// <summary>Withheld to protect people; never zero, never blank.</summary>
    public static PublishedCount Withheld => default;

    /// <summary>The number, or <c>c</c>.</summary>
    public override string ToString() => Value?.ToString(CultureInfo.InvariantCulture) ?? "c";
}

/// <summary>Writes a number, or the string <c>"c"</c>.</summary>
public sealed class PublishedCountConverter : JsonConverter<PublishedCount>
{
    /// <inheritdoc />
    public override PublishedCount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.Number => new(reader.GetInt32()),
            JsonTokenType.String when reader.ValueTextEquals("c") => PublishedCount.Withheld,
            _ => throw new JsonException("A published count is a number or \"c\"."),
        };

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, PublishedCount value, JsonSerializerOptions options)
    {
        if (value.Value is { } number) writer.WriteNumberValue(number);
        else writer.WriteStringValue("c");
    }
}

/// <summary>What a release would say if it were published now, and its hash: publishing names the hash, so that nobody publishes what she has not seen.</summary>
public sealed record ReleasePreview(ReleaseData Data, string Sha256);

/// <summary>Publish the release of a closed quarter exactly as previewed.</summary>
public sealed record PublishReleaseRequest
{
    /// <summary>Written 2026Q3.</summary>
    public required string Quarter { get; init; }

    /// <summary>The preview's SHA-256 in hex.</summary>
    public required string Sha256 { get; init; }
}
