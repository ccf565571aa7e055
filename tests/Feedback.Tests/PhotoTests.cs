using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SkiaSharp;
using WalkTalk.Contracts.Feedback.Api;

namespace WalkTalk.Feedback.Tests;

/// <summary>Photos of a concern: made anew, held private, checked before anybody local sees them, gone in time.</summary>
public abstract class PhotoTests : PhotoSteps
{
    private protected PhotoTests(FeedbackApp app) : base(app)
    {
    }

    [Fact]
    public async Task Of_the_file_nothing_is_left_but_the_pixels()
    {
        var file = PhotoFiles.Join(PhotoFiles.WithExif(PhotoFiles.Picture(2000, 1000), orientation: 6), "<script>alert(1)</script><?php system('id'); ?>"u8.ToArray());
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
            "png" => PhotoFiles.Picture(300, 200, SKEncodedImageFormat.Png),
            "webp" => PhotoFiles.Picture(300, 200, SKEncodedImageFormat.Webp),
            "see-through png" => PhotoFiles.Picture(300, 200, SKEncodedImageFormat.Png, alpha: 0),
            _ => PhotoFiles.Picture(300, 200),
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
            "truncated jpeg" => PhotoFiles.Picture(800, 600)[..^500],
            "truncated png" => PhotoFiles.Noise(400, 300)[..^2000],
            "jpeg of three bytes" => [0xFF, 0xD8, 0xFF],
            "png bomb" => PhotoFiles.Png(50_000, 50_000),
            "png of 30 million pixels" => PhotoFiles.Png(6_000, 5_000),
            _ => PhotoFiles.Join(PhotoFiles.Picture(300, 200), new byte[9 * 1024 * 1024]),
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
        var (client, file) = (app.Client(), PhotoFiles.Picture(300, 200));
        client.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());
        Assert.Equal(await Held(file, client: client), await Held(file, client: client));
        await FeedbackApp.Refused(await Send(PhotoFiles.Picture(200, 300), client: client), "idempotency-key-reused", 422);
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
}

public sealed class PhotosOnSqlite() : PhotoTests(new FeedbackApp.Sqlite());

public sealed class PhotosOnPostgres() : PhotoTests(new FeedbackApp.Postgres());
