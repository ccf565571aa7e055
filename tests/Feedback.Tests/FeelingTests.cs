using System.Net.Http.Json;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;

namespace WalkTalk.Feedback.Tests;

public abstract class FeelingTests(FeedbackApp app)
{
    private async Task<int?> FeltBefore(int feel, string landmark = "the south arch", string light = "dark", string ward = FeedbackApp.Ward)
    {
        var before = (await app.Published<AuditSubmitted>()).Select(a => a.AuditId).ToHashSet();
        await app.Send(new FeedbackSubmission { Audits = [new AuditInput { WardCode = ward, Landmark = landmark, LightBand = light, Ratings = new Dictionary<string, int> { ["A1"] = 1, ["F"] = feel } }] });
        return (await app.Published<AuditSubmitted>()).Single(a => !before.Contains(a.AuditId)).FeelBefore;
    }

    private async Task<int?> Noted(int feel)
    {
        var before = (await app.Published<AuditSubmitted>()).Select(a => a.AuditId).ToHashSet();
        var officer = app.Client("officer", sub: "officer-at-the-arch");
        officer.DefaultRequestHeaders.Add("Capture", Guid.NewGuid().ToString("N"));
        await FeedbackApp.Read<CaptureView>(await officer.PostAsJsonAsync("/v1/metropolitan/capture/stops", new StopNoted
        {
            Place = new PlaceInput { WardCode = FeedbackApp.Ward, Landmark = "the south arch" }, LightBand = "dark", Ratings = new Dictionary<string, int> { ["A1"] = 0, ["F"] = feel },
        }));
        return (await app.Published<AuditSubmitted>()).Single(a => !before.Contains(a.AuditId)).FeelBefore;
    }

    [Fact]
    public async Task An_audit_says_how_the_same_point_felt_first_in_the_same_light_four_weeks_before_or_more()
    {
        await Noted(3);
        app.Time.Advance(TimeSpan.FromDays(1));
        Assert.Null(await FeltBefore(1));
        app.Time.Advance(TimeSpan.FromDays(27));
        Assert.Null(await FeltBefore(2));
        app.Time.Advance(TimeSpan.FromDays(1));
        // Of her, not of what an officer noted there before her; and the first, not the last.
        Assert.Equal(1, await FeltBefore(3, "South arch"));
        Assert.Null(await FeltBefore(3, light: "day"));
        Assert.Null(await FeltBefore(3, "the north arch"));
        Assert.Null(await FeltBefore(3, ward: "E05014096"));
        Assert.Null(await Noted(3));
        app.Time.Advance(TimeSpan.FromDays(40));
        Assert.Equal(1, await FeltBefore(0));
    }
}

public sealed class FeelingsOnSqlite(FeedbackApp.Sqlite app) : FeelingTests(app), IClassFixture<FeedbackApp.Sqlite>;

public sealed class FeelingsOnPostgres(FeedbackApp.Postgres app) : FeelingTests(app), IClassFixture<FeedbackApp.Postgres>;
