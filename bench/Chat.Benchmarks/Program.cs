using Chat.Benchmarks;

var exitCode = await BenchCommand.Create().Parse(args).InvokeAsync();

// Not by returning: what has been measured may have left threads behind.
Environment.Exit(exitCode);
