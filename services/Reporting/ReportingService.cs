using Microsoft.Extensions.DependencyInjection.Extensions;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Notification;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;
using WalkTalk.Reporting.Figures;
using WalkTalk.Reporting.Projections;
using WalkTalk.Reporting.Releases;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Reporting;

/// <summary>Reporting: what the facts of the others add up to; exact for staff, in frozen releases for the public.</summary>
public static class ReportingService
{
    private static readonly string[] Readers = ["analyst", "coordinator", "oversight"];

    /// <summary>The service as every host takes it.</summary>
    public static ServiceModule Module { get; } = new("reporting", Add, AddConsumers, Map);

    private static void Add(WebApplicationBuilder builder)
    {
        builder.AddServiceDb<ReportingDb, SqliteReportingDb, PostgresReportingDb>("reporting");
        var packs = ForcePackCatalogue.Load(builder.Configuration["ForcePacks:Folder"] ?? ForcePackCatalogue.DefaultFolder);
        builder.Services.TryAddSingleton(packs);
        builder.AddForces(packs.Ids, packs.Hash);
        builder.Services.AddValidation();
        builder.Services.AddSingleton<LiveFigures>();
        if (builder.Configuration.GetValue("Demo:Enabled", false)) builder.Services.AddHostedService<Demo.DemoReleases>();
    }

    private static void AddConsumers(Consumers consumers)
    {
        consumers.On<WalkPublished, WalkProjection>(historyOf: "booking");
        consumers.On<WalkCancelled, WalkProjection>(historyOf: "booking");
        consumers.On<WalkStarted, WalkProjection>(historyOf: "booking");
        consumers.On<WalkEnded, WalkProjection>(historyOf: "booking");

        consumers.On<BookingConfirmed, BookingProjection>(historyOf: "booking");
        consumers.On<BookingCancelled, BookingProjection>(historyOf: "booking");
        consumers.On<BookingMoved, BookingProjection>(historyOf: "booking");
        consumers.On<BookingMet, BookingProjection>(historyOf: "booking");

        consumers.On<WalkRequested, RequestProjection>(historyOf: "booking");
        consumers.On<WalkRequestOffered, RequestProjection>(historyOf: "booking");
        consumers.On<WalkRequestAnswered, RequestProjection>(historyOf: "booking");
        consumers.On<WalkRequestWalked, RequestProjection>(historyOf: "booking");

        consumers.On<ConcernReceived, ConcernProjection>(historyOf: "feedback");
        consumers.On<ConcernTriaged, ConcernProjection>(historyOf: "feedback");
        consumers.On<ActionAgreed, ConcernProjection>(historyOf: "feedback");
        consumers.On<ConcernClaimedDone, ConcernProjection>(historyOf: "feedback");
        consumers.On<ConcernConfirmedDone, ConcernProjection>(historyOf: "feedback");
        consumers.On<ConcernDisputed, ConcernProjection>(historyOf: "feedback");
        consumers.On<ConcernEndedNoAction, ConcernProjection>(historyOf: "feedback");
        consumers.On<ConcernRemoved, ConcernProjection>(historyOf: "feedback");
        consumers.On<ConcernOutcomeRead, ConcernProjection>(historyOf: "feedback");
        consumers.On<NotificationDelivered, ConcernProjection>(historyOf: "notification");

        consumers.On<DisclosureFlagged, DisclosureProjection>(historyOf: "feedback");
        consumers.On<DisclosureHandedOver, DisclosureProjection>(historyOf: "feedback");

        consumers.On<AuditSubmitted, FeelingProjection>(historyOf: "feedback");

        consumers.On<MessageEnded, UpkeepProjection>(historyOf: "notification");
        consumers.On<BookingRetentionRun, UpkeepProjection>(historyOf: "booking");
        consumers.On<FeedbackRetentionRun, UpkeepProjection>(historyOf: "feedback");
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/figures", GetFigures.Handle).Staff(Readers);
        routes.MapGet("/figures/live", WatchFigures.Handle).Staff(Readers).DisableRateLimiting();
        routes.MapGet("/trends", GetTrends.Handle).Staff(Readers);

        routes.MapGet("/releases", ListReleases.Handle).Public();
        routes.MapGet("/releases/{quarter}/{file}", GetReleaseFile.Handle).Public();
        routes.MapGet("/releases/preview", PreviewRelease.Handle).Staff("analyst");
        routes.MapPost("/releases", PublishRelease.Handle).Staff("analyst").Idempotent();
    }
}
