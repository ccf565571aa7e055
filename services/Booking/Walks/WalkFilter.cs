using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Booking;

/// <summary>What a woman looks for. Everything is optional; wards and bands may repeat.</summary>
/// <param name="Near">A ward's code or a point ("51.4816,-0.1129"): wards whose centre is within <paramref name="Km"/> of it, 2 where it is not said.</param>
/// <param name="From">The walk begins at this clock time or later…</param>
/// <param name="Until">…and not later than this; earlier than <paramref name="From"/> means over midnight.</param>
/// <param name="Full">Walks she could wait for, instead of those with room.</param>
internal sealed record WalkFilter(
    [FromQuery] string[]? Ward, string? Near, double? Km, [FromQuery] string[]? Band, DateOnly? Date, TimeOnly? From, TimeOnly? Until,
    bool? StepFree, string? Language, int? People, bool? Full, string? Cursor, int? Take)
{
    private const double KmADegree = 111.195, Farthest = 20;

    /// <summary>
    /// The wards that are meant; null: any. A distance is one to a ward's centre, which everybody knows. Meeting points take no part in it: who asks from many
    /// points learns nothing about where somebody will stand.
    /// </summary>
    public (Refusal? Refused, string[]? Wards) Wards(ForcePack pack)
    {
        if (Ward?.FirstOrDefault(code => pack.FindWard(code) is null) is { } unknown) return (Refusals.WardUnknown with { Status = 400, Field = "ward", Detail = $"{Short(unknown)} is none of its wards." }, null);
        if (Near is null) return Km is null ? (null, Ward is { Length: > 0 } ? Ward : null) : (Refusals.NearInvalid with { Detail = "km says how far; near has to say from where." }, null);
        if (Km is not (null or > 0 and <= Farthest)) return (Refusals.DistanceInvalid, null);
        if (Place(pack) is not var (lat, lng)) return (Refusals.NearInvalid, null);
        var within = pack.Wards.Where(w => Distance(lat, lng, w) <= (Km ?? 2)).Select(w => w.Code);
        return (null, [.. Ward is { Length: > 0 } named ? within.Intersect(named) : within]);
    }

    /// <summary>The bands that are meant, or null for a name that is none.</summary>
    public LightBand[]? Bands()
    {
        var bands = new List<LightBand>();
        foreach (var name in Band ?? [])
        {
            if (!Enum.TryParse<LightBand>(name, ignoreCase: true, out var band) || !Enum.IsDefined(band) || char.IsDigit(name[0])) return null;
            bands.Add(band);
        }
        return bands.Count == 0 ? Enum.GetValues<LightBand>() : [.. bands.Distinct()];
    }

    private (double Lat, double Lng)? Place(ForcePack pack)
    {
        if (pack.FindWard(Near!) is { } ward) return (ward.Lat, ward.Lng);
        return Near!.Split(',') is [var north, var east] && Degrees(north, 90) is { } lat && Degrees(east, 180) is { } lng ? (lat, lng) : null;
    }

    private static double? Degrees(string text, double most) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var degrees) && Math.Abs(degrees) <= most ? degrees : null;

    /// <summary>Kilometres on a flat map around the ward: within a thousandth over the distances asked for.</summary>
    private static double Distance(double lat, double lng, Ward ward) =>
        KmADegree * double.Hypot(lat - ward.Lat, (lng - ward.Lng) * Math.Cos(ward.Lat * Math.PI / 180));

    private static string Short(string text) => text.Length <= 20 ? text : $"{text[..20]}…";
}
