using System.Net;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Contracts.Notification;

namespace WalkTalk.Feedback.Tests.Open311;

/// <summary>A referral by program, against a council that takes nothing but what the specification says, on its good days and its bad ones.</summary>
public abstract class PartnerTests(PartnerApp app)
{
    private static int Of(IEnumerable<string> descriptions, PartnerRequestView sent) => descriptions.Count(d => d.Contains(sent.Reference, StringComparison.Ordinal));

    private int Taken(PartnerRequestView sent) => Of(app.Council.Requests.Concat(app.JsonCouncil.Requests).Select(r => r.Fields["description"]), sent);

    private int Posted(PartnerRequestView sent) => Of(app.Council.Posted.Concat(app.JsonCouncil.Posted), sent);

    private async Task<List<NotificationRequested>> Told(Guid concern) => [.. (await app.Published<NotificationRequested>()).Where(n => n.SubjectId == concern && n.Template == "concern-referred")];

    private async Task<string?> Stuck(Guid concern) =>
        (await FeedbackApp.Read<StuckList>(await app.Client("coordinator").GetAsync("/v1/metropolitan/concerns/stuck"))).Rows.FirstOrDefault(r => r.Id == concern)?.Why;

    [Theory, InlineData(FeedbackApp.Ward, "lambeth"), InlineData(PartnerApp.Southwark, "southwark")]
    public async Task It_is_shown_before_it_is_sent_sent_with_nothing_about_her_and_told_once_it_is_there(string ward, string partner)
    {
        var council = partner == "lambeth" ? app.Council : app.JsonCouncil;
        var concern = await app.Lamp(ward);
        Assert.Contains("LA", concern.ByProgram!);
        var shown = await FeedbackApp.Read<PartnerPreview>(await app.Client("coordinator").GetAsync($"/v1/metropolitan/concerns/{concern.Id}/partners/LA"));
        Assert.Equal((partner, "STL", false, null), (shown.Partner, shown.ServiceCode, shown.Reads, shown.Fault));
        Assert.Equal([("kind", "OUT", 2), ("urgent", null, 0)], shown.Attributes.Select(a => (a.Code, a.Value, a.Values.Count)));

        var sent = await app.PassOn(concern);
        var there = await app.Stands(concern.Id, r => r.State == "Sent");
        var made = council.Requests.Single(r => r.Fields["description"].Contains(sent.Reference, StringComparison.Ordinal));
        Assert.Equal(["address_string", "api_key", "attribute[kind]", "attribute[urgent]", "description", "jurisdiction_id", "lat", "long", "service_code"], made.Fields.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((shown.Address, $"{PartnerApp.Referral().Description}\n\nOur reference: {sent.Reference}"), (made.Fields["address_string"], made.Fields["description"].ReplaceLineEndings("\n")));
        Assert.DoesNotContain(concern.Reference, string.Join(' ', made.Fields.Values), StringComparison.Ordinal);
        Assert.Equal(made.Id, there.TheirReference);
        Assert.Empty(council.Wrong);

        var passed = await app.Concern(concern.Id);
        Assert.Equal(("Referred", "LA", made.Id), (passed.State, passed.ReferredTo, passed.ReferredRef));
        Assert.DoesNotContain("LA", passed.ByProgram!);
        Assert.Equal(made.Id, Assert.Single(await Told(concern.Id)).Fields["their_reference"]);
    }

    [Theory]
    [InlineData(Fault.Down, "broken-off"), InlineData(Fault.Later, "later"), InlineData(Fault.Malformed, "unreadable"), InlineData(Fault.WrongType, "unreadable")]
    [InlineData(Fault.Huge, "too-large"), InlineData(Fault.DocumentType, "unreadable"), InlineData(Fault.Redirect, "redirected")]
    public async Task A_council_that_cannot_be_asked_delays_and_loses_nothing(Fault fault, string reason)
    {
        var concern = await app.Lamp();
        app.Council.Fault = fault;
        var sent = await app.PassOn(concern);
        var waits = await app.Stands(concern.Id, r => r.Reason is not null);
        Assert.Equal(("Waiting", reason, 0), (waits.State, waits.Reason, Posted(sent)));
        Assert.Empty(await Told(concern.Id));
        app.Council.Fault = Fault.None;
        await app.Until(concern.Id, "Sent");
        Assert.Equal((1, 1), (Posted(sent), Taken(sent)));
        Assert.Single(await Told(concern.Id));
        Assert.Empty(app.Council.Wrong);
    }

    [Theory, InlineData(Fault.TakesAndFails), InlineData(Fault.TakesAndIsSlow), InlineData(Fault.TakesAndBreaksOff)]
    public async Task What_was_taken_without_an_answer_is_found_there_and_not_sent_again(Fault fault)
    {
        var concern = await app.Lamp();
        app.Council.Fault = fault;
        var sent = await app.PassOn(concern);
        await app.Stands(concern.Id, r => r.State == "Uncertain");
        app.Council.Fault = Fault.None;
        var there = await app.Until(concern.Id, "Sent");
        Assert.Equal((1, 1), (Posted(sent), Taken(sent)));
        Assert.Equal(there.TheirReference, (await app.Concern(concern.Id)).ReferredRef);
    }

    [Theory, InlineData(Fault.ServerError, 2), InlineData(Fault.Slow, 2), InlineData(Fault.ShowsLate, 1)]
    public async Task Where_nobody_can_tell_whether_it_arrived_a_person_is_asked_and_it_is_looked_for_before_it_goes_again(Fault fault, int posts)
    {
        var concern = await app.Lamp();
        app.Council.Fault = fault;
        var sent = await app.PassOn(concern);
        await app.Stands(concern.Id, r => r.State == "Uncertain");
        if (fault != Fault.ShowsLate)
            app.Council.Fault = Fault.None;
        var unclear = await app.Until(concern.Id, "Unclear");
        Assert.Equal(("not-found-there", 1), (unclear.Reason, Posted(sent)));
        Assert.Equal(["retry", "withdraw", "reference"], unclear.Next);
        Assert.Equal("partner", await Stuck(concern.Id));
        Assert.True((await app.Concern(concern.Id)).WorkingDaysLeft <= Concern.DaysToReview);

        app.Council.Fault = Fault.None;
        await FeedbackApp.Accepted(await app.Post($"partner-requests/{sent.Id}/retry", null, unclear.Version));
        await app.Until(concern.Id, "Sent");
        Assert.Equal((posts, 1), (Posted(sent), Taken(sent)));
        Assert.Empty(app.Council.Wrong);
    }

    [Fact]
    public async Task What_was_being_sent_when_the_process_ended_is_looked_for()
    {
        var concern = await app.Lamp();
        var sent = await app.PassOn(concern);
        await app.Stands(concern.Id, r => r.State == "Sent");
        await app.Db<FeedbackDb>(async db => Assert.Equal(1, await db.PartnerRequests.Where(r => r.Id == sent.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.State, PartnerState.Sending).SetProperty(r => r.TheirReference, (string?)null).SetProperty(r => r.DueAt, db.Now))));
        await app.Stands(concern.Id, r => r.State == "Sent");
        Assert.Equal((1, 1), (Posted(sent), Taken(sent)));
    }

