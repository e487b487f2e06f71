global using Chat.Connections;
global using Chat.Engine;
#if NET
global using Chat.Engine.Scheduling;
global using Chat.Transport.Tcp.Epoll;
#endif
global using Chat.Transport.Tcp.Sockets;
global using Chat.Transport.Tcp.Telnet;
