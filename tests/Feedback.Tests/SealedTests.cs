using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Contracts.Notification;

namespace WalkTalk.Feedback.Tests;

public abstract class SealedTests(FeedbackApp app)
{
    private async Task<(FeedbackReceipt Receipt, DisclosureView Disclosure)> Disclosed(string? choice = null, string? email = null)
    {
        var receipt = await app.Send(new FeedbackSubmission
        {
            Email = email, Concerns = [FeedbackApp.Light("A man grabbed my arm") with { Code = "BEH-TOUCH", DisclosureChoice = choice }],
        });
        var reference = receipt.Items.Single(i => i.Kind == "disclosure").Reference;
        return (receipt, await Open(await app.Db<FeedbackDb, Guid>(async db => (await db.Disclosures.SingleAsync(d => d.Reference == reference)).Id)));
    }

    private async Task<DisclosureView> Open(Guid id) =>
        await FeedbackApp.Read<DisclosureView>(await app.Client("safeguarding").GetAsync($"/v1/metropolitan/disclosures/{id}"));

    [Fact]
    public async Task A_disclosure_is_read_by_safeguarding_alone_and_the_reading_is_remembered()
    {
        var (_, disclosure) = await Disclosed();
        Assert.Equal("A man grabbed my arm", disclosure.Narrative);
        Assert.Contains("the steps by the station", disclosure.Place, StringComparison.Ordinal);
        Assert.Equal(("Flagged", false, null), (disclosure.State, disclosure.MayBeContacted, disclosure.Email));
        Assert.Contains(await app.Published<DisclosureFlagged>(), f => f.DisclosureId == disclosure.Id);
        await app.Db<FeedbackDb>(async db =>
        {
            var row = await db.Disclosures.SingleAsync(d => d.Id == disclosure.Id);
            Assert.DoesNotContain("grabbed", row.SealedNarrative!, StringComparison.Ordinal);
            Assert.Contains(await db.AuditTrail.ToListAsync(), a => a is { Action: "read", SubjectType: "narrative" } && a.SubjectId == disclosure.Id.ToString() && a.Actor == "staff:test-safeguarding");
        });
    }

    [Fact]
    public async Task She_chooses_then_it_is_handed_over_and_receipted()
    {
        var (receipt, disclosure) = await Disclosed(email: "her@example.org");
        Assert.Contains(await app.Published<NotificationRequested>(), n => n.Template == "disclosure-options" && n.SubjectId == disclosure.Id);
        var hand = new HandOver { To = "Crime registrar", Reference = "CR/2026/123" };
        await FeedbackApp.Refused(await app.Post($"disclosures/{disclosure.Id}/hand-over", hand, disclosure.Version, "safeguarding"), "choice-first", 409);

        var mailbox = await app.Open(receipt);
        var item = await app.Item(mailbox, "disclosure");
        Assert.Equal(("Explained", "choose"), (item.State, item.Can.Single()));
        await FeedbackApp.Accepted(await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/disclosures/{item.Id}/choice", new DisclosureChoice { Choice = "ReportNow" }));

        disclosure = await Open(disclosure.Id);
        Assert.Equal((true, "her@example.org"), (disclosure.MayBeContacted, disclosure.Email));
        await FeedbackApp.Accepted(await app.Post($"disclosures/{disclosure.Id}/hand-over", hand, disclosure.Version, "safeguarding"));
        disclosure = await Open(disclosure.Id);
        await FeedbackApp.Accepted(await app.Post($"disclosures/{disclosure.Id}/receipt", null, disclosure.Version, "safeguarding"));
        Assert.Equal("Receipted", (await Open(disclosure.Id)).State);
        Assert.Contains(await app.Published<NotificationRequested>(), n => n.Template == "disclosure-receipt" && n.SubjectId == disclosure.Id);
        Assert.DoesNotContain(await app.Scheduled<DisclosureClock>(), s => s.Message.DisclosureId == disclosure.Id);
    }

    [Fact]
    public async Task Not_now_is_no_contact_and_only_duty_overrides_it()
    {
        var (_, disclosure) = await Disclosed("NotNow", "her@example.org");
        Assert.Equal(("Chosen", false, null), (disclosure.State, disclosure.MayBeContacted, disclosure.Email));
        Assert.DoesNotContain(await app.Published<NotificationRequested>(), n => n.SubjectId == disclosure.Id);
        await FeedbackApp.Accepted(await app.Post($"disclosures/{disclosure.Id}/override", new DutyOverride { Reason = "Risk to a child named in it" }, disclosure.Version, "safeguarding"));
        disclosure = await Open(disclosure.Id);
        await FeedbackApp.Accepted(await app.Post($"disclosures/{disclosure.Id}/hand-over", new HandOver { To = "Crime registrar", Reference = "CR/1" }, disclosure.Version, "safeguarding"));
        Assert.DoesNotContain(await app.Published<NotificationRequested>(), n => n.SubjectId == disclosure.Id);
    }

    [Fact]
    public async Task The_clock_alerts_at_18_hours_and_not_once_it_is_done()
    {
        var (_, disclosure) = await Disclosed();
        Assert.Equal(disclosure.DueAt.AddHours(-6), (await app.Scheduled<DisclosureClock>()).Single(s => s.Message.DisclosureId == disclosure.Id).DueAt);
        await app.Deliver(new DisclosureClock(disclosure.Id));
        Assert.Contains(await app.Published<NotificationRequested>(), n => n is { Template: "disclosure-overdue", Urgency: "urgent" } && n.SubjectId == disclosure.Id);

        var (_, done) = await Disclosed("ReportNow");
        await FeedbackApp.Accepted(await app.Post($"disclosures/{done.Id}/hand-over", new HandOver { To = "Registrar", Reference = "CR/2" }, done.Version, "safeguarding"));
        await app.Deliver(new DisclosureClock(done.Id));
        Assert.DoesNotContain(await app.Published<NotificationRequested>(), n => n.Template == "disclosure-overdue" && n.SubjectId == done.Id);
    }

    [Fact]
    public async Task Standards_take_and_answer_what_nobody_else_sees()
    {
        var receipt = await app.Send(new ConcernInput { Code = "POL-CONDUCT", Text = "The officer stared at me" });
        var row = (await FeedbackApp.Read<List<StandardsRow>>(await app.Client("standards").GetAsync("/v1/metropolitan/standards-cases")))
            .Single(r => r.Reference == receipt.Items.Single().Reference);
        var view = await FeedbackApp.Read<StandardsView>(await app.Client("standards").GetAsync($"/v1/metropolitan/standards-cases/{row.Id}"));
        Assert.Equal("The officer stared at me", view.Narrative);
        var answer = new StandardsAnswer { Answer = "We opened a conduct case. You hear from us by 1 December." };
        await FeedbackApp.Refused(await app.Post($"standards-cases/{row.Id}/answer", answer, view.Version, "standards"), "wrong-state", 409);
        await FeedbackApp.Accepted(await app.Post($"standards-cases/{row.Id}/take", null, view.Version, "standards"));
        await FeedbackApp.Accepted(await app.Post($"standards-cases/{row.Id}/answer", answer, view.Version + 1, "standards"));
        Assert.Equal(answer.Answer, (await app.Item(await app.Open(receipt), "standards")).Outcome);
    }
}

public sealed class SealedOnSqlite(FeedbackApp.Sqlite app) : SealedTests(app), IClassFixture<FeedbackApp.Sqlite>;

public sealed class SealedOnPostgres(FeedbackApp.Postgres app) : SealedTests(app), IClassFixture<FeedbackApp.Postgres>;
