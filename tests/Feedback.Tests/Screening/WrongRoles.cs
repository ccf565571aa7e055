using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Fixtures;

namespace WalkTalk.Feedback.Tests.Screening;

/// <summary>The words of each branch are looked for as text wherever they could have gone, and found nowhere but with the role that may read them.</summary>
public abstract class WrongRoles(FeedbackApp app)
{
    private static readonly string[] Roles = ["coordinator", "safeguarding", "standards", "officer", "analyst", "oversight", "administrator", "operator"];

    /// <summary>What she says it is about, what she writes, and who may read it.</summary>
    private static readonly (string Code, string Text, string Reader)[] Branches =
    [
        ("ENV-LIGHT-OUT", "A man grabbed my arm under the lamp", "safeguarding"),
        ("BEH-FOLLOW", "It was by the arches", "safeguarding"),
        ("ENV-VEG", "My husband hits me when I come home", "safeguarding"),
        ("ENV-LIGHT-OUT", "He is outside my door right now", "safeguarding"),
        ("ENV-LIGHT-OUT", "The officer laughed at me", "standards"),
        ("POL-CONDUCT", "He said it on the walk", "standards"),
        ("ENV-LIGHT-OUT", "The officer grabbed my arm", "standards"),
        ("BEH-FOLLOW", "The officer laughed at me when I told him", "standards"),
    ];

    private sealed record Secret(string Mark, string Reader)
    {
        public HashSet<string> ReadBy { get; } = [];

        // Also as bytes in Base64, at any of its three offsets.
        private readonly string[] shapes = [Mark, .. Enumerable.Range(0, 3).Select(i => Convert.ToBase64String(Encoding.UTF8.GetBytes(new string(' ', i) + Mark))[4..40])];

        public bool In(string text) => shapes.Any(s => text.Contains(s, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Sealed_words_are_found_nowhere_but_with_the_role_that_may_read_them()
    {
        var spans = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a => spans.Enqueue($"{a.DisplayName} {string.Join(' ', a.TagObjects)} {string.Join(' ', a.Events.SelectMany(e => e.Tags))} {string.Join(' ', a.Baggage)}"),
        };
        ActivitySource.AddActivityListener(listener);

        var secrets = new List<Secret>();
        Secret New(string reader)
        {
            secrets.Add(new($"zq{Guid.NewGuid():N}", reader));
            return secrets[^1];
        }
        foreach (var (code, text, reader) in Branches)
        {
            var receipt = await app.Send(new FeedbackSubmission
            {
                Email = "her@example.org",
                Concerns = [FeedbackApp.Light($"{text}. {New(reader).Mark}") with { Code = code, WhatWouldChangeIt = New(reader).Mark, Place = new() { WardCode = FeedbackApp.Ward, Landmark = New(reader).Mark } }],
            });
            // She says it once more where she was asked, if there is a concern to be asked about.
            if (receipt.Items.All(i => i.Kind != "concern"))
                continue;
            var concern = await app.Concern(receipt);
            await FeedbackApp.Accepted(await app.Post($"concerns/{concern.Id}/question", new { text = "Where was it?" }, concern.Version));
            var said = reader == "standards" ? "The officer laughed at me" : "He grabbed my arm";
            await FeedbackApp.Accepted(await (await app.Open(receipt)).PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{concern.Id}/answer", new { text = $"{said}. {New(reader).Mark}" }));
        }

        var ids = await app.Db<FeedbackDb, List<Guid>>(async db =>
            [.. await db.Concerns.Select(c => c.Id).ToListAsync(), .. await db.Disclosures.Select(d => d.Id).ToListAsync(), .. await db.StandardsCases.Select(s => s.Id).ToListAsync()]);
        foreach (var role in (string[])["", .. Roles])
        {
            var caller = app.Client(role.Length == 0 ? null : role);
            foreach (var path in Reads().Select(p => p.Replace("{force}", "metropolitan", StringComparison.Ordinal)))
            {
                foreach (var id in path.Contains("{id:guid}", StringComparison.Ordinal) ? ids : [Guid.Empty])
                {
                    var response = await caller.GetAsync(path.Replace("{id:guid}", id.ToString(), StringComparison.Ordinal));
                    var answer = await response.Content.ReadAsStringAsync();
                    foreach (var secret in secrets.Where(s => s.In(answer)))
                        secret.ReadBy.Add(role);
                    // Decided before any row is read.
                    if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                        break;
                }
            }
        }
        Assert.All(secrets, secret => Assert.Equal([secret.Reader], secret.ReadBy));

        // Every column of every table, whatever its type: rows, audit entries, and the bodies in outbox and inbox.
        var cells = await app.Db<FeedbackDb, List<(string, string, string Value)>>(db => Everything(db.Database.GetDbConnection()));
        Assert.True(cells.Count > 1000);
        Assert.DoesNotContain(cells, cell => secrets.Any(s => s.In(cell.Value)));
        Assert.NotEmpty(spans);
        Assert.DoesNotContain(spans, span => secrets.Any(s => s.In(span)));
        Assert.NotEmpty(app.Log);
        Assert.DoesNotContain(app.Log, line => secrets.Any(s => s.In(line)));
    }

    /// <summary>What may be read: every GET, also the platform's own.</summary>
    private List<string> Reads()
    {
        var reads = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText is { } path && path.StartsWith("/v1/", StringComparison.Ordinal) && e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
            .Select(e => e.RoutePattern.RawText!).Distinct().ToList();
        Assert.Contains("/v1/{force}/disclosures/{id:guid}", reads);
        return reads;
    }

    private static async Task<List<(string Table, string Column, string Value)>> Everything(DbConnection connection)
    {
        await connection.OpenAsync();
        var tables = new List<string>();
        await using (var list = connection.CreateCommand())
        {
            list.CommandText = connection.GetType().Name.StartsWith("Sqlite", StringComparison.Ordinal)
                ? "SELECT name FROM sqlite_master WHERE type = 'table'" : "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'";
            await using var names = await list.ExecuteReaderAsync();
            while (await names.ReadAsync())
                tables.Add(names.GetString(0));
        }
        var cells = new List<(string, string, string)>();
        foreach (var table in tables)
        {
            await using var all = connection.CreateCommand();
#pragma warning disable CA2100 // the names come from the database's own catalogue
            all.CommandText = $"SELECT * FROM \"{table}\"";
#pragma warning restore CA2100
            await using var rows = await all.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                for (var i = 0; i < rows.FieldCount; i++)
                {
                    var value = rows.GetValue(i);
                    cells.Add((table, rows.GetName(i), value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
                }
            }
        }
        return cells;
    }
}

public sealed class WrongRolesOnSqlite(FeedbackApp.Sqlite app) : WrongRoles(app), IClassFixture<FeedbackApp.Sqlite>;

public sealed class WrongRolesOnPostgres(FeedbackApp.Postgres app) : WrongRoles(app), IClassFixture<FeedbackApp.Postgres>;
