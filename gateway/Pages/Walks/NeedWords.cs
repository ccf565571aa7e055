using System.Globalization;
using Microsoft.Extensions.Localization;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Gateway.Pages.Walks;

/// <summary>Needs in words for staff, in English; for officers in the page's language.</summary>
internal static class NeedWords
{
    public static string Kind(string? kind) => kind switch
    {
        "interpreter" => "An interpreter", "signlanguage" => "British Sign Language", "secondofficer" => "A second officer",
        "nonpolicewalker" => "Somebody not from the police", "otherofficer" => "Another officer", _ => "Erased",
    };

    public static string State(string state) => state switch { "open" => "To arrange", "arranged" => "Arranged", _ => "Told no" };

    /// <summary>All of it, for the coordinator.</summary>
    public static string All(WalkNeeds needs) => Join(
    [
        Language(needs.Spoken), needs.StepFree ? "step-free all the way" : null, needs.SignLanguage ? "British Sign Language" : null, needs.SecondOfficer ? "two officers" : null,
        needs.NonPoliceWalker ? "somebody not from the police" : null, string.IsNullOrWhiteSpace(needs.NotOfficer) ? null : $"not officer {needs.NotOfficer} (never tell her)",
    ]);

    /// <summary>What the officer has to know, in the page's language.</summary>
    public static string ForOfficer(MeetingNeeds needs, IStringLocalizer t) => Join(
    [
        needs.Guardian is null ? null : t["under 18; {0} has said yes as parent or guardian", needs.Guardian].Value,
        needs.Spoken is { } code ? t["speaks {0}", CultureInfo.GetCultureInfo(code).DisplayName].Value : null, needs.StepFree ? t["step-free all the way"].Value : null,
        needs.SignLanguage ? t["British Sign Language"].Value : null, needs.NonPoliceWalker ? t["somebody not from the police walks along"].Value : null,
    ]);

    private static string? Language(string? code) => code is null ? null : $"speaks {CultureInfo.GetCultureInfo(code).EnglishName}";

    private static string Join(IEnumerable<string?> parts)
    {
        var text = string.Join(", ", parts.Where(p => p is not null));
        return text.Length == 0 ? "Nothing" : char.ToUpperInvariant(text[0]) + text[1..];
    }
}
