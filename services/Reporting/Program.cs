return await WalkTalk.ServiceDefaults.ServiceHost.Run(args, WalkTalk.Reporting.ReportingService.Module);
