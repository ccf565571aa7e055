using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Fixtures;

namespace WalkTalk.Feedback.Tests.Board;

/// <summary>The board as others' programs read it, read here by nothing of ours.</summary>
public abstract class BoardFeedTests(FeedbackApp app)
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private const string Root = "/v1/metropolitan/";

    private async Task<List<BoardEntryView>> Board(string query)
    {
        List<BoardEntryView> all = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await FeedbackApp.Read<BoardPage>(await app.Client().GetAsync($"{Root}board?{query}&cursor={cursor}"));
            all.AddRange(page.Entries);
            cursor = page.Next;
        }
        return all;
    }

    /// <summary>Every page, by the feed's own links as a reader follows them.</summary>
    private async Task<List<XDocument>> AtomPages(string query)
    {
        List<XDocument> pages = [];
        for (var at = new Uri(app.Address, $"{Root}board.atom?{query}"); at is not null;)
        {
            var answer = await app.Client().GetAsync(at);
            Assert.Equal((HttpStatusCode.OK, "application/atom+xml"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
            var page = XDocument.Parse(await answer.Content.ReadAsStringAsync());
            pages.Add(page);
            at = page.Root!.Elements(Atom + "link").SingleOrDefault(l => l.Attribute("rel")!.Value == "next") is { } next ? new Uri(at, next.Attribute("href")!.Value) : null;
        }
        return pages;
    }

    private async Task<List<JsonElement>> JsonPages(string query)
    {
        List<JsonElement> pages = [];
        for (var at = new Uri(app.Address, $"{Root}board.json?{query}"); at is not null;)
        {
            var answer = await app.Client().GetAsync(at);
            Assert.Equal((HttpStatusCode.OK, "application/feed+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
            var page = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            pages.Add(page);
            at = page.TryGetProperty("next_url", out var next) ? new Uri(at, next.GetString()) : null;
        }
        return pages;
    }

    [Theory]
    [InlineData("ward=E05014111")]
    [InlineData("ward=E05014111&state=in-hand")]
    [InlineData("borough=E09000022&state=women-say-done")]
    [InlineData("ward=E05009999")]
    public async Task A_feed_has_what_the_board_has_and_nothing_else_page_by_page(string query)
    {
        await app.Published(30, "E05014111");
        await app.Send(FeedbackApp.Light("Nobody has answered this.") with { Place = new PlaceInput { WardCode = "E05014111", Landmark = "the unanswered corner" } });
        var board = await Board(query);
        var (atom, json) = (await AtomPages(query), await JsonPages(query));
        var entries = atom.SelectMany(p => p.Root!.Elements(Atom + "entry")).ToList();
        var items = json.SelectMany(p => p.GetProperty("items").EnumerateArray()).ToList();
        Assert.Equal(board.Select(e => $"urn:uuid:{e.Id}"), entries.Select(e => e.Element(Atom + "id")!.Value));
        Assert.Equal(board.Select(e => $"urn:uuid:{e.Id}"), items.Select(i => i.GetProperty("id").GetString()));
        foreach (var (entry, at) in board.Select((e, i) => (e, i)))
        {
            var words = entries[at].Element(Atom + "content")!.Value;
            Assert.Equal(words, items[at].GetProperty("content_text").GetString());
            Assert.Equal(entry.Steps.Count, words.Split('\n').Length);
            Assert.All(entry.Steps, s => Assert.Contains(s.When, words, StringComparison.Ordinal));
            // Never a finer moment than the board's own: a day of a step, or the first of its quarter or year.
            var updated = DateTimeOffset.Parse(entries[at].Element(Atom + "updated")!.Value, CultureInfo.InvariantCulture);
            Assert.Equal(TimeSpan.Zero, updated.TimeOfDay);
            Assert.Contains(DateOnly.FromDateTime(updated.DateTime), entry.Steps.Select(s => BoardEntry.FirstDay(s.When)));
            Assert.Equal(updated, items[at].GetProperty("date_modified").GetDateTimeOffset());
        }
        Assert.DoesNotContain("nanswered", string.Concat(atom) + string.Concat(json), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_formats_demand_is_there()
    {
        await app.Published(1, "E05014112");
        var feed = (await AtomPages("ward=E05014112"))[0].Root!;
        Assert.Equal(Atom + "feed", feed.Name);
        // RFC 4287, 4.1.1 and 4.1.2.
        Assert.All(feed.Elements(Atom + "entry").Prepend(feed), e => Assert.All(new[] { "id", "title", "updated" }, name => Assert.Single(e.Elements(Atom + name))));
        Assert.Single(feed.Elements(Atom + "author"));
        Assert.Single(feed.Elements(Atom + "link"), l => l.Attribute("rel")!.Value == "self");
        Assert.All(feed.Descendants(Atom + "id"), id => Assert.True(Uri.TryCreate(id.Value, UriKind.Absolute, out _)));
        Assert.Equal(feed.ToString(), (await AtomPages("ward=E05014112"))[0].Root!.ToString());
        var json = (await JsonPages("ward=E05014112"))[0];
        Assert.Equal("https://jsonfeed.org/version/1.1", json.GetProperty("version").GetString());
        Assert.All(json.GetProperty("items").EnumerateArray(), i => Assert.True(i.TryGetProperty("id", out _) && i.TryGetProperty("content_text", out _)));
        Assert.NotEmpty((await AtomPages("ward=E05009999"))[0].Root!.Element(Atom + "updated")!.Value);
    }

    [Fact]
    public async Task The_day_on_which_a_woman_spoke_is_in_no_feed_and_in_no_order()
    {
        var receipt = await app.Send(FeedbackApp.Light(null) with { Place = new PlaceInput { WardCode = "E05014113" } });
        var (concern, action) = await app.ClaimedDone(receipt);
        var before = await app.Client().GetStringAsync($"{Root}board.atom?ward=E05014113");
        app.Time.Advance(TimeSpan.FromDays(2));
        await FeedbackApp.Accepted(await (await app.Open(receipt)).PostAsync($"{Root}mailbox/concerns/{concern.Id}/done", new StringContent("""{"done":true}""", null, "application/json")));
        var entry = (await AtomPages("ward=E05014113"))[0].Root!.Element(Atom + "entry")!;
        Assert.Contains("Women say done (2026Q4).", entry.Element(Atom + "content")!.Value, StringComparison.Ordinal);
        Assert.Equal(XDocument.Parse(before).Root!.Element(Atom + "entry")!.Element(Atom + "updated")!.Value, entry.Element(Atom + "updated")!.Value);
        Assert.Equal(DateOnly.FromDateTime(app.Time.GetUtcNow().UtcDateTime).AddDays(-2), await app.Db<FeedbackDb, DateOnly>(db => Task.FromResult(db.Board.Single(e => e.SourceId == action.Id).ChangedOn)));
    }

    [Fact]
    public async Task A_cursor_that_is_not_ours_is_refused_by_name()
    {
        await FeedbackApp.Refused(await app.Client().GetAsync($"{Root}board.atom?cursor=rubbish"), "unreadable-cursor", 400);
        await FeedbackApp.Refused(await app.Client().GetAsync($"{Root}board.json?cursor=rubbish"), "unreadable-cursor", 400);
    }

    [Fact]
    public async Task A_ward_s_priorities_have_the_shape_of_data_police_uk()
    {
        await app.Published(2, "E05014114", "Women asked for <b>light</b> & a mirror.");
        var list = JsonDocument.Parse(await app.Client().GetStringAsync($"{Root}neighbourhoods/E05014114/priorities")).RootElement;
        Assert.Equal(2, list.GetArrayLength());
        foreach (var priority in list.EnumerateArray())
        {
            Assert.Equal(["issue", "issue-date", "action", "action-date"], priority.EnumerateObject().Select(p => p.Name));
            Assert.Equal("<p>Women asked for &lt;b&gt;light&lt;/b&gt; &amp; a mirror.</p>", priority.GetProperty("issue").GetString());
            Assert.Equal("2026-10-01T00:00:00", priority.GetProperty("issue-date").GetString());
            Assert.StartsWith("<p>Said: ", priority.GetProperty("action").GetString(), StringComparison.Ordinal);
            Assert.Matches("^2026-11-[0-9]{2}T00:00:00$", priority.GetProperty("action-date").GetString());
        }
        Assert.Equal(0, JsonDocument.Parse(await app.Client().GetStringAsync($"{Root}neighbourhoods/E05014115/priorities")).RootElement.GetArrayLength());
        await FeedbackApp.Refused(await app.Client().GetAsync($"{Root}neighbourhoods/E05099999/priorities"), "unknown-ward", 404);
    }
}

public sealed class BoardFeedsOnSqlite(FeedbackApp.Sqlite app) : BoardFeedTests(app), IClassFixture<FeedbackApp.Sqlite>;

public sealed class BoardFeedsOnPostgres(FeedbackApp.Postgres app) : BoardFeedTests(app), IClassFixture<FeedbackApp.Postgres>;

/// <summary>A service that knows where the public reads it.</summary>
public sealed class BoardFeedAddressTests(BoardFeedAddressTests.Known app) : IClassFixture<BoardFeedAddressTests.Known>
{
    public sealed class Known() : FeedbackApp(TestOn.OneProcess)
    {
        protected override IEnumerable<(string Key, string? Value)> Settings() => [.. base.Settings(), ("Feedback:PublicUrl", "https://walktalk.example/")];
    }

    [Fact]
    public async Task Its_links_are_absolute_and_not_what_a_caller_says_they_are()
    {
        await app.Published(26, "E05014111");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/metropolitan/board.json?ward=E05014111");
        request.Headers.Host = "evil.example";
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        var text = await (await app.Client().SendAsync(request)).Content.ReadAsStringAsync();
        var feed = JsonDocument.Parse(text).RootElement;
        Assert.Equal("https://walktalk.example/api/feedback/v1/metropolitan/board.json?ward=E05014111", feed.GetProperty("feed_url").GetString());
        Assert.StartsWith("https://walktalk.example/api/feedback/v1/metropolitan/board.json?ward=E05014111&cursor=", feed.GetProperty("next_url").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("https://walktalk.example/metropolitan/done?ward=E05014111#c-", feed.GetProperty("items")[0].GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
    }
}
