using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;

namespace WalkTalk.Feedback.Tests;

/// <summary>The board that one coordinator can run a borough from.</summary>
public abstract class BoardTests(FeedbackApp app)
{
    private const string Elsewhere = "E05014104";

    private static ConcernInput At(string landmark, string code = "ENV-LIGHT-OUT", string ward = Elsewhere, string band = "dark") =>
        FeedbackApp.Light(null) with { Code = code, LightBand = band, Place = new PlaceInput { WardCode = ward, Landmark = landmark } };

    private async Task<TriagePage> Board(string query) => await FeedbackApp.Read<TriagePage>(await app.Client("coordinator").GetAsync($"/v1/metropolitan/concerns?{query}"));

    private async Task<List<Duplicate>> Duplicates(Guid of) => await FeedbackApp.Read<List<Duplicate>>(await app.Client("coordinator").GetAsync($"/v1/metropolitan/concerns/{of}/duplicates"));

    private async Task<ManyDone> Many(ManyAtOnce many, string sub = "one") => await FeedbackApp.Read<ManyDone>(await app.Post("concerns/steps", many, sub: sub));

    [Fact]
    public async Task It_is_filtered_by_place_kind_and_the_words_of_the_landmark()
    {
        var here = await app.Concern(await app.Send(At("The Crooked Bridge", ward: "E05011097")));
        await app.Send(At("the crooked bridge", "BEH-GROUP", "E05011097"));
        await app.Send(At("the playground", ward: "E05011097"));
        Assert.Equal(here.Id, Assert.Single((await Board("borough=E09000028&code=ENV&near=crooked%20BRIDGE")).Rows).Id);
        Assert.Equal(3, (await Board("ward=E05011097&assignee=nobody")).Rows.Count);
        Assert.Empty((await Board("ward=E05011097&code=ENV-VEG")).Rows);
    }

    [Fact]
    public async Task Everybody_keeps_her_own_filters()
    {
        await FeedbackApp.Accepted(await app.Post("filters", new KeptFilter { Name = "Mine, late", Query = "clock=over&ward=E05014098" }, sub: "ann"));
        await FeedbackApp.Accepted(await app.Post("filters", new KeptFilter { Name = "Mine, late", Query = "clock=over" }, sub: "ann"));
        async Task<List<KeptFilter>> Of(string sub) => await FeedbackApp.Read<List<KeptFilter>>(await app.Client("coordinator", sub: sub).GetAsync("/v1/metropolitan/filters"));
        Assert.Equal("clock=over", Assert.Single(await Of("ann")).Query);
        Assert.Empty(await Of("bea"));
        await FeedbackApp.Accepted(await app.Post("filters", new KeptFilter { Name = "Mine, late" }, sub: "ann"));
        Assert.Empty(await Of("ann"));
    }

    [Fact]
    public async Task What_may_tell_of_the_same_is_shown_with_what_speaks_for_it()
    {
        var first = await app.Concern(await app.Send(At("The fountain, west side", ward: "E05014119")));
        var second = await app.Concern(await app.Send(At("by the fountain", ward: "E05014119")));
        await app.Send(At("the fountain", "BEH-GROUP", "E05014119"));
        await app.Send(At("the library", "ENV-VEG", "E05014119", "day"));
        var duplicate = Assert.Single(await Duplicates(second.Id));
        Assert.Equal((first.Id, "same-code same-landmark same-light days-apart"), (duplicate.Row.Id, string.Join(' ', duplicate.Reasons)));
    }

    [Fact]
    public async Task Me_too_on_the_public_board_is_a_concern_of_her_own_and_the_strongest_sign_of_the_same()
    {
        var asked = await app.Triaged(await app.Send(At("the arches", ward: "E05014117")));
        var action = await FeedbackApp.Read<ActionView>(await app.Post("actions", app.Repair(asked.Id)), HttpStatusCode.Created);
        var entry = await app.Db<FeedbackDb, Guid>(async db => (await db.Board.SingleAsync(e => e.SourceId == action.Id)).Id);
        var board = await app.Client().GetStringAsync("/v1/metropolitan/board?ward=E05014117");
        var hers = await app.Concern(await app.Send(FeedbackApp.Light(null) with { Place = new PlaceInput(), MeTooOf = entry }));
        Assert.Equal("me-too", (await Duplicates(hers.Id))[0].Reasons[0]);
        // The public sees no more of her than before: an entry is an answer, never a count.
        Assert.Equal(board, await app.Client().GetStringAsync("/v1/metropolitan/board?ward=E05014117"));
        Assert.Null(await app.Db<FeedbackDb, Guid?>(async db => (await db.Concerns.SingleAsync(c => c.Id == asked.Id)).MeTooOf));
    }

