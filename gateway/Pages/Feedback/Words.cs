using Microsoft.Extensions.Localization;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.Gateway.Components;

namespace WalkTalk.Gateway.Pages.Feedback;

/// <summary>Human words for codes.</summary>
internal static class Words
{
    public static string Band(IStringLocalizer t, string? band) => band switch
    {
        "day" => t["Day"], "dusk" => t["Dusk"], "dark" => t["After dark"], "late" => t["Late, 23 to 05"], _ => t["Any light"],
    };

    public static string Choice(IStringLocalizer t, string choice) => choice switch
    {
        "ReportNow" => t["Report it now"], "Supported" => t["Support first"], "ThirdParty" => t["Pass it on without me"],
        "DutyOverride" => t["We had a duty to pass it on"], _ => t["Not now: no contact"],
    };

    /// <summary>What she may answer when she is asked whether it is fixed. "Partly" says at once whether it is to open again.</summary>
    public static IEnumerable<Option> Fixed(IStringLocalizer t) =>
    [
        new("yes", t["Yes, it is fixed"]), new("partly", t["Partly, and that is enough"]), new("partly-open", t["Partly: open it again"]),
        new("no", t["No: open it again"]), new("cannot-tell", t["I cannot tell"]),
    ];

    public static IEnumerable<Option> Changed(IStringLocalizer t) =>
        [new("better", t["Better"]), new("same", t["The same"]), new("worse", t["Worse"]), new("have-not-been", t["I have not been there"])];

    public static IEnumerable<Option> Safe(IStringLocalizer t) =>
        [new("1", t["Very unsafe"]), new("2", t["Unsafe"]), new("3", t["Neither"]), new("4", t["Safe"]), new("5", t["Very safe"])];

    public static string Heard(IStringLocalizer t, string isFixed) => isFixed switch
    {
        "yes" => t["You said it is done. Thank you."], "no" or "partly-open" => t["It is open again, and its owner is told."], _ => t["We have your answer. Thank you."],
    };

    public static string Body(ForcePack pack, string? code) => pack.Bodies.FirstOrDefault(b => b.Code == code)?.Name.ToString() ?? code ?? "";

    /// <summary>The same where a line begins with it.</summary>
    public static string BodyFirst(ForcePack pack, string? code) => First(Body(pack, code));

    public static string Code(ForcePack pack, string code) => pack.FindConcern(code)?.Label.ToString() ?? code;

    /// <summary>For staff: what the codes of a kind have in common.</summary>
    public static string Group(string group) => group switch
    {
        "ENV" => "The place", "BEH" => "What people do", "TRN" => "On the way", "VEN" => "Pubs and venues", "POL" => "Police", _ => "This scheme",
    };

    /// <summary>For staff: what speaks for it that two tell of the same.</summary>
    public static string Reason(string reason) => reason switch
    {
        "me-too" => "she said \u201cme too\u201d to its answer", "same-code" => "the same concern", "same-kind" => "the same kind", "same-landmark" => "the same landmark",
        "same-light" => "the same light", _ => "within a month",
    };

    /// <summary>For staff: why a concern is stuck.</summary>
    public static string Stuck(string why) => why switch
    {
        "over" => "A week over its date", "no-reply" => "A question stands for 28 days: decide on what is known", "referral" => "No answer from where it was passed on: ask there",
        "partner" => "It did not arrive where it was sent, or they call it closed: decide what comes next",
        "silent" => "Women were asked three times and have not answered: have the place audited again", _ => "A second person has to say whether it is a concern",
    };

    /// <summary>Whether "me too" may be said in one step: nothing has to be explained before.</summary>
    public static bool MeToo(ForcePack pack, string code) => pack.FindConcern(code) is { Branch: ConcernBranch.None, Owner: not null };

    public static string Ward(ForcePack pack, string? code) => code is null ? "" : pack.FindWard(code)?.Name ?? code;

    /// <summary>July to September 2026, or the year.</summary>
    public static string Period(IStringLocalizer t, string period) => period.Length != 6 ? period : period[5] switch
    {
        '1' => t["January to March {0}", period[..4]],
        '2' => t["April to June {0}", period[..4]],
        '3' => t["July to September {0}", period[..4]],
        _ => t["October to December {0}", period[..4]],
    };

    public static Lamp Lamp(string state) => state switch
    {
        "in-hand" or "Triaged" or "Referred" or "InAction" or "Review" => Components.Lamp.InHand,
        "we-say-done" or "ClaimedDone" => Components.Lamp.WeSayDone,
        "women-say-done" or "ConfirmedDone" => Components.Lamp.WomenSayDone,
        "women-say-not-done" or "Disputed" => Components.Lamp.WomenSayNotDone,
        "not-done" or "NoAction" => Components.Lamp.NotDone,
        _ => Components.Lamp.Asked,
    };

