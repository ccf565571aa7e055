using System.Collections.Frozen;

namespace WalkTalk.ForcePacks;

/// <summary>All that makes the platform one force's own. Immutable; read once at start.</summary>
public sealed record ForcePack
{
    private FrozenDictionary<string, Ward>? _wards;
    private FrozenDictionary<string, MeetingPoint>? _meetingPoints;
    private FrozenDictionary<string, ConcernType>? _taxonomy;

    /// <summary>The force's id at data.police.uk, also the first part of every path.</summary>
    public required string Id { get; init; }
    public required LocalText Name { get; init; }
    /// <summary>True when officers, meeting points and contacts are invented for demonstration.</summary>
    public required bool Demonstration { get; init; }
    public required TimeZoneInfo TimeZone { get; init; }
    /// <summary>Two-letter codes, English first.</summary>
    public required IReadOnlyList<string> Languages { get; init; }
    /// <summary>Where "leave this page" leads: an everyday site that says nothing about her.</summary>
    public required Uri ExitUrl { get; init; }
    public required Brand Brand { get; init; }
    /// <summary>When the scheme answers, local time; a day that is missing is closed.</summary>
    public required IReadOnlyDictionary<DayOfWeek, OpeningHours> OpeningHours { get; init; }
    /// <summary>Days that are no working days although they are no Saturday or Sunday.</summary>
    public required IReadOnlySet<DateOnly> BankHolidays { get; init; }
    /// <summary>The last day whose bank holidays are known; working days after it are counted too long.</summary>
    public DateOnly HolidaysUntil => new(BankHolidays.Max().Year, 12, 31);
    public required IReadOnlyList<Borough> Boroughs { get; init; }
    public required IReadOnlyList<Ward> Wards { get; init; }
    /// <summary>The wards' boundaries; null where the pack has none, and their centres must do.</summary>
    public Boundaries? Boundaries { get; init; }
    public required IReadOnlyList<MeetingPoint> MeetingPoints { get; init; }
    public required IReadOnlyList<Body> Bodies { get; init; }
    public required IReadOnlyList<ConcernType> Taxonomy { get; init; }
    /// <summary>Who usually acts, by place and category.</summary>
    public required IReadOnlyList<Route> Routes { get; init; }
    /// <summary>Bodies that take a referral by program.</summary>
    public IReadOnlyList<Partner> Partners { get; init; } = [];
    /// <summary>Texts staff begin an answer with.</summary>
    public required IReadOnlyList<AnswerText> Answers { get; init; }
    public required IReadOnlyList<AuditParameter> AuditParameters { get; init; }
    public required IReadOnlyList<PackOfficer> Officers { get; init; }
    public required IReadOnlyList<DutyContact> DutyContacts { get; init; }
    public required IReadOnlyList<NoActionReason> NoActionReasons { get; init; }
    public required IReadOnlyList<ActionType> ActionTypes { get; init; }
    public required RetentionPeriods Retention { get; init; }
    public required DisclosureThresholds Disclosure { get; init; }

    /// <summary>A moment on this force's clock.</summary>
    public DateTimeOffset Local(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, TimeZone);

    /// <summary>The day on this force's clock.</summary>
    public DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(Local(now).DateTime);

    public Ward? FindWard(string code) => (_wards ??= Wards.ToFrozenDictionary(w => w.Code)).GetValueOrDefault(code);

    public MeetingPoint? FindMeetingPoint(string id) =>
        (_meetingPoints ??= MeetingPoints.ToFrozenDictionary(p => p.Id)).GetValueOrDefault(id);

    public ConcernType? FindConcern(string code) =>
        (_taxonomy ??= Taxonomy.ToFrozenDictionary(t => t.Code)).GetValueOrDefault(code);

    /// <summary>The date <paramref name="workingDays"/> working days after <paramref name="day"/>; the day itself does not count.</summary>
    public DateOnly AddWorkingDays(DateOnly day, int workingDays)
    {
        while (workingDays > 0)
        {
            day = day.AddDays(1);
            if (IsWorkingDay(day))
                workingDays--;
        }
        return day;
    }

    /// <summary>The route that fits best: a ward before its borough before everywhere, a longer code before a shorter; null where none fits.</summary>
    public Route? RouteOf(string code, string? wardCode, string? boroughCode) => Routes
        .Where(r => r.Fits(code) && (r.Place is null || r.Place == wardCode || r.Place == boroughCode))
        .OrderByDescending(r => r.Place is null ? 0 : r.Place == wardCode ? 2 : 1).ThenByDescending(r => r.Codes.Length).FirstOrDefault();

