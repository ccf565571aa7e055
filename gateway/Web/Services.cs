namespace WalkTalk.Gateway.Web;

/// <summary>The deployed services, called as the person who is signed in (or as nobody).</summary>
public sealed class Services(ServiceDirectory directory, IHttpClientFactory clients, IHttpContextAccessor context)
{
    public bool Has(string name) => directory.Has(name);

    /// <summary>A client whose paths begin below <c>/v1/{force}</c>.</summary>
    public ServiceClient For(string name, string force) => new(name, force, directory, clients.CreateClient("services"), context);
}
