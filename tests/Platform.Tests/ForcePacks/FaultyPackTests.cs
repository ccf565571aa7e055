using System.Text.Json;
using WalkTalk.ForcePacks;
using WalkTalk.ForcePacks.Reading;

namespace WalkTalk.Platform.Tests.ForcePacks;

/// <summary>Each test spoils a copy of the built-in pack and reads what the loader says.</summary>
public sealed class FaultyPackTests : IDisposable
{
    private readonly string _temp = Directory.CreateTempSubdirectory("packs").FullName;
    private readonly string _root;

    public FaultyPackTests()
    {
        _root = Path.Combine(_temp, "packs");
        Copy("metropolitan");
    }

    public void Dispose() => Directory.Delete(_temp, recursive: true);

    [Fact]
    public void Every_fault_of_every_file_is_named_at_once_with_its_line()
    {
        Change("force.json", "Europe/London", "Europe/Lundain");
        Change("force.json", "\"#f2f6f5\"", "\"#20343e\"");
        Change("force.json", "\"minimumCount\": 5", "\"minimumCount\": 3");
        Change("force.json", "\"ADVICE-TO-WOMEN\", \"counted\": false", "\"ADVICE-TO-WOMEN\", \"counted\": true");
        Change("wards.csv", "Camberwell Green,E09000028", "Camberwell Green,E09000030");
        Change("wards.csv", "51.4985,", "15.4985,");
        Change("meeting-points.csv", "51.4723,-0.1229", "51.4723,-0.1629");
        Change("taxonomy.csv", "ENV-VEG,LA,no,10", "ENV-VEG,LAX,no,0");
        Change("officers.csv", "3127 AS", "2044 AS");
        Change("texts.en.csv", "concern.ENV-SIGN,", "concern.ENV-SING,");

        var faults = Faults();

        Assert.Equal(
        [
            "metropolitan/force.json:4: 'Europe/Lundain' is no IANA time zone",
            "metropolitan/force.json:9: onBar #20343e on bar #10242e has a contrast of 1.2; text needs 4.5",
            "metropolitan/force.json:80: ADVICE-TO-WOMEN is never counted as action",
            "metropolitan/force.json:105: minimumCount must be at least 5, the platform's floor",
            "metropolitan/meeting-points.csv:51: Stockwell station, the clock tower is 3151 m from the centre of Stockwell East; force.json allows 1200",
            "metropolitan/officers.csv:4: collar number 2044 AS is given twice",
            "metropolitan/taxonomy.csv:6: ENV-VEG needs working days to a first decision, at least 1",
            "metropolitan/taxonomy.csv:6: owner LAX is no body of force.json",
            "metropolitan/texts.en.csv: the text of concern.ENV-SIGN is missing",
            "metropolitan/texts.en.csv:22: nothing needs a text concern.ENV-SING",
            "metropolitan/wards.csv:5: borough E09000030 is not in force.json",
            "metropolitan/wards.csv:7: lat 15.4985, lng -0.090676 is not in the United Kingdom",
        ], faults);
    }

    [Fact]
    public void Faults_of_two_packs_come_together()
    {
        Copy("north-wales");
        Copy("cloudshire");
        Change("force.json", "\"timeZone\": \"Europe/London\",", "");

        var faults = Faults();

        Assert.Contains("metropolitan/force.json:1: timeZone is missing", faults);
        Assert.Contains("cloudshire/force.json:2: id 'metropolitan' differs from the folder's name 'cloudshire'", faults);
        Assert.Contains("north-wales/force.json:5: a Welsh force speaks Welsh (cy) too", faults);
    }

    [Fact]
    public void A_file_that_is_not_JSON_is_named_with_the_line_where_it_breaks_and_the_tables_are_still_read()
    {
        Change("force.json", "\"demonstration\": true,", "\"demonstration\": true");
        Change("wards.csv", "E05011098,Chaucer", "E05011098,\"Chaucer");

        var faults = Faults();

        Assert.Contains("metropolitan/force.json:4: is not JSON from here on", faults);
        Assert.Contains("metropolitan/wards.csv:7: a quote is not closed", faults);
    }

