using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Contracts.Notification;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback.Tests;

/// <summary>Photos that come with her answer or her word on "done": the same way, and sealed where her words are.</summary>
public abstract class AnswerPhotoTests : PhotoSteps
{
    private protected AnswerPhotoTests(FeedbackApp app) : base(app)
    {
    }

    [Fact]
    public async Task Photos_of_her_answer_go_the_way_of_those_of_her_concern()
    {
        var (asked, mailbox) = await Asked(FeedbackApp.Light());
        var (first, second) = (await Held(PhotoFiles.WithExif(PhotoFiles.Picture(300, 200), orientation: 1)), await Held());
        await FeedbackApp.Accepted(await Answer(mailbox, asked.Id, "This one, ring 07700 900123", new PhotoInput { Id = first.Id, Description = "Ann at 07700 900123" }, new PhotoInput { Id = second.Id }));
        await Seen(first.Id, "safeguarding");
        var concern = await app.Concern(asked.Id);
        Assert.Equal("This one, ring [phone]", concern.Messages[^1].Text);
        Assert.All(concern.Photos!, p => Assert.Equal(("waiting", concern.Messages[^1].On), (p.State, p.ReceivedOn)));
        Assert.Equal(((Guid[])[first.Id, second.Id]).Order(), (await FeedbackApp.Read<List<PhotoRow>>(await app.Client("safeguarding").GetAsync(Path))).Select(p => p.Id).Order());
        await FeedbackApp.Accepted(await Decide(first.Id, "show"));
        await FeedbackApp.Accepted(await Decide(second.Id, "disclosure"));
        await Seen(first.Id, "coordinator");
        await Seen(second.Id, "safeguarding");
        Assert.Equal("Ann at [phone]", Assert.Single((await app.Concern(asked.Id)).Photos!).Description);
        var kept = Encoding.Latin1.GetString(await app.Client("coordinator").GetByteArrayAsync($"{Path}/{first.Id}/image"));
        Assert.All((string[])["Exif", "SecretCamera", "51.4"], trace => Assert.DoesNotContain(trace, kept, StringComparison.Ordinal));
    }

