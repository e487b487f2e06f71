namespace Chat.Engine.Diagnostics;

/// <summary>Formats rows of cells as aligned lines of text.</summary>
public static class TextTable
{
    /// <summary>Pads each cell to the width of its column; columns are two spaces apart.</summary>
    /// <param name="rows">Rows with the same number of cells.</param>
    /// <returns>One line per row, without trailing spaces.</returns>
    public static IEnumerable<string> Lines(IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0)
            yield break;
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
            yield return string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd();
    }
}
