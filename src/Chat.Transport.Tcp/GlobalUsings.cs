global using Chat.Connections;
global using Chat.Engine;
global using Chat.Engine.Scheduling;
#if NET
global using Chat.Transport.Tcp.Epoll;
#endif
global using Chat.Transport.Tcp.Sockets;
global using Chat.Transport.Tcp.Telnet;
