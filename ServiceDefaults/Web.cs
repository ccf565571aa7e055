using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.ServiceDefaults;

/// <summary>What is the same for every HTTP endpoint: JSON, limits, problems, and waiting for the databases.</summary>
internal static partial class Web
{
    private static readonly Refusal Busy = new("busy", 503, "Too many people ask at the same moment", "Nothing was done. Send the request again in a moment, with the same Idempotency-Key.") { RetryAfter = 1 };
    private static readonly Refusal Starting = new("starting", 503, "The service is waiting for its database", "Try again in a few seconds.") { RetryAfter = 2 };

    public static void AddWeb(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = builder.Configuration.GetValue("Limits:BodyBytes", 256 * 1024);
        });
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
        });
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<Problems>();
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddScoped<Caller>();
        builder.Services.AddSingleton<Idempotency>();
        builder.Services.AddSingleton(typeof(Together<,>));
        builder.Services.AddScoped<ServiceDbContext>();
        builder.Services.AddSingleton<Keys>();
        builder.Services.AddSingleton<PersonalData>();
        builder.Services.AddSingleton<Transit>();
    }

    public static void UseWeb(this WebApplication app)
    {
        app.UseExceptionHandler();
        // Answers of endpoints that are only a status become problems too; pages bring their own.
        app.UseStatusCodePages();
        app.Use(async (http, next) =>
        {
            if (http.Request.Headers.ContainsKey(Idempotency.Header))
            {
                // In memory however large an endpoint allows it to be: what a person sends lies on no disk unprotected.
                http.Request.EnableBuffering(bufferThreshold: int.MaxValue);
            }

            if (http.GetEndpoint()?.Metadata.GetMetadata<EndpointService>() is { } service
                && http.RequestServices.GetServices<IMigrator>().Any(m => m.Service == service.Name && !m.Ready.IsCompletedSuccessfully))
            {
                await Starting.ExecuteAsync(http);
                return;
            }

            await next(http);
        });
        app.UseOverload();
    }

    /// <summary>
    /// Of what comes faster than it can be done, Limits:Concurrent requests (64) are worked at, Limits:Waiting (256) wait their turn, and the
    /// rest is told at once to come back: what is accepted stays quick, and nobody waits for an answer that nobody will read.
    /// </summary>
    private static void UseOverload(this WebApplication app)
    {
        var limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = app.Configuration.GetValue("Limits:Concurrent", 64),
            QueueLimit = app.Configuration.GetValue("Limits:Waiting", 256),
        });
        app.Lifetime.ApplicationStopped.Register(limiter.Dispose);
        app.Use(async (http, next) =>
        {
            // A stream is long without being work.
            if (http.GetEndpoint()?.Metadata is not { } metadata || metadata.GetMetadata<EndpointService>() is null || metadata.GetMetadata<DisableRateLimitingAttribute>() is not null)
            {
                await next(http);
                return;
            }

            using var turn = await limiter.AcquireAsync(1, http.RequestAborted);
            if (turn.IsAcquired)
            {
                await next(http);
            }
            else
            {
                await Busy.ExecuteAsync(http);
            }
        });
    }

    /// <summary>
    /// Turns what the framework throws about a request, and what a database throws that cannot serve it now, into a problem that names
    /// what was wrong; anything else is a bug and says nothing.
    /// </summary>
    private sealed partial class Problems(ILogger<Problems> log) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (Refuse(exception) is not { } refusal)
            {
                return false;
            }

            if (refusal.Status >= 500)
            {
                NotServed(log, exception, refusal.Type, httpContext.GetEndpoint()?.DisplayName ?? "");
            }

            httpContext.Response.StatusCode = refusal.Status;
            await refusal.ExecuteAsync(httpContext);
            return true;
        }

        private static Refusal? Refuse(Exception exception) => exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
                new("too-large", 413, "The request is too large"),
            BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } =>
                new("not-json", 415, "The request is not JSON", "Send Content-Type: application/json."),
            BadHttpRequestException { InnerException: JsonException json } =>
                Malformed(json),
            BadHttpRequestException bad => new("malformed", bad.StatusCode, "The request cannot be read", bad.Message),
            DbUpdateConcurrencyException => Etag.ChangedMeanwhile,
            _ => Unavailable.Of(exception),
        };

        private static Refusal Malformed(JsonException json)
        {
            var refusal = new Refusal("malformed-json", 400, "The JSON cannot be read");
            if (Missing().Match(json.Message) is { Success: true } missing)
            {
                return refusal with { Detail = $"Missing: {missing.Groups["names"].Value}.", Field = missing.Groups["first"].Value };
            }

            return refusal with
            {
                Detail = $"Look at {json.Path ?? "$"}, line {json.LineNumber + 1}: the field is unknown or of the wrong form.",
                Field = json.Path is { Length: > 2 } path ? path[2..] : null,
            };
        }

        [GeneratedRegex(@"missing required properties including: (?<names>'(?<first>[^']+)'.*?)\.?$")]
        private static partial Regex Missing();

        [LoggerMessage(EventId = 1002, EventName = "NotServed", Level = LogLevel.Warning, Message = "Answered {Refusal} at {Endpoint}")]
        private static partial void NotServed(ILogger log, Exception e, string refusal, string endpoint);
    }
}