    [Fact]
    public async Task A_token_is_asked_until_it_has_a_reference_and_one_that_never_has_reaches_a_person()
    {
        var (first, never) = (await app.Lamp(), await app.Lamp());
        app.Council.Fault = Fault.TokenFirst;
        var sent = await app.PassOn(first);
        await app.Stands(first.Id, r => r.State == "Token");
        app.Council.Fault = Fault.None;
        await app.Until(first.Id, "Sent");
        Assert.Equal((1, 1), (Posted(sent), Taken(sent)));

        app.Council.Fault = Fault.TokenFirst;
        await app.PassOn(never);
        var unclear = await app.Until(never.Id, "Unclear");
        Assert.Equal("no-reference", unclear.Reason);
        app.Council.Fault = Fault.None;
        await FeedbackApp.Refused(await app.Post($"partner-requests/{unclear.Id}/reference", new TheirReference { Reference = "<script>" }, unclear.Version), "unreadable-reference", 400);
        await FeedbackApp.Accepted(await app.Post($"partner-requests/{unclear.Id}/reference", new TheirReference { Reference = "SLW-77" }, unclear.Version));
        Assert.Equal(("Sent", "SLW-77"), ((await app.Partner(never.Id)).State, (await app.Concern(never.Id)).ReferredRef));
        Assert.Equal("SLW-77", Assert.Single(await Told(never.Id)).Fields["their_reference"]);
    }

