using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Contracts.Notification;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback.Tests;

/// <summary>Photos: made anew, held private, checked before anybody local sees them, gone in time. Each test has the clock to itself.</summary>
public abstract class PhotoTests(FeedbackApp app) : IAsyncLifetime
{
    private const string Path = "/v1/metropolitan/photos";

    public ValueTask InitializeAsync() => app.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Of_the_file_nothing_is_left_but_the_pixels()
    {
        var file = Files.Join(Files.WithExif(Files.Picture(2000, 1000), orientation: 6), "<script>alert(1)</script><?php system('id'); ?>"u8.ToArray());
        Assert.Contains("SecretCamera", Encoding.Latin1.GetString(file), StringComparison.Ordinal);
        var held = await Held(file);
        Assert.Equal((800, 1600), (held.Width, held.Height)); // upright, and no larger than is kept
        await app.Send(FeedbackApp.Light() with { Photos = [new() { Id = held.Id }] });

        var response = await app.Client("safeguarding").GetAsync($"{Path}/{held.Id}/image");
        var kept = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((byte[])[0xFF, 0xD8, 0xFF], kept[..3]);
        Assert.All((string[])["Exif", "SecretCamera", "GPS", "51.4", "script", "php", "ICC_PROFILE", "http"], trace => Assert.DoesNotContain(trace, Encoding.Latin1.GetString(kept), StringComparison.OrdinalIgnoreCase));
        using var picture = SKBitmap.Decode(kept);
        Assert.Equal((800, 1600), (picture.Width, picture.Height));
        // Red on the left before, turned clockwise: red on top.
        Assert.True(picture.GetPixel(400, 100).Red > 200 && picture.GetPixel(400, 1500).Blue > 200);

        Assert.Equal("image/jpeg", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal(("nosniff", "default-src 'none'; sandbox", true),
            (response.Headers.GetValues("X-Content-Type-Options").Single(), response.Headers.GetValues("Content-Security-Policy").Single(), response.Headers.CacheControl?.NoStore));
        await app.Db<FeedbackDb>(async db =>
        {
            var row = await db.Photos.AsNoTracking().SingleAsync(p => p.Id == held.Id);
            Assert.Equal(-1, row.Content.AsSpan().IndexOf<byte>([0xFF, 0xD8, 0xFF]));
            Assert.Contains(await db.AuditTrail.ToListAsync(), a => a is { Action: "read", SubjectType: "photo", Actor: "staff:test-safeguarding" } && a.SubjectId == held.Id.ToString());
            Assert.All(await db.AuditTrail.Where(a => a.SubjectId == held.Id.ToString() && a.Action == "added").ToListAsync(), a => Assert.Equal(TimeSpan.Zero, a.At.TimeOfDay));
        });
    }

    [Theory]
    [InlineData("png")]
    [InlineData("webp")]
    [InlineData("see-through png")]
    [InlineData("jpeg named png")]
    public async Task What_is_a_picture_becomes_a_jpeg(string kind)
    {
        var held = await Held(kind switch
        {
            "png" => Files.Picture(300, 200, SKEncodedImageFormat.Png),
            "webp" => Files.Picture(300, 200, SKEncodedImageFormat.Webp),
            "see-through png" => Files.Picture(300, 200, SKEncodedImageFormat.Png, alpha: 0),
            _ => Files.Picture(300, 200),
        }, kind == "jpeg named png" ? "image/png" : "application/octet-stream");
        Assert.Equal((300, 200), (held.Width, held.Height));
    }

    [Theory]
    [InlineData("zero bytes", "photo-unreadable", 422)]
    [InlineData("text", "photo-type", 415)]
    [InlineData("svg", "photo-type", 415)]
    [InlineData("html", "photo-type", 415)]
    [InlineData("gif", "photo-type", 415)]
    [InlineData("heic", "photo-type", 415)]
    [InlineData("truncated jpeg", "photo-unreadable", 422)]
    [InlineData("truncated png", "photo-unreadable", 422)]
    [InlineData("jpeg of three bytes", "photo-unreadable", 422)]
    [InlineData("png bomb", "photo-too-large", 413)]
    [InlineData("png of 30 million pixels", "photo-too-large", 413)]
    [InlineData("nine megabytes", "photo-too-large", 413)]
    public async Task What_is_none_is_refused_by_name_and_harms_nothing(string kind, string type, int status)
    {
        await FeedbackApp.Refused(await Send(kind switch
        {
            "zero bytes" => [],
            "text" => "This is no photo."u8.ToArray(),
            "svg" => "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"u8.ToArray(),
            "html" => "<!doctype html><script>alert(1)</script>"u8.ToArray(),
            "gif" => "GIF89a\u0001\0\u0001\0"u8.ToArray(),
            "heic" => "\0\0\0\u0018ftypheic\0\0\0\0mif1heic"u8.ToArray(),
            "truncated jpeg" => Files.Picture(800, 600)[..^500],
            "truncated png" => Files.Noise(400, 300)[..^2000],
            "jpeg of three bytes" => [0xFF, 0xD8, 0xFF],
            "png bomb" => Files.Png(50_000, 50_000),
            "png of 30 million pixels" => Files.Png(6_000, 5_000),
            _ => Files.Join(Files.Picture(300, 200), new byte[9 * 1024 * 1024]),
        }), type, status);
        Assert.Equal(0, await app.Db<FeedbackDb, int>(db => db.Photos.CountAsync()));
        Assert.DoesNotContain(app.Log, line => line.Contains("Exception", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Coordinators_see_a_photo_once_it_is_checked_and_nobody_else_ever_does()
    {
        var held = await Held();
        await Seen(held.Id); // nobody's yet
        var receipt = await app.Send(FeedbackApp.Light() with { Photos = [new() { Id = held.Id, Description = "The lamp, and 07700 900123" }] });
        await Seen(held.Id, "safeguarding");
        var concern = await app.Concern(receipt);
        Assert.Equal(new PhotoSeen(held.Id, "waiting", null, concern.ReceivedOn), Assert.Single(concern.Photos!));

        var row = Assert.Single(await FeedbackApp.Read<List<PhotoRow>>(await app.Client("safeguarding").GetAsync(Path)));
        Assert.Equal((held.Id, concern.Reference), (row.Id, row.Concern));
        var view = await FeedbackApp.Read<PhotoView>(await app.Client("safeguarding").GetAsync($"{Path}/{held.Id}"));
        Assert.Equal("The lamp, and [phone]", view.Description);

        await FeedbackApp.Accepted(await Decide(held.Id, "show"));
        await Seen(held.Id, "coordinator");
        Assert.Equal(new PhotoSeen(held.Id, "readable", "The lamp, and [phone]", concern.ReceivedOn), Assert.Single((await app.Concern(receipt)).Photos!));
        await FeedbackApp.Refused(await Decide(held.Id, "remove"), "photo-checked", 409);
        Assert.Empty(await FeedbackApp.Read<List<PhotoRow>>(await app.Client("safeguarding").GetAsync(Path)));
        Assert.DoesNotContain(held.Id.ToString(), await app.Client().GetStringAsync("/v1/metropolitan/board"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_who_check_one_at_once_one_decides()
    {
        var held = await Held();
        await app.Send(FeedbackApp.Light() with { Photos = [new() { Id = held.Id }] });
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Decide(held.Id, i % 2 == 0 ? "show" : "disclosure")));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.NoContent);
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.NoContent), a => Assert.Contains(a.StatusCode, new[] { HttpStatusCode.Conflict, HttpStatusCode.NotFound }));
    }

    [Fact]
    public async Task Whom_a_case_concerns_opens_no_picture_of_it_although_she_knows_its_id()
    {
        var photo = await Held();
        await app.Send(FeedbackApp.Light("He would not say his number") with { Code = "POL-CONDUCT", Photos = [new() { Id = photo.Id }] });
        var id = await app.Db<FeedbackDb, Guid>(async db => (await db.Photos.SingleAsync(p => p.Id == photo.Id)).SubjectId!.Value);
        var view = await FeedbackApp.Read<StandardsView>(await app.Client("standards").GetAsync($"/v1/metropolitan/standards-cases/{id}"));
        Assert.Equal(HttpStatusCode.OK, (await app.Client("standards", sub: "pat").GetAsync($"{Path}/{photo.Id}/image")).StatusCode);
        await FeedbackApp.Accepted(await app.Post($"standards-cases/{id}/concerned", new ConcernedPerson { Sub = "pat" }, view.Version, "standards"));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client("standards", sub: "pat").GetAsync($"{Path}/{photo.Id}/image")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Client("standards").GetAsync($"{Path}/{photo.Id}/image")).StatusCode);
    }