    /// <summary>For staff: the state of a concern in words.</summary>
    public static string State(string state) => state switch
    {
        "Acknowledged" => "Acknowledged", "Triaged" => "Has an owner", "Referred" => "Passed on", "Merged" => "Waits for another's answer", "Review" => "A no, to be looked at again",
        "InAction" => "In hand", "Disputed" => "Women say not done",
        "WaitingForContributor" => "Waiting for her answer", "ClaimedDone" => "We say done", "ConfirmedDone" => "Women say done",
        "NoAction" => "Not done, and why", "Withdrawn" => "Withdrawn", "NotAConcern" => "Not a concern", _ => state,
    };

    /// <summary>For staff: the state of an action in words.</summary>
    public static string ActionState(string state) => state switch
    {
        "Proposed" => "Proposed", "Agreed" => "Agreed", "Started" => "Started", "Delivered" => "We say done", "Verified" => "Women say done", "Dropped" => "Dropped",
        _ => "Women say not done",
    };

    /// <summary>For staff: where a referral by program stands.</summary>
    public static string Partner(IStringLocalizer t, string state, string? status) => (state, status) switch
    {
        ("Offered", "closed") or ("Sent", "closed") => t["Closed there"], ("Offered", _) => t["They read it here with their key"], ("Waiting", _) => t["Waiting to be sent"], ("Sending", _) => t["Being sent"],
        ("Uncertain", _) => t["It may have arrived: we look for it there"], ("Token", _) => t["They have it; their reference is to come"], ("Sent", "open") => t["Open there"], ("Sent", _) => t["They have it"],
        ("Refused", _) => t["Not taken"], ("Unclear", _) => t["Nobody can tell whether they have it: ask them"], ("GaveUp", _) => t["Could not be reached"], _ => t["Taken back"],
    };

    /// <summary>For staff: why it stands there, in a sentence; null where there is nothing to say.</summary>
    public static string? PartnerReason(IStringLocalizer t, PartnerRequestView r) => r.Reason is null ? null : r.Reason switch
    {
        "refused" => t["They said: {0}", r.TheirWords ?? ""],
        "key-refused" => t["They do not accept our key. Whoever runs this service has to look at it. They said: {0}", r.TheirWords ?? ""],
        "attribute-missing" => t["They require {0}. Take it back and send it with that.", r.TheirWords ?? ""],
        "attribute-value" => t["They do not take what was entered for {0}. Take it back and send it anew.", r.TheirWords ?? ""],
        "attribute-personal" => t["They require {0}, which is about a person. Nothing about a person leaves: take it back and pass it on by hand.", r.TheirWords ?? ""],
        _ => Why(t, r.Reason),
    };

    public static string Why(IStringLocalizer t, string reason) => reason switch
    {
        "not-reached" => t["Their address does not answer."], "later" => t["They ask to come again later."], "timed-out" => t["They did not answer in time."], "broken-off" => t["The connection broke off."],
        "server-error" => t["Their service reports a fault of its own."], "redirected" => t["They point to another address, and we do not follow."], "unreadable" or "too-large" => t["Their answer cannot be read."],
        "service-gone" => t["They no longer have this kind of request. The force pack has to be corrected."], "not-found-there" => t["Our reference is not found there."], "no-reference" => t["They took it and gave no reference in days."],
        "attribute-personal" => t["They require something about a person. Nothing about a person leaves: pass it on by hand."], _ => t["They did not take it."],
    };

    /// <summary>With a capital, where a line begins with it.</summary>
    public static string First(string text) => text.Length == 0 ? text : char.ToUpper(text[0], System.Globalization.CultureInfo.CurrentCulture) + text[1..];

    /// <summary>Per cent of the time used, for the ring.</summary>
    public static int Used(string clock, int? left) => clock switch
    {
        "over" => 100, "soon" => 80, "stopped" or "merged" => 20, "ended" => 0, _ => Math.Clamp(60 - (left ?? 0) * 3, 5, 55),
    };

    public static string Clock(string clock, int? left) => (clock, left) switch
    {
        ("stopped", _) => "Waiting for her",
        ("merged", _) => "Another's clock counts",
        ("ended", _) => "Ended",
        ("over", { } days) => days == -1 ? "1 working day over" : days == 0 ? "Over its date" : $"{-days} working days over",
        (_, 0) => "Due today",
        (_, 1) => "1 working day left",
        (_, { } days) => $"{days} working days left",
        _ => "",
    };
}
