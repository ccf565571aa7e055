using System.Text.Json.Serialization;

namespace WalkTalk.ServiceDefaults;

/// <summary>
/// A named "no" of the domain, answered as an RFC 9457 problem of type urn:walktalk:problem:{Type}.
/// Exceptions are bugs; refusals are answers.
/// </summary>
/// <param name="Type">Stable name, e.g. walk-full.</param>
/// <param name="Status">The HTTP status: 4xx, or 503 where only the moment is wrong.</param>
/// <param name="Title">What was wrong, the same for every occurrence.</param>
/// <param name="Detail">What was wrong this time and what would be right.</param>
/// <param name="Field">The input it is about, as the caller named it.</param>
public sealed record Refusal(string Type, int Status, string Title, string? Detail = null, string? Field = null) : IResult, IStatusCodeHttpResult
{
    /// <summary>The type as it goes over the wire.</summary>
    [JsonIgnore]
    public string Urn => Prefix + Type;

    /// <summary>True where something was written that stays although the answer is no: a wrong try counts.</summary>
    [JsonIgnore]
    public bool Counts { get; init; }

    /// <summary>What every problem type of the platform begins with.</summary>
    public const string Prefix = "urn:walktalk:problem:";

    /// <summary>After how many seconds it is worth trying again, where that is known.</summary>
    [JsonIgnore]
    public int? RetryAfter { get; init; }

    int? IStatusCodeHttpResult.StatusCode => Status;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (RetryAfter is { } seconds)
        {
            httpContext.Response.Headers.RetryAfter = $"{seconds}";
        }

        var problem = TypedResults.Problem(Detail, null, Status, Title, Urn,
            Field is null ? null : new Dictionary<string, object?> { ["errors"] = new Dictionary<string, string[]> { [Field] = [Detail ?? Title] } });
        return problem.ExecuteAsync(httpContext);
    }
}
