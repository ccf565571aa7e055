using WalkTalk.Gateway;

var builder = WebApplication.CreateBuilder(args);
GatewayService.Add(builder);
var app = builder.Build();
GatewayService.Use(app);
GatewayService.Map(app);
await app.RunAsync();
