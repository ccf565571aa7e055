namespace WalkTalk.Gateway.Web;

/// <summary>What a service said: a value, or the problem why not.</summary>
/// <param name="Value">Null after a problem, and for answers without a body.</param>
/// <param name="ETag">The version to send back with a change.</param>
public sealed record Answer<T>(T? Value, Problem? Problem = null, string? ETag = null, string? Location = null)
{
    public bool Ok => Problem is null;
}

/// <summary>An RFC 9457 problem of a service.</summary>
/// <param name="Type">The stable name without its prefix, such as <c>walk-full</c>.</param>
/// <param name="Field">The field of the request it concerns.</param>
/// <param name="Errors">Several fields at once, from validation.</param>
public sealed record Problem(string Type, int Status, string Title, string? Detail, string? Field, IReadOnlyDictionary<string, string[]> Errors);