    /// <summary>
    /// Where a concern is sent that is passed on to the body, and as which service there: one for its borough before one for everywhere, a longer code before a
    /// shorter. Null where it goes by hand; so does all that may be a crime or is about police, whatever the pack says.
    /// </summary>
    public (Partner Partner, PartnerService Service)? PartnerOf(string body, string code, string? boroughCode)
    {
        if (FindConcern(code) is not { Branch: ConcernBranch.None, BoroughByYearOnly: false })
            return null;
        var fits = Partners.Where(p => p.Body == body && (p.Place is null || p.Place == boroughCode))
            .SelectMany(p => p.Services.Where(s => Route.Fits(s.Codes, code)).Select(s => (Partner: p, Service: s)))
            .OrderByDescending(f => f.Partner.Place is not null).ThenByDescending(f => f.Service.Codes.Length).ToList();
        return fits.Count > 0 ? fits[0] : null;
    }

    public bool IsWorkingDay(DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !BankHolidays.Contains(day);
}

/// <summary>The four colours a force sets, as #rrggbb; contrast is checked on load.</summary>
public sealed record Brand(string Bar, string OnBar, string Action, string ActionNight);

public sealed record OpeningHours(TimeOnly Opens, TimeOnly Closes);

/// <summary>A local authority, by ONS code.</summary>
public sealed record Borough(string Code, string Name);

/// <summary>A ward, by ONS code, with its centre, its place on the tile map and the three letters written there.</summary>
public sealed record Ward(string Code, string Name, string BoroughCode, double Lat, double Lng, int TileCol, int TileRow, string Short);

/// <summary>Boundaries of every ward, for drawing.</summary>
/// <param name="Attribution">Whom their licence wants named beside the map.</param>
/// <param name="ByWard">Closed rings by ward code, islands and holes alike.</param>
public sealed record Boundaries(string Attribution, IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<Position>>> ByWard);

/// <summary>A point in degrees, WGS84.</summary>
public readonly record struct Position(double Lat, double Lng);

/// <summary>A public place where a walk can begin.</summary>
public sealed record MeetingPoint(string Id, string WardCode, string Name, double Lat, double Lng, bool Lit, bool StepFree);

/// <summary>Who can own a concern: a council, the police, a transport body.</summary>
public sealed record Body(string Code, LocalText Name);

/// <summary>What happens to a concern beside triage.</summary>
public enum ConcernBranch
{
    /// <summary>Triage only.</summary>
    None,
    /// <summary>May be a crime: what recording means is explained, then she chooses.</summary>
    Disclosure,
    /// <summary>About an officer: sealed for professional standards alone.</summary>
    Standards,
}

/// <summary>One code of the taxonomy.</summary>
/// <param name="Owners">Codes of bodies, the usual one first; empty where nobody has to act (POS-*).</param>
/// <param name="SlaWorkingDays">Working days to a first decision; null where none is due.</param>
/// <param name="BoroughByYearOnly">Published by borough and year only, never by ward or quarter.</param>
/// <param name="StreetSafe">The StreetSafe category it equals, or null.</param>
public sealed record ConcernType(string Code, LocalText Label, IReadOnlyList<string> Owners, bool MayBeCrime,
    int? SlaWorkingDays, ConcernBranch Branch, bool BoroughByYearOnly, string? StreetSafe)
{
    /// <summary>The usual owner, or null where nobody has to act.</summary>
    public string? Owner => Owners.Count > 0 ? Owners[0] : null;

    /// <summary>ENV, BEH, TRN, VEN, POL, SVC or POS.</summary>
    public string Group => Code[..Code.IndexOf('-')];
}

/// <summary>Who usually acts on what, where: a body and the role there.</summary>
/// <param name="Codes">A concern code, or what codes begin with (ENV, ENV-LIGHT).</param>
/// <param name="Place">A ward or borough by ONS code; null for everywhere.</param>
public sealed record Route(string Codes, string? Place, string Body, string Role)
{
    public bool Fits(string code) => Fits(Codes, code);

