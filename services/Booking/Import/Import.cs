using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>
/// A force brings its officers and places as CSV files. A line is known by the collar number or the place's id, so the same file twice
/// changes nothing; all lines are saved together or none is; nobody is removed by being absent from a file.
/// </summary>
internal static class Import
{
    private static readonly string[] OfficerColumns = ["first_name", "collar", "areas", "languages", "bsl"];
    private static readonly string[] PointColumns = ["id", "ward", "name", "lat", "lng", "lit", "step_free"];

    public static Task<IResult> PreviewOfficers(HttpRequest request, BookingDb db, PersonalData personal, ForcePackCatalogue packs, CancellationToken ct) => Officers(request, db, personal, packs, save: false, ct);

    public static Task<IResult> SaveOfficers(HttpRequest request, BookingDb db, PersonalData personal, ForcePackCatalogue packs, CancellationToken ct) => Officers(request, db, personal, packs, save: true, ct);

    public static Task<IResult> PreviewPoints(HttpRequest request, BookingDb db, ForcePackCatalogue packs, CancellationToken ct) => Points(request, db, packs, save: false, ct);

    public static Task<IResult> SavePoints(HttpRequest request, BookingDb db, ForcePackCatalogue packs, CancellationToken ct) => Points(request, db, packs, save: true, ct);

    private static async Task<IResult> Officers(HttpRequest request, BookingDb db, PersonalData personal, ForcePackCatalogue packs, bool save, CancellationToken ct)
    {
        var (refused, file) = await CsvFile.Read(request, OfficerColumns, ct, "email");
        if (refused is not null) return refused;
        var pack = packs.Get(db.Force!);
        var known = await db.Officers.ToDictionaryAsync(o => o.CollarKey, ct);
        var seen = new HashSet<string>();
        return await Take(file, db, save, async line =>
        {
            var (name, collar, areas, languages, signs) = (line.Text("first_name", 60), line.Text("collar", 20), line.Words("areas"), line.Words("languages"), line.YesOrNo("bsl"));
            var key = Officer.KeyOf(collar);
            if (collar.Length > 0 && key.Length == 0) line.Fault("collar", "It has neither letter nor digit.");
            if (key.Length > 0 && !seen.Add(key)) line.Fault("collar", $"{collar} stands on a line before.");
            foreach (var area in areas.Where(a => pack.FindWard(a) is null)) line.Fault("areas", $"{area} is no ward of this force.");
            foreach (var language in languages.Where(l => l.Length is < 2 or > 3 || !l.All(char.IsAsciiLetterLower))) line.Fault("languages", $"{language} is no code like en or cy.");

            var title = $"{name}, {collar}";
            var email = line.Has("email") ? line.Raw("email") : null;
            if (email is { Length: > 0 } && (email.Length > 254 || !System.Net.Mail.MailAddress.TryCreate(email, out var address) || address.Address != email)) line.Fault("email", "It is no address like ruth@force.example; it may be empty.");
            if (known.GetValueOrDefault(key) is not { } officer)
            {
                officer = new Officer { FirstName = name, CollarNumber = collar, CollarKey = key, Areas = areas, Languages = languages, SignLanguage = signs };
                db.Officers.Add(officer);
                await officer.MailTo(email, db, personal, ct);
                return (Change.Added, title);
            }
            if (officer.HasLeft(pack.Local(db.Now)))
            {
                line.Fault("collar", $"{officer.CollarNumber} has left; her last day was {officer.LastDay:yyyy-MM-dd}. Say on her page that she works here again, or take the line out.");
                return (Change.None, title);
            }
            var moved = await officer.MailTo(email, db, personal, ct);
            if (!moved && officer.FirstName == name && officer.CollarNumber == collar && officer.SignLanguage == signs && officer.Areas.SequenceEqual(areas) && officer.Languages.SequenceEqual(languages)) return (Change.None, title);
            (officer.FirstName, officer.CollarNumber, officer.Areas, officer.Languages, officer.SignLanguage) = (name, collar, areas, languages, signs);
            return (Change.Changed, title);
        }, ct);
    }

