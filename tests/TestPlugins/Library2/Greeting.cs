namespace Shared.Library;

/// <summary>Says something else in each version of the library.</summary>
public static class Greeting
{
    public static string Text => "two";
}
