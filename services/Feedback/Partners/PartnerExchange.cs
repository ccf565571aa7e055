using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>
/// The keys by which partners come: a SHA-256 in hex in Partners:{force}:{id}:KeyHash, or two parted by a blank while one takes over from the
/// other. A key stands for one partner of one force.
/// </summary>
internal sealed class PartnerKeys(IConfiguration configuration, ForcePackCatalogue packs)
{
    /// <summary>Whose key of this force it is; null for nobody's. Every hash is compared, however early one fits.</summary>
    public Partner? Of(string force, string? key)
    {
        Partner? found = null;
        foreach (var partner in packs.Get(force).Partners)
        {
            foreach (var hash in (configuration[$"Partners:{force}:{partner.Id}:KeyHash"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(h => h.Length == 64 && h.All(char.IsAsciiHexDigit)))
                found = Secrets.Matches(Convert.FromHexString(hash), key ?? "") && key is { Length: >= 20 } ? partner : found;
        }
        return found;
    }
}

/// <summary>An endpoint for a partner alone.</summary>
internal sealed record PartnerAccess;

internal static class PartnerEndpoints
{
    private static readonly object Known = new();

    /// <summary>Only a partner of the force of the path, by its key in the header Api-Key. A key in an address is no key: addresses are written down everywhere.</summary>
    public static RouteHandlerBuilder Partner(this RouteHandlerBuilder endpoint) => endpoint.Public().WithMetadata(new PartnerAccess()).AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        var caller = http.RequestServices.GetRequiredService<Caller>();
        if (http.RequestServices.GetRequiredService<PartnerKeys>().Of(caller.Force!, http.Request.Headers["Api-Key"]) is not { } partner)
            return Open311Answer.Error(http.Request.RouteValues["format"] is "json" ? "json" : "xml", StatusCodes.Status401Unauthorized, "The header Api-Key holds no key of a partner of this force");
        http.Items[Known] = partner;
        caller.Actor = $"partner:{partner.Id}";
        return await next(context);
    });

    public static Partner Partner(this HttpContext http) => (Partner)http.Items[Known]!;
}

/// <summary>A partner reads what was passed on to it and says how it stands: GeoReport v2 with the extension servicerequestupdates. It sees no concern, and of nobody else's anything.</summary>
internal static class PartnerExchange
{
    private const int Most = 100;
    private static readonly string[] Taken = ["service_request_id", "update_id", "status", "updated_datetime", "description", "service_request_id_ext", "jurisdiction_id"];

