using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace WalkTalk.ServiceDefaults;

/// <summary>Traces, metrics and logs, sent by OTLP where OTEL_EXPORTER_OTLP_ENDPOINT is set.</summary>
public static class Telemetry
{
    /// <summary>The source of our own spans.</summary>
    public static readonly ActivitySource Source = new("WalkTalk");

    /// <summary>The source of our own measures.</summary>
    public static readonly Meter Measures = new("WalkTalk");

    internal static void AddTelemetry(this WebApplicationBuilder builder, string processName)
    {
        var otlp = !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        // Addresses can hold the secret of a link: they are in no log and no span.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None); // asked every few seconds, answered at /health
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);
        builder.Logging.AddFilter("OpenIddict", LogLevel.Warning);
        builder.Logging.AddFilter("MassTransit", LogLevel.Warning);
        if (otlp)
        {
            builder.Logging.AddOpenTelemetry(o => o.IncludeScopes = true);
        }

        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(r => r.AddService(processName, serviceVersion: Version))
            .WithTracing(t => t
                // Spans that nobody takes are not filled; the trace itself goes on from service to service.
                .SetSampler(otlp ? new ParentBasedSampler(new AlwaysOnSampler()) : new AlwaysOffSampler())
                .AddSource(Source.Name, "MassTransit", "Npgsql")
                .AddAspNetCoreInstrumentation(o =>
                {
                    o.Filter = http => !http.Request.Path.StartsWithSegments("/health") && !http.Request.Path.StartsWithSegments("/alive");
                    o.EnrichWithHttpResponse = (span, response) => HidePath(span, response.HttpContext);
                })
                .AddHttpClientInstrumentation())
            .WithMetrics(m => m.AddMeter("WalkTalk", "MassTransit", "Npgsql").AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation());
        if (otlp)
        {
            telemetry.UseOtlpExporter();
        }
    }

    /// <summary>The version of this build.</summary>
    public static string Version { get; } = typeof(Telemetry).Assembly.GetName().Version!.ToString(3);

    private static void HidePath(Activity span, HttpContext http)
    {
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
        span.SetTag("url.path", route);
        span.SetTag("url.query", null);
    }
}
