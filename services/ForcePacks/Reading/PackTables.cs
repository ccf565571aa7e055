using System.Globalization;

namespace WalkTalk.ForcePacks.Reading;

/// <summary>The CSV files of a pack.</summary>
internal sealed class PackTables(PackFolder folder, Texts texts)
{
    public static readonly string[] Files = ["wards.csv", "meeting-points.csv", "taxonomy.csv", "officers.csv", "routes.csv", "answers.csv"];

    public List<Ward> Wards(List<Borough> boroughs)
    {
        var (codes, tiles, shorts) = (new Unique("ward"), new Unique("tile"), new Unique("short name"));
        var wards = new List<Ward>();
        foreach (var row in Csv.Read(folder, "wards.csv", "code", "name", "borough", "lat", "lng", "tile_col", "tile_row", "short"))
        {
            var ward = new Ward(row.Text("code"), row.Text("name"), row.Text("borough"), row.Degrees("lat"), row.Degrees("lng"),
                row.Whole("tile_col"), row.Whole("tile_row"), row.Text("short"));
            if (ward.Code.Length > 0 && !Known.OnsCode.IsMatch(ward.Code))
                row.Fault($"ward code '{ward.Code}' is no ONS code like E05014098");
            if (ward.BoroughCode.Length > 0 && boroughs.TrueForAll(b => b.Code != ward.BoroughCode))
                row.Fault($"borough {ward.BoroughCode} is not in force.json");
            if (ward.Short.Length > 0 && !Known.TileText.IsMatch(ward.Short))
                row.Fault($"short '{ward.Short}' is not three capital letters or figures");
            Place(row, ward.Lat, ward.Lng);
            codes.Check(ward.Code, row.Fault);
            shorts.Check(ward.Short, row.Fault);
            tiles.Check(string.Create(CultureInfo.InvariantCulture, $"{ward.TileCol},{ward.TileRow}"), row.Fault);
            wards.Add(ward);
        }
        return wards;
    }

    public List<MeetingPoint> MeetingPoints(List<Ward> wards, int withinMetres)
    {
        var ids = new Unique("meeting point");
        var points = new List<MeetingPoint>();
        foreach (var row in Csv.Read(folder, "meeting-points.csv", "id", "ward", "name", "lat", "lng", "lit", "step_free"))
        {
            var point = new MeetingPoint(row.Text("id"), row.Text("ward"), row.Text("name"), row.Degrees("lat"), row.Degrees("lng"),
                row.YesOrNo("lit"), row.YesOrNo("step_free"));
            if (point.Id.Length > 0 && !Known.Slug.IsMatch(point.Id))
                row.Fault($"id '{point.Id}' is not small letters, figures and hyphens");
            ids.Check(point.Id, row.Fault);
            if (wards.Find(w => w.Code == point.WardCode) is not { } ward)
                row.Fault($"ward {point.WardCode} is not in wards.csv");
            else if (Place(row, point.Lat, point.Lng) && Known.InUnitedKingdom(ward.Lat, ward.Lng)
                && Known.Metres(ward.Lat, ward.Lng, point.Lat, point.Lng) is var metres && metres > withinMetres)
                row.Fault(string.Create(CultureInfo.InvariantCulture, $"{point.Name} is {metres:0} m from the centre of {ward.Name}; force.json allows {withinMetres}"));
            points.Add(point);
        }
        foreach (var ward in wards.Where(w => points.TrueForAll(p => p.WardCode != w.Code)))
            folder.Faults.Add(folder.Label("meeting-points.csv"), 0, $"{ward.Name} ({ward.Code}) has no meeting point");
        return points;
    }

    public List<ConcernType> Taxonomy(List<Body> bodies)
    {
        var codes = new Unique("concern");
        var types = new List<ConcernType>();
        foreach (var row in Csv.Read(folder, "taxonomy.csv", "code", "owners", "may_be_crime", "sla_working_days", "branch", "borough_by_year_only", "street_safe"))
        {
            var code = row.Text("code");
            codes.Check(code, row.Fault);
            if (!Known.ConcernCode.IsMatch(code))
            {
                row.Fault($"concern code '{code}' has not the shape of ENV-LIGHT-OUT");
                continue;
            }
            var owners = row.Words("owners");
            foreach (var owner in owners.Where(o => bodies.TrueForAll(b => b.Code != o)))
                row.Fault($"owner {owner} is no body of force.json");

            // A positive place asks nobody to act; every other concern must have somebody who answers, and a date.
            var positive = code.StartsWith("POS-", StringComparison.Ordinal);
            int? sla = row.Optional("sla_working_days").Length > 0 ? row.Whole("sla_working_days") : null;
            if (!positive && owners.Length == 0)
                row.Fault($"{code} has no owner");
            if (!positive && sla is null or <= 0)
                row.Fault($"{code} needs working days to a first decision, at least 1");
            if (positive && (owners.Length > 0 || sla is not null))
                row.Fault($"{code} needs no owner and no working days");

            var crime = row.YesOrNo("may_be_crime");
            if (!Enum.TryParse<ConcernBranch>(row.Text("branch"), ignoreCase: true, out var branch) || !Enum.IsDefined(branch))
                row.Fault($"branch '{row.Optional("branch")}' is not none, disclosure or standards");
            else if (crime != (branch != ConcernBranch.None))
                row.Fault($"{code}: what may be a crime goes to a branch, and nothing else does");
            else if (code == "POL-CONDUCT" && branch != ConcernBranch.Standards)
                row.Fault("POL-CONDUCT goes to standards: an officer's own chain must not see it");

            var coarse = row.YesOrNo("borough_by_year_only");
            if (!coarse && Known.BoroughByYear.Contains(code))
                row.Fault($"{code} may be published by borough and year only");

            types.Add(new ConcernType(code, texts.Need($"concern.{code}"), owners, crime, sla, branch, coarse,
                row.Optional("street_safe") is { Length: > 0 } streetSafe ? streetSafe : null));
        }
        if (types.Count > 0 && types.TrueForAll(t => t.Code != "POL-CONDUCT"))
            folder.Faults.Add(folder.Label("taxonomy.csv"), 0, "POL-CONDUCT is missing: a woman must be able to say it about an officer");
        return types;
    }

