using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WalkTalk.Fixtures;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Platform.Tests.Persistence;

/// <summary>What oversight reads of an audit trail, and what a check without us finds in what it downloaded.</summary>
public abstract class AuditTests
{
    private const string Root = "/v1/metropolitan/audit", Elsewhere = "north-wales";
    private readonly Probe.App app;

    private protected AuditTests(Probe.App app) => this.app = app;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Oversight => app.Client("oversight");

    /// <summary>Writes entries and waits until they are linked.</summary>
    private async Task Write(int count = 1, string action = "looked", string subjectType = "thing", string? subjectId = null, string? reason = null, string force = ServiceApp.Force)
    {
        await app.Db<ProbeDb>(async db =>
        {
            for (var i = 0; i < count; i++)
            {
                db.Audit(action, subjectType, subjectId ?? $"{Guid.NewGuid()}", reason);
            }

            await db.SaveChangesAsync(Ct);
        }, force);
        await Linked(force);
    }

    private async Task Linked(string force = ServiceApp.Force)
    {
        var sealer = app.Services.GetServices<IHostedService>().OfType<AuditSealer<ProbeDb>>().Single();
        while (await app.Db<ProbeDb, bool>(db => db.AuditTrail.AnyAsync(r => r.Sequence == null, Ct), force))
        {
            await sealer.Seal(Ct);
        }
    }

    private async Task<AuditPage> Page(string query = "", HttpClient? by = null) => (await (by ?? Oversight).GetFromJsonAsync<AuditPage>($"{Root}{query}", Ct))!;

    private async Task<string> Download(string query = "") => await Oversight.GetStringAsync($"{Root}/chain{query}", Ct);

    private static AuditFinding Verify(string file)
    {
        using var reader = new StringReader(file);
        return AuditChain.Verify(reader);
    }

    private static string Without(string file, string line) => file.Replace(line + "\n", "", StringComparison.Ordinal);

    [Theory]
    [InlineData("audit")]
    [InlineData("audit/chain")]
    public async Task Only_oversight_of_this_force_may(string path)
    {
        await Write();
        async Task<HttpStatusCode> Ask(HttpClient client, string force = ServiceApp.Force) => (await client.GetAsync($"/v1/{force}/{path}", Ct)).StatusCode;
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(app.Client()));
        foreach (var role in (string[])["officer", "coordinator", "safeguarding", "standards", "analyst", "operator", "administrator"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, await Ask(app.Client(role)));
        }

