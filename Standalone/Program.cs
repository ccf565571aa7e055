using WalkTalk.Booking;
using WalkTalk.Feedback;
using WalkTalk.ForcePacks;
using WalkTalk.Gateway;
using WalkTalk.Notification;
using WalkTalk.Reporting;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;
using WalkTalk.Standalone;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.Write(CommandLine.Help);
    return 0;
}

if (CommandLine.Complaint(args) is { } complaint)
{
    await Console.Error.WriteLineAsync(complaint);
    return 2;
}

try
{
    DataFolder? folder = null;
    await using var app = ServiceHost.Build(CommandLine.Settings(args), builder =>
    {
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls("http://localhost:5080");
        }

        // The banner says it, to a person.
        builder.Logging.AddFilter("WalkTalk.Host", LogLevel.Warning).AddFilter("WalkTalk.Migrator", LogLevel.Warning);
        folder = DataFolder.Take(Database.DataFolder(builder.Configuration));
    }, GatewayService.Module, BookingService.Module, FeedbackService.Module, NotificationService.Module, ReportingService.Module);
    using var taken = folder;

    await app.StartAsync();
    await app.DatabasesReady();
    await Banner.Write(app, folder!.Path);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is UnknownServiceException or DataFolderTaken or ForcePackException || e.GetBaseException() is System.Net.Sockets.SocketException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
