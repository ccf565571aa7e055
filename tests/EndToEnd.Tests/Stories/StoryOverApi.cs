using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.EndToEnd.Tests.Hosting;

namespace WalkTalk.EndToEnd.Tests.Stories;

/// <summary>
/// The platform's main job, from a published walk to the public answer, as a client app would do it: over the gateway's
/// API, in real processes, with real mail, and every request under one trace.
/// </summary>
public abstract partial class StoryOverApi(RunningPlatform platform)
{
    private const string Booking = "/api/booking/v1/metropolitan";
    private const string Feedback = "/api/feedback/v1/metropolitan";
    private const string Reporting = "/api/reporting/v1/metropolitan";
    private const string Ward = "E05011095";
    private readonly ActivityTraceId trace = ActivityTraceId.CreateRandom();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_woman_books_a_walk_proves_her_officer_says_what_she_found_and_reads_the_answer()
    {
        var anybody = Api.Anybody(platform, trace);
        var coordinator = Api.Staff(platform, trace, "coordinator");
        var officer = Api.Staff(platform, trace, "officer");

        // A coordinator publishes two walks that begin soon; the second is for what goes wrong.
        var officers = await coordinator.Get<List<OfficerRow>>($"{Booking}/officers");
        Assert.Equal(25, officers.Count);
        var speaker = officers.First(o => o.Languages.Contains("en"));
        await coordinator.Send(HttpMethod.Put, $"{Booking}/officers/{speaker.OfficerId}/account", new AttachOfficerRequest { Sub = "story-officer" });
        var walk = await Publish(coordinator, speaker, minutesAhead: 5);

        // Found by ward, without officer or meeting point.
        var found = await anybody.Get<FoundWalks>($"{Booking}/walks?ward={Ward}");
        var offer = Assert.Single(found.Walks, w => w.WalkId == walk.WalkId);
        Assert.Contains(offer.LightBand, new[] { "day", "dusk", "dark", "late" });

        // Held, the contact verified by code, confirmed; confirmation and words arrive by mail.
        var link = await Book(walk.WalkId, "Ada", "ada@story.example");
        var confirmation = await platform.Mail.Wait("ada@story.example", m => m.Message.Attachments.Any());
        Assert.Contains(confirmation.Message.Attachments, a => a.ContentType.MimeType == "text/calendar");
        var other = await Book(walk.WalkId, "Bea", "bea@story.example");

        // The meeting: her page shows both sides' words, the officer's screen only hers.
        var ada = Api.Anybody(platform, trace, $"Link {link}");
        var mine = await ada.Get<MyWalkView>($"{Booking}/my-walk");
        Assert.NotNull(mine.Words);
        await platform.Mail.Wait("ada@story.example", m => m.Text.Contains(mine.Words.YouSay, StringComparison.OrdinalIgnoreCase));
        var sheet = await officer.Get<DaySheetView>($"{Booking}/day-sheet?date={mine.StartsAt:yyyy-MM-dd}");
        var coming = sheet.Walks.Single(w => w.WalkId == walk.WalkId).Bookings;
        Assert.Equal(mine.Words.OfficerSays, coming.Single(b => b.BookingId == mine.BookingId).YouSay);
        var check = await ada.Post<OfficerChecked>($"{Booking}/my-walk/officer-check", new CheckOfficerRequest { CollarNumber = speaker.CollarNumber });
        Assert.Equal("genuine", check.Answer);

        // Bea's words are missed three times: the alarm goes out, and the walk waits until somebody has taken it.
        var bea = coming.Single(b => b.BookingId != mine.BookingId);
        MeetingVerified heard;
        do
        {
            heard = await officer.Post<MeetingVerified>($"{Booking}/walks/{walk.WalkId}/bookings/{bea.BookingId}/words", new VerifyMeetingRequest { Heard = "not these" });
        }
        while (heard.Outcome == "try-again");
        Assert.Equal("mismatched", heard.Outcome);
        await platform.Mail.Wait("coordinator@metropolitan.example");
        await platform.Mail.Wait("control-room@metropolitan.example");
        var alert = Assert.Single(await coordinator.Get<List<AlertRow>>($"{Booking}/alerts"), a => a.WalkId == walk.WalkId);

        // Ada's match; a walk with an open alarm does not start.
        heard = await officer.Post<MeetingVerified>($"{Booking}/walks/{walk.WalkId}/bookings/{mine.BookingId}/words", new VerifyMeetingRequest { Heard = mine.Words.YouSay });
        Assert.Equal("matched", heard.Outcome);
        await officer.Refused(HttpStatusCode.Conflict, "alarm-open", $"{Booking}/walks/{walk.WalkId}/start", new StartWalkRequest { Absent = [bea.BookingId] });
        await coordinator.Post<object>($"{Booking}/alerts/{alert.AlertId}/acknowledge", new { }, alert.ETag);
        await officer.Post<WalkStep>($"{Booking}/walks/{walk.WalkId}/start", new StartWalkRequest { Absent = [bea.BookingId] });
        await officer.Post<WalkStep>($"{Booking}/walks/{walk.WalkId}/end", new { });
        Assert.NotNull(other);

        // What she found: an audit and two concerns, one of which only specialists may read.
        var attendance = await ada.Post<AttendanceTokenReply>($"{Booking}/my-walk/attendance-token", new { });
        var receipt = await anybody.Post<FeedbackReceipt>($"{Feedback}/submissions", new FeedbackSubmission
        {
            AttendanceToken = attendance.Token,
            Audits = [new AuditInput { WardCode = Ward, LightBand = "dark", Ratings = new Dictionary<string, int> { ["A1"] = 1, ["A2"] = 2, ["F"] = 1 } }],
            Concerns =
            [
                new ConcernInput { Code = "ENV-LIGHT-OUT", Place = new PlaceInput { WardCode = Ward, Landmark = "the steps by the arches" }, LightBand = "dark", Text = "Three lamps are out." },
                new ConcernInput { Code = "BEH-OTHER", Place = new PlaceInput { WardCode = Ward }, LightBand = "dark", Text = "A man followed me and grabbed my arm.", DisclosureChoice = "Supported" },
            ],
        });
        Assert.Contains(receipt.Items, i => i.Kind == "disclosure");
        Assert.Contains(receipt.Items, i => i.Kind == "audit");
        await anybody.Refused(HttpStatusCode.Conflict, "attendance-spent", $"{Feedback}/submissions", new FeedbackSubmission
        {
            AttendanceToken = attendance.Token, Concerns = [new ConcernInput { Code = "ENV-CCTV", Place = new PlaceInput { WardCode = Ward } }],
        });

        // Another woman, with no walk and no name.
        var anonymous = await anybody.Post<FeedbackReceipt>($"{Feedback}/submissions", new FeedbackSubmission
        {
            Concerns = [new ConcernInput { Code = "ENV-VEG", Place = new PlaceInput { WardCode = Ward }, LightBand = "dusk", Text = "The hedge hides the path." }],
        });

        // Triage, an action, "we say done"; she says whether it is.
        var light = await Triage(coordinator, receipt.Items.First(i => i.Code == "ENV-LIGHT-OUT").Reference);
        var hedge = await Triage(coordinator, anonymous.Items[0].Reference);
        var action = await coordinator.Post<ActionView>($"{Feedback}/actions", new ActionAgreement
        {
            Type = "LIGHT", ConcernIds = [light.Id], OwnerBody = "LA", OwnerRole = "Street lighting manager", FourP = "prevent",
            DueOn = DateOnly.FromDateTime(DateTime.UtcNow.AddDays(14)), Asked = "Three lamps by the arches are out.", Promise = "The council repairs the three lamps.",
        });
        await coordinator.Post<object>($"{Feedback}/actions/{action.Id}/claim", new DoneClaim { Done = "All three lamps were repaired." }, $"\"{action.Version}\"");
        await coordinator.Post<object>($"{Feedback}/concerns/{hedge.Id}/no-action", new NoActionDecision
        {
            Reason = "NA-NOTFOUND", OwnerRole = "Parks manager", ReviewOn = DateOnly.FromDateTime(DateTime.UtcNow.AddDays(60)),
            Asked = "A hedge hides the path at dusk.", Answer = "We looked twice and found the path open to view.",
        }, $"\"{hedge.Version}\"");

        await anybody.Refused(HttpStatusCode.Unauthorized, "mailbox-closed", $"{Feedback}/mailbox/openings", new MailboxOpening { Reference = receipt.Reference, Words = "not her words at all" });
        var opened = await anybody.Post<MailboxOpened>($"{Feedback}/mailbox/openings", new MailboxOpening { Reference = receipt.Reference, Words = receipt.Words });
        var mailbox = Api.Anybody(platform, trace).With("Mailbox-Access", opened.Access);
        var item = (await mailbox.Get<MailboxView>($"{Feedback}/mailbox")).Items.Single(i => i.Id == light.Id);
        Assert.Contains("confirm", item.Can);
        await mailbox.Post<object>($"{Feedback}/mailbox/concerns/{light.Id}/done", new DoneAnswer { Done = true });

        // The public reads what was asked, said, done and not done.
        var board = await anybody.Get<BoardPage>($"{Feedback}/board");
        Assert.Contains(board.Entries, e => e.State == "women-say-done" && e.Steps.Any(s => s.Kind == "said"));
        Assert.Contains(board.Entries, e => e.State == "not-done" && e.Steps.Any(s => s.Kind == "review"));

        // Reporting has heard of all of it.
        var figures = await coordinator.GetUntil<StaffFigures>($"{Reporting}/figures", f =>
            f.Funnel is { WalksPublished: >= 1, BookingsConfirmed: >= 2, BookingsMet: >= 1, WalksEnded: >= 1, ConcernsReceived: >= 3, ConcernsConfirmedDone: >= 1 } && f.ClaimGap.NoAction >= 1);
        Assert.True(figures.ClaimGap.ClaimedDone >= figures.ClaimGap.ConfirmedDone);

        await OneTraceRanThroughEverything();
    }

