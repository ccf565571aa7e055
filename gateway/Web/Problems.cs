using System.Text.Json;

namespace WalkTalk.Gateway.Web;

/// <summary>Reads the RFC 9457 problem of a failed answer, whatever the service made of it.</summary>
internal static class Problems
{
    private const string Prefix = "urn:walktalk:problem:";
    private const string NoRoom = "We cannot save anything at the moment. What you sent before is safe. Please send this again later.";

    public static async Task<Problem> Read(HttpResponseMessage response, CancellationToken stop)
    {
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType is "application/problem+json" or "application/json")
        {
            try
            {
                using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(stop), cancellationToken: stop);
                if (json.RootElement.ValueKind == JsonValueKind.Object)
                {
                    return Read(json.RootElement, status);
                }
            }
            catch (JsonException)
            {
                // A proxy's page under a service's name: the status is all there is to go by.
            }
        }
        return new Problem("status-" + status, status, Title(status), null, null, new Dictionary<string, string[]>());
    }

    private static Problem Read(JsonElement root, int status)
    {
        var type = Text(root, "type") is { } urn && urn.StartsWith(Prefix, StringComparison.Ordinal) ? urn[Prefix.Length..] : "status-" + status;
        // These speak to whoever runs the service; who reads the page needs to know what became of her words.
        if (type is "storage-full" or "database-unavailable" or "starting")
        {
            return new Problem(type, status, type == "storage-full" ? NoRoom : Title(status), null, null, new Dictionary<string, string[]>());
        }
        var errors = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);
        if (root.TryGetProperty("errors", out var fields) && fields.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in fields.EnumerateObject())
            {
                errors[field.Name] = field.Value.ValueKind == JsonValueKind.Array
                    ? [.. field.Value.EnumerateArray().Where(message => message.ValueKind == JsonValueKind.String).Select(message => message.GetString()!)]
                    : [field.Value.ToString()];
            }
        }
        return new Problem(type, status, Text(root, "title") ?? Title(status), Text(root, "detail"), Text(root, "field"), errors);
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Title(int status) => status switch
    {
        401 => "Please sign in again",
        403 => "You are not allowed to do this",
        404 => "This is not here, or not here any more",
        409 => "Someone changed this in the meantime. Please look again.",
        412 or 428 => "Someone changed this in the meantime. Please look again.",
        413 => "This is too large",
        429 => "Too many tries. Please wait a minute.",
        _ => "This does not answer at the moment. Nothing is lost. Please try again in a minute.",
    };
}