    [Fact]
    public async Task Many_get_the_owner_of_their_place_and_kind_at_once_and_it_is_taken_back_while_nobody_knows()
    {
        var light = await app.Concern(await app.Send(At("the gate")));
        var group = await app.Concern(await app.Send(At("the gate", "BEH-GROUP")));
        var over = await app.Concern(await app.Send(At("the gate")));
        var step = await Many(new ManyAtOnce { Step = "triage", Concerns = [new(light.Id, light.Version), new(group.Id, group.Version), new(over.Id, over.Version + 5)] });
        Assert.Equal((2, over.Reference), (step.Done, Assert.Single(step.NotDone).Reference));
        Assert.Equal(("Triaged", "LA", "Lambeth street lighting"), ((await app.Concern(light.Id)).State, (await app.Concern(light.Id)).OwnerBody, (await app.Concern(light.Id)).OwnerRole));
        Assert.Equal("POL", (await app.Concern(group.Id)).OwnerBody);
        Assert.DoesNotContain(await app.Published<ConcernTriaged>(), f => f.ConcernId == light.Id);

        // Another has gone on with one of them: that stays.
        var seen = await app.Concern(group.Id);
        await FeedbackApp.Accepted(await app.Post($"concerns/{group.Id}/assignment", new Assignment { Assignee = "Bea" }, seen.Version));
        await FeedbackApp.Refused(await app.Post($"concerns/steps/{step.StepId}/undo", null, sub: "two"), "not-found", 404);
        var undone = await FeedbackApp.Read<ManyDone>(await app.Post($"concerns/steps/{step.StepId}/undo", null, sub: "one"));
        Assert.Equal((1, group.Reference), (undone.Done, Assert.Single(undone.NotDone).Reference));
        var back = await app.Concern(light.Id);
        Assert.Equal(("Acknowledged", light.OwnerBody, null, light.DueOn), (back.State, back.OwnerBody, back.OwnerRole, back.DueOn));

        app.Time.Advance(TimeSpan.FromMinutes(11));
        await app.Eventually(async () => (await app.Published<ConcernTriaged>()).Any(f => f.ConcernId == group.Id), "what stands to be told");
        Assert.DoesNotContain(await app.Published<ConcernTriaged>(), f => f.ConcernId == light.Id);
        await FeedbackApp.Refused(await app.Post($"concerns/steps/{step.StepId}/undo", null, sub: "one"), "already-told", 409);
    }

