using WalkTalk.Booking;
using WalkTalk.ServiceDefaults;

return await ServiceHost.Run(args, BookingService.Module);