    [Fact]
    public async Task What_is_sealed_seals_its_photos_with_it()
    {
        var (crime, conduct, told) = (await Held(), await Held(), await Held());
        await app.Send(
            FeedbackApp.Light("A man grabbed my arm") with { Code = "BEH-TOUCH", Photos = [new() { Id = crime.Id, Description = "His van, AB12 CDE" }] },
            FeedbackApp.Light("He would not say his number") with { Code = "POL-CONDUCT", Photos = [new() { Id = conduct.Id }] },
            // Nothing in the text, all in the description.
            FeedbackApp.Light() with { Photos = [new() { Id = told.Id, Description = "The man who followed me home" }] });
        await Seen(crime.Id, "safeguarding");
        await Seen(conduct.Id, "standards");
        await Seen(told.Id, "safeguarding");
        Assert.Empty(await FeedbackApp.Read<List<PhotoRow>>(await app.Client("safeguarding").GetAsync(Path)));
        var disclosure = await app.Db<FeedbackDb, Guid>(async db => (await db.Photos.SingleAsync(p => p.Id == crime.Id)).SubjectId!.Value);
        var view = await FeedbackApp.Read<DisclosureView>(await app.Client("safeguarding").GetAsync($"/v1/metropolitan/disclosures/{disclosure}"));
        Assert.Equal("His van, AB12 CDE", Assert.Single(view.Photos!).Description);
        var standards = await app.Db<FeedbackDb, Guid>(async db => (await db.Photos.SingleAsync(p => p.Id == conduct.Id)).SubjectId!.Value);
        Assert.Equal(conduct.Id, Assert.Single((await FeedbackApp.Read<StandardsView>(await app.Client("standards").GetAsync($"/v1/metropolitan/standards-cases/{standards}"))).Photos!).Id);
    }

