using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;

namespace WalkTalk.Gateway.Pages.Feedback;

/// <summary>The questions, in the order they are asked.</summary>
internal enum TellStep { Start, AuditPlace, AuditSight, AuditPeople, AuditWay, AuditFeel, About, Which, Crime, Place, When, More, Words, Danger, Check }

/// <summary>
/// What she has answered so far. It travels in the form itself, protected, so that no address, no cookie and no server holds
/// anything she has not sent.
/// </summary>
internal sealed class TellUsDraft
{
    public TellStep Step { get; set; }

    /// <summary>Proof of the walk, and what it says.</summary>
    public string? Attendance { get; set; }
    public string? WalkWard { get; set; }

    public AuditDraft Audit { get; init; } = new();
    public List<ConcernDraft> Concerns { get; init; } = [];
    public ConcernDraft Current { get; set; } = new();

    /// <summary>Typed on the last page, to which she may come more than once.</summary>
    public string? Email { get; set; }

    [JsonIgnore]
    public bool AfterWalk => Attendance is not null;

    /// <summary>The question after this one.</summary>
    public TellStep After(TellStep step, ForcePack pack) => step switch
    {
        TellStep.Start => AfterWalk ? TellStep.AuditPlace : TellStep.About,
        TellStep.Which when Current.Type(pack) is { MayBeCrime: true, Branch: not ConcernBranch.Standards } => TellStep.Crime,
        TellStep.Which => TellStep.Place,
        TellStep.Words => TellStep.Check,
        TellStep.Check => TellStep.Check,
        _ => step + 1,
    };

    /// <summary>The question before this one.</summary>
    public TellStep Before(TellStep step, ForcePack pack) => step switch
    {
        TellStep.About when Concerns.Count > 0 => TellStep.Check,
        TellStep.About => AfterWalk ? TellStep.AuditFeel : TellStep.Start,
        TellStep.Place when Current.Type(pack) is not { MayBeCrime: true, Branch: not ConcernBranch.Standards } => TellStep.Which,
        TellStep.Start => TellStep.Start,
        TellStep.Danger => TellStep.Words,
        TellStep.Check => TellStep.About,
        _ => step - 1,
    };

    public string Protect(IDataProtectionProvider protection, string force) =>
        protection.CreateProtector("tell-us", force).Protect(JsonSerializer.Serialize(this));

    /// <summary>Null for anything that is not a draft of this force made here.</summary>
    public static TellUsDraft? Open(IDataProtectionProvider protection, string force, string? text)
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize<TellUsDraft>(protection.CreateProtector("tell-us", force).Unprotect(text));
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or JsonException)
        {
            return null;
        }
    }

    public FeedbackSubmission ToSubmission(string language) => new()
    {
        AttendanceToken = Attendance,
        Language = language,
        Email = Email,
        Concerns = [.. Concerns.Select(c => c.ToInput())],
        Audits = Audit is { Ward: not null, Band: not null, Ratings.Count: > 0 }
            ? [new AuditInput { WardCode = Audit.Ward, Landmark = Audit.Landmark, LightBand = Audit.Band, Ratings = Audit.Ratings }]
            : [],
    };
}

/// <summary>The audit of a place after a walk.</summary>
internal sealed class AuditDraft
{
    public string? Ward { get; set; }
    public string? Landmark { get; set; }
    public string? Band { get; set; }
    public Dictionary<string, int> Ratings { get; init; } = [];
}

/// <summary>One concern as far as it has been told.</summary>
internal sealed class ConcernDraft
{
    public string? Group { get; set; }
    public string? Code { get; set; }
    public string? Choice { get; set; }
    public bool Explained { get; set; }
    public string? Place { get; set; }
    public string? Ward { get; set; }
    public string? Landmark { get; set; }
    public string? LightBand { get; set; }
    public string? DayType { get; set; }
    public string? HowOften { get; set; }
    public string? Since { get; set; }
    public string? With { get; set; }
    public string? BecauseOfIt { get; set; }
    public string? Basis { get; set; }
    public int? Intensity { get; set; }
    public string? Text { get; set; }
    public string? Change { get; set; }
    public bool MayBeCrime { get; set; }
    /// <summary>Sent with the last page, and held where something else on it was wrong.</summary>
    public List<HeldPhoto> Photos { get; init; } = [];

    public ConcernType? Type(ForcePack pack) => Code is null ? null : pack.FindConcern(Code);

    public ConcernInput ToInput() => new()
    {
        Code = Code!, Place = new PlaceInput { WardCode = Ward, Landmark = Landmark }, LightBand = LightBand, DayType = DayType, HowOften = HowOften,
        Since = Since, With = With, BecauseOfIt = BecauseOfIt, Basis = Basis, Intensity = Intensity, Text = Text, WhatWouldChangeIt = Change,
        MayBeCrime = MayBeCrime, DisclosureChoice = Choice, Photos = [.. Photos.Select(p => p.ToInput())],
    };
}
