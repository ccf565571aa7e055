using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Contracts.Notification;
using WalkTalk.ServiceDefaults.Persistence;

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
    public async Task Oversight_learns_nothing_of_what_is_sealed_but_that_an_entry_is_there()
    {
        var (_, disclosure) = await Disclosed(email: "her@example.org");
        Task<List<Guid>> Cases() => app.Db<FeedbackDb, List<Guid>>(db => db.StandardsCases.Select(c => c.Id).ToListAsync());
        var before = await Cases();
        await app.Send(new FeedbackSubmission { Concerns = [FeedbackApp.Light("The officer laughed at me") with { Code = "POL-CONDUCT" }] });
        var conduct = Assert.Single((await Cases()).Except(before));
        Assert.Equal("The officer laughed at me", (await FeedbackApp.Read<StandardsView>(await app.Client("standards").GetAsync($"/v1/metropolitan/standards-cases/{conduct}"))).Narrative);

        // What happened is linked when its day is over; here it is.
        await app.Db<FeedbackDb>(db => db.AuditTrail.Where(r => r.Sequence == null).ExecuteUpdateAsync(s => s.SetProperty(r => r.SealAfter, db.Now)));
        await app.Eventually(() => app.Db<FeedbackDb, bool>(async db => !await db.AuditTrail.AnyAsync(r => r.Sequence == null)), "the sealer");
        var file = await app.Client("oversight").GetStringAsync("/v1/metropolitan/audit/chain");
        // The names of the tests' people tell what they are; those of real ones do not.
        var said = file.Replace("staff:test-standards", "staff:somebody", StringComparison.Ordinal);
        foreach (var word in (string[])[$"{disclosure.Id}", $"{conduct}", nameof(SealedDisclosure), nameof(StandardsCase), "disclosure", "standards", "narrative"])
        {
            Assert.DoesNotContain(word, said, StringComparison.OrdinalIgnoreCase);
        }

        using var reader = new StringReader(file);
        var found = AuditChain.Verify(reader);
        Assert.Null(found.Broken);
        // Both were added and both were read.
        Assert.InRange(found.Sealed, 4, found.Entries - 1);
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
        Assert.Equal("Risk to a child named in it", disclosure.OverrideReason);
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
        var receipt = await app.Send(new ConcernInput { Code = "POL-CONDUCT", Text = "The officer laughed at me" });
        var row = (await FeedbackApp.Read<List<StandardsRow>>(await app.Client("standards").GetAsync("/v1/metropolitan/standards-cases")))
            .Single(r => r.Reference == receipt.Items.Single().Reference);
        var view = await FeedbackApp.Read<StandardsView>(await app.Client("standards").GetAsync($"/v1/metropolitan/standards-cases/{row.Id}"));
        Assert.Equal("The officer laughed at me", view.Narrative);
        var answer = new StandardsAnswer { Answer = "We opened a conduct case. You hear from us by 1 December." };
        await FeedbackApp.Refused(await app.Post($"standards-cases/{row.Id}/answer", answer, view.Version, "standards"), "wrong-state", 409);
        await FeedbackApp.Accepted(await app.Post($"standards-cases/{row.Id}/take", null, view.Version, "standards"));
        await FeedbackApp.Accepted(await app.Post($"standards-cases/{row.Id}/answer", answer, view.Version + 1, "standards"));
        Assert.Equal(answer.Answer, (await app.Item(await app.Open(receipt), "standards")).Outcome);
    }

    [Fact]
    public async Task A_crime_told_with_conduct_has_its_24_hours_with_standards_and_is_nowhere_else()
    {
        var receipt = await app.Send(new FeedbackSubmission { Email = "her@example.org", Concerns = [new ConcernInput { Code = "POL-CONDUCT", Text = "The officer grabbed my arm" }] });
        Assert.Equal(["disclosure", "standards"], receipt.Items.Select(i => i.Kind).Order());
        var reference = receipt.Items.Single(i => i.Kind == "disclosure").Reference;
        var id = await app.Db<FeedbackDb, Guid>(async db => (await db.Disclosures.SingleAsync(d => d.Reference == reference)).Id);
        Assert.Contains(await app.Published<DisclosureFlagged>(), f => f.DisclosureId == id);

        // Safeguarding neither sees nor changes it; standards find it from the case and by its clock.
        Assert.DoesNotContain(await Rows("safeguarding"), r => r.Id == id);
        foreach (var path in (string[])["", "/override", "/hand-over", "/receipt"])
        {
            var answer = path.Length == 0 ? await app.Client("safeguarding").GetAsync($"/v1/metropolitan/disclosures/{id}")
                : await app.Post($"disclosures/{id}{path}", path == "/override" ? new DutyOverride { Reason = "Somebody is at risk" } : new HandOver { To = "Registrar", Reference = "CR/1" }, 1, "safeguarding");
            await FeedbackApp.Refused(answer, "not-found", 404);
        }
        Assert.Equal("in-time", (await Rows("standards")).Single(r => r.Id == id).Clock);
        var mine = await Read(id, "standards");
        Assert.Equal(("The officer grabbed my arm", "cue"), (mine.Narrative, mine.Cause));
        Assert.Equal(id, (await FeedbackApp.Read<StandardsView>(await app.Client("standards").GetAsync($"/v1/metropolitan/standards-cases/{mine.StandardsCaseId}"))).DisclosureId);

        // The alert of the 18th hour goes to standards alone.
        await app.Deliver(new DisclosureClock(id));
        var alert = Assert.Single(await app.Published<NotificationRequested>(), n => n.Template == "disclosure-overdue" && n.SubjectId == id);
        Assert.Equal("standards@metropolitan.example", app.Services.GetRequiredService<WalkTalk.ServiceDefaults.Persistence.Transit>().Open(alert.RecipientProtected));

        // Her choice and the hand-over are as everywhere.
        var mailbox = await app.Open(receipt);
        await FeedbackApp.Accepted(await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/disclosures/{id}/choice", new DisclosureChoice { Choice = "ReportNow" }));
        mine = await Read(id, "standards");
        await FeedbackApp.Accepted(await app.Post($"disclosures/{id}/hand-over", new HandOver { To = "Crime registrar", Reference = "CR/9" }, mine.Version, "standards"));
        Assert.Contains(await app.Published<DisclosureHandedOver>(), f => f == new DisclosureHandedOver(id, true));
        await FeedbackApp.Refused(await app.Post($"disclosures/{id}/release", null, mine.Version + 1, "standards"), "wrong-state", 409);
        await FeedbackApp.Accepted(await app.Post($"disclosures/{id}/receipt", null, mine.Version + 1, "standards"));
    }

    [Fact]
    public async Task Standards_release_what_is_not_by_police_to_safeguarding()
    {
        var receipt = await app.Send(new ConcernInput { Code = "ENV-LIGHT-OUT", Text = "A park officer grabbed my arm, the officer laughed" });
        var reference = receipt.Items.Single(i => i.Kind == "disclosure").Reference;
        var id = await app.Db<FeedbackDb, Guid>(async db => (await db.Disclosures.SingleAsync(d => d.Reference == reference)).Id);
        var held = await Read(id, "standards");
        await FeedbackApp.Accepted(await app.Post($"disclosures/{id}/release", null, held.Version, "standards"));
        Assert.NotNull((await Read(id, "safeguarding")).Narrative);
        await FeedbackApp.Refused(await app.Client("standards").GetAsync($"/v1/metropolitan/disclosures/{id}"), "not-found", 404);
    }

    [Fact]
    public async Task Conduct_alone_has_no_24_hours()
    {
        var receipt = await app.Send(new ConcernInput { Code = "POL-CONDUCT", Text = "The officer laughed at me" });
        Assert.Equal("standards", receipt.Items.Single().Kind);
    }

    [Fact]
    public async Task Whoever_a_case_concerns_reads_nothing_of_it_and_is_given_nothing_of_it()
    {
        var receipt = await app.Send(new ConcernInput { Code = "ENV-LIGHT-OUT", Text = "The officer grabbed my arm under the broken lamp" });
        var concern = await app.Concern(receipt);
        var reference = receipt.Items.Single(i => i.Kind == "standards").Reference;
        var id = await app.Db<FeedbackDb, Guid>(async db => (await db.StandardsCases.SingleAsync(s => s.Reference == reference)).Id);
        await FeedbackApp.Accepted(await app.Post($"concerns/{concern.Id}/assignment", new Assignment { Assignee = "Pat Doe" }, concern.Version));
        var view = await FeedbackApp.Read<StandardsView>(await app.Client("standards").GetAsync($"/v1/metropolitan/standards-cases/{id}"));
        await FeedbackApp.Accepted(await app.Post($"standards-cases/{id}/take", null, view.Version, "standards", "pat"));

        var person = new ConcernedPerson { Sub = "pat", Name = "pat doe" };
        await FeedbackApp.Refused(await app.Post($"standards-cases/{id}/concerned", person, view.Version, "standards"), "changed-meanwhile", 412);
        await FeedbackApp.Accepted(await app.Post($"standards-cases/{id}/concerned", person, view.Version + 1, "standards"));

        // Whatever role she has: neither list nor page, and what she had is nobody's.
        foreach (var (role, path) in ((string, string)[])[("standards", $"standards-cases/{id}"), ("standards", $"disclosures/{view.DisclosureId}"), ("coordinator", $"concerns/{concern.Id}")])
            await FeedbackApp.Refused(await app.Client(role, sub: "pat").GetAsync($"/v1/metropolitan/{path}"), "not-found", 404);
        foreach (var (role, path) in ((string, string)[])[("standards", "standards-cases"), ("standards", "disclosures"), ("coordinator", $"concerns?near={concern.Reference}"), ("coordinator", "concerns")])
        {
            var list = await (await app.Client(role, sub: "pat").GetAsync($"/v1/metropolitan/{path}")).Content.ReadAsStringAsync();
            Assert.DoesNotContain(reference, list, StringComparison.Ordinal);
            Assert.DoesNotContain(concern.Reference, list, StringComparison.Ordinal);
        }
        concern = await app.Concern(concern.Id);
        Assert.Null(concern.Assignee);
        var after = await FeedbackApp.Read<StandardsView>(await app.Client("standards").GetAsync($"/v1/metropolitan/standards-cases/{id}"));
        Assert.Equal(("Received", "pat"), (after.State, Assert.Single(after.Concerned!).Sub));
        await FeedbackApp.Refused(await app.Post($"standards-cases/{id}/take", null, after.Version, "standards", "pat"), "not-found", 404);
        await FeedbackApp.Refused(await app.Post($"concerns/{concern.Id}/assignment", new Assignment { Assignee = " Pat Doe " }, concern.Version), "not-for-them", 409);
        var many = await FeedbackApp.Read<ManyDone>(await app.Post("concerns/steps", new ManyAtOnce { Step = "assign", Assignee = "PAT", Concerns = [new(concern.Id, concern.Version)] }));
        Assert.Equal((0, concern.Reference), (many.Done, Assert.Single(many.NotDone).Reference));
        await FeedbackApp.Accepted(await app.Post($"concerns/{concern.Id}/assignment", new Assignment { Assignee = "Bea" }, concern.Version));

        await FeedbackApp.Accepted(await app.Post($"standards-cases/{id}/concerned", person with { Lift = true }, after.Version, "standards"));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await app.Client("standards", sub: "pat").GetAsync($"/v1/metropolitan/standards-cases/{id}")).StatusCode);
    }

    private async Task<DisclosureView> Read(Guid id, string role) => await FeedbackApp.Read<DisclosureView>(await app.Client(role).GetAsync($"/v1/metropolitan/disclosures/{id}"));

    private async Task<List<DisclosureRow>> Rows(string role) => await FeedbackApp.Read<List<DisclosureRow>>(await app.Client(role).GetAsync("/v1/metropolitan/disclosures"));
}

public sealed class SealedOnSqlite(FeedbackApp.Sqlite app) : SealedTests(app), IClassFixture<FeedbackApp.Sqlite>;

public sealed class SealedOnPostgres(FeedbackApp.Postgres app) : SealedTests(app), IClassFixture<FeedbackApp.Postgres>;
