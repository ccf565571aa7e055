using Microsoft.AspNetCore.Mvc;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>What women say and what is answered. Table of contents of the service.</summary>
public static class FeedbackService
{
    /// <summary>The service as any process hosts it.</summary>
    public static ServiceModule Module { get; } = new("feedback", Add, AddConsumers, Map);

    private static void Add(WebApplicationBuilder builder)
    {
        var packs = ForcePackCatalogue.Load(builder.Configuration["ForcePacks:Folder"] ?? ForcePackCatalogue.DefaultFolder);
        builder.Services.AddSingleton(packs);
        PublicWords.CheckAnswers(packs);
        builder.AddForces(packs.Ids, packs.Hash);
        builder.AddServiceDb<FeedbackDb, SqliteFeedbackDb, PostgresFeedbackDb>("feedback", async (services, db, ct) =>
        {
            await Demo.DemoConcerns.Seed(services, db, ct);
            await MindClocks.Begin(db, packs, ct);
        });
        builder.Services.AddValidation();
        builder.Services.AddHttpClient();
        builder.Services.AddSingleton<AttendanceKeys>();
        builder.Services.AddOptions<PartnerOptions>().BindConfiguration("Partners").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<Open311Client>().AddSingleton<PartnerKeys>().AddScoped<BringPartnerRequest>().AddHostedService<BringPartnerRequests>();
        builder.Services.AddScoped<Intake>().AddScoped<Sealing>().AddScoped<Hearing>().AddScoped<Tell>().AddScoped<Retention>();
    }

