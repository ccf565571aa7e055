using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Gateway.Pages.Walks;

/// <summary>Words of the staff pages, which are in English.</summary>
internal static class WalkWords
{
    public static string Band(string band) => band switch { "day" => "Daylight", "dusk" => "Dusk", "dark" => "Dark", _ => "Late" };

    public static string State(string state) => state switch { "published" => "Published", "started" => "Under way", "ended" => "Ended", _ => "Called off" };

    public static string Who(OfficerBooking booking) => (booking.FirstName ?? "Name erased") + booking.People switch { 1 => "", 2 => " and one companion", var n => $" and {n - 1} companions" };

    public static string Officers(IEnumerable<OfficerView> officers) => string.Join(", ", officers.Select(o => $"{o.FirstName} {o.CollarNumber}"));
}