    [Theory]
    [InlineData("\"languages\": [\"en\"]", "\"languages\": [\"cy\", \"en\"]", "English (en) must come first")]
    [InlineData("\"exitUrl\": \"https", "\"exitUrl\": \"http", "exitUrl must be an https address")]
    [InlineData("08:00-20:00\",\n    \"tuesday", "20:00-08:00\",\n    \"tuesday", "hours of monday must read like 08:00-20:00")]
    [InlineData("\"monday\"", "\"moonday\"", "'moonday' is no day of the week")]
    [InlineData("\"2026-12-28\"", "\"28/12/2026\"", "bank holiday '28/12/2026' must read like 2026-12-25")]
    [InlineData("\"2026-12-28\"", "\"2026-12-26\"", "bank holiday 2026-12-26 is a Saturday: give the working day that is free in its place")]
    [InlineData("\"2026-04-03\", ", "", "2026 has fewer than 8 bank holidays: one of them is missing")]
    [InlineData("\"role\": \"standards\"", "\"role\": \"standard\"", "the duty contact standards is missing")]
    [InlineData("\"routeDays\": 30", "\"routeDays\": 0", "routeDays must be at least 1")]
    [InlineData("\"routeDays\": 30", "\"routeDays\": 1.5", "routeDays must be a whole number")]
    [InlineData("\"routeDays\": 30", "\"routeDay\": 30", "routeDay is not a known setting")]
    [InlineData("\"routeDays\": 30", "\"routeDays\": \"30\"", "routeDays must be a whole number")]
    [InlineData("\"maximumShareOfOne\": 50", "\"maximumShareOfOne\": 60", "maximumShareOfOne must be from 1 to 50")]
    [InlineData("\"demonstration\": true", "\"demonstration\": true, \"demonstration\": false", "demonstration is given twice")]
    [InlineData("\"#0b5668\"", "\"teal\"", "action 'teal' is not a colour like #0b5668")]
    [InlineData("{ \"code\": \"F\" }", "{ \"code\": \"A11\" }", "the feeling (F) is missing")]
    [InlineData("\"code\": \"E09000028\"", "\"code\": \"E09000022\"", "borough E09000022 is given twice")]
    [InlineData("\"id\": \"tfl\"", "\"id\": \"T f L\"", "id 'T f L' is not small letters, figures and hyphens")]
    [InlineData("\"body\": \"TFL\"", "\"body\": \"TRAM\"", "body TRAM is no body of force.json")]
    [InlineData("\"body\": \"TFL\"", "\"body\": \"TFL\", \"place\": \"E09000033\"", "place E09000033 is no borough of force.json")]
    [InlineData("\"body\": \"TFL\"", "\"body\": \"TFL\", \"endpoint\": \"http://open311.example/\"", "endpoint must be an https address that ends with a slash, without name, key or query")]
    [InlineData("\"body\": \"TFL\"", "\"body\": \"TFL\", \"endpoint\": \"https://open311.example/v2\"", "endpoint must be an https address that ends with a slash, without name, key or query")]
    [InlineData("\"body\": \"TFL\"", "\"body\": \"TFL\", \"endpoint\": \"https://key@open311.example/\"", "endpoint must be an https address that ends with a slash, without name, key or query")]
    [InlineData("\"body\": \"TFL\"", "\"body\": \"TFL\", \"pullMinutes\": 1", "pullMinutes must be from 5 to 10080")]
    [InlineData("\"body\": \"TFL\"", "\"body\": \"TFL\", \"api_key\": \"secret\"", "api_key is not a known setting")]
    [InlineData("\"codes\": \"TRN\"", "\"codes\": \"BEH-TOUCH\"", "nothing that may leave by program is or begins with BEH-TOUCH")]
    [InlineData("\"service\": \"TRN\"", "\"service\": \"\"", "service is empty")]
    [InlineData("\"service\": \"TRN\"", "\"service\": \"TRN\", \"attributes\": { \"kind\": \"\" }", "attribute kind is empty")]
    public void A_wrong_setting_is_named(string right, string wrong, string message)
    {
        Change("force.json", right, wrong);
        Assert.Contains(Faults(), f => f.StartsWith("metropolitan/force.json:", StringComparison.Ordinal) && f.EndsWith(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("POL-CONDUCT,PSD,yes,1,standards,yes", "POL-CONDUCT,PSD,yes,1,disclosure,yes", "POL-CONDUCT goes to standards: an officer's own chain must not see it")]
    [InlineData("BEH-TOUCH,POL,yes,1,disclosure,yes", "BEH-TOUCH,POL,yes,1,disclosure,no", "BEH-TOUCH may be published by borough and year only")]
    [InlineData("BEH-FOLLOW,POL,yes,1,disclosure", "BEH-FOLLOW,POL,yes,1,none", "BEH-FOLLOW: what may be a crime goes to a branch, and nothing else does")]
    [InlineData("ENV-VEG,LA", "env-veg,LA", "concern code 'env-veg' has not the shape of ENV-LIGHT-OUT")]
    [InlineData("ENV-VEG,LA,no,10", "ENV-VEG,,no,10", "ENV-VEG has no owner")]
    [InlineData("ENV-VEG,LA,no,10", "ENV-VEG,LA,no,", "ENV-VEG needs working days to a first decision, at least 1")]
    [InlineData("POS-SAFE,,no,", "POS-SAFE,LA,no,5", "POS-SAFE needs no owner and no working days")]
    [InlineData("ENV-VEG,LA,no", "ENV-VEG,LA,maybe", "may_be_crime 'maybe' must be yes or no")]
    [InlineData("ENV-VEG,LA,no,10,", "ENV-VEG,LA,no,10,11,", "8 fields where the header has 7")]
    [InlineData("street_safe\n", "streetsafe\n", "the header must be code,owners,may_be_crime,sla_working_days,branch,borough_by_year_only,street_safe")]
    public void A_wrong_line_of_the_taxonomy_is_named(string right, string wrong, string message)
    {
        Change("taxonomy.csv", right, wrong);
        Assert.Contains(Faults(), f => f.StartsWith("metropolitan/taxonomy.csv:", StringComparison.Ordinal) && f.EndsWith(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("routes.csv", "ENV-CCTV,,LA,", "ENV-CCTW,,LA,", "no concern code is or begins with ENV-CCTW")]
    [InlineData("routes.csv", "ENV-VEG,E09000022", "ENV-VEG,E09000099", "place E09000099 is no borough of force.json and no ward of wards.csv")]
    [InlineData("routes.csv", "TRN,,TFL", "TRN,,TFX", "body TFX is no body of force.json")]
    [InlineData("routes.csv", "ENV-VEG,E09000028", "ENV-VEG,E09000022", "route ENV-VEG in E09000022 is given twice")]
    [InlineData("answers.csv", "hedge-cut,promise", "hedge-cut,vow", "kind 'vow' is not one of question, promise, done, no-action")]
    [InlineData("answers.csv", "no-power,no-action,,", "no-power,no-action,XYZ,", "no concern code is or begins with XYZ")]
    public void A_wrong_line_of_routes_or_answers_is_named(string file, string right, string wrong, string message)
    {
        Change(file, right, wrong);
        Assert.Contains(Faults(), f => f.StartsWith($"metropolitan/{file}:", StringComparison.Ordinal) && f.EndsWith(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_and_a_strange_file_are_named()
    {
        File.Move(At("officers.csv"), At("oficers.csv"));
        var faults = Faults();
        Assert.Contains("metropolitan/officers.csv: the file is missing", faults);
        Assert.Contains("metropolitan/oficers.csv: is no file of a force pack", faults);
    }

    [Fact]
    public void Boundaries_may_be_left_out_and_where_they_are_every_ward_has_its_own()
    {
        Assert.Null(ForcePackCatalogue.Load(_root).Get("metropolitan").Boundaries);
        File.WriteAllText(At("boundaries.geojson"), Boundaries());
        var boundaries = ForcePackCatalogue.Load(_root).Get("metropolitan").Boundaries!;
        Assert.Equal("Somebody, under a licence", boundaries.Attribution);
        Assert.Equal(48, boundaries.ByWard.Count);
        Assert.Equal(new Position(51.50209, -0.099683), boundaries.ByWard["E05011095"][0][0]);
        Assert.Equal(2, boundaries.ByWard["E05011096"].Count);
    }

    [Theory]
    [InlineData("\"FeatureCollection\"", "\"Feature\"", "must be a FeatureCollection with its features")]
    [InlineData("\"attribution\"", "\"by\"", "attribution is missing: whom the licence of the boundaries wants named beside the map")]
    [InlineData("\"code\":\"E05011096\"", "\"name\":\"E05011096\"", "feature 2: properties.code, the ward's, is missing")]
    [InlineData("\"code\":\"E05011096\"", "\"code\":\"E05011099x\"", "feature 2: ward E05011099x is not in wards.csv")]
    [InlineData("\"code\":\"E05011096\"", "\"code\":\"E05011099x\"", "Camberwell Green (E05011096) has no boundary")]
    [InlineData("\"code\":\"E05011096\"", "\"code\":\"E05011095\"", "feature 2 (E05011095): the ward is given twice")]
    [InlineData("\"code\":\"E05011096\"", "\"code\":\"E05011095\"", "feature 2 (E05011095): the centre of Borough & Bankside in wards.csv lies beside this boundary")]
    [InlineData("\"MultiPolygon\"", "\"Point\"", "feature 2 (E05011096): geometry must be a Polygon or MultiPolygon with its coordinates")]
    [InlineData("\"MultiPolygon\"", "\"Polygon\"", "feature 2 (E05011096), ring 1: position 1 is no pair of numbers")]
    [InlineData("[[[-0.099683,51.50209],", "[[[51.50209,-0.099683],", "feature 1 (E05011095), ring 1: position 1, lat -0.099683, lng 51.50209 is not in the United Kingdom; WGS84 is meant, longitude first")]
    [InlineData("[[[-0.099683,51.50209],", "[[[-0.098,51.50209],", "feature 1 (E05011095), ring 1: needs at least four positions, the last as the first")]
    [InlineData("{\"type\":\"Feature\",", "{{\"type\":\"Feature\",", ":1: is not JSON from here on")]
    public void A_wrong_boundary_is_named_with_its_feature_ward_and_ring(string right, string wrong, string message)
    {
        File.WriteAllText(At("boundaries.geojson"), Boundaries());
        Change("boundaries.geojson", right, wrong);
        Assert.Contains(Faults(), f => f.StartsWith("metropolitan/boundaries.geojson:", StringComparison.Ordinal) && f.EndsWith(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Boundaries_too_fine_for_a_page_are_refused()
    {
        File.WriteAllText(At("boundaries.geojson"), Boundaries(fine: 200));
        Assert.Equal(["metropolitan/boundaries.geojson: has 9996 positions; at most 8000, for a page carries them all: take boundaries that are generalised for drawing"], Faults());
    }

    /// <summary>A square around each ward's centre; the second ward has two, as a MultiPolygon.</summary>
    private static string Boundaries(int fine = 1)
    {
        var wards = ForcePackCatalogue.Load(ForcePackCatalogue.DefaultFolder).Get("metropolitan").Wards;
        return JsonSerializer.Serialize(new
        {
            type = "FeatureCollection", name = "wards", attribution = "Somebody, under a licence",
            features = wards.Select((w, i) => new
            {
                type = "Feature", properties = new { code = w.Code, area = 1.5 },
                geometry = new { type = i == 1 ? "MultiPolygon" : "Polygon", coordinates = i == 1 ? (object)new[] { new[] { Square(w, 0) }, new[] { Square(w, 0.01) } } : new[] { Square(w, 0) } },
            }),
        });

        static double[] Corner(Ward w, double east, double north) => [Math.Round(w.Lng + east, 6), Math.Round(w.Lat + north, 6)];

        double[][] Square(Ward w, double east) =>
            [.. Enumerable.Repeat(Corner(w, east - 0.001, -0.001), fine), Corner(w, east + 0.001, -0.001), Corner(w, east + 0.001, 0.001), Corner(w, east - 0.001, 0.001), Corner(w, east - 0.001, -0.001)];
    }

    [Fact]
    public void A_folder_that_is_absent_or_empty_is_refused()
    {
        Assert.Throws<ForcePackException>(() => ForcePackCatalogue.Load(Path.Combine(_temp, "nowhere")));
        Assert.Throws<ForcePackException>(() => ForcePackCatalogue.Load(Directory.CreateDirectory(Path.Combine(_temp, "empty")).FullName));
    }

    [Fact]
    public void The_hash_changes_with_a_single_letter_and_not_with_the_folder_it_lies_in()
    {
        var elsewhere = Path.Combine(_temp, "elsewhere");
        CopyTo(Path.Combine(elsewhere, "metropolitan"));
        var before = ForcePackCatalogue.Load(_root).Hash;
        Assert.Equal(before, ForcePackCatalogue.Load(elsewhere).Hash);
        Change("texts.en.csv", "Light broken", "Lamp broken");
        Assert.NotEqual(before, ForcePackCatalogue.Load(_root).Hash);
    }

    [Theory]
    [InlineData("#000000", "#ffffff", 21.0)]
    [InlineData("#0b5668", "#ffffff", 8.3)]
    [InlineData("#f2f6f5", "#10242e", 14.7)]
    public void Contrast_is_computed_as_WCAG_says(string text, string ground, double ratio) =>
        Assert.Equal(ratio, Contrast.Ratio(text, ground), tolerance: 0.05);

    private List<string> Faults() =>
        [.. Assert.Throws<ForcePackException>(() => ForcePackCatalogue.Load(_root)).Faults.Select(f => f.ToString())];

    private string At(string file) => Path.Combine(_root, "metropolitan", file);

    private void Change(string file, string right, string wrong)
    {
        var text = File.ReadAllText(At(file));
        Assert.Contains(right, text, StringComparison.Ordinal);
        var at = text.IndexOf(right, StringComparison.Ordinal);
        File.WriteAllText(At(file), string.Concat(text.AsSpan(0, at), wrong, text.AsSpan(at + right.Length)));
    }

    private void Copy(string name) => CopyTo(Path.Combine(_root, name));

    private static void CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Path.Combine(ForcePackCatalogue.DefaultFolder, "metropolitan")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }
}
