using Microsoft.Extensions.DependencyInjection.Extensions;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Feedback;
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
        consumers.On<WalkPublished, WalkProjection>();
        consumers.On<WalkCancelled, WalkProjection>();
        consumers.On<WalkStarted, WalkProjection>();
        consumers.On<WalkEnded, WalkProjection>();

        consumers.On<BookingConfirmed, BookingProjection>();
        consumers.On<BookingCancelled, BookingProjection>();
        consumers.On<BookingMet, BookingProjection>();

        consumers.On<ConcernReceived, ConcernProjection>();
        consumers.On<ConcernTriaged, ConcernProjection>();
        consumers.On<ActionAgreed, ConcernProjection>();
        consumers.On<ConcernClaimedDone, ConcernProjection>();
        consumers.On<ConcernConfirmedDone, ConcernProjection>();
        consumers.On<ConcernDisputed, ConcernProjection>();
        consumers.On<ConcernEndedNoAction, ConcernProjection>();
        consumers.On<ConcernRemoved, ConcernProjection>();
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/figures", GetFigures.Handle).Staff(Readers);
        routes.MapGet("/figures/live", WatchFigures.Handle).Staff(Readers);

        routes.MapGet("/releases", ListReleases.Handle).Public();
        routes.MapGet("/releases/{quarter}/{file}", GetReleaseFile.Handle).Public();
        routes.MapGet("/releases/preview", PreviewRelease.Handle).Staff("analyst");
        routes.MapPost("/releases", PublishRelease.Handle).Staff("analyst").Idempotent();
    }
}