    /// <summary>Which processes the trace must have been seen in.</summary>
    protected abstract IReadOnlyCollection<string> Processes { get; }

    private async Task OneTraceRanThroughEverything()
    {
        // Spans leave in batches.
        var clock = Stopwatch.StartNew();
        List<string> missing;
        do
        {
            await Task.Delay(200, Ct);
            var seen = platform.Spans.Where(s => s.TraceId == trace.ToString()).Select(s => s.Service).ToHashSet();
            missing = [.. Processes.Except(seen)];
        }
        while (missing.Count > 0 && clock.Elapsed < TimeSpan.FromSeconds(20));
        Assert.True(missing.Count == 0, $"The story's trace was not seen in {string.Join(", ", missing)}; spans came from {string.Join(", ", platform.Spans.Select(s => s.Service).Distinct())}.");
        Assert.Contains(platform.Spans, s => s.TraceId == trace.ToString() && s.Name == "consume booking-confirmed");
    }

    private static async Task<WalkPublishedReply> Publish(Api coordinator, OfficerRow officer, int minutesAhead)
    {
        var start = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow.AddMinutes(minutesAhead), TimeZoneInfo.FindSystemTimeZoneById("Europe/London"));
        return await coordinator.Post<WalkPublishedReply>($"{Booking}/walks", new PublishWalkRequest
        {
            MeetingPointId = "southwark-station", OfficerIds = [officer.OfficerId], Date = DateOnly.FromDateTime(start.DateTime),
            Time = new TimeOnly(start.Hour, start.Minute), Minutes = 45, Capacity = 2, Language = "en",
        });
    }

    private async Task<string> Book(Guid walkId, string firstName, string email)
    {
        var anybody = Api.Anybody(platform, trace);
        var held = await anybody.Post<PlaceHeld>($"{Booking}/walks/{walkId}/holds", new HoldPlaceRequest());
        var holder = Api.Anybody(platform, trace, $"Hold {held.HoldToken}");
        await holder.Post<CodeSent>($"{Booking}/booking/contact", new GiveContactRequest { FirstName = firstName, Email = email });
        var mail = await platform.Mail.Wait(email, m => Code().IsMatch(m.Text));
        var code = Code().Match(mail.Text).Value;
        var wrong = await holder.Send(HttpMethod.Post, $"{Booking}/booking/confirm", new ConfirmBookingRequest { Code = code == "000000" ? "111111" : "000000" });
        Assert.False(wrong.IsSuccessStatusCode);
        return (await holder.Post<BookingConfirmedReply>($"{Booking}/booking/confirm", new ConfirmBookingRequest { Code = code })).Link;
    }

    private static async Task<ConcernView> Triage(Api coordinator, string reference)
    {
        var page = await coordinator.Get<TriagePage>($"{Feedback}/concerns");
        var row = Assert.Single(page.Rows, r => r.Reference == reference);
        var concern = await coordinator.Get<ConcernView>($"{Feedback}/concerns/{row.Id}");
        await coordinator.Post<object>($"{Feedback}/concerns/{row.Id}/triage",
            new TriageDecision { OwnerBody = "LA", OwnerRole = "Street lighting manager" }, $"\"{concern.Version}\"");
        return await coordinator.Get<ConcernView>($"{Feedback}/concerns/{row.Id}");
    }

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex Code();
}

public sealed class StoryOverApiInOneProcess(StoryOverApiInOneProcess.Platform platform) : StoryOverApi(platform), IClassFixture<StoryOverApiInOneProcess.Platform>
{
    protected override IReadOnlyCollection<string> Processes => ["walktalk"];

    public sealed class Platform : StandalonePlatform
    {
        protected override bool SignsInElsewhere => true;
    }
}

public sealed class StoryOverApiInFiveProcesses(StoryOverApiInFiveProcesses.Platform platform) : StoryOverApi(platform), IClassFixture<StoryOverApiInFiveProcesses.Platform>
{
    protected override IReadOnlyCollection<string> Processes => ["gateway", "booking", "feedback", "notification", "reporting"];

    public sealed class Platform : SeparatePlatform
    {
        protected override bool SignsInElsewhere => true;
    }
}