    internal static bool Fits(string codes, string code) => code == codes || code.StartsWith(codes + "-", StringComparison.Ordinal);
}

/// <summary>A body that takes a referral by program, as Open311 GeoReport v2. Keys are no part of a pack: they come from configuration, Partners:{force}:{id}.</summary>
/// <param name="Id">Small letters, figures and hyphens; its name in configuration.</param>
/// <param name="Place">The borough it acts in, by ONS code; null for everywhere.</param>
/// <param name="Endpoint">Where its GeoReport begins, with a slash at the end; null where it reads here, with its key, what is passed on to it.</param>
/// <param name="Jurisdiction">Its jurisdiction_id, where it needs one.</param>
/// <param name="Json">It is asked for JSON; without it for XML, which the specification demands of every server.</param>
/// <param name="Updates">It has FixMyStreet's extension servicerequestupdates.</param>
/// <param name="PullMinutes">After so many minutes (5 to 10080) it is asked for the status again.</param>
public sealed record Partner(string Id, string Body, string? Place, Uri? Endpoint, string? Jurisdiction, bool Json, bool Updates, int PullMinutes, IReadOnlyList<PartnerService> Services);

/// <summary>What a partner calls a kind of concern.</summary>
/// <param name="Codes">As of a <see cref="Route"/>.</param>
/// <param name="Code">Its service_code.</param>
/// <param name="Attributes">Values of its attributes that are always the same.</param>
public sealed record PartnerService(string Codes, string Code, IReadOnlyDictionary<string, string> Attributes);

/// <summary>A text staff begin with, for the public or for the contributor.</summary>
/// <param name="Kind">What it is for: one of <see cref="Kinds"/>.</param>
/// <param name="Codes">As of a <see cref="Route"/>; empty where it fits everything.</param>
public sealed record AnswerText(string Id, string Kind, string Codes, string Title, string Text)
{
    public static readonly IReadOnlyList<string> Kinds = ["question", "promise", "done", "no-action"];

    public bool FitsCode(string code) => Codes.Length == 0 || Route.Fits(Codes, code);
}

/// <summary>A question of the safety audit, rated 0 to 3.</summary>
/// <param name="Levels">What each of the four ratings looks like.</param>
/// <param name="InScore">False for the feeling, which stands beside the place score and never in it.</param>
public sealed record AuditParameter(string Code, LocalText Label, IReadOnlyList<LocalText> Levels, bool InScore);

/// <summary>An officer of the demonstration.</summary>
/// <param name="Areas">Codes of the wards she walks in.</param>
/// <param name="SignLanguage">She signs BSL.</param>
/// <param name="Email">Her work address; null: she is sent no mail.</param>
public sealed record PackOfficer(Guid Id, string FirstName, string Collar, IReadOnlyList<string> Areas, IReadOnlyList<string> Languages, bool SignLanguage, string? Email = null);

/// <summary>Whom the platform turns to: control-room, coordinator, safeguarding, standards.</summary>
public sealed record DutyContact(string Role, LocalText Label, string Email, string Phone, string Hours);

/// <summary>Why nothing will be done, in words fit to be published.</summary>
public sealed record NoActionReason(string Code, LocalText Label);

/// <summary>A kind of action. <paramref name="Counted"/> is false for advice that asks women to change.</summary>
public sealed record ActionType(string Code, LocalText Label, bool Counted);

/// <summary>How long what is kept; each period starts at the event its name says.</summary>
public sealed record RetentionPeriods(
    int UnconfirmedDays, int BookingContactDaysAfterLastWalk, int ContributorContactDaysAfterLastConcern, int ConcernMonthsBeforeAnonymised,
    int RawPinDaysAfterTriage, int RouteDays, int VerificationCodeHours, int VerificationLogMonths,
    int MessageBodyDays, int MessageStatusDays, int AuditYears);

/// <summary>The numbers of disclosure control. A force may be stricter than the platform's floor, never laxer.</summary>
/// <param name="MinimumCount">Counts from 1 to one below this are withheld.</param>
/// <param name="MinimumWithCharacteristic">The same in tables crossed with a protected characteristic.</param>
/// <param name="RoundTo">Counts and percentages are rounded to multiples of this.</param>
/// <param name="MinimumDenominator">No percentage of fewer.</param>
/// <param name="MinimumForMean">No mean or median of fewer.</param>
/// <param name="MaximumShareOfOne">A cell of which one contributor has more than this percentage is withheld.</param>
/// <param name="MinimumContributorsAtPoint">Fewer in a year: the ward only.</param>
/// <param name="MinimumAddressesAtPoint">A snap point stands for at least so many postal addresses.</param>
/// <param name="ReleaseLagDays">Days between the end of a quarter and its publication.</param>
/// <param name="MinimumAudits">No place score of fewer audits in a light band…</param>
/// <param name="MinimumAuditors">…or of fewer contributors.</param>
/// <param name="MinimumTeamOfficers">No team figure of fewer officers…</param>
/// <param name="MinimumTeamWalks">…or of fewer walks.</param>
public sealed record DisclosureThresholds(
    int MinimumCount, int MinimumWithCharacteristic, int RoundTo, int MinimumDenominator, int MinimumForMean, int MaximumShareOfOne,
    int MinimumContributorsAtPoint, int MinimumAddressesAtPoint, int ReleaseLagDays,
    int MinimumAudits, int MinimumAuditors, int MinimumTeamOfficers, int MinimumTeamWalks);
