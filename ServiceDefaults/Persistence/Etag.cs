namespace WalkTalk.ServiceDefaults.Persistence;

/// <summary>Versions of rows as ETags: a change says which version it saw.</summary>
public static class Etag
{
    private static readonly Refusal Required = new("if-match-required", 428, "Say which version you are changing",
        "Send If-Match with the ETag you were last given.", "If-Match");

    /// <summary>The answer to a change that somebody else's change has overtaken.</summary>
    public static readonly Refusal ChangedMeanwhile = new("changed-meanwhile", 412, "It was changed meanwhile",
        "Read it again, look at what changed, and send the change with its new ETag.", "If-Match");

    /// <summary>The row's ETag.</summary>
    public static string Of(IVersioned row) => $"\"{row.Version}\"";

    /// <summary>Null when the request's If-Match names this version of the row; a refusal otherwise.</summary>
    public static Refusal? Check(HttpRequest request, IVersioned row) => request.Headers.IfMatch.ToString() switch
    {
        "" => Required,
        var sent when sent == Of(row) => null,
        _ => ChangedMeanwhile,
    };

    /// <summary>Tells the caller which version the answer shows.</summary>
    public static void Set(HttpResponse response, IVersioned row) => response.Headers.ETag = Of(row);
}