    private static void AddConsumers(Consumers consumers)
    {
        consumers.On<DisclosureClock, AlertSafeguarding>();
        consumers.On<ClockRound, MindClocks>();
        consumers.On<ClockRound, Retention>();
        consumers.On<BulkTold, TellBulk>();
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        // Anybody: what women send, with or without a walk.
        routes.MapPost("/submissions", SubmitFeedback.Handle).Public().Idempotent();
        // The path is the gateway's too: there alone more than a page of text comes in.
        routes.MapPost("/photos", HoldPhoto.Handle).Public().Idempotent()
            .Accepts<byte[]>("application/octet-stream", "image/jpeg", "image/png", "image/webp").WithMetadata(new RequestSizeLimitAttribute(Picture.MaxBody));
        routes.MapPost("/received-texts", ReceiveText.Handle).Adapter().Idempotent();
        routes.MapPost("/attendance", CheckAttendance.Handle).Public();
        routes.MapPost("/text-checks", CheckText.Handle).Public();

        // Whoever holds reference and words, or a link of her own.
        routes.MapPost("/mailbox/openings", OpenMailbox.Handle).Public();
        routes.MapPost("/mailbox/words", ShowWords.Handle).Public().Idempotent();
        routes.MapGet("/mailbox", ReadMailbox.Handle).Public();
        routes.MapPost("/mailbox/concerns/{id:guid}/answer", SpeakInMailbox.Answer).Public().Idempotent();
        routes.MapPost("/mailbox/concerns/{id:guid}/done", SpeakInMailbox.Done).Public().Idempotent();
        routes.MapPost("/mailbox/concerns/{id:guid}/withdrawal", SpeakInMailbox.Withdraw).Public().Idempotent();
        routes.MapPost("/mailbox/disclosures/{id:guid}/choice", SpeakInMailbox.Choose).Public().Idempotent();
        routes.MapPost("/mailbox/concerns/{id:guid}/fixed", SpeakInMailbox.Fixed).Public().Idempotent();
        routes.MapPost("/answer-links/fixed", AnswerByLinkSent.Fixed).Public().Idempotent();
        routes.MapPost("/answer-links/reading", AnswerByLinkSent.Read).Public();
        routes.MapPost("/answer-links/done", AnswerByLinkSent.Answer).Public().Idempotent();

        routes.MapPost("/retention-notices/reading", AnswerRetentionNotice.Read).Public();
        routes.MapPost("/retention-notices/answer", AnswerRetentionNotice.Handle).Public().Idempotent();

        // Coordinators: every concern to its answer.
        routes.MapPost("/submissions/on-behalf", TypeIn.Handle).Staff("coordinator").Idempotent();
        routes.MapGet("/concerns", ListConcerns.Handle).Staff("coordinator");
        routes.MapGet("/concerns/stuck", ListStuck.Handle).Staff("coordinator", "oversight");
        routes.MapPost("/concerns/steps", DecideOnMany.Handle).Staff("coordinator").Idempotent();
        routes.MapPost("/concerns/steps/{id:guid}/undo", DecideOnMany.Undo).Staff("coordinator").Idempotent();
        routes.MapGet("/filters", KeepFilter.List).Staff("coordinator");
        routes.MapPost("/filters", KeepFilter.Handle).Staff("coordinator").Idempotent();
        routes.MapGet("/concerns/{id:guid}/duplicates", FindDuplicates.Handle).Staff("coordinator");
        routes.MapPost("/concerns/{id:guid}/re-audit", ConfirmByAudit.Handle).Staff("coordinator").Idempotent();
        routes.MapGet("/concerns/{id:guid}", ReadConcern.Handle).Staff("coordinator");
        routes.MapPost("/concerns/{id:guid}/triage", DecideOnConcern.Triage).Staff("coordinator").Idempotent();
        routes.MapPost("/concerns/{id:guid}/assignment", DecideOnConcern.Assign).Staff("coordinator").Idempotent();
        routes.MapPost("/concerns/{id:guid}/question", DecideOnConcern.Ask).Staff("coordinator").Idempotent();
        routes.MapPost("/concerns/{id:guid}/no-action", EndWithoutAction.Handle).Staff("coordinator").Idempotent();
        routes.MapPost("/concerns/{id:guid}/not-a-concern", DecideOnConcern.NotAConcern).Staff("coordinator").Idempotent();
        routes.MapPost("/concerns/{id:guid}/referral", ReferConcern.Handle).Staff("coordinator").Idempotent();
        routes.MapGet("/concerns/{id:guid}/partners/{body}", SendToPartner.Preview).Staff("coordinator");
        routes.MapPost("/concerns/{id:guid}/partners", SendToPartner.Handle).Staff("coordinator").Idempotent();
        routes.MapPost("/partner-requests/{id:guid}/retry", DecideOnPartnerRequest.Retry).Staff("coordinator").Idempotent();
        routes.MapPost("/partner-requests/{id:guid}/withdrawal", DecideOnPartnerRequest.Withdraw).Staff("coordinator").Idempotent();
        routes.MapPost("/partner-requests/{id:guid}/reference", DecideOnPartnerRequest.Know).Staff("coordinator").Idempotent();
        routes.MapPost("/concerns/{id:guid}/merge", MergeConcerns.Merge).Staff("coordinator").Idempotent();
        routes.MapPost("/concerns/{id:guid}/unmerge", MergeConcerns.Unmerge).Staff("coordinator").Idempotent();
        routes.MapPost("/concerns/{id:guid}/review", DecideOnConcern.Review).Staff("coordinator").Idempotent();
        routes.MapPost("/actions", AgreeAction.Handle).Staff("coordinator").Idempotent();
        routes.MapGet("/actions", ListActions.Handle).Staff("coordinator", "oversight");
        routes.MapGet("/actions/{id:guid}", ListActions.Read).Staff("coordinator", "oversight");
        routes.MapPost("/actions/{id:guid}/agreement", AgreeAction.Proposed).Staff("coordinator").Idempotent();
        routes.MapPost("/actions/{id:guid}/start", ChangeAction.Start).Staff("coordinator").Idempotent();
        routes.MapPost("/actions/{id:guid}/date", ChangeAction.Move).Staff("coordinator").Idempotent();
        routes.MapPost("/actions/{id:guid}/drop", ChangeAction.Drop).Staff("coordinator").Idempotent();
        routes.MapPost("/actions/{id:guid}/claim", ClaimDone.Handle).Staff("coordinator").Idempotent();

        routes.MapGet("/promises", Promises.List).Staff("coordinator", "oversight");
        routes.MapGet("/promises/{id:guid}", Promises.Read).Staff("coordinator", "oversight");
        routes.MapPost("/promises/{id:guid}/action", Promises.Take).Staff("coordinator").Idempotent();
        routes.MapPost("/promises/{id:guid}/answer", Promises.Answer).Staff("coordinator").Idempotent();

        // Officers on a walk, under its random reference.
        routes.MapGet("/capture", CaptureWalk.Read).Staff("officer");
        routes.MapPost("/capture/stops", CaptureWalk.Stop).Staff("officer").Idempotent();
        routes.MapPost("/capture/promises", CaptureWalk.Promise).Staff("officer").Idempotent();
        routes.MapPost("/capture/end", CaptureWalk.End).Staff("officer").Idempotent();
        routes.MapPost("/capture/disclosure", CaptureWalk.Seal).Staff("officer").Idempotent();

        // A picture, for whoever may see it where it stands.
        routes.MapGet("/photos/{id:guid}/image", ReadPhoto.Handle).Staff("coordinator", "safeguarding", "standards");

        // Whoever holds it alone: safeguarding, or standards for what was told with the conduct of police.
        routes.MapGet("/disclosures", ReadDisclosures.List).Staff("safeguarding", "standards");
        routes.MapGet("/disclosures/{id:guid}", ReadDisclosures.Open).Staff("safeguarding", "standards");
        routes.MapPost("/disclosures/{id:guid}/override", HandOverDisclosure.Override).Staff("safeguarding", "standards");
        routes.MapPost("/disclosures/{id:guid}/hand-over", HandOverDisclosure.HandOver).Staff("safeguarding", "standards");
        routes.MapPost("/disclosures/{id:guid}/receipt", HandOverDisclosure.Receipt).Staff("safeguarding", "standards");
        routes.MapPost("/disclosures/{id:guid}/release", HandOverDisclosure.Release).Staff("standards");

        // Safeguarding alone.
        routes.MapGet("/photos", CheckPhotos.List).Staff("safeguarding");
        routes.MapGet("/photos/{id:guid}", CheckPhotos.Open).Staff("safeguarding");
        routes.MapPost("/photos/{id:guid}/decision", CheckPhotos.Decide).Staff("safeguarding").Idempotent();

        // Professional standards alone.
        routes.MapGet("/standards-cases", ReviewStandards.List).Staff("standards");
        routes.MapGet("/standards-cases/{id:guid}", ReviewStandards.Open).Staff("standards");
        routes.MapPost("/standards-cases/{id:guid}/take", ReviewStandards.Take).Staff("standards");
        routes.MapPost("/standards-cases/{id:guid}/answer", ReviewStandards.Answer).Staff("standards");
        routes.MapPost("/standards-cases/{id:guid}/concerned", ReviewStandards.Name).Staff("standards");

        // How long what is kept.
        routes.MapGet("/retention", ReadRetention.Handle).Staff("administrator", "oversight");
        routes.MapPost("/retention/holds", ReadRetention.Hold).Staff("administrator").Idempotent();

        // The public.
        routes.MapGet("/board", ReadBoard.Handle).Public();
        routes.MapGet("/board/{id:guid}", ReadBoard.One).Public();
        routes.MapGet("/board.atom", FeedBoard.Atom).Public();
        routes.MapGet("/board.json", FeedBoard.Json).Public();
        routes.MapGet("/neighbourhoods/{ward}/priorities", ReadPriorities.Handle).Public();

        // The public's programs: Open311 GeoReport v2, of the same answers.
        var open311 = routes.MapGroup("/open311/v2").WithMetadata(new UnknownForceAnswer((http, no) =>
            Open311Answer.Error(http.Request.RouteValues["format"] is "json" ? "json" : "xml", no.Status, $"{no.Title}. {no.Detail}")));
        open311.MapGet("/services.{format}", ReadServices.List).Public();
        open311.MapGet("/services/{code}.{format}", ReadServices.Definition).Public();
        open311.MapGet("/requests.{format}", ReadRequests.List).Public();
        open311.MapGet("/requests/{id}.{format}", ReadRequests.One).Public();
        open311.MapPost("/requests.{format}", ReadRequests.Refuse).Public();

        // A partner with its key: what was passed on to it, and how it stands there.
        routes.MapGet("/partner/open311/v2/requests.{format}", PartnerExchange.List).Partner();
        routes.MapGet("/partner/open311/v2/requests/{id}.{format}", PartnerExchange.One).Partner();
        routes.MapPost("/partner/open311/v2/servicerequestupdates.{format}", PartnerExchange.Update).Partner();
    }
}
