using Chat.Load;

return LoadCommand.Run(args, Console.Out, Console.Error);