        Assert.Equal(HttpStatusCode.Forbidden, await Ask(app.Client("oversight", force: Elsewhere)));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(Oversight, Elsewhere));
        Assert.Equal(HttpStatusCode.OK, await Ask(Oversight));
    }

    [Fact]
    public async Task The_newest_come_first_page_by_page_until_the_first_of_all()
    {
        await Write(120);
        var (page, seen) = (await Page(), new List<long>());
        var head = page.Head!;
        Assert.Equal((head.Sequence, head.Hash), (page.Entries[0].Sequence, page.Entries[0].Hash));
        while (true)
        {
            Assert.Null(page.Broken);
            Assert.InRange(page.Entries.Count, 1, 50);
            seen.AddRange(page.Entries.Select(e => e.Sequence));
            if (page.Next is not { } next)
            {
                break;
            }

            page = await Page($"?before={next}");
        }

        Assert.Equal(Enumerable.Range(1, (int)head.Sequence).Reverse().Select(i => (long)i), seen);
        Assert.Equal(0, page.Overdue);
    }

    [Fact]
    public async Task Entries_are_found_by_what_was_done_by_whom_to_what_and_when()
    {
        var (mine, other) = ($"{Guid.NewGuid()}", $"{Guid.NewGuid()}");
        await Linked();
        await app.Db<ProbeDb>(async db =>
        {
            // The day alone, linked when it is over; and a moment two days on.
            AuditRow Row(string actor, string action, string subject, int days, int hours) => new()
            {
                At = new DateTimeOffset(db.Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(days).AddHours(hours), SealAfter = db.Now, Actor = actor, Action = action, SubjectType = $"kind-{subject}", SubjectId = subject,
            };
            db.AuditTrail.AddRange(Row("staff:one", "found", mine, 10, 0), Row("staff:two", "found", mine, 10, 23));
            await db.SaveChangesAsync(Ct);
            await Linked();
            db.AuditTrail.Add(Row("staff:one", "lost", other, 12, 0));
            await db.SaveChangesAsync(Ct);
        });
        await Linked();
        async Task<string> Found(string query) => string.Join(' ', (await Page(query)).Entries.Where(e => e.SubjectId == mine || e.SubjectId == other).Select(e => $"{e.Actor![6..]}-{e.Action}").Order());
        var day = app.Time.GetUtcNow().Date;
        string Day(int days) => $"{day.AddDays(days):yyyy-MM-dd}";

        Assert.Equal("one-found two-found", await Found("?action=found"));
        Assert.Equal("one-found one-lost", await Found("?actor=staff:one"));
        Assert.Equal("one-lost", await Found("?actor=staff:one&action=lost"));
        Assert.Equal("one-found two-found", await Found($"?subjectId={mine}"));
        Assert.Equal("one-lost", await Found($"?subjectType=kind-{other}"));
        Assert.Equal("one-found two-found", await Found($"?from={Day(10)}&to={Day(10)}"));
        Assert.Equal("one-found two-found", await Found($"?from={Day(9)}&to={Day(11)}"));
        Assert.Equal("one-lost", await Found($"?from={Day(11)}"));
        Assert.Equal("", await Found($"?to={Day(9)}"));
        Assert.Empty((await Page($"?from={Day(11)}&to={Day(11)}")).Entries);
        Assert.Null((await Page("?action=found")).Broken);
    }

    [Fact]
    public async Task What_is_rare_is_looked_for_a_window_at_a_time()
    {
        var chain = (int)ReadAudit.Window + 100;
        var (onPostgres, onSqlite) = (
            $"INSERT INTO audit (id, force_id, at, actor, action, subject_type, subject_id, seal_after, sequence, hash) SELECT gen_random_uuid(), '{Elsewhere}', now(), 'system', CASE i WHEN 7 THEN 'rare' ELSE 'often' END, 'thing', 'x', now(), i, sha256('') FROM generate_series(1, {chain}) AS i",
            $"WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < {chain}) INSERT INTO audit (id, force_id, at, actor, action, subject_type, subject_id, seal_after, sequence, hash) SELECT printf('%08d-0000-4000-8000-000000000000', i), '{Elsewhere}', 638000000000000000, 'system', CASE i WHEN 7 THEN 'rare' ELSE 'often' END, 'thing', 'x', 638000000000000000, i, zeroblob(32) FROM n");
        await app.Db<ProbeDb>(db => db.Database.ExecuteSqlRawAsync(db.Database.IsNpgsql() ? onPostgres : onSqlite, Ct), Elsewhere);
        try
        {
            var client = app.Client("oversight", force: Elsewhere);
            var first = await client.GetFromJsonAsync<AuditPage>($"/v1/{Elsewhere}/audit?action=rare", Ct);
            Assert.Empty(first!.Entries);
            var second = await client.GetFromJsonAsync<AuditPage>($"/v1/{Elsewhere}/audit?action=rare&before={first.Next}", Ct);
            Assert.Equal(7, Assert.Single(second!.Entries).Sequence);
            Assert.Null(second.Next);
        }
        finally
        {
            await app.Db<ProbeDb>(db => db.AuditTrail.ExecuteDeleteAsync(Ct), Elsewhere);
        }
    }

    [Theory]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?from=2026-02-30", "from")]
    [InlineData("?to=24.11.2026", "to")]
    [InlineData("?from=2026-11-02&to=2026-11-01", "to")]
    [InlineData("?before=abc", "before")]
    [InlineData("?before=-1", "before")]
    [InlineData("?before=99999999999999999999", "before")]
    [InlineData("/chain?from=0", "from")]
    [InlineData("/chain?from=1e3", "from")]
    [InlineData("/chain?from=999999999", "from")]
    [InlineData("/chain?to=x", "to")]
    [InlineData("/chain?to=999999999", "to")]
    [InlineData("/chain?from=2&to=1", "to")]
    public async Task What_cannot_be_read_is_refused_with_its_field(string query, string field)
    {
        await Write(2);
        var answer = await Oversight.GetAsync(Root + query, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.StartsWith("urn:walktalk:problem:", problem.GetProperty("type").GetString());
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), $"{problem}");
    }

    [Fact]
    public async Task Before_anything_happened_the_page_is_empty_and_there_is_nothing_to_download()
    {
        var client = app.Client("oversight", force: Elsewhere);
        var page = (await client.GetFromJsonAsync<AuditPage>($"/v1/{Elsewhere}/audit?from=2026-11-01&actor=system", Ct))!;
        Assert.Equal((0, null, null, null), (page.Entries.Count, page.Next, page.Head, page.Broken));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/v1/{Elsewhere}/audit/chain", Ct)).StatusCode);
    }

    [Fact]
    public async Task A_downloaded_range_is_verified_and_each_change_to_it_is_found_with_its_place()
    {
        await Write(30);
        await Write(action: "decided", reason: "Ada Lovelace asked for it\non the telephone");
        await Write(action: "decided", subjectType: "hidden", subjectId: "what-it-is-about", reason: "why");
        await Write(action: "read", reason: "looked at");
        var file = await Download();
        var (found, lines) = (Verify(file), file.TrimEnd('\n').Split('\n'));
        Assert.Null(found.Broken);
        Assert.Equal((lines.Length - 1, "probe", "metropolitan", 1), (found.Entries, found.Range.Chain, found.Range.Force, found.Range.From));
        Assert.InRange(found.Sealed, 1, 100);

        // What somebody typed is not in it, nor what is sealed; why personal data was read is.
        Assert.DoesNotContain("Ada", file, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", file, StringComparison.Ordinal);
        Assert.DoesNotContain("what-it-is-about", file, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"looked at\"", file, StringComparison.Ordinal);

        var hidden = Array.FindLastIndex(lines, l => l.Contains("\"sealed\"", StringComparison.Ordinal));
        var (withheld, open) = (Array.FindLastIndex(lines, l => l.Contains("\"withheld\"", StringComparison.Ordinal)), lines.Length - 1);
        foreach (var (line, from, to) in new[] { (hidden, "\"sealed\":\"", "\"sealed\":\"0"), (withheld, "decided", "decided2"), (open, "looked at", "looked away"), (open, "\"action\":\"read\"", "\"action\":\"red\"") })
        {
            var changed = lines[line].Replace(from, to, StringComparison.Ordinal);
            changed = changed.Contains("\"sealed\":\"0", StringComparison.Ordinal) ? changed.Remove(changed.IndexOf("\",\"hash\"", StringComparison.Ordinal) - 1, 1) : changed;
            Assert.NotEqual(lines[line], changed);
            Assert.Contains($"Entry {line} does not follow", Verify(file.Replace(lines[line], changed, StringComparison.Ordinal)).Broken!, StringComparison.Ordinal);
        }

        Assert.Contains("Entry 3 is missing", Verify(Without(file, lines[3])).Broken!, StringComparison.Ordinal);
        Assert.Contains($"ends with entry {open - 1}", Verify(Without(file, lines[open])).Broken!, StringComparison.Ordinal);
        Assert.Contains($"Entry {open} stands where entry {open + 1} should", Verify(file + lines[open]).Broken!, StringComparison.Ordinal);
        Assert.Contains("is no entry", Verify(file.Replace(lines[2], lines[2][..20], StringComparison.Ordinal)).Broken!, StringComparison.Ordinal);
        Assert.Contains("head", Verify(file.Replace($"\"head\":\"{found.Range.Head}\"", $"\"head\":\"{AuditChain.Beginning}\"", StringComparison.Ordinal)).Broken!, StringComparison.Ordinal);
        Assert.Contains("hash of zeros", Verify(file.Replace(AuditChain.Beginning, found.Range.Head, StringComparison.Ordinal)).Broken!, StringComparison.Ordinal);
        Assert.ThrowsAny<JsonException>(() => Verify("{}"));
        Assert.ThrowsAny<JsonException>(() => Verify("a letter"));

        // Ranges go on from each other.
        var (early, late) = (Verify(await Download("?to=10")), Verify(await Download("?from=11")));
        Assert.Equal((null, null, early.Range.Head), (early.Broken, late.Broken, late.Range.Before));
    }

    [Fact]
    public async Task A_check_in_another_language_comes_to_the_same()
    {
        await Write(3, reason: "typed — with a dash");
        await Write(action: "hidden");
        await Write(action: "read", reason: "Ŵ");
        var folder = Directory.CreateTempSubdirectory("walktalk-audit-").FullName;
        try
        {
            var (file, path) = (await Download("?from=2"), Path.Combine(folder, "range.jsonl"));
            async Task<(int Code, string Said)?> Check(string text)
            {
                await File.WriteAllTextAsync(path, text, Ct);
                return await Python.Run(Ct, Repository.PathOf("docs", "verify_audit.py"), path);
            }

            var whole = await Check(file);
            Assert.SkipWhen(whole is null, "There is no Python 3 here.");
            Assert.True(whole.Value.Code == 0, whole.Value.Said);
            Assert.Equal(1, (await Check(file.Replace("\"read\"", "\"red\"", StringComparison.Ordinal)))!.Value.Code);
            Assert.Equal(1, (await Check(Without(file, file.Split('\n')[2])))!.Value.Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_somebody_changes_or_takes_out_of_the_database_is_found()
    {
        var subject = $"{Guid.NewGuid()}";
        await Write(10, subjectId: subject);
        var row = await app.Db<ProbeDb, AuditRow>(db => db.AuditTrail.AsNoTracking().Where(r => r.SubjectId == subject).OrderBy(r => r.Sequence).Skip(4).FirstAsync(Ct));
        var sequence = row.Sequence!.Value;
        Task Set(string actor) => app.Db<ProbeDb>(db => db.AuditTrail.Where(r => r.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(r => r.Actor, actor), Ct));
        try
        {
            await Set("staff:somebody-else");
            Assert.Equal(sequence, (await Page()).Broken);
            Assert.Equal(sequence, (await Page($"?subjectId={subject}")).Broken);
            Assert.Contains($"Entry {sequence} does not follow", Verify(await Download()).Broken!, StringComparison.Ordinal);
            await Set(row.Actor);
            Assert.Null((await Page()).Broken);

            await app.Db<ProbeDb>(db => db.AuditTrail.Where(r => r.Id == row.Id).ExecuteDeleteAsync(Ct));
            Assert.Equal(sequence + 1, (await Page()).Broken);
            Assert.Contains($"Entry {sequence} is missing", Verify(await Download()).Broken!, StringComparison.Ordinal);
            Assert.Contains($"before {sequence + 1} is missing", Verify(await Download($"?from={sequence + 1}")).Broken!, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.BadRequest, (await Oversight.GetAsync($"{Root}/chain?to={sequence}", Ct)).StatusCode);
        }
        finally
        {
            await app.Db<ProbeDb>(async db =>
            {
                if (!await db.AuditTrail.AnyAsync(r => r.Id == row.Id, Ct))
                {
                    db.AuditTrail.Add(row);
                    await db.SaveChangesAsync(Ct);
                }
            });
            await Set(row.Actor);
        }

        Assert.Null(Verify(await Download()).Broken);
    }

    [Fact]
    public async Task A_sealed_entry_shows_its_place_and_its_hash_and_is_found_by_nothing_it_says()
    {
        var subject = $"{Guid.NewGuid()}";
        await Write(action: "hidden", subjectId: subject);
        await Write(action: "decided", subjectType: "hidden", subjectId: subject);
        await Write(action: "read", subjectId: subject, reason: "hidden");
        await Write(action: "decided", subjectId: subject);
        var page = await Page();
        Assert.Null(page.Broken);
        // The download of a test before this one may be linked among them.
        var written = page.Entries.Where(e => e.Action != "downloaded").ToList();
        Assert.Equal(subject, written[0].SubjectId);
        Assert.All(written.Skip(1).Take(3), e => Assert.Equal(new AuditEntry { Sequence = e.Sequence, Sealed = e.Sealed, Hash = e.Hash }, e));
        Assert.All(written.Skip(1).Take(3), e => Assert.Equal(64, e.Sealed!.Length));
        Assert.Equal("decided", Assert.Single((await Page($"?subjectId={subject}")).Entries).Action);
        foreach (var query in (string[])["?action=hidden", "?subjectType=hidden", $"?action=read&subjectId={subject}"])
        {
            Assert.Empty((await Page(query)).Entries);
        }

        // Two of the same say different things: nobody can try what one might be until it fits.
        await Write(2, action: "hidden", subjectId: subject);
        var twins = (await Page()).Entries.Take(2).ToList();
        Assert.NotEqual(twins[0].Sealed, twins[1].Sealed);
    }

    [Fact]
    public async Task A_download_is_an_entry_itself_and_turning_pages_is_none()
    {
        await Write();
        var before = (await Page()).Head!;
        await Page("?action=added");
        await Linked();
        Assert.Equal(before, (await Page()).Head);

        var file = await Download($"?from={before.Sequence}");
        Assert.Equal(before.Sequence, Verify(file).Range.To);
        await Linked();
        var page = await Page();
        Assert.Equal(before.Sequence + 1, page.Head!.Sequence);
        Assert.Equal(("downloaded", "audit", $"{before.Sequence}-{before.Sequence}", "staff:test-oversight"), (page.Entries[0].Action, page.Entries[0].SubjectType, page.Entries[0].SubjectId, page.Entries[0].Actor));
    }

    [Fact]
    public async Task Replicas_that_link_meanwhile_break_no_download()
    {
        await Write();
        var sealer = app.Services.GetServices<IHostedService>().OfType<AuditSealer<ProbeDb>>().Single();
        using var over = new CancellationTokenSource();
        var writers = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                await app.Db<ProbeDb>(async db =>
                {
                    db.Audit("looked", "thing", $"{Guid.NewGuid()}");
                    await db.SaveChangesAsync(Ct);
                });
            }
        }, Ct)));
        var replicas = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await sealer.Seal(Ct);
            }
        }, Ct)));

        AuditRange? last = null;
        var downloads = 0;
        while (!writers.IsCompleted || downloads < 3)
        {
            var from = (last?.To ?? 0) + 1;
            if ((await Page()).Head!.Sequence >= from)
            {
                var found = Verify(await Download($"?from={from}"));
                Assert.Null(found.Broken);
                Assert.Equal(last?.Head ?? AuditChain.Beginning, found.Range.Before);
                (last, downloads) = (found.Range, downloads + 1);
            }
        }

        await writers;
        await over.CancelAsync();
        await replicas;
        await Linked();
        Assert.Null(Verify(await Download()).Broken);
    }
}

public sealed class AuditOnSqlite(Probe.OnSqlite app) : AuditTests(app), IClassFixture<Probe.OnSqlite>;

public sealed class AuditOnPostgres(Probe.OnPostgres app) : AuditTests(app), IClassFixture<Probe.OnPostgres>;
