using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http.HttpResults;
using WalkTalk.ForcePacks;
using WalkTalk.Gateway.Pages.Errors;
using WalkTalk.Gateway.SignIn;
using WalkTalk.Gateway.Web;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Gateway.Entry;

/// <summary>Pages of unknown forces and absent services answer 404, and every bare status of a page becomes a page in words.</summary>
internal static partial class PageWalls
{
    /// <summary>In HttpContext.Items: the service that a page needs and that is not deployed.</summary>
    public const string MissingService = "missing-service";

    /// <summary>In HttpContext.Items: the problem that keeps a page from being shown, as (type, status).</summary>
    public const string Refused = "refused";

    public static void UsePageErrors(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("WalkTalk.Pages");
        app.Use(async (http, next) =>
        {
            if (http.IsApi() || http.Request.Path.StartsWithSegments("/connect"))
            {
                await next(http);
                return;
            }
            try
            {
                await next(http);
            }
            catch (Exception e) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
            {
                // A page that fails must still say so in words, with the way on and 999.
                PageFailed(log, e, http.GetEndpoint()?.DisplayName ?? "");
                http.Response.Clear();
                http.Response.StatusCode = (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError;
                if (Unavailable.Of(e) is { } refusal)
                {
                    http.Items[Refused] = (refusal.Type, refusal.Status);
                }
            }
            if (http.Items[Refused] is (string, int status) && !http.Response.HasStarted)
            {
                // A page alone can only say that it is not there.
                http.Response.StatusCode = status;
            }
            if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null or 0 })
            {
                // Its own scope: that of the page has begun to answer another address.
                await using var scope = app.Services.CreateAsyncScope();
                http.RequestServices = scope.ServiceProvider;
                // The page that found nothing has set it, and the component sets it again by Add.
                http.Response.Headers.Remove("blazor-enhanced-nav");
                await new RazorComponentResult<ErrorDocument> { PreventStreamingRendering = true }.ExecuteAsync(http);
            }
        });
    }

    public static void UsePageWalls(this WebApplication app) => app.Use((http, next) =>
    {
        if (http.GetEndpoint()?.Metadata is { } metadata && metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        {
            var directory = http.RequestServices.GetRequiredService<ServiceDirectory>();
            var absent = metadata.GetMetadata<NeedsAttribute>()?.Services.FirstOrDefault(name => !directory.Has(name));
            if (absent is not null || (http.Request.RouteValues["Force"] is string force && http.RequestServices.GetRequiredService<ForcePackCatalogue>().Find(force) is null))
            {
                http.Items[MissingService] = absent;
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }
        }
        return next(http);
    });

    [LoggerMessage(EventId = 5003, EventName = "PageFailed", Level = LogLevel.Error, Message = "The page {Page} failed")]
    private static partial void PageFailed(ILogger log, Exception e, string page);
}