    public static async Task<IResult> List(string format, HttpContext http, FeedbackDb db, ForcePackCatalogue packs,
        [FromQuery(Name = "jurisdiction_id")] string? jurisdiction, string? status, string? page, CancellationToken ct)
    {
        if (Open311Answer.WrongJurisdiction(format, jurisdiction, db.Force!) is { } wrong)
            return wrong;
        if (status is not (null or "open" or "closed"))
            return Bad(format, "status: open or closed");
        if (!int.TryParse(page ?? "1", NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at is < 1 or > 1_000_000)
            return Bad(format, "page: a number from 1");
        var requests = Of(db, http.Partner());
        if (status is not null)
            requests = requests.Where(r => (r.TheirStatus == "closed") == (status == "closed"));
        var rows = await requests.OrderByDescending(r => r.MadeAt).ThenBy(r => r.Reference).Skip((at - 1) * Most).Take(Most).ToListAsync(ct);
        return Open311Answer.List(format, "service_requests", "request", rows.Select(r => View(r, packs.Get(db.Force!))));
    }

    public static async Task<IResult> One(string id, string format, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, [FromQuery(Name = "jurisdiction_id")] string? jurisdiction, CancellationToken ct)
    {
        if (Open311Answer.WrongJurisdiction(format, jurisdiction, db.Force!) is { } wrong)
            return wrong;
        return await Of(db, http.Partner()).SingleOrDefaultAsync(r => r.Reference == id, ct) is { } request
            ? Open311Answer.List(format, "service_requests", "request", [View(request, packs.Get(db.Force!))])
            : Open311Answer.Error(format, StatusCodes.Status404NotFound, "service_request_id was not found");
    }

    /// <summary>How it stands there. The same update_id twice is one update. Closed ends nothing here: it is work for the coordinator.</summary>
    public static async Task<IResult> Update(string format, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, Tell tell, CancellationToken ct)
    {
        if (format is not ("xml" or "json"))
            return Open311Answer.Error("xml", StatusCodes.Status404NotFound, "The formats are xml and json");
        if (http.Request.ContentType is not { } type || !type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            return Open311Answer.Error(format, StatusCodes.Status415UnsupportedMediaType, "Send the fields as application/x-www-form-urlencoded");
        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(ct);
        }
        catch (InvalidDataException)
        {
            return Bad(format, "The form cannot be read");
        }
        if (form.Keys.FirstOrDefault(k => !Taken.Contains(k)) is { } other)
            return Bad(format, $"{string.Concat(other.Take(60))}: nothing else is taken than {string.Join(", ", Taken)}; nothing about a person");
        if (Open311Answer.WrongJurisdiction(format, form["jurisdiction_id"], db.Force!) is { } wrong)
            return wrong;
        if (Open311Client.Id(form["update_id"]) is not { } update)
            return Bad(format, "update_id: up to 60 letters, digits and - _ . : / #");
        if (((string?)form["status"])?.ToLowerInvariant() is not ("open" or "closed"))
            return Bad(format, "status: open or closed");
        if (!DateTimeOffset.TryParseExact(form["updated_datetime"], "yyyy-MM-ddTHH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) || at > db.Now.AddHours(1))
            return Bad(format, "updated_datetime: a past moment with its zone, as 2026-11-24T10:00:00Z");
        if (form["description"].ToString().Length > 1000)
            return Bad(format, "description: at most 1,000 characters");
        var theirs = form["service_request_id_ext"].ToString() is { Length: > 0 } given ? Open311Client.Id(given) : null;
        if (theirs is null && form["service_request_id_ext"].ToString().Length > 0)
            return Bad(format, "service_request_id_ext: up to 60 letters, digits and - _ . : / #");
        var wanted = form["service_request_id"].ToString();
        if (await Of(db, http.Partner()).AsTracking().SingleOrDefaultAsync(r => r.Reference == wanted, ct) is not { } request)
            return Open311Answer.Error(format, StatusCodes.Status404NotFound, "service_request_id was not found");
        if (request.Updates.All(u => u.Id != update))
        {
            var pack = packs.Get(db.Force!);
            var news = request.HearFrom(new PartnerUpdate(update, at.ToUniversalTime(), form["status"].ToString().ToLowerInvariant(), Open311Client.Words(form["description"])), theirs, db.Now);
            await BringPartnerRequest.Follow(request, news, db, pack, tell, ct);
            try
            {
                await db.SaveChangesAsync(ct);
            }
            catch (DbUpdateConcurrencyException)
            {
                return Open311Answer.Error(format, StatusCodes.Status409Conflict, "It was changed in this moment: send it again");
            }
        }
        return Open311Answer.List(format, "service_request_updates", "request_update", [[("update_id", update)]]);
    }

    // What was withdrawn was never theirs, and what is gone from here is gone from there.
    private static IQueryable<PartnerRequest> Of(FeedbackDb db, Partner partner) => db.PartnerRequests.AsNoTracking()
        .Where(r => r.Partner == partner.Id && (r.State == PartnerState.Offered || r.State == PartnerState.Sent));

    private static IResult Bad(string format, string description) => Open311Answer.Error(format, StatusCodes.Status400BadRequest, description);

    private static (string, object?)[] View(PartnerRequest r, ForcePack pack) =>
    [
        ("service_request_id", r.Reference), ("status", r.TheirStatus ?? "open"), ("status_notes", r.TheirNotes),
        ("service_name", pack.FindConcern(r.Code)?.Label.In("en") ?? r.Code), ("service_code", r.ServiceCode), ("description", r.Description),
        ("agency_responsible", pack.BodyName(r.Body, "en")), ("service_notice", null),
        ("requested_datetime", pack.Midnight(pack.Today(r.MadeAt))), ("updated_datetime", pack.Midnight(pack.Today(r.LookedAt ?? r.MadeAt))), ("expected_datetime", null),
        ("address", r.Address), ("address_id", null), ("zipcode", null), ("lat", r.Lat), ("long", r.Long), ("media_url", null),
    ];
}
