global using Chat.Connections;
global using Chat.Engine;
global using Chat.Engine.Commands;
global using Chat.Scenes.Clients;
global using Chat.Scenes.Language;
global using Chat.Scenes.Playing;
global using Chat.Scenes.Stages;
