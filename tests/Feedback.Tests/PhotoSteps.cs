using System.Net;
using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;

namespace WalkTalk.Feedback.Tests;

/// <summary>Sends photos and looks who may see them. Each test has the clock to itself.</summary>
public abstract class PhotoSteps : IAsyncLifetime
{
    private protected readonly FeedbackApp app;

    private protected PhotoSteps(FeedbackApp app) => this.app = app;

    private protected const string Path = "/v1/metropolitan/photos";

    public ValueTask InitializeAsync() => app.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Who may look at it: these roles and none else, of this force alone.</summary>
    private protected async Task Seen(Guid id, params string[] by)
    {
        foreach (var role in (string[])["coordinator", "safeguarding", "standards", "officer", "oversight", "analyst", "administrator", "operator"])
        {
            var status = (await app.Client(role).GetAsync($"{Path}/{id}/image")).StatusCode;
            var expected = by.Contains(role) ? HttpStatusCode.OK : role is "coordinator" or "safeguarding" or "standards" ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden;
            Assert.Equal((role, expected), (role, status));
        }
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Client().GetAsync($"{Path}/{id}/image")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Client("safeguarding", "gwent").GetAsync($"{Path}/{id}/image")).StatusCode);
    }

    /// <summary>Row and key are gone: what a backup holds can never be read again.</summary>
    private protected Task Gone(Guid id) => app.Db<FeedbackDb>(async db =>
    {
        Assert.False(await db.Photos.AnyAsync(p => p.Id == id));
        Assert.False(await db.PersonKeys.AnyAsync(k => k.PersonId == id));
    });

    private protected Task<HttpResponseMessage> Decide(Guid id, string decision) => app.Post($"photos/{id}/decision", new PhotoDecision { Decision = decision }, role: "safeguarding");

    private protected async Task<PhotoHeld> Held(byte[]? file = null, string type = "application/octet-stream", HttpClient? client = null) =>
        await FeedbackApp.Read<PhotoHeld>(await Send(file ?? PhotoFiles.Picture(300, 200), type, client), HttpStatusCode.Created);

    private protected async Task<HttpResponseMessage> Send(byte[] file, string type = "application/octet-stream", HttpClient? client = null)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return await (client ?? app.Client()).PostAsync(Path, content);
    }
}
