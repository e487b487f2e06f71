using Microsoft.Extensions.Configuration;

namespace Chat.Server.Configuration;

/// <summary>Values with a name for where they come from, so that a wrong one can be told with its place.</summary>
/// <param name="name">The place.</param>
/// <param name="values">The values by key.</param>
internal sealed class NamedValues(string name, IReadOnlyDictionary<string, string?> values) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider(name, values);

    /// <summary>Hands out the values.</summary>
    internal sealed class Provider : ConfigurationProvider
    {
        public Provider(string name, IReadOnlyDictionary<string, string?> values)
        {
            Name = name;
            foreach (var (key, value) in values)
                Data[key] = value;
        }

        public string Name { get; }
    }
}
