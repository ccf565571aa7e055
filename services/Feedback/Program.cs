using WalkTalk.Feedback;
using WalkTalk.ServiceDefaults;

return await ServiceHost.Run(args, FeedbackService.Module);