    [Theory, InlineData(Fault.Says400, "refused"), InlineData(Fault.Says403, "key-refused"), InlineData(Fault.AnotherService, "service-gone")]
    public async Task A_no_is_shown_with_its_reason_and_ends_nothing(Fault fault, string reason)
    {
        var concern = await app.Lamp();
        app.Council.Fault = fault;
        var sent = await app.PassOn(concern);
        var no = await app.Until(concern.Id, "Refused");
        app.Council.Fault = Fault.None;
        Assert.Equal((reason, 0), (no.Reason, Taken(sent)));
        if (fault == Fault.Says400)
            Assert.Equal("lat and long are outside of our area. Ring Mr [name] on [phone]", no.TheirWords);
        Assert.Equal(("Referred", "partner"), ((await app.Concern(concern.Id)).State, await Stuck(concern.Id)));
        Assert.Empty(await Told(concern.Id));
        await FeedbackApp.Accepted(await app.Post($"partner-requests/{sent.Id}/withdrawal", null, no.Version));
        var back = await app.Concern(concern.Id);
        Assert.Equal(("Triaged", null, concern.DueOn), (back.State, back.ReferredTo, back.DueOn));
    }

    [Theory]
    [InlineData(Fault.None, "", "", "attribute-missing", "Is it urgent?")]
    [InlineData(Fault.None, "email", "none", "attribute-missing", "Is it urgent?")]
    [InlineData(Fault.None, "urgent email", "no none", "attribute-value", "email")]
    [InlineData(Fault.AsksForAPerson, "", "", "attribute-personal", "Is it urgent?")]
    [InlineData(Fault.AsksForAPerson, "reporter_phone", "council", "attribute-personal", "Is it urgent?")]
    public async Task What_they_require_is_there_or_it_does_not_leave_and_nothing_that_asks_for_a_person_is_filled(Fault fault, string fields, string values, string reason, string named)
    {
        var concern = await app.Lamp();
        app.Council.Fault = fault;
        var shown = await FeedbackApp.Read<PartnerPreview>(await app.Client("coordinator").GetAsync($"/v1/metropolitan/concerns/{concern.Id}/partners/LA"));
        Assert.Equal(fault == Fault.None ? null : "attribute-personal", shown.Fault);
        var attributes = fields.Split(' ', StringSplitOptions.RemoveEmptyEntries).Zip(values.Split(' ')).ToDictionary(f => f.First, f => f.Second);
        var sent = await app.PassOn(concern, PartnerApp.Referral() with { Attributes = attributes });
        var no = await app.Until(concern.Id, "Refused");
        app.Council.Fault = Fault.None;
        Assert.Equal((reason, named, 0), (no.Reason, no.TheirWords, Posted(sent)));
    }

    [Fact]
    public async Task Her_words_her_landmark_advice_to_her_and_names_are_no_description_and_what_is_sealed_goes_by_hand()
    {
        var concern = await app.Lamp();
        async Task No(PartnerReferral referral, string type, int status) => await FeedbackApp.Refused(await app.Post($"concerns/{concern.Id}/partners", referral, concern.Version), type, status);
        await No(PartnerApp.Referral() with { Description = "We are told: the lamp at the steps has been out for weeks." }, "her-words", 422);
        await No(PartnerApp.Referral() with { Description = "A lamp does not burn at The Steps, by the station." }, "her-words", 422);
        await No(PartnerApp.Referral() with { Attributes = new() { ["urgent"] = "the lamp at the steps has been out" } }, "her-words", 422);
        await No(PartnerApp.Referral() with { Description = "Women should avoid the path until it is lit." }, "burdening-wording", 422);
        await No(PartnerApp.Referral() with { Description = "A lamp is out. Ring 020 7946 0123 about it." }, "personal-data-in-public-text", 422);
        await No(PartnerApp.Referral() with { Why = "Mr Smith of the council knows the lamp." }, "personal-data-in-public-text", 422);
        await No(PartnerApp.Referral("POL"), "not-by-program", 409);
        await No(PartnerApp.Referral("NOBODY"), "unknown-body", 400);

        concern = await app.Triaged(await app.Send(FeedbackApp.Light("A man grabbed my arm there and would not let go.")));
        Assert.True(concern.NarrativeSealed);
        Assert.Empty(concern.ByProgram!);
        await No(PartnerApp.Referral(), "not-by-program", 409);
    }

