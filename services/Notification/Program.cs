using WalkTalk.Notification;
using WalkTalk.ServiceDefaults;

return await ServiceHost.Run(args, NotificationService.Module);
