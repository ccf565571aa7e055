using Microsoft.Data.Sqlite;
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

if (args is ["verify-audit", .. var files])
{
    return await VerifyAudit.Run(files);
}

if (args is ["backup" or "restore", var place, .. var options])
{
    try
    {
        var settings = WebApplication.CreateBuilder(new WebApplicationOptions { Args = options, ContentRootPath = AppContext.BaseDirectory }).Configuration;
        await (args[0] == "backup" ? Backup.Make(Path.GetFullPath(place), settings) : Restore.Run(Path.GetFullPath(place), settings));
        return 0;
    }
    catch (Exception e) when (e is BackupException or DataFolderTaken or SqliteException or IOException or UnauthorizedAccessException)
    {
        await Console.Error.WriteLineAsync(e.Message);
        return 2;
    }
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
