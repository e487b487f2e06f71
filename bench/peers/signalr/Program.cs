using SignalRPeer;

// SignalRPeer PORT
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls($"http://127.0.0.1:{args[0]}");
builder.Services.AddSignalR();
var app = builder.Build();
app.MapHub<ChatHub>("/chat");
await app.RunAsync();