    [Fact]
    public async Task What_the_check_finds_is_sealed_or_gone()
    {
        var (crime, conduct, face) = (await Held(), await Held(), await Held());
        var receipt = await app.Send(FeedbackApp.Light() with { Photos = [new() { Id = crime.Id }, new() { Id = conduct.Id }, new() { Id = face.Id }] });
        await FeedbackApp.Accepted(await Decide(crime.Id, "disclosure"));
        await FeedbackApp.Accepted(await Decide(conduct.Id, "standards"));
        await FeedbackApp.Accepted(await Decide(face.Id, "remove"));
        await Seen(crime.Id, "safeguarding");
        await Seen(conduct.Id, "standards");
        await Seen(face.Id);
        await Gone(face.Id);
        var rows = await FeedbackApp.Read<List<DisclosureRow>>(await app.Client("safeguarding").GetAsync("/v1/metropolitan/disclosures"));
        Assert.Contains(rows, d => d is { Cause: "photo", Clock: "in-time" });
        Assert.Empty((await app.Concern(receipt)).Photos!);
    }

    [Fact]
    public async Task A_photo_is_good_for_one_concern_and_for_an_hour()
    {
        var (first, second) = (await Held(), await Held());
        var client = app.Client();
        Task<HttpResponseMessage> Post(params Guid[] ids) => client.PostAsJsonAsync("/v1/metropolitan/submissions",
            new FeedbackSubmission { Concerns = [FeedbackApp.Light() with { Photos = [.. ids.Select(id => new PhotoInput { Id = id })] }] });

        // All or none: the good one beside a strange one stays as it was.
        await FeedbackApp.Refused(await Post(first.Id, Guid.NewGuid()), "photo-unknown", 422);
        await FeedbackApp.Refused(await Post(first.Id, first.Id), "photo-unknown", 422);
        // A token that was used before takes no photo with it.
        var token = app.Token();
        await app.Send(new FeedbackSubmission { AttendanceToken = token, Concerns = [new ConcernInput { Code = "POS-SAFE" }] });
        await FeedbackApp.Refused(await client.PostAsJsonAsync("/v1/metropolitan/submissions",
            new FeedbackSubmission { AttendanceToken = token, Concerns = [FeedbackApp.Light() with { Photos = [new() { Id = first.Id }] }] }), "attendance-spent", 409);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Post(first.Id)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.Created), a => Assert.Equal(HttpStatusCode.UnprocessableEntity, a.StatusCode));
        Assert.Equal(1, await app.Db<FeedbackDb, int>(db => db.Concerns.CountAsync()));

        app.Time.Advance(TimeSpan.FromHours(2));
        await FeedbackApp.Refused(await Post(second.Id), "photo-unknown", 422);
        app.Time.Advance(TimeSpan.FromDays(1));
        await app.Eventually(() => app.Db<FeedbackDb, bool>(async db => !await db.Photos.AnyAsync(p => p.Id == second.Id)), "the round to take what nobody named");
        await Gone(second.Id);
        Assert.True(await app.Db<FeedbackDb, bool>(db => db.Photos.AnyAsync(p => p.Id == first.Id)));
    }

    [Fact]
    public async Task Four_photos_or_one_with_a_safe_place_are_refused()
    {
        var held = await Held();
        var four = await app.Client().PostAsJsonAsync("/v1/metropolitan/submissions",
            new FeedbackSubmission { Concerns = [FeedbackApp.Light() with { Photos = [.. Enumerable.Range(0, 4).Select(_ => new PhotoInput { Id = held.Id })] }] });
        Assert.Equal(HttpStatusCode.BadRequest, four.StatusCode);
        Assert.Contains("Photos", await four.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await FeedbackApp.Refused(await app.Client().PostAsJsonAsync("/v1/metropolitan/submissions",
            new FeedbackSubmission { Concerns = [new ConcernInput { Code = "POS-SAFE", Photos = [new() { Id = held.Id }] }] }), "photo-unfit", 422);
    }

    [Fact]
    public async Task The_same_key_is_the_same_photo()
    {
        var (client, file) = (app.Client(), Files.Picture(300, 200));
        client.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());
        Assert.Equal(await Held(file, client: client), await Held(file, client: client));
        await FeedbackApp.Refused(await Send(Files.Picture(200, 300), client: client), "idempotency-key-reused", 422);
        Assert.Equal(1, await app.Db<FeedbackDb, int>(db => db.Photos.CountAsync()));
    }

    [Fact]
    public async Task A_photo_goes_with_her_withdrawal_and_with_the_landmark()
    {
        var (hers, old, held) = (await Held(), await Held(), await Held());
        var withdrawn = await app.Send(FeedbackApp.Light() with { Photos = [new() { Id = hers.Id }] });
        var kept = await app.Send(FeedbackApp.Light() with { Photos = [new() { Id = old.Id }] });
        var heldBack = await app.Triaged(await app.Send(FeedbackApp.Light() with { Photos = [new() { Id = held.Id }] }));
        await FeedbackApp.Accepted(await app.Post("retention/holds", new Contracts.HoldBack { Reference = heldBack.Reference, Reason = "A court has asked for it." }, role: "administrator"));
        await FeedbackApp.Accepted(await Decide(old.Id, "show"));
        await app.Triaged(kept);

        var mailbox = await app.Open(withdrawn);
        await FeedbackApp.Accepted(await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{(await app.Item(mailbox)).Id}/withdrawal", new { }));
        await Gone(hers.Id);

        app.Time.Advance(TimeSpan.FromDays(89));
        await app.Eventually(async () => (await app.Scheduled<ClockRound>()).Count == 1, "the round");
        Assert.True(await app.Db<FeedbackDb, bool>(db => db.Photos.AnyAsync(p => p.Id == old.Id)));
        app.Time.Advance(TimeSpan.FromDays(4));
        await app.Eventually(() => app.Db<FeedbackDb, bool>(async db => !await db.Photos.AnyAsync(p => p.Id == old.Id)), "the round to take the old one");
        await Gone(old.Id);
        Assert.True(await app.Db<FeedbackDb, bool>(db => db.Photos.AnyAsync(p => p.Id == held.Id)));
    }

    [Fact]
    public async Task Photos_of_her_answer_go_the_way_of_those_of_her_concern()
    {
        var (asked, mailbox) = await Asked(FeedbackApp.Light());
        var (first, second) = (await Held(Files.WithExif(Files.Picture(300, 200), orientation: 1)), await Held());
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

    /// <summary>Who may look at it: these roles and none else, of this force alone.</summary>
    private async Task Seen(Guid id, params string[] by)
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
    private Task Gone(Guid id) => app.Db<FeedbackDb>(async db =>
    {
        Assert.False(await db.Photos.AnyAsync(p => p.Id == id));
        Assert.False(await db.PersonKeys.AnyAsync(k => k.PersonId == id));
    });

    private Task<HttpResponseMessage> Decide(Guid id, string decision) => app.Post($"photos/{id}/decision", new PhotoDecision { Decision = decision }, role: "safeguarding");

    private async Task<PhotoHeld> Held(byte[]? file = null, string type = "application/octet-stream", HttpClient? client = null) =>
        await FeedbackApp.Read<PhotoHeld>(await Send(file ?? Files.Picture(300, 200), type, client), HttpStatusCode.Created);

    private async Task<HttpResponseMessage> Send(byte[] file, string type = "application/octet-stream", HttpClient? client = null)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return await (client ?? app.Client()).PostAsync(Path, content);
    }

    /// <summary>Files as cameras, and people with bad intentions, make them.</summary>
    private static class Files
    {
        /// <summary>Red on the left, blue on the right.</summary>
        public static byte[] Picture(int width, int height, SKEncodedImageFormat format = SKEncodedImageFormat.Jpeg, byte alpha = 255)
        {
            using var bitmap = new SKBitmap(width, height);
            bitmap.Erase(SKColors.Red.WithAlpha(alpha));
            using (var canvas = new SKCanvas(bitmap))
            using (var blue = new SKPaint { Color = SKColors.Blue.WithAlpha(alpha) })
                canvas.DrawRect(width / 2f, 0, width / 2f, height, blue);
            using var data = bitmap.Encode(format, 90);
            return data.ToArray();
        }

        /// <summary>A PNG that does not pack well.</summary>
        public static byte[] Noise(int width, int height)
        {
            using var bitmap = new SKBitmap(width, height);
            var random = new Random(7);
            bitmap.Pixels = [.. Enumerable.Range(0, width * height).Select(_ => new SKColor((uint)random.Next() | 0xFF000000))];
            using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            return data.ToArray();
        }

        /// <summary>With an APP1 segment as a phone writes it: orientation, the camera's name, a GPS block; and a comment.</summary>
        public static byte[] WithExif(byte[] jpeg, ushort orientation)
        {
            byte[] tiff =
            [
                .. "MM\0*\0\0\0\u0008"u8, 0, 3,
                0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0,
                0x01, 0x10, 0, 2, 0, 0, 0, 13, 0, 0, 0, 50,
                0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 64,
                0, 0, 0, 0, .. "SecretCamera\0\0"u8, .. "GPSLatitude 51.4623 N"u8,
            ];
            byte[] exif = [.. "Exif\0\0"u8, .. tiff];
            byte[] comment = "taken at 51.4623, -0.1145"u8.ToArray();
            return [0xFF, 0xD8, 0xFF, 0xE1, .. Length(exif), .. exif, 0xFF, 0xFE, .. Length(comment), .. comment, .. jpeg[2..]];
        }

        private static byte[] Length(byte[] segment) => [(byte)((segment.Length + 2) >> 8), (byte)(segment.Length + 2)];

        /// <summary>A small, well-formed PNG of one bit a pixel, all black, of whatever size it claims.</summary>
        public static byte[] Png(int width, int height)
        {
            var head = new byte[13];
            BinaryPrimitives.WriteInt32BigEndian(head, width);
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
            head[8] = 1;
            using var packed = new MemoryStream();
            using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            {
                var row = new byte[1 + (width + 7) / 8];
                for (var y = 0; y < height; y++)
                    zlib.Write(row);
            }
            return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, head), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
        }

        private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
        {
            byte[] body = [.. type, .. data];
            var crc = uint.MaxValue;
            foreach (var b in body)
            {
                crc ^= b;
                for (var i = 0; i < 8; i++)
                    crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
            var (length, check) = (new byte[4], new byte[4]);
            BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
            BinaryPrimitives.WriteUInt32BigEndian(check, ~crc);
            return [.. length, .. body, .. check];
        }

        public static byte[] Join(byte[] first, byte[] second) => [.. first, .. second];
    }
}

public sealed class PhotosOnSqlite() : PhotoTests(new FeedbackApp.Sqlite());

public sealed class PhotosOnPostgres() : PhotoTests(new FeedbackApp.Postgres());
