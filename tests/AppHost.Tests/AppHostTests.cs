using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace WalkTalk.AppHost.Tests;

/// <summary>The app model alone: the real AppHost runs up to Build and nothing is started.</summary>
public sealed class AppHostTests
{
    private static readonly string[] Services = ["booking", "feedback", "notification", "reporting"];

    // The host goes on to its pipeline once it is built; this step of it only prints.
    private static readonly string[] Publishing = ["--operation=publish", "--step=diagnostics", "--Logging:LogLevel:Default=None"];

    [Fact]
    public async Task Every_service_waits_for_its_own_database_and_the_broker()
    {
        await using var model = await Model();
        foreach (var name in Services)
        {
            var waits = model.Resources.Single(r => r.Name == name).Annotations.OfType<WaitAnnotation>().Select(w => w.Resource.Name);
            Assert.Superset(new HashSet<string> { $"{name}-db", "rabbitmq" }, waits.ToHashSet());
        }
    }

    [Theory]
    [InlineData("booking"), InlineData("feedback"), InlineData("notification"), InlineData("reporting")]
    public async Task A_service_left_out_is_unknown_to_the_gateway(string left)
    {
        await using var model = await Model([$"--Deploy:{left}=false", .. Publishing]);
        Assert.DoesNotContain(model.Resources, r => r.Name == left || r.Name == $"{left}-db");

        var gateway = await Environment(model, "gateway");
        Assert.DoesNotContain($"services__{left}__http__0", gateway.Keys);
        Assert.Equal(3, gateway.Keys.Count(k => k.StartsWith("services__", StringComparison.Ordinal) && k.EndsWith("__http__0", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("booking"), InlineData("feedback"), InlineData("notification"), InlineData("reporting")]
    public async Task A_service_is_told_its_database_the_broker_and_who_issues_tokens(string name)
    {
        await using var model = await Model(Publishing);
        var service = await Environment(model, name);
        Assert.Contains($"ConnectionStrings__{name}-db", service.Keys);
        Assert.Contains("ConnectionStrings__rabbitmq", service.Keys);
        Assert.Equal("{gateway.bindings.http.url}", service["Auth__Authority"]);
    }

    [Fact]
    public async Task The_key_in_transit_is_shared_and_the_key_at_rest_is_not()
    {
        await using var model = await Model(Publishing);
        await using var app = await model.BuildAsync();
        var processes = new List<Dictionary<string, string>>();
        foreach (var name in Services.Append("gateway"))
        {
            processes.Add(await Environment(app, model, name));
        }

        Assert.Single(processes.Select(p => p["Protection__TransitKey"]).Distinct());
        Assert.Equal(processes.Count, processes.Select(p => p["Protection__MasterKey"]).Distinct().Count());
    }

    [Fact]
    public async Task Only_Booking_can_sign_that_somebody_attended_and_who_has_to_ask_another_service_knows_where()
    {
        await using var model = await Model(Publishing);
        await using var app = await model.BuildAsync();
        foreach (var name in Services.Append("gateway"))
        {
            var process = await Environment(app, model, name);
            Assert.Equal(name == "booking", process.ContainsKey("Attendance__PrivateKey"));
            Assert.Equal(name is "feedback" or "reporting" or "gateway", process.ContainsKey("services__booking__http__0"));
            Assert.Equal(name is "reporting" or "gateway", process.ContainsKey("services__feedback__http__0"));
            Assert.Equal(name is "reporting" or "gateway", process.ContainsKey("services__notification__http__0"));
        }
    }

    [Fact]
    public async Task Passwords_and_keys_are_secrets()
    {
        await using var model = await Model(Publishing);
        var open = model.Resources.OfType<ParameterResource>().Where(p => !p.Secret).Select(p => p.Name);
        Assert.Equal(["auth-clientid", "contact-sms", "feedback-publicurl", "notification-publicurl", "notify-neutralsmstemplateid", "notify-neutraltemplateid", "notify-smstemplateid", "notify-templateid", "smtp-from", "smtp-host", "smtp-user"], open.Order());
    }

    [Fact]
    public async Task The_gateway_names_itself_as_the_services_know_it()
    {
        await using var model = await Model(Publishing);
        await using var app = await model.BuildAsync();
        var issuers = new HashSet<string>();
        foreach (var name in Services.Append("gateway"))
        {
            issuers.Add((await Environment(app, model, name))["Auth__Authority"]);
        }

        Assert.Single(issuers);
    }

    [Fact]
    public async Task Nobody_but_the_gateway_waits_for_a_service()
    {
        await using var model = await Model();
        foreach (var name in Services)
        {
            var waits = model.Resources.Single(r => r.Name == name).Annotations.OfType<WaitAnnotation>().Select(w => w.Resource.Name);
            Assert.Empty(waits.Intersect(Services.Append("gateway")));
        }
    }

    [Theory]
    [InlineData("feedback", "Feedback__PublicUrl"), InlineData("notification", "Notification__PublicUrl")]
    public async Task Running_the_links_lead_to_the_gateway(string name, string setting)
    {
        await using var model = await Model();
        var told = new EnvironmentCallbackContext(model.ExecutionContext, model.Resources.Single(r => r.Name == name));
        foreach (var tells in told.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await tells.Callback(told);
        }

        var address = Assert.IsType<EndpointReference>(told.EnvironmentVariables[setting]);
        Assert.Equal(("gateway", "http"), (address.Resource.Name, address.EndpointName));
    }

    [Theory]
    [InlineData("booking"), InlineData("feedback"), InlineData("notification"), InlineData("reporting"), InlineData("gateway")]
    public async Task A_process_is_told_in_deploy_what_the_model_tells_it(string name)
    {
        await using var model = await Model(Publishing);
        var told = await Environment(model, name);
        var compose = Under("    environment:", Deploy("compose", "docker-compose.yaml").SkipWhile(l => l != $"  {name}:"));
        var chart = new[] { ("config", "data:"), ("secrets", "stringData:") }
            .SelectMany(part => Under(part.Item2, Deploy("kubernetes", "templates", name, $"{part.Item1}.yaml")).Keys);

        // The dashboard of what is published for adds its own three.
        var names = told.Keys.Concat(["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_SERVICE_NAME"]).Order().ToList();
        Assert.Equal(names, compose.Keys.Order());
        Assert.Equal(names, chart.Order());
        // Addresses are the publisher's to word; what is a plain word or a parameter is the same.
        var settled = told.Where(t => Regex.IsMatch(t.Value, @"^(\{[\w-]+\.value\}|[^{]*)$")).ToList();
        Assert.Contains(settled, t => t.Key == "Protection__MasterKey");
        Assert.All(settled, t => Assert.Equal(Regex.Replace(t.Value, @"^\{(.*)\.value\}$", m => $"${{{Setting(m.Groups[1].Value)}}}"), compose[t.Key]));
    }

    [Fact]
    public async Task What_a_force_fills_in_is_what_the_model_asks_for()
    {
        await using var model = await Model(Publishing);
        var asked = model.Resources.OfType<ParameterResource>().Select(p => Setting(p.Name)).Concat(Services.Append("gateway").Select(s => Setting($"{s}-image")));
        Assert.Equal(asked.Order(), Deploy("compose", ".env").Where(l => l.Contains('=', StringComparison.Ordinal)).Select(l => l.Split('=')[0]).Order());
    }

    [Fact]
    public async Task Built_to_run_it_says_how_to_build_it_to_publish()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Model(["--Publish=compose", .. Publishing]));
        Assert.Contains("-p:Publishing=true", refused.Message, StringComparison.Ordinal);
    }

    private static string Setting(string parameter) => parameter.Replace('-', '_').ToUpperInvariant();

    private static IEnumerable<string> Deploy(params string[] parts) => File.ReadLines(Path.Combine([Projects.AppHost.ProjectPath, "..", "deploy", .. parts]));

    // The pairs that stand in published YAML under a line, indented by two more.
    private static Dictionary<string, string> Under(string title, IEnumerable<string> lines) =>
        lines.SkipWhile(l => l != title).Skip(1).TakeWhile(l => l.StartsWith($"{title[..^title.TrimStart().Length]}  ", StringComparison.Ordinal))
            .Select(l => l.Trim().Split(": ", 2)).ToDictionary(p => p[0], p => p[1].Trim('"'));

    private static Task<IDistributedApplicationTestingBuilder> Model(params string[] args) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(args);

    private static async Task<Dictionary<string, string>> Environment(IDistributedApplicationTestingBuilder model, string name)
    {
        await using var app = await model.BuildAsync();
        return await Environment(app, model, name);
    }

    private static async Task<Dictionary<string, string>> Environment(DistributedApplication app, IDistributedApplicationTestingBuilder model, string name)
    {
        var resource = app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(r => r.Name == name);
        var configuration = await ExecutionConfigurationBuilder.Create(resource).WithEnvironmentVariablesConfig()
            .BuildAsync(model.ExecutionContext, NullLogger.Instance, CancellationToken.None);
        return configuration.EnvironmentVariables.ToDictionary(v => v.Key, v => v.Value);
    }
}