    [Fact]
    public async Task Many_are_given_to_one_and_a_step_without_what_it_needs_is_refused_by_name()
    {
        var concern = await app.Concern(await app.Send(At("the stairs")));
        var many = new ManyAtOnce { Step = "assign", Concerns = [new(concern.Id, concern.Version)] };
        await FeedbackApp.Refused(await app.Post("concerns/steps", many), "assignee-needed", 400);
        await FeedbackApp.Refused(await app.Post("concerns/steps", many with { Step = "triage", OwnerBody = "NOBODY" }), "unknown-body", 400);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Post("concerns/steps", many with { Concerns = [] })).StatusCode);
        Assert.Equal(1, (await Many(many with { Assignee = "Ann" })).Done);
        Assert.Equal("Ann", (await app.Concern(concern.Id)).Assignee);
    }

    [Fact]
    public async Task What_does_not_move_is_listed_without_place_or_word()
    {
        var concern = await app.Concern(await app.Send(At("the kiosk")));
        await FeedbackApp.Accepted(await app.Post($"concerns/{concern.Id}/not-a-concern", new NotAConcernProposal { Reason = "spam" }, concern.Version));
        var list = await FeedbackApp.Read<StuckList>(await app.Client("oversight").GetAsync("/v1/metropolitan/concerns/stuck"));
        Assert.Equal("second-person", list.Rows.Single(r => r.Id == concern.Id).Why);
        Assert.Null(list.HolidaysRunOutOn);
        Assert.DoesNotContain("kiosk", await app.Client("oversight").GetStringAsync("/v1/metropolitan/concerns/stuck"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yes", false, "ConfirmedDone")]
    [InlineData("partly", false, "ClaimedDone")]
    [InlineData("partly", true, "Disputed")]
    [InlineData("no", false, "Disputed")]
    [InlineData("cannot-tell", false, "ClaimedDone")]
    public async Task Asked_whether_it_is_fixed_she_has_more_answers_than_two(string isFixed, bool reopen, string state)
    {
        var receipt = await app.Send(FeedbackApp.Light());
        var (concern, _) = await app.ClaimedDone(receipt);
        var mailbox = await app.Open(receipt);
        var answer = new FixedAnswer { Changed = "better", Fixed = isFixed, Reopen = reopen, FeelAfterDark = 2 };
        Assert.Equal(HttpStatusCode.BadRequest, (await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{concern.Id}/fixed", answer with { Fixed = "maybe" })).StatusCode);
        await FeedbackApp.Accepted(await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{concern.Id}/fixed", answer));
        var now = await app.Concern(concern.Id);
        Assert.Equal((state, "better", isFixed, 2), (now.State, now.FollowUps!.Single().Changed, now.FollowUps!.Single().Fixed, now.FollowUps!.Single().FeelAfterDark!.Value));
    }

    [Fact]
    public async Task Others_confirm_by_auditing_the_same_point_in_the_same_light_again()
    {
        FeedbackSubmission Audit(int rating, string landmark, bool walked = true, string band = "dark") => new()
        {
            AttendanceToken = walked ? app.Token() : null,
            Audits = [new AuditInput { WardCode = Elsewhere, Landmark = landmark, LightBand = band, Ratings = new Dictionary<string, int> { ["A1"] = rating, ["A2"] = 1, ["A3"] = 1, ["A4"] = 1, ["A5"] = 1, ["A6"] = 1, ["A7"] = 1, ["F"] = rating } }],
        };
        await app.Send(Audit(0, "The north gate"));
        app.Time.Advance(TimeSpan.FromDays(1));
        var receipt = await app.Send(At("north gate"));
        var (concern, action) = await app.ClaimedDone(receipt);
        Assert.Empty(concern.ReAudits!);
        app.Time.Advance(TimeSpan.FromDays(1));
        await app.Send(Audit(3, "north gate", walked: false));
        await app.Send(Audit(3, "north gate", band: "day"));
        await app.Send(Audit(0, "north gate"));
        Assert.Empty((await app.Concern(concern.Id)).ReAudits!);
        await app.Send(Audit(3, "north gate"));

        var now = await app.Concern(concern.Id);
        var pair = Assert.Single(now.ReAudits!);
        await FeedbackApp.Refused(await app.Post($"concerns/{concern.Id}/re-audit", new ReAudit { Before = pair.After, After = pair.Before }, now.Version), "audits-doubted", 409);
        await FeedbackApp.Accepted(await app.Post($"concerns/{concern.Id}/re-audit", new ReAudit { Before = pair.Before, After = pair.After }, now.Version));
        Assert.Equal("ConfirmedDone", (await app.Concern(concern.Id)).State);
        Assert.Contains(await app.Published<ConcernConfirmedDone>(), f => f.ConcernId == concern.Id);
        // She has the last word.
        await FeedbackApp.Accepted(await (await app.Open(receipt)).PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{concern.Id}/fixed", new FixedAnswer { Fixed = "no" }));
        Assert.Equal("Failed", (await FeedbackApp.Read<ActionView>(await app.Client("coordinator").GetAsync($"/v1/metropolitan/actions/{action.Id}"))).State);
    }
}

public sealed class BoardOnSqlite(FeedbackApp.Sqlite app) : BoardTests(app), IClassFixture<FeedbackApp.Sqlite>;

public sealed class BoardOnPostgres(FeedbackApp.Postgres app) : BoardTests(app), IClassFixture<FeedbackApp.Postgres>;
