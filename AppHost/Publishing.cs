#if PUBLISHING
using Aspire.Hosting.Kubernetes;
#endif

/// <summary>What "publish" writes for. Not every feed has its two packages, so they are built in only when asked for.</summary>
internal static class Publishing
{
#if PUBLISHING
    public static void For(string target, IDistributedApplicationBuilder builder)
    {
        switch (target)
        {
            case "compose":
                builder.AddDockerComposeEnvironment("compose").WithDashboard();
                break;
            case "kubernetes":
                // Aspire's own choice for volumes is emptyDir, which forgets everything when a pod moves.
                builder.AddKubernetesEnvironment("kubernetes").WithProperties(k => k.DefaultStorageType = "pvc").WithDashboard();
                foreach (var process in builder.Resources.OfType<ProjectResource>().ToList())
                    builder.CreateResourceBuilder(process).PublishAsKubernetesService(ProbeByHttp);
                break;
            default:
                throw new InvalidOperationException($"Publish={target}: it is compose or kubernetes.");
        }
    }

    // Kubernetes knows a probe's scheme in capitals only; Aspire writes it small (microsoft/aspire#18271).
    private static void ProbeByHttp(KubernetesResource chart)
    {
        var container = chart.Workload!.PodTemplate.Spec.Containers.Single();
        container.LivenessProbe!.HttpGet!.Scheme = container.ReadinessProbe!.HttpGet!.Scheme = "HTTP";
    }
#else
    public static void For(string target, IDistributedApplicationBuilder builder) =>
        throw new InvalidOperationException($"Publish={target}: this AppHost was built to run. Build it to publish: dotnet run --project AppHost -p:Publishing=true -- …");
#endif
}
