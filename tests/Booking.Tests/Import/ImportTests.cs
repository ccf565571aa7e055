using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Booking.Tests.Imports;

/// <summary>CSV files of officers and meeting points: seen before they are taken, every fault at once, all or nothing, and the same file twice changes nothing.</summary>
public abstract class ImportTests(BookingApp app)
{
    private const string V1 = "/v1/metropolitan", Officers = "first_name,collar,areas,languages,bsl\n", Points = "id,ward,name,lat,lng,lit,step_free\n";

    [Fact]
    public async Task A_file_is_previewed_imported_and_the_second_time_changes_nothing()
    {
        const string file = Officers + "# two new ones\r\nOlwen,9001 ZZ,E05011095 E05011098,en cy,no\r\n\"Anna, the second\",9002 ZZ,E05014105,en,yes\r\n";
        var before = await Count();
        var preview = await Post("officers/preview", file);
        Assert.Equal((2, 0, 0), (preview.Added, preview.Changed, preview.Unchanged));
        Assert.Equal([new(3, "added", "Olwen, 9001 ZZ"), new(4, "added", "Anna, the second, 9002 ZZ")], preview.Rows);
        Assert.Equal(before, await Count());

        Assert.Equal(preview, await Post("officers", file), SameReply);
        Assert.Equal(before + 2, await Count());
        var olwen = await app.OfficerNamed("9001 ZZ");
        Assert.Equal(("Olwen", "E05011095 E05011098", "en cy", false), (olwen.FirstName, string.Join(' ', olwen.Areas), string.Join(' ', olwen.Languages), olwen.SignLanguage));

        // With a byte order mark and other line ends it is the same file.
        var again = await Post("officers", "\uFEFF" + file.Replace("\r", "", StringComparison.Ordinal));
        Assert.Equal((0, 0, 2), (again.Added, again.Changed, again.Unchanged));
        Assert.Equal(1, (await app.Db<BookingDb, Officer>(db => db.Officers.SingleAsync(o => o.Id == olwen.OfficerId))).Version);

        var changed = await Post("officers", Officers + "Olwen,9001 zz,E05011095,en,yes\n");
        Assert.Equal((0, 1, 0), (changed.Added, changed.Changed, changed.Unchanged));
        Assert.Equal((olwen.OfficerId, true), (await app.OfficerNamed("9001 zz") is var now ? (now.OfficerId, now.SignLanguage) : default));
        Assert.Equal(before + 2, await Count());
    }

    [Fact]
    public async Task Every_fault_is_named_at_once_with_its_line_and_column_and_nothing_is_imported()
    {
        const string file = Officers
            + "Olwen,9101 ZZ,E05011095,en,no\n"
            + "=HYPERLINK(1),9102 ZZ,E05011095,en,no\n"
            + ",9103 ZZ,E05099999,English,maybe\n"
            + "Nia,--,E05011095,en,no\n"
            + "Mair,91-01 zz,E05011095,en,no\n"
            + "Siân,9104 ZZ,,,yes,more\n"
            + "\"Gwen,9105 ZZ,E05011095,en,no\n";
        var before = await Count();
        var preview = await Post("officers/preview", file);
        Assert.Equal(
            ["3 first_name", "4 first_name", "4 bsl", "4 areas", "4 languages", "5 collar", "5 collar", "6 collar", "7 ", "8 "],
            preview.Faults.Select(f => $"{f.Line} {f.Field}"));
        Assert.Empty(preview.Rows);

        var refused = await Send("officers", file);
        var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!;
        Assert.Equal("import-faulty", await refused.Refusal(422));
        Assert.Equal(preview.Faults.Select(f => f.Field is null ? $"line {f.Line}" : $"line {f.Line}, {f.Field}").Distinct(), problem["errors"]!.AsObject().Select(e => e.Key));
        Assert.Equal(before, await Count());
    }

    [Fact]
    public async Task An_imported_place_can_be_walked_from_and_the_packs_places_stay_the_packs()
    {
        const string file = Points + "town-hall,E05011098,\"Town hall, main door\",51.4990,-0.0930,yes,no\n";
        Assert.Equal(1, (await Post("meeting-points", file)).Added);
        Assert.Equal(1, (await Post("meeting-points", file)).Unchanged);
        Assert.Contains(await Places(), p => p is { MeetingPointId: "town-hall", WardCode: "E05011098", Lit: true, StepFree: false });

        var (officer, _) = await app.SignedInOfficer(3);
        var plan = BookingApp.Plan(officer.OfficerId, app.NextFreeTime(), point: "town-hall");
        var walk = await (await app.Coordinator.PostAsJsonAsync($"{V1}/walks", plan)).Content<WalkPublishedReply>(HttpStatusCode.Created);
        Assert.Equal(("Town hall, main door", "E05011098"), (await app.Walk(walk.WalkId) is var stands ? (stands.MeetingPoint, stands.WardCode) : default));

        // What she was told stands, also when the place is called otherwise.
        Assert.Equal(1, (await Post("meeting-points", file.Replace("main door", "side door", StringComparison.Ordinal))).Changed);
        Assert.Equal("Town hall, main door", (await app.Walk(walk.WalkId)).MeetingPoint);

        var own = await Post("meeting-points/preview", Points + "tate-modern,E05011095,\"Tate Modern, river entrance\",51.5078,-0.0990,yes,yes\n");
        Assert.Equal((0, 1), (own.Faults.Count, own.Unchanged));
        var other = await Post("meeting-points/preview", Points + "tate-modern,E05011095,Somewhere else,51.5078,-0.0990,yes,yes\nTown Hall,E0,@x,91,east,yes,perhaps\n");
        Assert.Equal(["2 id", "3 name", "3 lat", "3 lng", "3 step_free", "3 id", "3 ward"], other.Faults.Select(f => $"{f.Line} {f.Field}"));

        // Another force knows nothing of it.
        using var others = app.Client("coordinator", force: BookingApp.OtherForce);
        Assert.DoesNotContain((await others.GetFromJsonAsync<List<MeetingPointRow>>("/v1/west-mercia/meeting-points"))!, p => p.MeetingPointId == "town-hall");
    }