    [Fact]
    public async Task Of_many_who_send_it_at_once_one_does()
    {
        var concern = await app.Lamp();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => app.Post($"concerns/{concern.Id}/partners", PartnerApp.Referral(), concern.Version))));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.NoContent);
        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed, $"{a.StatusCode}"));
        var sent = await app.Stands(concern.Id, r => r.State == "Sent");
        Assert.Single((await app.Concern(concern.Id)).Partners!);
        Assert.Equal((1, 1), (Posted(sent), Taken(sent)));
        await FeedbackApp.Refused(await app.Post($"concerns/{concern.Id}/partners", PartnerApp.Referral(), (await app.Concern(concern.Id)).Version), "sent-already", 409);
    }

    [Theory, InlineData(FeedbackApp.Ward), InlineData(PartnerApp.Southwark)]
    public async Task Status_and_notes_come_back_and_closed_there_is_work_here(string ward)
    {
        var council = ward == FeedbackApp.Ward ? app.Council : app.JsonCouncil;
        var concern = await app.Lamp(ward);
        var sent = await app.PassOn(concern);
        await app.Stands(concern.Id, r => r.State == "Sent");
        var made = council.Requests.Single(r => r.Fields["description"].Contains(sent.Reference, StringComparison.Ordinal));
        made.Notes = "An order is with the contractor.";
        made.Updates.Add(("u1", "investigating", "Mrs Jones has looked at it.", app.Time.GetUtcNow()));
        var open = await Pulled(r => r.TheirNotes is not null);
        Assert.Equal(("open", made.Notes, "Mrs [name] has looked at it."), (open.TheirStatus, open.TheirNotes, Assert.Single(open.Updates).Text));
        Assert.Null(await Stuck(concern.Id));

        (made.Status, made.Notes) = ("closed", "The lamp burns again.");
        await Pulled(r => r.TheirStatus == "closed");
        var back = await app.Concern(concern.Id);
        Assert.Equal(("Referred", "partner"), (back.State, await Stuck(concern.Id)));
        Assert.True(back.WorkingDaysLeft <= Concern.DaysToReview);
        Assert.Contains("agree", back.Next);
        Assert.Single(await Told(concern.Id)); // their words are not sent to her unread
        Assert.Empty(council.Wrong);

        async Task<PartnerRequestView> Pulled(Func<PartnerRequestView, bool> isSo)
        {
            PartnerRequestView now = null!;
            await app.Eventually(async () =>
            {
                now = await app.Partner(concern.Id);
                if (!isSo(now) && now.DueAt > app.Time.GetUtcNow())
                    app.Time.SetUtcNow(now.DueAt.Value.AddMilliseconds(1));
                return isSo(now);
            }, "the status");
            return now;
        }
    }

    [Fact]
    public async Task What_has_not_left_can_be_taken_back_and_what_she_withdraws_does_not_leave()
    {
        var receipt = await app.Send(FeedbackApp.Light());
        var (taken, hers) = (await app.Lamp(), await app.Triaged(receipt));
        app.Council.Fault = Fault.Down;
        await app.PassOn(taken);
        await app.PassOn(hers);
        var waits = await app.Stands(taken.Id, r => r.Reason is not null);
        await app.Stands(hers.Id, r => r.Reason is not null);
        await FeedbackApp.Accepted(await app.Post($"partner-requests/{waits.Id}/withdrawal", null, waits.Version));
        await FeedbackApp.Accepted(await (await app.Open(receipt)).PostAsync($"/v1/metropolitan/mailbox/concerns/{hers.Id}/withdrawal", null));
        Assert.Equal("Triaged", (await app.Concern(taken.Id)).State);
        app.Council.Fault = Fault.None;
        var ended = await app.Until(hers.Id, "Withdrawn");
        Assert.Equal((0, 0), (Posted(waits), Posted(ended)));
        // Then it can be sent anew.
        var again = await app.PassOn(await app.Concern(taken.Id));
        await app.Stands(taken.Id, r => r.State == "Sent");
        Assert.Equal((0, 1), (Taken(waits), Taken(again)));
    }

    [Fact]
    public async Task A_body_nobody_answers_for_is_tried_for_days_and_then_reaches_the_coordinator()
    {
        var concern = await app.Lamp();
        await app.PassOn(concern, PartnerApp.Referral("LAND"));
        Assert.Equal("not-reached", (await app.Stands(concern.Id, r => r.Reason is not null)).Reason);
        var from = app.Time.GetUtcNow();
        var end = await app.Until(concern.Id, "GaveUp");
        Assert.InRange(app.Time.GetUtcNow() - from, TimeSpan.FromDays(3), TimeSpan.FromDays(6));
        Assert.Equal(["retry", "withdraw", "reference"], end.Next);
        Assert.Equal("partner", await Stuck(concern.Id));
    }
}

public sealed class PartnersOnSqlite(PartnerApp.Sqlite app) : PartnerTests(app), IClassFixture<PartnerApp.Sqlite>;

public sealed class PartnersOnPostgres(PartnerApp.Postgres app) : PartnerTests(app), IClassFixture<PartnerApp.Postgres>;
