using Microsoft.AspNetCore.SignalR;

namespace SignalRPeer;

/// <summary>What people of SignalR write first: text to all, or to a group.</summary>
internal sealed class ChatHub : Hub
{
    public Task Send(string text) => Clients.All.SendAsync("Send", text);

    public Task SendTo(string room, string text) => Clients.Group(room).SendAsync("Send", text);

    public Task Join(string room) => Groups.AddToGroupAsync(Context.ConnectionId, room);
}