    public List<PackOfficer> Officers(List<Ward> wards, List<string> languages)
    {
        var (ids, collars) = (new Unique("officer"), new Unique("collar number"));
        var officers = new List<PackOfficer>();
        foreach (var row in Csv.Read(folder, "officers.csv", ["id", "first_name", "collar", "areas", "languages", "bsl"], "email"))
        {
            var officer = new PackOfficer(Guid.TryParse(row.Text("id"), out var id) ? id : Guid.Empty, row.Text("first_name"), row.Text("collar"),
                row.Words("areas"), row.Words("languages"), row.YesOrNo("bsl"), row.Optional("email") is { Length: > 0 } email ? email : null);
            if (officer.Email is { } given && !System.Net.Mail.MailAddress.TryCreate(given, out _))
                row.Fault($"email of {officer.FirstName} is no address");
            if (officer.Id == Guid.Empty)
                row.Fault($"id '{row.Optional("id")}' is no UUID");
            else
                ids.Check(officer.Id.ToString(), row.Fault);
            if (officer.Collar.Length > 0 && !Known.Collar.IsMatch(officer.Collar))
                row.Fault($"collar number '{officer.Collar}' has not the shape of 2044 AS");
            collars.Check(officer.Collar, row.Fault);
            foreach (var area in officer.Areas.Where(a => wards.TrueForAll(w => w.Code != a)))
                row.Fault($"ward {area} is not in wards.csv");
            if (officer.Areas.Count == 0)
                row.Fault($"{officer.FirstName} has no area");
            if (!officer.Languages.Any(languages.Contains))
                row.Fault($"{officer.FirstName} speaks no language of the pack");
            officers.Add(officer);
        }
        return officers;
    }

    public List<Route> Routes(List<Body> bodies, List<ConcernType> taxonomy, List<Borough> boroughs, List<Ward> wards)
    {
        var unique = new Unique("route");
        var routes = new List<Route>();
        foreach (var row in Csv.Read(folder, "routes.csv", "codes", "place", "body", "role"))
        {
            var route = new Route(row.Text("codes"), row.Optional("place") is { Length: > 0 } place ? place : null, row.Text("body"), row.Text("role"));
            if (route.Codes.Length > 0 && !taxonomy.Exists(t => route.Fits(t.Code)))
                row.Fault($"no concern code is or begins with {route.Codes}");
            if (route.Place is { } at && boroughs.TrueForAll(b => b.Code != at) && wards.TrueForAll(w => w.Code != at))
                row.Fault($"place {at} is no borough of force.json and no ward of wards.csv");
            if (route.Body.Length > 0 && bodies.TrueForAll(b => b.Code != route.Body))
                row.Fault($"body {route.Body} is no body of force.json");
            unique.Check($"{route.Codes} in {route.Place ?? "all places"}", row.Fault);
            routes.Add(route);
        }
        return routes;
    }

    public List<AnswerText> Answers(List<ConcernType> taxonomy)
    {
        var unique = new Unique("answer");
        var answers = new List<AnswerText>();
        foreach (var row in Csv.Read(folder, "answers.csv", "id", "kind", "codes", "title", "text"))
        {
            var answer = new AnswerText(row.Text("id"), row.Text("kind"), row.Optional("codes"), row.Text("title"), row.Text("text"));
            if (answer.Id.Length > 0 && !Known.Slug.IsMatch(answer.Id))
                row.Fault($"id '{answer.Id}' is not small letters, figures and hyphens");
            if (answer.Kind.Length > 0 && !AnswerText.Kinds.Contains(answer.Kind))
                row.Fault($"kind '{answer.Kind}' is not one of {string.Join(", ", AnswerText.Kinds)}");
            if (answer.Codes.Length > 0 && !taxonomy.Exists(t => Route.Fits(answer.Codes, t.Code)))
                row.Fault($"no concern code is or begins with {answer.Codes}");
            unique.Check(answer.Id, row.Fault);
            answers.Add(answer);
        }
        return answers;
    }

    private static bool Place(Row row, double lat, double lng)
    {
        if (Known.InUnitedKingdom(lat, lng))
            return true;
        row.Fault(string.Create(CultureInfo.InvariantCulture, $"lat {lat}, lng {lng} is not in the United Kingdom"));
        return false;
    }
}
