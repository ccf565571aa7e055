using System.Security.Cryptography;
using Aspire.Hosting.Publishing;
using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);
var running = builder.ExecutionContext.IsRunMode;

// Where "publish" writes for.
var target = running ? null : builder.Configuration["Publish"];

// Resources
var rabbitmq = builder.AddRabbitMQ("rabbitmq", password: Secret("rabbitmq-password", Fresh.Password))
    .WithManagementPlugin().WithDataVolume("walktalk-rabbitmq");
var postgres = builder.AddPostgres("postgres", password: Secret("postgres-password", Fresh.Password))
    .WithDataVolume("walktalk-postgres");
// Protects contact data inside messages: the one key that all of them share.
var transitKey = Secret("transit-key", Fresh.Key);

// Services: a force deploys those it needs (Deploy:Reporting=false leaves one out), each with its own database and key.
List<IResourceBuilder<ProjectResource>> services = [];
var booking = Service<Projects.Booking>("booking")?.WithEnvironment("Attendance__PrivateKey", Secret("attendance-key", Fresh.SigningKey));
var feedback = Service<Projects.Feedback>("feedback");
var notification = Service<Projects.Notification>("notification");
var reporting = Service<Projects.Reporting>("reporting");
if (booking is not null) feedback?.WithReference(booking); // asks for the public half of the attendance key
foreach (var owner in new[] { booking, feedback, notification }) if (owner is not null) reporting?.WithReference(owner); // reads their history

// Gateway last: it learns from its references what is deployed.
var gateway = Process<Projects.Gateway>("gateway", port: 5080).WithExternalHttpEndpoints();
foreach (var service in services) gateway.WithReference(service).WaitFor(service);

// Staff tokens: a service asks for the issuer's keys when the first one comes, so none waits for the gateway.
// In a chart, resources that refer to each other lose their OTEL_* settings (seen in 13.5 and 13.6), so there the name has to do.
object issuer = target == "kubernetes" ? "http://gateway-service:5080" : gateway.GetEndpoint("http");
foreach (var process in services.Append(gateway)) process.WithEnvironment(told => told.EnvironmentVariables["Auth__Authority"] = issuer);

// What only a force can say; without Notify and mail server there is the inbox, without a client id the gateway is the issuer.
Ask(feedback, "Feedback__PublicUrl");
Ask(notification, "Notification__PublicUrl", "Smtp__Host", "Smtp__User", "Smtp__Password", "Smtp__From",
    "Notify__ApiKey", "Notify__TemplateId", "Notify__NeutralApiKey", "Notify__NeutralTemplateId",
    "Notify__SmsTemplateId", "Notify__NeutralSmsTemplateId", "Notify__CallbackToken");
Ask(gateway, "Auth__ClientId", "Auth__ClientSecret");

// A mobile number is a contact where text messages are sent: the same for who asks for it and who sends. Running, with nothing set up, they go into the inbox.
var numbers = running ? null : builder.AddParameter("contact-sms");
var inbox = builder.Configuration["Smtp:Host"] is null && builder.Configuration["Notify:ApiKey"] is null ? "true" : "false";
foreach (var process in new[] { booking, notification, gateway })
    _ = numbers is null ? process?.WithEnvironment("Contact__Sms", builder.Configuration["Contact:Sms"] ?? inbox) : process?.WithEnvironment("Contact__Sms", numbers);

// Running, the address of every link is the gateway's own.
foreach (var (process, setting) in running ? new[] { (feedback, "Feedback__PublicUrl"), (notification, "Notification__PublicUrl") } : [])
    process?.WithEnvironment(told => told.EnvironmentVariables[setting] = gateway.GetEndpoint("http"));

if (target is not null) Publishing.For(target, builder);

builder.Build().Run();

IResourceBuilder<ProjectResource>? Service<TProject>(string name) where TProject : IProjectMetadata, new()
{
    if (!builder.Configuration.GetValue($"Deploy:{name}", defaultValue: true)) return null;
    services.Add(Process<TProject>(name).WithReplicas(builder.Configuration.GetValue($"Replicas:{name}", 1)));
    return services[^1];
}

// Without its launch profile: what a process is told comes from here alone. On one machine each gets its own port.
IResourceBuilder<ProjectResource> Process<TProject>(string name, int? port = null) where TProject : IProjectMetadata, new()
{
    var database = postgres.AddDatabase($"{name}-db");
    return builder.AddProject<TProject>(name, launchProfileName: null)
        .WithHttpEndpoint(port, targetPort: running ? null : 8080)
        .WithHttpProbe(ProbeType.Readiness, "/health", timeoutSeconds: 5, endpointName: "http")
        .WithHttpProbe(ProbeType.Liveness, "/alive", endpointName: "http")
        .WithReference(database).WaitFor(database)
        .WithReference(rabbitmq).WaitFor(rabbitmq)
        .WithEnvironment("Protection__MasterKey", Secret($"{name}-master-key", Fresh.Key))
        .WithEnvironment("Protection__TransitKey", transitKey)
        .WithEnvironment("Demo__Enabled", builder.Configuration["Demo"] ?? "false")
        // While developing, Aspire shows query strings in traces; ours carry secrets.
        .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "false");
}

// Running, a secret is made on the first start and kept in user secrets; published output leaves it for the force to fill in.
IResourceBuilder<ParameterResource> Secret(string name, Func<string> make) =>
    running ? builder.AddParameter(name, new Fresh(make), secret: true, persist: true) : builder.AddParameter(name, secret: true);

void Ask(IResourceBuilder<ProjectResource>? process, params string[] settings)
{
    if (running) return;
    foreach (var setting in settings)
        process?.WithEnvironment(setting, builder.AddParameter(setting.Replace("__", "-").ToLowerInvariant(), secret: setting is "Smtp__Password" or "Auth__ClientSecret"
            or "Notify__ApiKey" or "Notify__NeutralApiKey" or "Notify__CallbackToken"));
}

internal sealed class Fresh(Func<string> make) : ParameterDefault
{
    public static string Password() => RandomNumberGenerator.GetHexString(64, lowercase: true);
    public static string Key() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    public static string SigningKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem();

    public override string GetDefaultValue() => make();
    public override void WriteToManifest(ManifestPublishingContext context) => throw new NotSupportedException("A secret is never published.");
}
