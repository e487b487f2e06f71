using Chat.PluginHost.Doctor;

// A host in a process of its own: a test runner answers for missing assemblies before the runtime says that they are
// missing.
var report = await new PluginDoctor().CheckAsync(args[0]);
foreach (var finding in report.Findings)
    Console.WriteLine($"{finding.Where}: {finding.Problem}");