    private static async Task<IResult> Points(HttpRequest request, BookingDb db, ForcePackCatalogue packs, bool save, CancellationToken ct)
    {
        var (refused, file) = await CsvFile.Read(request, PointColumns, ct);
        if (refused is not null) return refused;
        var pack = packs.Get(db.Force!);
        var known = await db.MeetingPoints.ToDictionaryAsync(p => p.Code, ct);
        var seen = new HashSet<string>();
        return await Take(file, db, save, line =>
        {
            var (id, ward, name) = (line.Text("id", 60), line.Raw("ward"), line.Text("name", 120));
            var (lat, lng, lit, stepFree) = (line.Degrees("lat", 49, 61), line.Degrees("lng", -9, 2), line.YesOrNo("lit"), line.YesOrNo("step_free"));
            if (id.Length > 0 && !id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) line.Fault("id", "It is made of small letters, digits and hyphens, for example town-hall.");
            if (id.Length > 0 && !seen.Add(id)) line.Fault("id", $"{id} stands on a line before.");
            if (pack.FindWard(ward) is null) line.Fault("ward", $"\"{ward}\" is no ward of this force.");

            var point = new MeetingPoint(id, ward, name, lat, lng, lit, stepFree);
            // The pack was checked as a whole and is the same for every service: a file does not speak against it.
            if (pack.FindMeetingPoint(id) is { } ours)
            {
                if (ours != point) line.Fault("id", $"{id} stands in the force pack with other values. Change it there, or choose another id.");
                return Task.FromResult((Change.None, name));
            }
            if (known.GetValueOrDefault(id) is not { } row)
            {
                db.MeetingPoints.Add(ImportedPoint.Of(point));
                return Task.FromResult((Change.Added, name));
            }
            if (row.Point == point) return Task.FromResult((Change.None, name));
            row.Point = point;
            return Task.FromResult((Change.Changed, name));
        }, ct);
    }

    private static async Task<IResult> Take(CsvFile file, BookingDb db, bool save, Func<CsvLine, Task<(Change, string)>> take, CancellationToken ct)
    {
        var rows = new List<ImportedRow>();
        foreach (var line in file.Lines)
        {
            var (change, name) = await take(line);
            if (change != Change.None) rows.Add(new(line.Number, change.Wire(), name));
        }
        if (file.Faults.Count == 0 && file.Lines.Count == 0) file.Fault(0, null, "The file has no line after the first.");
        if (file.Faults.Count > 0)
        {
            db.ChangeTracker.Clear();
            var faults = file.Faults.OrderBy(f => f.Line).ToList();
            return save ? Faulty(faults) : TypedResults.Ok(new ImportReply(0, 0, 0, [], faults));
        }
        var reply = new ImportReply(rows.Count(r => r.What == "added"), rows.Count(r => r.What == "changed"), file.Lines.Count - rows.Count, rows, []);
        if (!save)
        {
            db.ChangeTracker.Clear();
            return TypedResults.Ok(reply);
        }
        try
        {
            await db.Atomically(async () =>
            {
                await db.ImportInTurn(ct);
                return await db.SaveChangesAsync(ct);
            }, ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation() || e is DbUpdateConcurrencyException)
        {
            // Somebody else imports the same at this moment.
            db.ChangeTracker.Clear();
            return Etag.ChangedMeanwhile with { Field = null, Detail = "Nothing was imported. Look at the preview again." };
        }
        return TypedResults.Ok(reply);
    }

    /// <summary>Every fault stands under its line and column, as the fields of a form do.</summary>
    private static IResult Faulty(List<ImportFault> faults) => TypedResults.Problem(
        $"Nothing was imported. {faults.Count} faults.", null, Refusals.ImportFaulty.Status, Refusals.ImportFaulty.Title, Refusals.ImportFaulty.Urn,
        new Dictionary<string, object?> { ["errors"] = faults.GroupBy(f => f.Field is null ? $"line {f.Line}" : $"line {f.Line}, {f.Field}").ToDictionary(g => g.Key, g => g.Select(f => f.Problem).ToArray()) });

    private enum Change { None, Added, Changed }
}
