using System.Text.Json;
using WalkTalk.Fixtures;

namespace WalkTalk.Feedback.Tests.Open311;

/// <summary>The public read API, read by a client in another language that shares no line with ours (georeport_reader.py); where there is no Python 3, it is skipped.</summary>
public abstract class IndependentReaderTests(FeedbackApp app)
{
    [Fact]
    public async Task A_reader_written_from_the_specification_finds_nothing_that_is_not_as_specified()
    {
        await app.Published(6, "E05014114");
        await app.Published(3, "E05014114", "Women asked who watches the platform.", "BEH-TOUCH", "2026");
        var run = await Python.Run(TestContext.Current.CancellationToken, Repository.PathOf("tests/Feedback.Tests/Open311/georeport_reader.py"), new Uri(app.Address, "/v1/metropolitan/open311/v2/").ToString(), "metropolitan");
        Assert.SkipWhen(run is null, "There is no Python 3 here.");
        var (code, said) = run.Value;
        Assert.True(code == 0, said);
        var read = JsonDocument.Parse(said).RootElement;
        Assert.Equal((6, 2), (read.GetProperty("requests").GetInt32(), read.GetProperty("closed").GetInt32()));
        Assert.InRange(read.GetProperty("services").GetInt32(), 20, 100);
    }
}

public sealed class IndependentReaderOnSqlite(FeedbackApp.Sqlite app) : IndependentReaderTests(app), IClassFixture<FeedbackApp.Sqlite>;

public sealed class IndependentReaderOnPostgres(FeedbackApp.Postgres app) : IndependentReaderTests(app), IClassFixture<FeedbackApp.Postgres>;
