using System.Data.Common;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.Reporting.Releases;

namespace WalkTalk.Reporting.Tests.Releases;

public abstract class ReleaseTests(ReportingApp app)
{
    [Fact]
    public async Task A_closed_quarter_is_published_as_previewed_and_read_by_everybody()
    {
        const string quarter = "2026Q3";
        await app.Told(Enumerable.Range(0, 12).SelectMany(_ => Some.Concern(quarter, "confirmed"))
            .Concat(Enumerable.Range(0, 8).SelectMany(_ => Some.Concern(quarter, "claimed")))
            .Concat(Enumerable.Range(0, 12).SelectMany(_ => Some.Concern(quarter, "triaged")))
            .Concat(Enumerable.Range(0, 8).SelectMany(_ => Some.Concern(quarter, "refused", Some.Peckham)))
            .Concat(Enumerable.Range(0, 3).SelectMany(_ => Some.Concern(quarter, category: "BEH-TOUCH"))));
        var preview = await Preview(quarter);

        var answer = await Publish(quarter, preview.Sha256);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);

        var listed = Assert.Single((await app.Client().GetFromJsonAsync<List<ReleaseSummary>>(ReportingApp.Releases))!, r => r.Quarter == quarter);
        Assert.Equal((50, 30, 20, 20), (listed.Headline.WeSay, listed.Headline.WomenSay, listed.Headline.Gap, listed.Headline.Refused));
        Assert.Equal((new DateOnly(2026, 11, 24), new DateOnly(2026, 9, 30)), (listed.PublishedOn, listed.AsAt));
        Assert.Equal(preview.Sha256, listed.Manifest.Files.Single(f => f.Name == "data.json").Sha256);
        Assert.Equal(5, listed.Manifest.Thresholds["minimumCount"]);

        foreach (var file in listed.Manifest.Files)
        {
            var read = await app.Client().GetAsync($"{ReportingApp.Releases}/{quarter}/{file.Name}");
            var text = await read.Content.ReadAsStringAsync();
            Assert.Equal((file.Sha256, file.Bytes), (ReleaseFiles.Sha256(text), (int)read.Content.Headers.ContentLength!));
            var again = new HttpRequestMessage(HttpMethod.Get, read.RequestMessage!.RequestUri);
            again.Headers.IfNoneMatch.Add(read.Headers.ETag!);
            Assert.Equal(HttpStatusCode.NotModified, (await app.Client().SendAsync(again)).StatusCode);
        }

