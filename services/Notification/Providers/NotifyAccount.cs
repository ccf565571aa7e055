using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace WalkTalk.Notification.Providers;

/// <summary>One service at GOV.UK Notify: its id, the secret its calls are signed with, and our template there.</summary>
internal sealed class NotifyAccount
{
    private const int IdLength = 36;
    private readonly string service;
    private readonly SigningCredentials signing;

    private NotifyAccount(string service, string secret, string template) =>
        (this.service, signing, Template) = (service, new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret)), SecurityAlgorithms.HmacSha256), template);

    public string Template { get; }

    /// <summary>Null when the key or the template's id is not of Notify's form.</summary>
    public static NotifyAccount? Of(string? key, string? template)
    {
        // The key's name, in front, may hold hyphens too: it is read from its end.
        if (key?.Trim() is not { Length: > 2 * IdLength } whole || !Guid.TryParseExact(template?.Trim(), "D", out _)) return null;
        var (service, secret) = (whole[^(2 * IdLength + 1)..^(IdLength + 1)], whole[^IdLength..]);
        return whole[^(IdLength + 1)] == '-' && Guid.TryParseExact(service, "D", out _) && Guid.TryParseExact(secret, "D", out _) ? new(service, secret, template!.Trim()) : null;
    }

    /// <summary>What one call is signed with; Notify takes it for 30 seconds.</summary>
    public string Token(DateTimeOffset now) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
        new SecurityTokenDescriptor { Issuer = service, IssuedAt = now.UtcDateTime, SigningCredentials = signing });
}

/// <summary>Says at the start which setting cannot be used, never what it holds.</summary>
internal sealed class NotifySettings : IValidateOptions<NotifyOptions>
{
    private const int ShortestToken = 20;

    public ValidateOptionsResult Validate(string? name, NotifyOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ApiKey)) return ValidateOptionsResult.Skip;
        List<string> faults = [];
        if (NotifyAccount.Of(options.ApiKey, options.TemplateId) is null)
            faults.Add("Notify:ApiKey or Notify:TemplateId: give the API key whole, {name}-{service id}-{secret}, and the template's id.");
        if (NotifyAccount.Of(options.NeutralApiKey, options.NeutralTemplateId) is null)
            faults.Add("Notify:NeutralApiKey or Notify:NeutralTemplateId: give key and template of a service whose name gives nothing away; the same again, if that of Notify:ApiKey is so named.");
        if (options.SmsTemplateId is { Length: > 0 } ? NotifyAccount.Of(options.ApiKey, options.SmsTemplateId) is null || NotifyAccount.Of(options.NeutralApiKey, options.NeutralSmsTemplateId) is null
            : options.NeutralSmsTemplateId is { Length: > 0 })
            faults.Add("Notify:SmsTemplateId or Notify:NeutralSmsTemplateId: give the id of a text message template of each of the two services, or neither.");
        if (!Uri.TryCreate(options.BaseAddress, UriKind.Absolute, out var address) || !(address.Scheme == Uri.UriSchemeHttps || address is { Scheme: "http", IsLoopback: true }))
            faults.Add("Notify:BaseAddress: give an https address.");
        if (options.CallbackToken is { Length: > 0 and < ShortestToken })
            faults.Add($"Notify:CallbackToken: give at least {ShortestToken} characters.");
        if (options.TimeoutSeconds is < 1 or > 60 || options.FailoverSeconds < 1)
            faults.Add("Notify:TimeoutSeconds: give 1 to 60; Notify:FailoverSeconds: 1 or more.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
