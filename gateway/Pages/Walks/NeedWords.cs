using System.Globalization;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Gateway.Pages.Walks;

/// <summary>Needs in words for staff, which are in English.</summary>
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

    /// <summary>What the officer has to know.</summary>
    public static string ForOfficer(MeetingNeeds needs) => Join(
    [
        needs.Guardian is null ? null : $"under 18; {needs.Guardian} has said yes as parent or guardian", Language(needs.Spoken), needs.StepFree ? "step-free all the way" : null,
        needs.SignLanguage ? "British Sign Language" : null, needs.NonPoliceWalker ? "somebody not from the police walks along" : null,
    ]);

    private static string? Language(string? code) => code is null ? null : $"speaks {CultureInfo.GetCultureInfo(code).EnglishName}";

    private static string Join(IEnumerable<string?> parts)
    {
        var text = string.Join(", ", parts.Where(p => p is not null));
        return text.Length == 0 ? "Nothing" : char.ToUpperInvariant(text[0]) + text[1..];
    }
}
