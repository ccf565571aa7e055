using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace WalkTalk.ForcePacks.Reading;

/// <summary>What is true of every force, whatever its pack says.</summary>
internal static partial class Known
{
    /// <summary>Ids at data.police.uk.</summary>
    public static readonly FrozenSet<string> Forces = FrozenSet.Create(StringComparer.Ordinal,
        "avon-and-somerset", "bedfordshire", "cambridgeshire", "cheshire", "city-of-london", "cleveland", "cumbria", "derbyshire",
        "devon-and-cornwall", "dorset", "durham", "dyfed-powys", "essex", "gloucestershire", "greater-manchester", "gwent", "hampshire",
        "hertfordshire", "humberside", "kent", "lancashire", "leicestershire", "lincolnshire", "merseyside", "metropolitan", "norfolk",
        "north-wales", "north-yorkshire", "northamptonshire", "northern-ireland", "northumbria", "nottinghamshire", "south-wales",
        "south-yorkshire", "staffordshire", "suffolk", "surrey", "sussex", "thames-valley", "warwickshire", "west-mercia",
        "west-midlands", "west-yorkshire", "wiltshire");

    /// <summary>Bound by the Welsh language standards.</summary>
    public static readonly FrozenSet<string> WelshForces = FrozenSet.Create(StringComparer.Ordinal, "dyfed-powys", "gwent", "north-wales", "south-wales");

    public static readonly FrozenSet<string> Languages = FrozenSet.Create(StringComparer.Ordinal, "en", "cy");

    public static readonly FrozenSet<string> DutyRoles = FrozenSet.Create(StringComparer.Ordinal, "control-room", "coordinator", "oversight", "safeguarding", "standards");

    /// <summary>England and Wales have eight; a year with fewer has lost one.</summary>
    public const int BankHolidaysAYear = 8;

    /// <summary>Named by so few that ward and quarter would point at a person: published by borough and year only.</summary>
    public static readonly FrozenSet<string> BoroughByYear = FrozenSet.Create(StringComparer.Ordinal, "POL-CONDUCT", "BEH-TOUCH", "BEH-EXPOSE", "BEH-SPIKE");

    [GeneratedRegex(@"^[EWN]0\d{7}$")]
    public static partial Regex OnsCode { get; }

    [GeneratedRegex(@"^(ENV|BEH|TRN|VEN|POL|SVC|POS)(-[A-Z0-9]+){1,2}$")]
    public static partial Regex ConcernCode { get; }

    [GeneratedRegex(@"^(A\d{1,2}|F)$")]
    public static partial Regex AuditCode { get; }

    [GeneratedRegex(@"^NA(-[A-Z]+){1,2}$")]
    public static partial Regex ReasonCode { get; }

    [GeneratedRegex(@"^[A-Z]+(-[A-Z]+)*$")]
    public static partial Regex ActionCode { get; }

    [GeneratedRegex(@"^([A-Z]{2,5}|coordinator)$")]
    public static partial Regex BodyCode { get; }

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*$")]
    public static partial Regex Slug { get; }

    [GeneratedRegex(@"^\d{1,5}( [A-Z]{1,3})?$")]
    public static partial Regex Collar { get; }

    [GeneratedRegex(@"^[A-Z0-9]{3}$")]
    public static partial Regex TileText { get; }

    [GeneratedRegex(@"^#[0-9a-f]{6}$")]
    public static partial Regex Colour { get; }

    [GeneratedRegex(@"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
    public static partial Regex Email { get; }

    [GeneratedRegex(@"^\+?[\d ]{3,20}$")]
    public static partial Regex Phone { get; }

    public static bool InUnitedKingdom(double lat, double lng) => lat is > 49.8 and < 60.95 && lng is > -8.7 and < 1.8;

    /// <summary>Metres between two points; flat-earth is exact enough within a town.</summary>
    public static double Metres(double lat, double lng, double otherLat, double otherLng)
    {
        const double metresPerDegree = 111_320;
        var north = (otherLat - lat) * metresPerDegree;
        var east = (otherLng - lng) * metresPerDegree * Math.Cos(lat * Math.PI / 180);
        return Math.Sqrt(north * north + east * east);
    }
}
