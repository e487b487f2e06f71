using System.Text.Encodings.Web;
using System.Text.Json;

namespace Chat.Server.Commands;

/// <summary>How the command line writes JSON: for programs and for people, and never into a page, so what is in quotes stays as it is.</summary>
internal static class JsonText
{
    public static JsonSerializerOptions NewOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A value of an enumeration, as it is written.</summary>
    public static string Lower(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
