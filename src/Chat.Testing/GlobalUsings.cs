global using Chat.Hooks;
global using Chat.Scenes.Clients;