        var data = (await app.Client().GetFromJsonAsync<ReleaseData>($"{ReportingApp.Releases}/{quarter}/data.json"))!;
        Assert.Equal(30, data.ConcernsByWard.Rows.Single(r => r.WardCode == Some.BrixtonWindrush).Dark.Value); // 32 people; what may only be told by borough and year is not among them
        Assert.Equal(10, data.ConcernsByWard.Rows.Single(r => r.WardCode == Some.Peckham).Dark.Value);
    }

    [Fact]
    public async Task The_map_file_says_of_each_ward_what_the_release_says_and_nothing_else()
    {
        const string quarter = "2020Q3";
        await app.Told(Enumerable.Range(0, 12).SelectMany(_ => Some.Concern(quarter)).Concat(Enumerable.Range(0, 3).SelectMany(_ => Some.Concern(quarter, ward: Some.Peckham)))
            .Concat(Enumerable.Range(0, 7).SelectMany(_ => Some.Concern(quarter, category: "BEH-TOUCH"))));
        var released = await Publish(quarter, (await Preview(quarter)).Sha256);
        var manifest = (await released.Content.ReadFromJsonAsync<ReleaseSummary>())!.Manifest;
        Assert.Equal("application/geo+json", manifest.Files.Single(f => f.Name == "data.geojson").ContentType);

        var read = await app.Client().GetAsync($"{ReportingApp.Releases}/{quarter}/data.geojson");
        Assert.Equal("application/geo+json", read.Content.Headers.ContentType?.MediaType);
        var map = JsonDocument.Parse(await read.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("FeatureCollection", map.GetProperty("type").GetString());
        var features = map.GetProperty("features").EnumerateArray().ToList();
        var rows = (await app.Client().GetFromJsonAsync<ReleaseData>($"{ReportingApp.Releases}/{quarter}/data.json"))!.ConcernsByWard.Rows;
        Assert.Equal(rows.Select(r => r.WardCode), features.Select(f => f.GetProperty("id").GetString()));
        Assert.Equal(48, rows.Count);
        foreach (var (row, feature) in rows.Zip(features))
        {
            var said = feature.GetProperty("properties");
            Assert.Equal(["ward", "name", "borough", "quarter", "measure", "day", "dusk", "dark", "late", "notSaid", "all"], said.EnumerateObject().Select(p => p.Name));
            Assert.Equal(row, new ConcernTableRow(said.GetProperty("ward").GetString(), Count("day"), Count("dusk"), Count("dark"), Count("late"), Count("notSaid"), Count("all")));
            var at = feature.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Select(c => c.GetDouble()).ToList();
            Assert.Equal("Point", feature.GetProperty("geometry").GetProperty("type").GetString());
            Assert.InRange(at[0], -0.16, 0.0); // longitude first
            Assert.InRange(at[1], 51.40, 51.52);

            PublishedCount Count(string name) => said.GetProperty(name).Deserialize<PublishedCount>();
        }
        Assert.Equal("c", features.Single(f => f.GetProperty("id").GetString() == Some.Peckham).GetProperty("properties").GetProperty("dark").GetString());
    }

    [Fact]
    public async Task A_release_of_before_there_was_a_map_file_has_none_for_ever()
    {
        const string quarter = "2018Q1";
        await Publish("2018Q2", (await Preview("2018Q2")).Sha256);
        await app.Db(async db =>
        {
            var like = await db.Releases.SingleAsync(r => r.Quarter == "2018Q2");
            db.Add(new Release { Quarter = quarter, AsAt = like.AsAt, PublishedOn = like.PublishedOn, Manifest = like.Manifest, Json = like.Json, Csv = like.Csv });
            await db.SaveChangesAsync();
        });
        var answer = await app.Client().GetAsync($"{ReportingApp.Releases}/{quarter}/data.geojson");
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("urn:walktalk:problem:unknown-file", text);
        Assert.Contains("before releases had a data.geojson", text);
        Assert.Equal(HttpStatusCode.OK, (await app.Client().GetAsync($"{ReportingApp.Releases}/{quarter}/data.json")).StatusCode);
    }

    [Fact]
    public async Task What_the_public_reads_of_a_release_stays_whatever_is_told_after_it()
    {
        const string quarter = "2021Q2";
        await app.Told(Enumerable.Range(0, 20).SelectMany(_ => Some.Concern(quarter, "triaged")).Concat(Enumerable.Range(0, 12).SelectMany(_ => Some.Concern(quarter, "confirmed"))));
        await Publish(quarter, (await Preview(quarter)).Sha256);
        var before = await Public();

        await app.Told(Enumerable.Range(0, 30).SelectMany(_ => Some.Concern(quarter, "confirmed")));
        Assert.Equal(70, (await Preview(quarter)).Data.Headline.WomenSay);
        Assert.Equal(40, JsonDocument.Parse(before[0]).RootElement.GetProperty("headline").GetProperty("womenSay").GetInt32());
        Assert.Equal(before, await Public());

        // All that a trend over the releases is drawn from.
        async Task<List<string>> Public() =>
        [
            JsonDocument.Parse(await app.Client().GetStringAsync(ReportingApp.Releases)).RootElement.EnumerateArray().Single(r => r.GetProperty("quarter").GetString() == quarter).GetRawText(),
            .. await Task.WhenAll(((string[])["data.json", "data.csv", "data.geojson", "manifest.json"]).Select(file => app.Client().GetStringAsync($"{ReportingApp.Releases}/{quarter}/{file}"))),
        ];
    }

    [Fact]
    public async Task What_happened_after_the_quarter_is_not_in_its_release()
    {
        await app.Told(Enumerable.Range(0, 30).SelectMany(_ => Some.Concern("2022Q3", "triaged")));
        var before = await Preview("2022Q3");
        await app.Told(Enumerable.Range(0, 10).SelectMany(_ => Some.Concern("2022Q4", "confirmed")));
        Assert.Equal(before.Sha256, (await Preview("2022Q3")).Sha256);
    }

    [Fact]
    public async Task A_quarter_is_published_once_whoever_is_first()
    {
        var preview = await Preview("2019Q1");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Publish("2019Q1", preview.Sha256)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains("urn:walktalk:problem:release-exists", await refused.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task The_same_key_gives_the_same_answer()
    {
        var (preview, key) = (await Preview("2019Q2"), Guid.NewGuid().ToString());
        var first = await Publish("2019Q2", preview.Sha256, key);
        var second = await Publish("2019Q2", preview.Sha256, key);
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Nobody_publishes_what_she_has_not_seen()
    {
        var preview = await Preview("2019Q3");
        await app.Told(Enumerable.Range(0, 9).SelectMany(_ => Some.Concern("2019Q3")));
        var answer = await Publish("2019Q3", preview.Sha256);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("urn:walktalk:problem:preview-overtaken", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_quarter_that_is_not_over_long_enough_is_refused()
    {
        foreach (var answer in new[] { await app.Client("analyst").GetAsync($"{ReportingApp.Releases}/preview?quarter=2026Q4"), await Publish("2026Q4", "00") })
        {
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.Contains("urn:walktalk:problem:too-early", text);
            Assert.Contains("2027-01-30", text);
        }
    }

    [Fact]
    public async Task The_database_itself_refuses_to_change_or_delete_a_release()
    {
        await Publish("2019Q4", (await Preview("2019Q4")).Sha256);
        foreach (var sql in new[] { "UPDATE releases SET json = '[]'", "DELETE FROM releases", "UPDATE releases SET quarter = '2018Q1' WHERE quarter = '2019Q4'" })
        {
            await app.Db(async db =>
            {
                var refused = await Assert.ThrowsAnyAsync<DbException>(() => db.Database.ExecuteSqlRawAsync(sql));
                Assert.Contains("a release never changes", refused.Message);
            });
        }
        Assert.Equal(HttpStatusCode.OK, (await app.Client().GetAsync($"{ReportingApp.Releases}/2019Q4/data.csv")).StatusCode);
    }

    private async Task<ReleasePreview> Preview(string quarter) =>
        (await app.Client("analyst").GetFromJsonAsync<ReleasePreview>($"{ReportingApp.Releases}/preview?quarter={quarter}"))!;

    private Task<HttpResponseMessage> Publish(string quarter, string sha256, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, ReportingApp.Releases) { Content = JsonContent.Create(new PublishReleaseRequest { Quarter = quarter, Sha256 = sha256 }) };
        request.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString());
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return app.Client("analyst").SendAsync(request);
    }
}

public sealed class ReleasesOnSqlite(ReportingApp.Sqlite app) : ReleaseTests(app), IClassFixture<ReportingApp.Sqlite>;

public sealed class ReleasesOnPostgres(ReportingApp.Postgres app) : ReleaseTests(app), IClassFixture<ReportingApp.Postgres>;
