using System.Globalization;
using WalkTalk.ForcePacks;

namespace WalkTalk.Feedback;

/// <summary>What this service asks of a force pack.</summary>
internal static class PackWords
{
    /// <summary>2026-11-24, whatever the language.</summary>
    public static string Iso(this DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>2026Q4.</summary>
    public static string Quarter(this DateOnly day) => Disclosure.Quarter.Of(day).ToString();

    public static string? BoroughOf(this ForcePack pack, string? wardCode) => wardCode is null ? null : pack.FindWard(wardCode)?.BoroughCode;

    public static string BodyName(this ForcePack pack, string code, string language) =>
        pack.Bodies.FirstOrDefault(b => b.Code == code)?.Name.In(language) ?? code;

    public static string ReasonText(this ForcePack pack, string code, string language) =>
        pack.NoActionReasons.FirstOrDefault(r => r.Code == code)?.Label.In(language) ?? code;

    /// <summary>As close as she said, for those who may read it.</summary>
    public static string PlaceText(this ForcePack pack, string? wardCode, string? landmark) =>
        string.Join(", ", new[] { landmark, wardCode is null ? null : pack.FindWard(wardCode)?.Name }.Where(t => !string.IsNullOrWhiteSpace(t)));

    /// <summary>Where a mailbox is opened; the path holds no secret.</summary>
    public static string MailboxPath(this ForcePack pack) => $"/{pack.Id}/reference";

    /// <summary>The page of a link good for one concern.</summary>
    public static string AnswerPath(this ForcePack pack, string token) => $"/{pack.Id}/my-answer/{token}";

    /// <summary>The page that shows reference and words once.</summary>
    public static string WordsPath(this ForcePack pack, string token) => $"/{pack.Id}/my-words/{token}";

    /// <summary>The page where she keeps what is hers, or erases it now.</summary>
    public static string KeepPath(this ForcePack pack, string token) => $"/{pack.Id}/my-data/{token}";

    /// <summary>The days left to a date, over Saturdays, Sundays and bank holidays; negative when it has passed.</summary>
    public static int WorkingDaysUntil(this ForcePack pack, DateOnly today, DateOnly due)
    {
        var (from, to, sign) = due >= today ? (today, due, 1) : (due, today, -1);
        var days = 0;
        for (var day = from.AddDays(1); day <= to; day = day.AddDays(1))
            days += pack.IsWorkingDay(day) ? 1 : 0;
        return sign * days;
    }
}
