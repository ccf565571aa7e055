using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Disclosure;
using WalkTalk.ForcePacks;

namespace WalkTalk.Feedback;

/// <summary>The answers of the public board as GeoReport requests: no more than the board tells, and of the place the centre of its ward at most.</summary>
internal static class ReadRequests
{
    private const int Most = 1000;
    private const int MostDays = 90;
    private static readonly string[] Closed = ["women-say-done", "not-done"];

    public static async Task<IResult> List(string format, FeedbackDb db, ForcePackCatalogue packs,
        [FromQuery(Name = "jurisdiction_id")] string? jurisdiction, [FromQuery(Name = "service_request_id")] string? ids, [FromQuery(Name = "service_code")] string? codes,
        [FromQuery(Name = "start_date")] string? start, [FromQuery(Name = "end_date")] string? end, string? status, string? page, CancellationToken ct)
    {
        if (Open311Answer.WrongJurisdiction(format, jurisdiction, db.Force!) is { } wrong)
            return wrong;
        var pack = packs.Get(db.Force!);
        var entries = db.Board.AsNoTracking();
        // As the specification has it, ids stand before every other argument.
        if (!string.IsNullOrEmpty(ids))
        {
            var wanted = Parts(ids).Select(id => Guid.TryParse(id, out var parsed) ? parsed : Guid.Empty).ToList();
            if (wanted.Count > Most)
                return Bad($"service_request_id: at most {Most} at once");
            return Answer(await entries.Where(e => wanted.Contains(e.Id)).OrderBy(e => e.Id).ToListAsync(ct));
        }
        if (!string.IsNullOrEmpty(codes))
        {
            var only = Parts(codes);
            if (only.FirstOrDefault(c => !ReadServices.Answered(pack).Any(t => t.Code == c)) is { } unknown)
                return Open311Answer.Error(format, StatusCodes.Status404NotFound, $"service_code was not found: {unknown}. GET services lists them");
            entries = entries.Where(e => only.Contains(e.Category));
        }
        if (!string.IsNullOrEmpty(status))
        {
            var only = Parts(status);
            if (only.Any(s => s is not ("open" or "closed")))
                return Bad("status: open, closed or open,closed");
            var (open, closed) = (only.Contains("open"), only.Contains("closed"));
            entries = entries.Where(e => Closed.Contains(e.State) ? closed : open);
        }
        if (!Date(start, pack, out var from) || !Date(end, pack, out var to))
            return Bad($"{(Date(start, pack, out _) ? "end_date" : "start_date")}: a date as 2026-10-01T00:00:00Z");
        if (!int.TryParse(page ?? "1", NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at is < 1 or > 1_000_000)
            return Bad("page: a number from 1");
        if (from is { } first && to is { } final && (final < first || final - first > TimeSpan.FromDays(MostDays)))
            return Bad($"start_date and end_date: in this order, and not more than {MostDays} days apart");
        var until = to ?? (from is { } f ? f.AddDays(MostDays) : db.Now);
        var since = from ?? until.AddDays(-MostDays);
        // Nobody asked for a range: it begins with the quarter it falls into, or on the last days of a long one nothing of it would show.
        if (from is null && to is null)
            since = Moment(pack, Quarter.Of(pack.Today(since)).FirstDay);
        var periods = Periods(pack, since, until);
        entries = entries.Where(e => periods.Contains(e.Period));
        return Answer(await entries.OrderByDescending(e => e.Period).ThenBy(e => e.Id).Skip((at - 1) * Most).Take(Most).ToListAsync(ct));

        IResult Bad(string description) => Open311Answer.Error(format, StatusCodes.Status400BadRequest, description);

        IResult Answer(List<BoardEntry> rows) => Open311Answer.List(format, "service_requests", "request", rows.Select(e => View(pack, e)));
    }

    public static async Task<IResult> One(string id, string format, FeedbackDb db, ForcePackCatalogue packs, [FromQuery(Name = "jurisdiction_id")] string? jurisdiction, CancellationToken ct)
    {
        if (Open311Answer.WrongJurisdiction(format, jurisdiction, db.Force!) is { } wrong)
            return wrong;
        return Guid.TryParse(id, out var wanted) && await db.Board.AsNoTracking().SingleOrDefaultAsync(e => e.Id == wanted, ct) is { } entry
            ? Open311Answer.List(format, "service_requests", "request", [View(packs.Get(db.Force!), entry)])
            : Open311Answer.Error(format, StatusCodes.Status404NotFound, "service_request_id was not found");
    }

    /// <summary>What a woman has to say goes where she is told of danger, crime and her words first; a partner comes by a key of its own.</summary>
    public static IResult Refuse(string format, FeedbackDb db) => Open311Answer.Error(format, StatusCodes.Status403Forbidden,
        $"Nothing is taken here: this address tells published answers only. To tell us something, open /{db.Force}/tell-us. Exchange with a partner is separate and needs a key.");

    private static (string, object?)[] View(ForcePack pack, BoardEntry e)
    {
        var ward = e.WardCode is { } code ? pack.FindWard(code) : null;
        return
        [
            ("service_request_id", e.Id.ToString()), ("status", Closed.Contains(e.State) ? "closed" : "open"),
            ("status_notes", e.Steps.LastOrDefault(s => s.Kind != "review") is { } last ? $"{FeedBoard.Kind(last.Kind)}{(last.Text is null ? "." : ": " + last.Text)}" : null),
            ("service_name", pack.FindConcern(e.Category)?.Label.In("en") ?? e.Category), ("service_code", e.Category), ("description", e.Asked),
            ("agency_responsible", pack.Name.In("en")), ("service_notice", null),
            ("requested_datetime", pack.Midnight(BoardEntry.FirstDay(e.Period))), ("updated_datetime", pack.Midnight(e.Updated())), ("expected_datetime", null),
            ("address", pack.PublicPlace(e)), ("address_id", e.WardCode ?? e.BoroughCode), ("zipcode", null),
            ("lat", ward?.Lat), ("long", ward?.Lng), ("media_url", null),
        ];
    }

    /// <summary>The quarters, and years, that begin within the range: a request has no other date.</summary>
    private static List<string> Periods(ForcePack pack, DateTimeOffset since, DateTimeOffset until)
    {
        List<string> periods = [];
        for (var quarter = Quarter.Of(pack.Today(since)); Moment(pack, quarter.FirstDay) <= until; quarter = Quarter.Of(quarter.LastDay.AddDays(1)))
        {
            // By the day: whoever asks from midnight in UTC means the summer's quarter too, which began an hour before.
            if (quarter.FirstDay < pack.Today(since))
                continue;
            periods.Add(quarter.ToString());
            if (quarter.Number == 1)
                periods.Add(quarter.Year.ToString(CultureInfo.InvariantCulture));
        }
        return periods;
    }

    private static DateTimeOffset Moment(ForcePack pack, DateOnly day) => DateTimeOffset.Parse(pack.Midnight(day), CultureInfo.InvariantCulture);

    /// <summary>True for none. A day alone is that day on the force's clock; a "+" that a client did not escape has arrived as a blank.</summary>
    private static bool Date(string? text, ForcePack pack, out DateTimeOffset? date)
    {
        date = null;
        if (string.IsNullOrEmpty(text))
            return true;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            date = Sane(day.Year) ? Moment(pack, day) : null;
        else if (DateTimeOffset.TryParseExact(text.Replace(' ', '+'), ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            date = Sane(moment.Year) ? moment : null;
        return date is not null;
    }

    /// <summary>Years in which ninety days more or less are still a date.</summary>
    private static bool Sane(int year) => year is > 1900 and < 9000;

    private static string[] Parts(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
