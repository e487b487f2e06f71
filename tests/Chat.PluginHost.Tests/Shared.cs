namespace Chat.PluginHost.Tests;

/// <summary>Something both a test and a plugin can get at, by a name of its own.</summary>
internal sealed class Shared : IDisposable
{
    private readonly string _name;

    private Shared(string name) => _name = name;

    /// <summary>Puts it where a plugin finds it: <c>AppDomain.CurrentDomain.GetData(name)</c>.</summary>
    public static Shared Put(string name, object value)
    {
        AppDomain.CurrentDomain.SetData(name, value);
        return new Shared(name);
    }

    public void Dispose() => AppDomain.CurrentDomain.SetData(_name, null);
}
