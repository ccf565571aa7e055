using System.Text.Json;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>What people have to arrange for somebody, because the walk as it stands has it not.</summary>
internal enum Need { Interpreter, SignLanguage, SecondOfficer, NonPoliceWalker, OtherOfficer }

/// <summary>
/// What she needs, of a booking and of a walk request alike: kept under her key, read by coordinators and, what concerns the meeting, by the officer of her walk;
/// each reading is audited.
/// </summary>
internal static class Needs
{
    public static async Task Keep(BookingDb db, PersonalData personal, Participant her, WalkNeeds needs, CancellationToken ct) =>
        her.NeedsProtected = await personal.Protect(db, her.PersonId, BookingMail.Needs, JsonSerializer.Serialize(needs), ct);

    public static async Task<WalkNeeds?> Of(BookingDb db, PersonalData personal, Participant her, string reason, CancellationToken ct) =>
        her.NeedsProtected is { } text && await personal.Open(db, her.PersonId, BookingMail.Needs, text, reason, ct) is { } needs ? JsonSerializer.Deserialize<WalkNeeds>(needs) : null;

    /// <summary>What nobody can arrange: the way a walk goes. Of officers nothing is said here, because a stranger must not learn who walks.</summary>
    public static Refusal? NeverMetBy(this WalkNeeds needs, Walk walk) =>
        needs.StepFree && !walk.StepFree ? Refusals.NeedsNotMet with { Detail = "The way has to be step-free, and this walk's is not.", Field = "stepFree" } : null;

    /// <summary>What has to be arranged before the walk has what she needs. The walk comes with its officers.</summary>
    public static IEnumerable<Need> ToArrange(this WalkNeeds needs, Walk walk)
    {
        var officers = walk.Officers.Select(o => o.Officer).ToList();
        if (needs.Spoken is { } spoken && spoken != walk.Language && !officers.Exists(o => o.Languages.Contains(spoken))) yield return Need.Interpreter;
        if (needs.SignLanguage && !officers.Exists(o => o.SignLanguage)) yield return Need.SignLanguage;
        if (needs.SecondOfficer && officers.Count < 2) yield return Need.SecondOfficer;
        if (needs.NonPoliceWalker) yield return Need.NonPoliceWalker;
        if (officers.Exists(needs.WouldRatherNotMeet)) yield return Need.OtherOfficer;
    }

    public static bool WouldRatherNotMeet(this WalkNeeds needs, Officer officer) => Officer.KeyOf(needs.NotOfficer) == officer.CollarKey;

    /// <summary>In words to her.</summary>
    public static string Words(this Need need, string language) => (need, language) switch
    {
        (Need.Interpreter, "cy") => "cyfieldydd ar y pryd",
        (Need.Interpreter, _) => "an interpreter",
        (Need.SignLanguage, "cy") => "Iaith Arwyddion Prydain",
        (Need.SignLanguage, _) => "British Sign Language",
        (Need.SecondOfficer, "cy") => "ail swyddog",
        (Need.SecondOfficer, _) => "a second officer",
        (Need.NonPoliceWalker, "cy") => "rhywun nad yw o’r heddlu",
        (Need.NonPoliceWalker, _) => "somebody who is not from the police",
        (_, "cy") => "swyddog arall",
        (_, _) => "another officer",
    };
}
