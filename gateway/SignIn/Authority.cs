using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace WalkTalk.Gateway.SignIn;

/// <summary>What the issuer says of itself. Asked late and again after a failure: the built-in issuer's address is known only once it listens.</summary>
internal sealed class Authority(IConfiguration configuration) : IConfigurationManager<OpenIdConnectConfiguration>
{
    private (string Address, ConfigurationManager<OpenIdConnectConfiguration> Manager)? current;

    public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel) => Manager().GetConfigurationAsync(cancel);

    public void RequestRefresh() => Manager().RequestRefresh();

    private ConfigurationManager<OpenIdConnectConfiguration> Manager()
    {
        var address = configuration["Auth:Authority"] ?? throw new InvalidOperationException("Auth:Authority is not set.");
        if (current?.Address != address)
        {
            current = (address, new ConfigurationManager<OpenIdConnectConfiguration>($"{address.TrimEnd('/')}/.well-known/openid-configuration",
                new OpenIdConnectConfigurationRetriever(), new HttpDocumentRetriever { RequireHttps = configuration.GetValue("Auth:RequireHttps", false) }));
        }
        return current.Value.Manager;
    }
}
