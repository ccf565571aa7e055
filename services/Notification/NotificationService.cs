using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Notification;
using WalkTalk.ForcePacks;
using WalkTalk.Notification.Data;
using WalkTalk.Notification.Demo;
using WalkTalk.Notification.Messages;
using WalkTalk.Notification.Providers;
using WalkTalk.Notification.Templates;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Notification;

/// <summary>Notification's table of contents: database, consumers, and one line per use case.</summary>
public static class NotificationService
{
    /// <summary>The module a host runs.</summary>
    public static ServiceModule Module { get; } = new(NotificationDb.Name, Add, AddConsumers, Map);

    private static void Add(WebApplicationBuilder builder)
    {
        var packs = ForcePackCatalogue.Load(builder.Configuration["ForcePacks:Folder"] ?? ForcePackCatalogue.DefaultFolder);
        builder.AddForces(packs.Ids, packs.Hash);
        builder.AddServiceDb<NotificationDb, SqliteNotificationDb, PostgresNotificationDb>(NotificationDb.Name, DemoMessages.Seed);
        builder.Services.AddValidation();
        builder.Services.AddOptions<NotificationOptions>().BindConfiguration("Notification");
        builder.Services.AddOptions<SmtpOptions>().BindConfiguration("Smtp");
        builder.Services.AddOptions<NotifyOptions>().BindConfiguration("Notify").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<NotifyOptions>, NotifySettings>();
        builder.Services.TryAddSingleton(packs);
        builder.Services.AddSingleton<TemplateLibrary>();
        builder.Services.AddScoped<QueueMessage>();
        builder.Services.AddScoped<SendMessage>();
        builder.Services.AddScoped<ForgetMessages>();
        // In the order they are preferred.
        if (HasNotify(builder.Configuration)) builder.Services.AddSingleton<IMailProvider, NotifyProvider>();
        if (HasNotify(builder.Configuration) && SendsTexts(builder.Configuration))
            builder.Services.AddSingleton<IMailProvider>(s => new NotifyProvider(s.GetRequiredService<IOptions<NotifyOptions>>(), s.GetRequiredService<TimeProvider>(), texts: true));
        if (HasMailServer(builder.Configuration)) builder.Services.AddScoped<IMailProvider, SmtpProvider>();
        if (!HasProvider(builder.Configuration)) builder.Services.AddScoped<IMailProvider, LocalInbox>();
        builder.Services.AddScoped<ChooseProvider>();
        builder.Services.AddHostedService<Sender>();
        builder.Services.AddHostedService<Forgetting>();
        SayWhetherTextsAreSent(builder.Configuration);
    }

    // Before a woman relies on it: whoever asks for her contact in this process reads it here, and in others what says the same is checked against what can be sent.
    private static void SayWhetherTextsAreSent(ConfigurationManager configuration)
    {
        if (string.IsNullOrWhiteSpace(configuration[TextMessages.Setting])) configuration[TextMessages.Setting] = $"{SendsTexts(configuration)}";
        if (TextMessages.AreSent(configuration) && !SendsTexts(configuration))
            throw new OptionsValidationException(TextMessages.Setting, typeof(NotifyOptions), [$"{TextMessages.Setting}: nothing here sends text messages. Set Notify:SmsTemplateId, or this to false."]);
    }

    private static void AddConsumers(Consumers consumers)
    {
        consumers.On<NotificationRequested, AcceptRequest>();
        consumers.On<NotificationWithdrawn, AcceptWithdrawal>();
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/messages", ListMessages.Handle).Staff("operator", "coordinator", "administrator", "oversight");
        routes.MapGet("/templates", PreviewTemplates.List).Staff("coordinator", "administrator");
        routes.MapGet("/templates/{id}/{language}", PreviewTemplates.Preview).Staff("coordinator", "administrator");
        routes.MapPost("/templates/{id}/{language}/test", SendTest.Handle).Staff("administrator").Idempotent();

        // Notify, about what it was handed.
        routes.MapPost("/delivery-receipts", TakeReceipt.Handle).FromNotify();

        // An operator sees no personal data, except this inbox where mail has nowhere else to go.
        if (HasProvider(routes.ServiceProvider.GetRequiredService<IConfiguration>())) return;
        routes.MapGet("/inbox", ReadInbox.List).Staff("operator");
        routes.MapGet("/inbox/{id}", ReadInbox.Open).Staff("operator");
        routes.MapGet("/inbox/{id}/file", ReadInbox.Download).Staff("operator");
    }

    /// <summary>Whether mail leaves this deployment.</summary>
    internal static bool HasProvider(IConfiguration configuration) => HasNotify(configuration) || HasMailServer(configuration);

    /// <summary>Whether a message to a number goes anywhere: by Notify, or into the local inbox.</summary>
    internal static bool SendsTexts(IConfiguration configuration) =>
        !HasProvider(configuration) || (HasNotify(configuration) && !string.IsNullOrWhiteSpace(configuration["Notify:SmsTemplateId"]));

    private static bool HasNotify(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration["Notify:ApiKey"]);

    private static bool HasMailServer(IConfiguration configuration) => configuration["Smtp:Host"] is { Length: > 0 };
}
