using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);

// Where "publish" writes for; running ignores it.
switch (builder.Configuration["Publish"])
{
    case "compose": builder.AddDockerComposeEnvironment("compose").WithDashboard(); break;
    case "kubernetes":
        // Aspire's default for a volume is emptyDir, which forgets everything when a pod moves.
        builder.AddKubernetesEnvironment("kubernetes").WithProperties(k => k.DefaultStorageType = "pvc").WithDashboard();
        break;
}

// Resources
var rabbitmq = builder.AddRabbitMQ("rabbitmq", password: Secret("rabbitmq-password"))
    .WithManagementPlugin()
    .WithDataVolume("walktalk-rabbitmq");
var postgres = builder.AddPostgres("postgres", password: Secret("postgres-password"))
    .WithDataVolume("walktalk-postgres");

// Protects contact data inside messages: the one key that all of them share.
var transitKey = Secret("transit-key");

// Services: a force deploys those it needs (Deploy:Reporting=false leaves one out), each with its own database and key.
List<IResourceBuilder<ProjectResource>> services = [];
Service<Projects.Booking>("booking")?.WithEnvironment("Attendance__PrivateKey", Secret("attendance-private-key"));
Service<Projects.Feedback>("feedback")?.WithEnvironment("Attendance__PublicKey", Secret("attendance-public-key"));
Service<Projects.Notification>("notification");
Service<Projects.Reporting>("reporting");

// Gateway last: it learns from its references what is deployed.
var gateway = Process<Projects.Gateway>("gateway", port: 5080)
    .WithExternalHttpEndpoints();
foreach (var service in services)
{
    gateway.WithReference(service).WaitFor(service);
    // A service fetches the signing keys when the first token comes, so it need not wait for the gateway.
    service.WithEnvironment("Auth__Authority", gateway.GetEndpoint("http"));
}

builder.Build().Run();

IResourceBuilder<ParameterResource> Secret(string name) => builder.AddParameter(name, secret: true);

IResourceBuilder<ProjectResource>? Service<TProject>(string name) where TProject : IProjectMetadata, new()
{
    if (!builder.Configuration.GetValue($"Deploy:{name}", defaultValue: true))
    {
        return null;
    }

    var service = Process<TProject>(name).WithReplicas(builder.Configuration.GetValue($"Replicas:{name}", 1));
    services.Add(service);
    return service;
}

// Without its launch profile: what a process is told comes from here alone. On one machine every process gets its own port.
IResourceBuilder<ProjectResource> Process<TProject>(string name, int? port = null) where TProject : IProjectMetadata, new()
{
    var database = postgres.AddDatabase($"{name}-db");
    return builder.AddProject<TProject>(name, launchProfileName: null)
        .WithHttpEndpoint(port, targetPort: builder.ExecutionContext.IsRunMode ? null : 8080)
        .WithHttpHealthCheck("/health")
        .WithReference(database).WaitFor(database)
        .WithReference(rabbitmq).WaitFor(rabbitmq)
        .WithEnvironment("Protection__MasterKey", Secret($"{name}-master-key"))
        .WithEnvironment("Protection__TransitKey", transitKey);
}
