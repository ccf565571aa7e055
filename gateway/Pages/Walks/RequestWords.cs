using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Gateway.Pages.Walks;

/// <summary>Words of the staff pages about requests, which are in English.</summary>
internal static class RequestWords
{
    public static readonly string?[] Bands = ["day", "dusk", "dark", "late", null];

    public static string Light(string? band) => band switch { "day" => "Daylight", "dusk" => "Dusk", "dark" => "Dark", "late" => "Late", _ => "Any light" };

    public static string When(RequestRow asked)
    {
        var days = asked.Days switch { ["weekdays"] => "Monday to Friday", ["weekend"] => "At the weekend", _ => "Any day" };
        return asked.Times.Count is 0 or 4 ? $"{days}, any time" : $"{days}, {string.Join(" or ", asked.Times)}";
    }

    public static string Clock(RequestRow asked, string due) => asked.Used >= 100 ? $"Over since {due}" : $"Until {due}";
}
