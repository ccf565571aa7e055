using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.WebUtilities;
using WalkTalk.Gateway.Entry;

namespace WalkTalk.Gateway.Web;

/// <summary>Calls one service for one force. Never throws for what a service refuses or for a service that is down: both are a <see cref="Problem"/>.</summary>
public sealed class ServiceClient(string name, string force, ServiceDirectory directory, HttpClient http, IHttpContextAccessor context)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private (string Name, string Value)? extra;

    /// <summary>The same client, sending one more header with every call.</summary>
    public ServiceClient With(string header, string value) => new(name, force, directory, http, context) { extra = (header, value) };

    /// <summary>The same client with a participant's own proof (a hold's token, a link's secret), which stands before any session.</summary>
    public ServiceClient As(string scheme, string secret) =>
        With("Authorization", $"{scheme} {string.Concat(secret.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))}");

    /// <summary>GET below /v1/{force}; query values that are null are left out.</summary>
    public Task<Answer<T>> Get<T>(string path, params (string Name, string? Value)[] query) =>
        Send<T>(HttpMethod.Get, QueryHelpers.AddQueryString(path, query.Where(q => q.Value is not null).Select(q => KeyValuePair.Create(q.Name, q.Value))), null, null, null);

    /// <summary>POST; the form's hidden key becomes the Idempotency-Key, so that a second click changes nothing.</summary>
    public Task<Answer<T>> Post<T>(string path, object? body, FormState? form = null, string? etag = null) => Send<T>(HttpMethod.Post, path, body, form, etag);

    /// <summary>PUT with the version it was read at.</summary>
    public Task<Answer<T>> Put<T>(string path, object? body, string? etag = null) => Send<T>(HttpMethod.Put, path, body, null, etag);

    /// <summary>PATCH with the version it was read at.</summary>
    public Task<Answer<T>> Patch<T>(string path, object? body, string? etag = null) => Send<T>(HttpMethod.Patch, path, body, null, etag);

    public Task<Answer<T>> Delete<T>(string path, string? etag = null) => Send<T>(HttpMethod.Delete, path, null, null, etag);

    private async Task<Answer<T>> Send<T>(HttpMethod method, string path, object? body, FormState? form, string? etag)
    {
        var stop = context.HttpContext?.RequestAborted ?? CancellationToken.None;
        var addresses = directory.AddressesOf(name);
        if (addresses.Count == 0)
        {
            return new(default, NotDeployed());
        }
        using var request = new HttpRequestMessage(method, new Uri(addresses[Random.Shared.Next(addresses.Count)], $"v1/{force}{path}"));
        if (body is not null)
        {
            request.Content = body as HttpContent ?? JsonContent.Create(body, body.GetType(), options: Json);
        }
        if (form is not null)
        {
            request.Headers.Add("Idempotency-Key", form.NextKey());
        }
        if (extra is { } header)
        {
            request.Headers.Add(header.Name, header.Value);
        }
        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", etag);
        }
        request.Headers.Add(RateLimits.SelfHeader, RateLimits.Self);
        request.Headers.AcceptLanguage.ParseAdd(CultureInfo.CurrentUICulture.Name);
        if (request.Headers.Authorization is null && context.HttpContext is { } current && await current.GetTokenAsync("access_token") is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            if (!response.IsSuccessStatusCode)
            {
                return new(default, await Problems.Read(response, stop));
            }
            var value = response.StatusCode == HttpStatusCode.NoContent || response.Content.Headers.ContentLength == 0 ? default : await Read<T>(response, stop);
            return new(value, null, response.Headers.ETag?.ToString(), response.Headers.Location?.ToString());
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            return new(default, Unreachable());
        }
    }

    private static async Task<T?> Read<T>(HttpResponseMessage response, CancellationToken stop) =>
        typeof(T) == typeof(string) ? (T)(object)await response.Content.ReadAsStringAsync(stop)
        : typeof(T) == typeof(byte[]) ? (T)(object)await response.Content.ReadAsByteArrayAsync(stop)
        : await response.Content.ReadFromJsonAsync<T>(Json, stop);

    private static Problem NotDeployed() => new("service-not-deployed", 404, "This force does not use this part of WalkTalk", null, null, new Dictionary<string, string[]>());

    private static Problem Unreachable() => new("service-unavailable", 503, "This does not answer at the moment. Nothing is lost. Please try again in a minute.", null, null, new Dictionary<string, string[]>());
}
