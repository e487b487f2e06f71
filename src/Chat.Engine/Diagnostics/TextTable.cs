namespace Chat.Engine.Diagnostics;

/// <summary>Rows of cells as aligned lines of text.</summary>
public static class TextTable
{
    /// <summary>Pads each cell to its column's width, two blanks apart.</summary>
    /// <param name="rows">Rows of equally many cells.</param>
    /// <returns>A line for each row, without blanks at its end.</returns>
    public static IEnumerable<string> Lines(IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0)
            yield break;
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
            yield return string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd();
    }
}
