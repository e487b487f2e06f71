using System.Text.Encodings.Web;
using System.Text.Json;

namespace Chat.Server.Output;

/// <summary>How the command line writes JSON: for programs and people. It never ends up in a web page, so characters
/// that are special there are not escaped.</summary>
internal static class JsonText
{
    public static JsonSerializerOptions NewOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The name of an enumeration's value in camel case.</summary>
    public static string Lower(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
