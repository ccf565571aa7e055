using System.Globalization;
using System.Text.Json;

namespace WalkTalk.ForcePacks.Reading;

/// <summary>
/// boundaries.geojson, which a pack may leave out. A point's line says little where a file is one long line: faults name feature, ward and ring.
/// What else the file holds, as its maker wrote it, is nobody's concern.
/// </summary>
internal sealed class BoundaryReader(PackFolder folder, List<Ward> wards)
{
    public const string File = "boundaries.geojson";
    private const int MostPositions = 8000;

    private readonly string _label = folder.Label(File);
    private readonly Dictionary<string, IReadOnlyList<IReadOnlyList<Position>>> _byWard = [];

    public Boundaries? Read()
    {
        if (!folder.Files().Contains(File) || folder.Text(File) is not { } text)
            return null;
        try
        {
            using var json = JsonDocument.Parse(text);
            return Read(json.RootElement);
        }
        catch (JsonException e)
        {
            folder.Faults.Add(_label, (int)(e.LineNumber ?? 0) + 1, "is not JSON from here on");
            return null;
        }
    }

    private Boundaries? Read(JsonElement root)
    {
        if (Text(root, "type") != "FeatureCollection" || Member(root, "features", JsonValueKind.Array) is not { } features)
        {
            Fault("must be a FeatureCollection with its features");
            return null;
        }
        var attribution = Text(root, "attribution");
        if (string.IsNullOrWhiteSpace(attribution))
            Fault("attribution is missing: whom the licence of the boundaries wants named beside the map");
        var number = 0;
        foreach (var feature in features.EnumerateArray())
            Take(feature, $"feature {++number}");
        foreach (var ward in wards.Where(w => !_byWard.ContainsKey(w.Code)))
            Fault($"{ward.Name} ({ward.Code}) has no boundary");
        if (_byWard.Values.Sum(rings => rings.Sum(r => r.Count)) is > MostPositions and var positions)
            Fault($"has {positions} positions; at most {MostPositions}, for a page carries them all: take boundaries that are generalised for drawing");
        return new Boundaries(attribution ?? "", _byWard);
    }

    private void Take(JsonElement feature, string at)
    {
        var code = Member(feature, "properties", JsonValueKind.Object) is { } properties ? Text(properties, "code") : null;
        if (wards.Find(w => w.Code == code) is not { } ward)
        {
            Fault(code is null ? $"{at}: properties.code, the ward's, is missing" : $"{at}: ward {code} is not in wards.csv");
            return;
        }
        at = $"{at} ({code})";
        if (_byWard.ContainsKey(ward.Code))
            Fault($"{at}: the ward is given twice");
        var rings = Rings(feature, at);
        _byWard[ward.Code] = rings;
        // Not every centre lies within its ward; none lies beside all of it.
        var all = rings.SelectMany(r => r).ToList();
        if (all.Count > 0 && (ward.Lat < all.Min(p => p.Lat) || ward.Lat > all.Max(p => p.Lat) || ward.Lng < all.Min(p => p.Lng) || ward.Lng > all.Max(p => p.Lng)))
            Fault($"{at}: the centre of {ward.Name} in wards.csv lies beside this boundary");
    }

    private List<IReadOnlyList<Position>> Rings(JsonElement feature, string at)
    {
        var rings = new List<IReadOnlyList<Position>>();
        var geometry = Member(feature, "geometry", JsonValueKind.Object) ?? default;
        var kind = Text(geometry, "type");
        if (kind is not ("Polygon" or "MultiPolygon") || Member(geometry, "coordinates", JsonValueKind.Array) is not { } coordinates)
        {
            Fault($"{at}: geometry must be a Polygon or MultiPolygon with its coordinates");
            return rings;
        }
        // Islands and holes alike: drawn together, by the even-odd rule.
        foreach (var ring in kind == "Polygon" ? Items(coordinates) : Items(coordinates).SelectMany(Items))
        {
            var named = $"{at}, ring {rings.Count + 1}";
            var points = new List<Position>();
            foreach (var point in Items(ring))
            {
                if (Position(point) is not { } position)
                {
                    Fault($"{named}: position {points.Count + 1} is no pair of numbers");
                    return rings;
                }
                if (!Known.InUnitedKingdom(position.Lat, position.Lng))
                {
                    Fault(string.Create(CultureInfo.InvariantCulture, $"{named}: position {points.Count + 1}, lat {position.Lat}, lng {position.Lng} is not in the United Kingdom; WGS84 is meant, longitude first"));
                    return rings;
                }
                points.Add(position);
            }
            if (points.Count < 4 || points[0] != points[^1])
                Fault($"{named}: needs at least four positions, the last as the first");
            rings.Add(points);
        }
        if (rings.Count == 0)
            Fault($"{at}: geometry has no ring");
        return rings;
    }

    private static Position? Position(JsonElement point) =>
        Items(point).Take(2).ToList() is [{ ValueKind: JsonValueKind.Number } lng, { ValueKind: JsonValueKind.Number } lat] ? new Position(lat.GetDouble(), lng.GetDouble()) : null;

    private static IEnumerable<JsonElement> Items(JsonElement element) => element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    private static JsonElement? Member(JsonElement element, string name, JsonValueKind kind) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind == kind ? member : null;

    private static string? Text(JsonElement element, string name) => Member(element, name, JsonValueKind.String)?.GetString();

    private void Fault(string message) => folder.Faults.Add(_label, 0, message);
}
