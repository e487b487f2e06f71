using Chat.Server;

return await ServerCommand.Create().Parse(args).InvokeAsync().ConfigureAwait(false);
