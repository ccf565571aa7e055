using System.Security.Cryptography;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Publishing;
using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);

// Where "publish" writes for.
var target = builder.ExecutionContext.IsPublishMode ? builder.Configuration["Publish"] : null;
if (target == "compose")
{
    builder.AddDockerComposeEnvironment("compose").WithDashboard();
}
else if (target == "kubernetes")
{
    // Aspire's own choice for volumes is emptyDir, which forgets everything when a pod moves.
    builder.AddKubernetesEnvironment("kubernetes").WithProperties(k => k.DefaultStorageType = "pvc").WithDashboard();
}

// Resources
var rabbitmq = builder.AddRabbitMQ("rabbitmq", password: Secret("rabbitmq-password", Convert.ToHexStringLower))
    .WithManagementPlugin()
    .WithDataVolume("walktalk-rabbitmq");
var postgres = builder.AddPostgres("postgres", password: Secret("postgres-password", Convert.ToHexStringLower))
    .WithDataVolume("walktalk-postgres");

// Protects contact data inside messages: the one key that all of them share.
var transitKey = Secret("transit-key", Convert.ToBase64String);

// Services: a force deploys those it needs (Deploy:Reporting=false leaves one out), each with its own database and key.
List<IResourceBuilder<ProjectResource>> services = [];
Service<Projects.Booking>("booking");
Service<Projects.Feedback>("feedback");
Service<Projects.Notification>("notification");
Service<Projects.Reporting>("reporting");

// Gateway last: it learns from its references what is deployed.
var gateway = Process<Projects.Gateway>("gateway", port: 5080)
    .WithExternalHttpEndpoints();
// In a chart, resources that refer to each other lose their OTEL_* settings (seen in 13.5.2), so there the name has to do.
object issuer = target == "kubernetes" ? "http://gateway-service:5080" : gateway.GetEndpoint("http");
foreach (var service in services)
{
    gateway.WithReference(service).WaitFor(service);
    // A service asks for the issuer's keys when the first token comes, so it need not wait for the gateway.
    service.WithEnvironment(process => process.EnvironmentVariables["Auth__Authority"] = issuer);
}

builder.Build().Run();

void Service<TProject>(string name) where TProject : IProjectMetadata, new()
{
    if (builder.Configuration.GetValue($"Deploy:{name}", defaultValue: true))
    {
        services.Add(Process<TProject>(name).WithReplicas(builder.Configuration.GetValue($"Replicas:{name}", 1)));
    }
}

// Without its launch profile: what a process is told comes from here alone. On one machine each gets its own port.
IResourceBuilder<ProjectResource> Process<TProject>(string name, int? port = null) where TProject : IProjectMetadata, new()
{
    var database = postgres.AddDatabase($"{name}-db");
    var process = builder.AddProject<TProject>(name, launchProfileName: null)
        .WithHttpEndpoint(port, targetPort: builder.ExecutionContext.IsRunMode ? null : 8080)
        .WithHttpProbe(ProbeType.Readiness, "/health", timeoutSeconds: 5, endpointName: "http")
        .WithHttpProbe(ProbeType.Liveness, "/alive", endpointName: "http")
        .WithReference(database).WaitFor(database)
        .WithReference(rabbitmq).WaitFor(rabbitmq)
        .WithEnvironment("Protection__MasterKey", Secret($"{name}-master-key", Convert.ToBase64String))
        .WithEnvironment("Protection__TransitKey", transitKey);
    return target == "kubernetes" ? process.PublishAsKubernetesService(ProbeByHttp) : process;
}

// Kubernetes knows a probe's scheme in capitals only; Aspire writes it small (microsoft/aspire#18271).
static void ProbeByHttp(KubernetesResource chart)
{
    var container = chart.Workload!.PodTemplate.Spec.Containers.Single();
    container.LivenessProbe!.HttpGet!.Scheme = container.ReadinessProbe!.HttpGet!.Scheme = "HTTP";
}

// Running, a secret is made on the first start and kept in user secrets; published output leaves it for the force to fill in.
IResourceBuilder<ParameterResource> Secret(string name, Func<byte[], string> write) => builder.ExecutionContext.IsRunMode
    ? builder.AddParameter(name, new Fresh(write), secret: true, persist: true)
    : builder.AddParameter(name, secret: true);

/// <summary>32 random bytes, as text.</summary>
internal sealed class Fresh(Func<byte[], string> write) : ParameterDefault
{
    public override string GetDefaultValue() => write(RandomNumberGenerator.GetBytes(32));

    public override void WriteToManifest(ManifestPublishingContext context) => throw new NotSupportedException("A secret is never published.");
}