    [Fact]
    public async Task She_disputes_with_photos_and_without_words_by_mailbox_and_by_link()
    {
        var (byMailbox, byLink) = (await Held(), await Held());
        var (concern, mailbox) = await Claimed();
        await FeedbackApp.Accepted(await Fixed(mailbox, concern.Id, "no", byMailbox.Id));
        await Seen(byMailbox.Id, "safeguarding");
        var disputed = await app.Concern(concern.Id);
        Assert.Equal(("Disputed", "[photos]", byMailbox.Id), (disputed.State, disputed.Messages.Single().Text, disputed.Photos!.Single().Id));

        var (other, _) = await app.ClaimedDone(await app.Send(new FeedbackSubmission { Email = "her@example.org", Concerns = [FeedbackApp.Light()] }));
        var sent = (await app.Published<NotificationRequested>()).Last(n => n.Template == "action-delivered" && n.SubjectId == other.Id);
        var token = app.Services.GetRequiredService<Transit>().Open(sent.Fields["!link"]).Split('/')[^1];
        var answer = new FixedByLink { Token = token, Fixed = "partly", Reopen = true, Text = "The other lamp", Photos = [new() { Id = byLink.Id }] };
        await FeedbackApp.Refused(await app.Client().PostAsJsonAsync("/v1/metropolitan/answer-links/fixed", answer with { Token = "another" }), "link-unknown", 404);
        await FeedbackApp.Accepted(await app.Client().PostAsJsonAsync("/v1/metropolitan/answer-links/fixed", answer));
        Assert.Equal(("Disputed", byLink.Id), ((await app.Concern(other.Id)).State, (await app.Concern(other.Id)).Photos!.Single().Id));

        // Programs say done or not done without the questions of the page.
        var again = await Held();
        await FeedbackApp.Accepted(await app.Post($"actions/{(await app.Concern(concern.Id)).Actions.Single().Id}/claim", new DoneClaim { Done = "The cable was replaced as well." }, (await app.Concern(concern.Id)).Actions.Single().Version));
        await FeedbackApp.Accepted(await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{concern.Id}/done", new DoneAnswer { Done = true, Photos = [new() { Id = again.Id }] }));
        Assert.Equal(("ConfirmedDone", 2), ((await app.Concern(concern.Id)).State, (await app.Concern(concern.Id)).Photos!.Count));
    }

    [Fact]
    public async Task What_her_answer_or_its_photo_says_seals_both()
    {
        var (crime, conduct) = (await Held(), await Held());
        var (asked, mailbox) = await Asked(FeedbackApp.Light());
        // Nothing in the words, all in the description.
        await FeedbackApp.Accepted(await Answer(mailbox, asked.Id, "That is the place", new PhotoInput { Id = crime.Id, Description = "The man who followed me home" }));
        await Seen(crime.Id, "safeguarding");
        var concern = await app.Concern(asked.Id);
        Assert.Equal(("[sealed]", 0), (concern.Messages[^1].Text, concern.Photos!.Count));
        Assert.Empty(await FeedbackApp.Read<List<PhotoRow>>(await app.Client("safeguarding").GetAsync(Path)));
        var disclosure = await app.Db<FeedbackDb, Guid>(async db => (await db.Photos.SingleAsync(p => p.Id == crime.Id)).SubjectId!.Value);
        var view = await FeedbackApp.Read<DisclosureView>(await app.Client("safeguarding").GetAsync($"/v1/metropolitan/disclosures/{disclosure}"));
        Assert.Equal(("That is the place", "The man who followed me home"), (view.Narrative, view.Photos!.Single().Description));

        var (claimed, hers) = await Claimed();
        await FeedbackApp.Accepted(await hers.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{claimed.Id}/fixed", new FixedAnswer { Fixed = "no", Photos = [new() { Id = conduct.Id, Description = "The officer who was rude to me" }] }));
        await Seen(conduct.Id, "standards");
        Assert.Equal("[sealed]", (await app.Concern(claimed.Id)).Messages.Single().Text);
        var id = await app.Db<FeedbackDb, Guid>(async db => (await db.Photos.SingleAsync(p => p.Id == conduct.Id)).SubjectId!.Value);
        var standards = await FeedbackApp.Read<StandardsView>(await app.Client("standards").GetAsync($"/v1/metropolitan/standards-cases/{id}"));
        Assert.Equal("The officer who was rude to me", standards.Photos!.Single().Description);

        // Whom the case concerns sees no photo of it, and none that this woman sends later.
        await FeedbackApp.Accepted(await app.Post($"standards-cases/{id}/concerned", new ConcernedPerson { Sub = "pat" }, standards.Version, "standards"));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client("standards", sub: "pat").GetAsync($"{Path}/{conduct.Id}/image")).StatusCode);
        var later = await Held();
        var action = (await app.Concern(claimed.Id)).Actions.Single();
        await FeedbackApp.Accepted(await app.Post($"actions/{action.Id}/claim", new DoneClaim { Done = "The cable was replaced as well." }, action.Version));
        await FeedbackApp.Accepted(await Fixed(hers, claimed.Id, "no", later.Id));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client("safeguarding", sub: "pat").GetAsync($"{Path}/{later.Id}/image")).StatusCode);
        Assert.DoesNotContain(await FeedbackApp.Read<List<PhotoRow>>(await app.Client("safeguarding", sub: "pat").GetAsync(Path)), p => p.Id == later.Id);
        Assert.Equal(HttpStatusCode.OK, (await app.Client("safeguarding").GetAsync($"{Path}/{later.Id}/image")).StatusCode);
    }

    [Fact]
    public async Task An_answer_that_does_not_fit_leaves_its_photos_to_another_try()
    {
        var photo = await Held();
        var (asked, mailbox) = await Asked(FeedbackApp.Light());
        await FeedbackApp.Refused(await Answer(app.Client(), asked.Id, "This one", new PhotoInput { Id = photo.Id }), "mailbox-closed", 401);
        var (_, another) = await Asked(FeedbackApp.Light());
        await FeedbackApp.Refused(await Answer(another, asked.Id, "This one", new PhotoInput { Id = photo.Id }), "not-found", 404);
        await FeedbackApp.Refused(await Fixed(mailbox, asked.Id, "no", photo.Id), "wrong-state", 409);
        await FeedbackApp.Refused(await Answer(mailbox, asked.Id, "This one", new PhotoInput { Id = photo.Id }, new PhotoInput { Id = Guid.NewGuid() }), "photo-unknown", 422);
        var four = await Answer(mailbox, asked.Id, "This one", [.. Enumerable.Range(0, 4).Select(_ => new PhotoInput { Id = photo.Id })]);
        Assert.Equal(HttpStatusCode.BadRequest, four.StatusCode);
        Assert.Contains("Photos", await four.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("WaitingForContributor", (await app.Concern(asked.Id)).State);

        await FeedbackApp.Accepted(await Answer(mailbox, asked.Id, "This one", new PhotoInput { Id = photo.Id }));
        await FeedbackApp.Refused(await Answer(mailbox, asked.Id, "Once more", new PhotoInput { Id = (await Held()).Id }), "wrong-state", 409);
        Assert.Equal(photo.Id, Assert.Single((await app.Concern(asked.Id)).Photos!).Id);
    }

    [Fact]
    public async Task Of_many_answers_at_once_one_has_the_photo_and_no_concern_has_more_than_twenty()
    {
        var (concern, mailbox) = await Claimed(FeedbackApp.Light() with { Photos = [.. await Many(3)] });
        var one = await Held();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Fixed(mailbox, concern.Id, "cannot-tell", one.Id)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.NoContent);
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.NoContent), a => Assert.Contains(a.StatusCode, new[] { HttpStatusCode.UnprocessableEntity, HttpStatusCode.Conflict, HttpStatusCode.PreconditionFailed }));

        for (var i = 0; i < 5; i++)
            await FeedbackApp.Accepted(await Fixed(mailbox, concern.Id, "cannot-tell", [.. (await Many(3)).Select(p => p.Id)]));
        var last = new List<Guid>();
        for (var i = 0; i < 8; i++)
            last.Add((await Held()).Id);
        answers = await Task.WhenAll(last.Select(id => Fixed(mailbox, concern.Id, "cannot-tell", id)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.NoContent);
        Assert.Equal(20, (await app.Concern(concern.Id)).Photos!.Count);
        await FeedbackApp.Refused(await Fixed(mailbox, concern.Id, "no", (await Held()).Id), "photo-many", 422);
        Assert.Equal("ClaimedDone", (await app.Concern(concern.Id)).State);
        await FeedbackApp.Accepted(await Fixed(mailbox, concern.Id, "no"));
    }

    [Fact]
    public async Task The_same_click_is_one_answer_with_one_photo()
    {
        var photo = await Held();
        var (asked, mailbox) = await Asked(FeedbackApp.Light());
        mailbox.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());
        await FeedbackApp.Accepted(await Answer(mailbox, asked.Id, "This one", new PhotoInput { Id = photo.Id }));
        await FeedbackApp.Accepted(await Answer(mailbox, asked.Id, "This one", new PhotoInput { Id = photo.Id }));
        Assert.Equal((2, 1), ((await app.Concern(asked.Id)).Messages.Count, (await app.Concern(asked.Id)).Photos!.Count));
    }

    [Fact]
    public async Task A_photo_of_a_late_answer_is_kept_as_long_from_then_and_goes_with_her_withdrawal()
    {
        var (concern, mailbox) = await Claimed(FeedbackApp.Light() with { Photos = [.. await Many(1)] });
        app.Time.Advance(TimeSpan.FromDays(88));
        await app.Eventually(async () => (await app.Scheduled<ClockRound>()).Count == 1, "the round");
        var late = await Held();
        mailbox = await app.Open(receipts[concern.Id]);
        await FeedbackApp.Accepted(await Fixed(mailbox, concern.Id, "no", late.Id));
        app.Time.Advance(TimeSpan.FromDays(6));
        await app.Eventually(() => app.Db<FeedbackDb, bool>(async db => await db.Photos.CountAsync(p => p.SubjectId == concern.Id) == 1), "the round to take the first one");
        Assert.True(await app.Db<FeedbackDb, bool>(db => db.Photos.AnyAsync(p => p.Id == late.Id)));
        await Seen(late.Id, "safeguarding");

        mailbox = await app.Open(receipts[concern.Id]);
        await FeedbackApp.Accepted(await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{concern.Id}/withdrawal", new { }));
        await Gone(late.Id);
    }

    private readonly Dictionary<Guid, FeedbackReceipt> receipts = [];

    private async Task<List<PhotoInput>> Many(int count)
    {
        var many = new List<PhotoInput>();
        for (var i = 0; i < count; i++)
            many.Add(new PhotoInput { Id = (await Held()).Id });
        return many;
    }

    /// <summary>A concern whose contributor was asked a question, and her opened mailbox.</summary>
    private async Task<(ConcernView Concern, HttpClient Mailbox)> Asked(ConcernInput concern)
    {
        var receipt = await app.Send(concern);
        var view = await app.Triaged(receipt);
        await FeedbackApp.Accepted(await app.Post($"concerns/{view.Id}/question", new QuestionToContributor { Text = "Which of the two lamps is out?" }, view.Version));
        return (view, await app.Open(receipt));
    }

    /// <summary>A concern the force says is done, and her opened mailbox.</summary>
    private async Task<(ConcernView Concern, HttpClient Mailbox)> Claimed(ConcernInput? concern = null)
    {
        var receipt = await app.Send(concern ?? FeedbackApp.Light());
        var (view, _) = await app.ClaimedDone(receipt);
        receipts[view.Id] = receipt;
        return (view, await app.Open(receipt));
    }

    private static Task<HttpResponseMessage> Answer(HttpClient mailbox, Guid concern, string text, params PhotoInput[] photos) =>
        mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{concern}/answer", new MailboxAnswer { Text = text, Photos = photos });

    private static Task<HttpResponseMessage> Fixed(HttpClient mailbox, Guid concern, string @fixed, params Guid[] photos) =>
        mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{concern}/fixed", new FixedAnswer { Fixed = @fixed, Photos = [.. photos.Select(id => new PhotoInput { Id = id })] });
}

public sealed class AnswerPhotosOnSqlite() : AnswerPhotoTests(new FeedbackApp.Sqlite());

public sealed class AnswerPhotosOnPostgres() : AnswerPhotoTests(new FeedbackApp.Postgres());
