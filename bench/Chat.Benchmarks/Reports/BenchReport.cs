namespace Chat.Benchmarks.Reports;

/// <summary>What was measured, on what and when, as markdown.</summary>
internal sealed class BenchReport
{
    private readonly List<string> _lines;

    /// <param name="title">What was measured.</param>
    public BenchReport(string title) => _lines = [$"# {title}", "", .. Machine.Facts().Select(fact => $"- {fact}")];

    /// <summary>Adds a paragraph, or a table.</summary>
    public void Add(string markdown) => _lines.AddRange(["", markdown]);

    /// <summary>Adds a table, a row for each sequence of cells; the first is the head.</summary>
    public void AddTable(params IEnumerable<string>[] rows)
    {
        var table = rows.Select(row => $"| {string.Join(" | ", row)} |").ToList();
        table.Insert(1, $"|{string.Concat(rows[0].Select((_, column) => column == 0 ? " --- |" : " --: |"))}");
        Add(string.Join('\n', table));
    }

    /// <summary>Prints it, and writes it to a file if there is one.</summary>
    public async Task PublishAsync(FileInfo? file)
    {
        var text = string.Join('\n', _lines) + "\n";
        await Console.Out.WriteAsync(text);
        if (file is null)
            return;
        file.Directory?.Create();
        await File.WriteAllTextAsync(file.FullName, text);
    }
}
