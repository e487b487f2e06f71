using Microsoft.Extensions.Configuration;

namespace Chat.Server.Configuration;

/// <summary>Values that know where they come from, so that a wrong one is reported with its place.</summary>
/// <param name="place">Names the place of a key.</param>
/// <param name="values">The values by key.</param>
internal sealed class NamedValues(Func<string, string> place, IReadOnlyDictionary<string, string?> values)
    : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider(place, values);

    /// <summary>Provides the values.</summary>
    internal sealed class Provider : ConfigurationProvider
    {
        private readonly Func<string, string> _place;

        public Provider(Func<string, string> place, IReadOnlyDictionary<string, string?> values)
        {
            _place = place;
            foreach (var (key, value) in values)
                Data[key] = value;
        }

        /// <summary>Where a key was set.</summary>
        public string PlaceOf(string key) => _place(key);
    }
}
