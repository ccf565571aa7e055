using WalkTalk.Gateway;
using WalkTalk.ServiceDefaults;

return await ServiceHost.Run(args, GatewayService.Module);
