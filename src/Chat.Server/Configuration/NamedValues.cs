using Microsoft.Extensions.Configuration;

namespace Chat.Server.Configuration;

/// <summary>Values that know where they come from, so that a wrong one is reported with its place.</summary>
internal sealed class NamedValues(Func<string, string> place, IReadOnlyDictionary<string, string?> values)
    : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider(place, values);

    internal sealed class Provider : ConfigurationProvider
    {
        private readonly Func<string, string> _place;

        public Provider(Func<string, string> place, IReadOnlyDictionary<string, string?> values)
        {
            _place = place;
            foreach (var (key, value) in values)
                Data[key] = value;
        }

        public string PlaceOf(string key) => _place(key);
    }
}
