using WalkTalk.Gateway.SignIn;

namespace WalkTalk.Gateway.Web;

/// <summary>
/// Which services are deployed and where: the children of configuration section <c>Services</c>, read anew each time,
/// because one process learns its own address only once it listens.
/// </summary>
public sealed class ServiceDirectory(IConfiguration configuration)
{
    /// <summary>The built-in issuer: a part like a service, absent where a force's own provider signs people in.</summary>
    public const string Issuer = "issuer";

    /// <summary>Names of the deployed services, sorted.</summary>
    public IReadOnlyList<string> Names => [.. configuration.GetSection("Services").GetChildren().Where(child => Addresses(child).Count > 0)
        .Select(child => child.Key.ToLowerInvariant()).Order(StringComparer.Ordinal)];

    public bool Has(string name) => name == Issuer ? StaffSignIn.IsBuiltIn(configuration) : AddressesOf(name).Count > 0;

    /// <summary>Every replica of a service; below each stand /v1, /health and /openapi.</summary>
    public IReadOnlyList<Uri> AddressesOf(string name) => Addresses(configuration.GetSection("Services:" + name));

    private static List<Uri> Addresses(IConfigurationSection service) =>
        [.. service.GetChildren().Where(scheme => scheme.Key is "http" or "https").SelectMany(scheme => scheme.GetChildren().Append(scheme))
            .Where(entry => entry.Value is not null && Uri.IsWellFormedUriString(entry.Value, UriKind.Absolute))
            .Select(entry => new Uri(entry.Value!.TrimEnd('/') + "/"))];
}
