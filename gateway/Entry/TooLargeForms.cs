using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using WalkTalk.Gateway.Pages.Feedback;

namespace WalkTalk.Gateway.Entry;

/// <summary>
/// A form whose files are more than its page takes: its words are read, of its files no more is held than the page would take,
/// and the page says beside each field what was left out. Otherwise the browser shows an error of its own and her words are gone.
/// </summary>
internal static class TooLargeForms
{
    /// <summary>Bytes of one form; beyond, the connection ends.</summary>
    private const long MostBytes = 128 * 1024 * 1024;
    private const int MostFields = 1024;
    private const int MostText = 1024 * 1024;

    /// <summary>The file was sent and not held: the page has it neither to read nor to pass on.</summary>
    public static bool LeftOut(IFormFile file) => file.Headers.ContainsKey("X-Left-Out");

    public static void UseTooLargeForms(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (HttpMethods.IsPost(http.Request.Method) && http.Request.ContentLength is > PhotoSending.PageBytes and <= MostBytes
            && http.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is { MaxRequestBodySize: PhotoSending.PageBytes }
            && MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= 128 } boundary
            && http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MostBytes;
            http.Features.Set<IFormFeature>(new FormFeature(await Read(http.Request.Body, boundary.ToString(), http.RequestAborted)));
        }
        await next(http);
    });

    private static async Task<FormCollection> Read(Stream body, string boundary, CancellationToken stop)
    {
        var (fields, files, free, text) = (new KeyValueAccumulator(), new FormFileCollection(), PhotoSending.PageBytes, 0);
        var reader = new MultipartReader(boundary, body);
        while (await reader.ReadNextSectionAsync(stop) is { } section)
        {
            if (section.AsFileSection() is { } sent)
            {
                var (bytes, length) = await Hold(section.Body, Math.Min(free, PhotoSending.MaxBytes), stop);
                free -= bytes?.Length ?? 0;
                var headers = new HeaderDictionary(section.Headers!);
                if (bytes is null)
                {
                    headers["X-Left-Out"] = "yes";
                }
                files.Add(new FormFile(new MemoryStream(bytes ?? []), 0, length, sent.Name, sent.FileName) { Headers = headers });
            }
            else if (section.AsFormDataSection() is { } field)
            {
                var value = await field.GetValueAsync(stop);
                if ((text += value.Length) > MostText || fields.ValueCount >= MostFields)
                {
                    throw new BadHttpRequestException("The form has more text than a page takes.", StatusCodes.Status413PayloadTooLarge);
                }
                fields.Append(field.Name, value);
            }
        }
        return new FormCollection(fields.GetResults(), files);
    }

    /// <summary>The bytes, or none and their number where they are more than that.</summary>
    private static async Task<(byte[]? Bytes, long Length)> Hold(Stream from, long most, CancellationToken stop)
    {
        var (held, buffer, length) = (new MemoryStream(), new byte[64 * 1024], 0L);
        while (await from.ReadAsync(buffer, stop) is > 0 and var read)
        {
            length += read;
            if (length <= most)
            {
                held.Write(buffer, 0, read);
            }
            else
            {
                held.SetLength(0);
            }
        }
        return (length <= most ? held.ToArray() : null, length);
    }
}