    [Fact]
    public async Task A_second_click_gets_the_answer_of_the_first()
    {
        var key = Guid.NewGuid().ToString();
        for (var click = 0; click < 2; click++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{V1}/import/officers") { Content = new StringContent(Officers + "Olwen,9201 ZZ,E05011095,en,no\n", Encoding.UTF8, "text/csv") };
            request.Headers.Add("Idempotency-Key", key);
            Assert.Equal(1, (await (await app.Coordinator.SendAsync(request)).Content<ImportReply>(HttpStatusCode.OK)).Added);
        }
    }

    [Fact]
    public async Task Many_imports_of_the_same_file_at_once_add_each_line_once()
    {
        var file = Officers + string.Concat(Enumerable.Range(0, 50).Select(i => $"Olwen,93{i:00} ZZ,E05011095,en,no\n"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Send("officers", file)));
        foreach (var answer in answers.Where(a => a.StatusCode != HttpStatusCode.OK)) Assert.Equal("changed-meanwhile", await answer.Refusal(412));
        var done = await Task.WhenAll(answers.Where(a => a.StatusCode == HttpStatusCode.OK).Select(a => a.Content.ReadFromJsonAsync<ImportReply>()));
        Assert.Equal(50, done.Sum(d => d!.Added));
        Assert.Equal(50, await app.Db<BookingDb, int>(db => db.Officers.CountAsync(o => o.CollarKey.StartsWith("93") && o.CollarKey.EndsWith("ZZ"))));
    }

    [Fact]
    public async Task What_is_no_such_file_is_refused_whole()
    {
        Assert.Equal("csv-empty", await (await Send("officers", "")).Refusal(422));
        Assert.Equal("not-csv", await (await app.Coordinator.PostAsJsonAsync($"{V1}/import/officers", new { })).Refusal(415));
        Assert.Equal((0, null), await Only("name,collar\nx,y\n", line: 1) is var header ? (0, header.Field) : default);
        Assert.Contains("no line after the first", (await Only(Officers, line: 0)).Problem, StringComparison.Ordinal);
        Assert.Contains("not UTF-8", (await Only([0x66, 0xFF, 0xFE], line: 0)).Problem, StringComparison.Ordinal);
        Assert.Contains("more than 5000 lines", (await Only(Encoding.UTF8.GetBytes(Officers + string.Concat(Enumerable.Repeat("a,1,E05011095,en,no\n", 6000))), line: 5001, last: true)).Problem, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Send("officers", Officers + new string('x', 300_000))).StatusCode);
    }

    private Task<ImportFault> Only(string file, int line) => Only(Encoding.UTF8.GetBytes(file), line);

    private async Task<ImportFault> Only(byte[] file, int line, bool last = false)
    {
        var reply = await (await Send("officers/preview", file)).Content<ImportReply>(HttpStatusCode.OK);
        var fault = last ? reply.Faults[^1] : Assert.Single(reply.Faults);
        if (!last) Assert.Equal(line, fault.Line);
        return fault;
    }

    private async Task<int> Count() => (await app.Coordinator.GetFromJsonAsync<List<OfficerRow>>($"{V1}/officers"))!.Count;

    private async Task<List<MeetingPointRow>> Places() => (await app.Coordinator.GetFromJsonAsync<List<MeetingPointRow>>($"{V1}/meeting-points"))!;

    private async Task<ImportReply> Post(string path, string file) => await (await Send(path, file)).Content<ImportReply>(HttpStatusCode.OK);

    private Task<HttpResponseMessage> Send(string path, string file) => Send(path, Encoding.UTF8.GetBytes(file));

    private Task<HttpResponseMessage> Send(string path, byte[] file) =>
        app.Coordinator.PostAsync($"{V1}/import/{path}", new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } });

    private static bool SameReply(ImportReply one, ImportReply other) =>
        (one.Added, one.Changed, one.Unchanged) == (other.Added, other.Changed, other.Unchanged) && one.Rows.SequenceEqual(other.Rows) && one.Faults.SequenceEqual(other.Faults);
}

public sealed class ImportOnSqlite(BookingApp.Sqlite app) : ImportTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class ImportOnPostgres(BookingApp.Postgres app) : ImportTests(app), IClassFixture<BookingApp.Postgres>;
