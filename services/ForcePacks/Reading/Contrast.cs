using System.Globalization;

namespace WalkTalk.ForcePacks.Reading;

/// <summary>WCAG 2 contrast of a force's four colours against the grounds of the stylesheet.</summary>
internal static class Contrast
{
    private const double Least = 4.5;

    // The grounds as walktalk.css has them, by day and by night.
    private static readonly (string Name, string Colour)[] Day = [("paper", "#ffffff"), ("stone", "#eef2f1"), ("the warning ground", "#fcedef"), ("the palest map colour", "#dcebed")];
    private static readonly (string Name, string Colour)[] Night = [("dark paper", "#0e181f"), ("dark stone", "#18252e"), ("the dark warning ground", "#33151b"), ("the darkest map colour", "#1b323b"), ("dark button text", "#0a1a24")];

    public static void Check(Brand brand, Json at)
    {
        string[] colours = [brand.Bar, brand.OnBar, brand.Action, brand.ActionNight];
        string[] names = ["bar", "onBar", "action", "actionNight"];
        foreach (var (name, colour) in names.Zip(colours).Where(c => c.Second.Length > 0 && !Known.Colour.IsMatch(c.Second)))
            at.At(name).Fault($"{name} '{colour}' is not a colour like #0b5668");
        if (colours.Any(c => !Known.Colour.IsMatch(c)))
            return;

        Demand("onBar", brand.OnBar, "bar", brand.Bar);
        foreach (var (ground, colour) in Day)
            Demand("action", brand.Action, ground, colour);
        foreach (var (ground, colour) in Night)
            Demand("actionNight", brand.ActionNight, ground, colour);

        void Demand(string name, string colour, string ground, string groundColour)
        {
            var ratio = Ratio(colour, groundColour);
            if (ratio < Least)
                at.At(name).Fault(string.Create(CultureInfo.InvariantCulture, $"{name} {colour} on {ground} {groundColour} has a contrast of {ratio:0.0}; text needs {Least}"));
        }
    }

    public static double Ratio(string a, string b)
    {
        var (x, y) = (Luminance(a), Luminance(b));
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }

    private static double Luminance(string colour) => 0.2126 * Channel(colour, 1) + 0.7152 * Channel(colour, 3) + 0.0722 * Channel(colour, 5);

    private static double Channel(string colour, int at)
    {
        var c = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
    }
}
