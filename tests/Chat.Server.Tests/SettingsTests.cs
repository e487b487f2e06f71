using System.Text.RegularExpressions;
using Chat.Engine;
using Chat.Hooks;
using Chat.Server.Configuration;

namespace Chat.Server.Tests;

internal sealed class SettingsTests
{
    [Test]
    public void Without_anything_it_listens_on_this_machine_alone()
    {
        var settings = SettingsReader.Read(Arguments());

        Assert.That(settings.Listen.Tcp, Is.EqualTo(new[] { "127.0.0.1:8888" }));
    }

    [Test]
    public void The_command_line_goes_before_the_file()
    {
        using var folder = new TemporaryFolder();
        folder.Save("chat.json", """
            { "Chat": { "MaxLagLines": 7, "Name": "From the file" }, "Listen": { "Tcp": ["127.0.0.1:1"] } }
            """);

        var settings = SettingsReader.Read(
            Arguments(file: folder.File("chat.json"), set: ["Chat:MaxLagLines=8"], tcp: ["127.0.0.1:2"]));

        Assert.Multiple(() =>
        {
            Assert.That(settings.Chat.MaxLagLines, Is.EqualTo(8));
            Assert.That(settings.Chat.Name, Is.EqualTo("From the file"));
            Assert.That(settings.Listen.Tcp, Is.EqualTo(new[] { "127.0.0.1:2" }));
        });
    }

    [Test]
    public void A_shorter_list_on_the_command_line_replaces_a_longer_one_in_the_file()
    {
        using var folder = new TemporaryFolder();
        folder.Save("chat.json", """{ "Listen": { "Tcp": ["127.0.0.1:1", "127.0.0.1:2"] } }""");

        var settings = SettingsReader.Read(Arguments(file: folder.File("chat.json"), tcp: ["127.0.0.1:3"]));

        Assert.That(settings.Listen.Tcp, Is.EqualTo(new[] { "127.0.0.1:3" }));
    }

    [Test]
    public void What_plugins_keep_lies_in_the_data_folder() =>
        Assert.That(
            new PluginsSettings().ToOptions("some/data").StoreFolder, Is.EqualTo(Path.GetFullPath("some/data/store")));

    [Test]
    public void Hooks_can_be_overridden_by_id()
    {
        var settings = SettingsReader.Read(Arguments(set:
        [
            "Hooks:Emoji:Order=5", "Hooks:Emoji:Band=Late", "Hooks:Emoji:Rooms:0=dev-*",
            "Hooks:Emoji:OnFailure=Block", "Hooks:shout:Enabled=false",
        ]));

        Assert.Multiple(() =>
        {
            Assert.That(settings.Chat.Hooks["emoji"].Order, Is.EqualTo(5));
            Assert.That(settings.Chat.Hooks["Emoji"].Band, Is.EqualTo(HookBand.Late));
            Assert.That(settings.Chat.Hooks["Emoji"].Rooms, Is.EqualTo(new[] { "dev-*" }));
            Assert.That(settings.Chat.Hooks["Emoji"].OnFailure, Is.EqualTo(FailurePolicy.Block));
            Assert.That(settings.Chat.Hooks["shout"].Enabled, Is.False);
        });
    }

    [TestCase(
        "Chat:MaxLagLine=5", "There is no setting Chat:MaxLagLine (command line). Did you mean Chat:MaxLagLines?")]
    [TestCase(
        "Hooks:Emoji:Ordr=5", "There is no setting Hooks:Emoji:Ordr (command line). Did you mean Hooks:Emoji:Order?")]
    [TestCase("Plugins:Folders=x", "There is no setting Plugins:Folders (command line). Did you mean Plugins:Folder?")]
    [TestCase("Quux=5", "There is no setting Quux (command line). docs/reference/configuration.md lists all settings.")]
    [TestCase("Chat:Listeners:0=5", "There is no setting Chat:Listeners:0 (command line).")]
    [TestCase("Chat:MaxLagLines=many", "Chat:MaxLagLines (command line) cannot be 'many'. It is a whole number.")]
    [TestCase(
        "Chat:SlowMember=Kick", "Chat:SlowMember (command line) cannot be 'Kick'. It is one of Skip, Disconnect.")]
    [TestCase(
        "Chat:SendTimeout=soon", "Chat:SendTimeout (command line) cannot be 'soon'. It is a time, written hh:mm:ss")]
    [TestCase("Chat:SlowMember=7", "Chat:SlowMember (command line) cannot be '7'. It is one of Skip, Disconnect.")]
    [TestCase("Hooks:X:Band=9", "Hooks:X:Band (command line) cannot be '9'. It is one of First,")]
    [TestCase(
        "Hooks:WordGuard:Enabled=flase",
        "Hooks:WordGuard:Enabled (command line) cannot be 'flase'. It is true or false.")]
    [TestCase(
        "Hooks:WordGuard:Band=Foo",
        "Hooks:WordGuard:Band (command line) cannot be 'Foo'. It is one of First, Early, Normal, Late, Last.")]
    [TestCase("Hooks:WordGuard:TimeBudget=00:00:00", "Hooks:WordGuard:TimeBudget (command line) must be from")]
    [TestCase(
        "Hooks:WordGuard:Rooms=lobby",
        "There is no setting Hooks:WordGuard:Rooms (command line). It is a list: write Hooks:WordGuard:Rooms:0")]
    [TestCase(
        "Logging:LogLevel:Default=Loud",
        "Logging:LogLevel:Default (command line) cannot be 'Loud'. It is one of Trace,")]
    [TestCase("Chat=x", "There is no setting Chat (command line). It is a section")]
    [TestCase("Chat:MaxLagLines=0", "Chat:MaxLagLines (command line) must be from 1 to 32767, but is 0.")]
    [TestCase("Chat:SendTimeout=00:00:00", "Chat:SendTimeout (command line) must be from")]
    [TestCase(
        "Chat:SendTimeout=10",
        "Chat:SendTimeout (command line) must be from 00:00:00.0100000 to 01:00:00, but is 10.00:00:00. 10 means 10 "
            + "days; 10 seconds are written 00:00:10.")]
    [TestCase("Chat:=1", "There is no setting Chat: (command line). It ends with a colon: write Section:Key=value.")]
    [TestCase(
        "Hooks:shout:Mode=Shadw", "Hooks:shout:Mode (command line) cannot be 'Shadw'. It is one of Active, Shadow.")]
    [TestCase("Chat:MemoryAlarm=1000", "Chat:MemoryAlarm (command line) must be 0 or at least 16777216, but is 1000.")]
    [TestCase("Chat:ThreadAlarm=3", "Chat:ThreadAlarm (command line) must be 0 or at least 16, but is 3.")]
    [TestCase("Chat:TracedLines=1000", "Chat:TracedLines (command line) must be 0 or a power of two, but is 1000.")]
    [TestCase("Tcp:Backlog=0", "Tcp:Backlog (command line) must be from 1 to 65535, but is 0.")]
    [TestCase(
        "Chat:SendTimeout=00:01:00",
        "Tcp:UserTimeout is 00:00:30, but must be longer than Chat:SendTimeout, 00:01:00.")]
    [TestCase("Plugins:PollInterval=00:00:00", "Plugins:PollInterval (command line) must be from")]
    [TestCase("Listen:Tcp:0=8888", "Listen:Tcp: '8888' is not an address to listen on.")]
    [TestCase("Data=", "Data (command line) must not be empty.")]
    [TestCase("nonsense", "--set nonsense: write it as --set Section:Key=value")]
    public void What_is_wrong_is_refused_by_name(string set, string expected)
    {
        var refused = Assert.Throws<SettingsException>(() => SettingsReader.Read(Arguments(set: [set])));

        Assert.That(refused.Message, Does.StartWith(expected));
    }

    [Test]
    public void A_file_that_is_not_JSON_is_refused_with_line_and_column()
    {
        using var folder = new TemporaryFolder();
        folder.Save("chat.json", "{\n  \"Chat\": {\n    \"Name\" \"x\"\n  }\n}");
        var file = folder.File("chat.json");

        var refused = Assert.Throws<SettingsException>(() => SettingsReader.Read(Arguments(file: file)));

        Assert.That(refused.Message, Does.StartWith($"{file}:3:"));
    }

    [Test]
    public void A_file_that_is_not_there_is_refused_by_its_full_path()
    {
        var refused = Assert.Throws<SettingsException>(() => SettingsReader.Read(Arguments(file: "nowhere.json")));

        Assert.That(refused.Message, Is.EqualTo($"There is no configuration file {Path.GetFullPath("nowhere.json")}."));
    }

    [Test]
    public void A_key_that_is_wrong_in_the_file_is_refused_with_the_file()
    {
        using var folder = new TemporaryFolder();
        folder.Save("chat.json", """{ "Chat": { "Nmae": "x" } }""");

        var refused = Assert.Throws<SettingsException>(
            () => SettingsReader.Read(Arguments(file: folder.File("chat.json"))));

        Assert.That(
            refused.Message, Is.EqualTo("There is no setting Chat:Nmae (in chat.json). Did you mean Chat:Name?"));
    }

    [Test]
    public void The_environment_goes_before_the_file_and_after_the_command_line()
    {
        using var folder = new TemporaryFolder();
        folder.Save("chat.json", """{ "Chat": { "MaxLagLines": 1, "MaxRoomsPerClient": 1 } }""");
        Environment.SetEnvironmentVariable("CHAT_Chat__MaxLagLines", "2");
        Environment.SetEnvironmentVariable("CHAT_Chat__MaxRoomsPerClient", "2");
        try
        {
            var settings = SettingsReader.Read(Arguments(file: folder.File("chat.json"), set: ["Chat:MaxLagLines=3"]));

            Assert.That((settings.Chat.MaxLagLines, settings.Chat.MaxRoomsPerClient), Is.EqualTo((3, 2)));
        }
        finally
        {
            Environment.SetEnvironmentVariable("CHAT_Chat__MaxLagLines", null);
            Environment.SetEnvironmentVariable("CHAT_Chat__MaxRoomsPerClient", null);
        }
    }

    [Test]
    public void Environment_variables_that_only_begin_alike_are_somebody_elses()
    {
        Environment.SetEnvironmentVariable("CHAT_SERVICE_HOST", "10.0.0.1");
        try
        {
            Assert.That(() => SettingsReader.Read(Arguments()), Throws.Nothing);
        }
        finally
        {
            Environment.SetEnvironmentVariable("CHAT_SERVICE_HOST", null);
        }
    }

    [Test]
    public void A_schema_for_editors_may_stand_in_the_file_but_nowhere_else()
    {
        using var folder = new TemporaryFolder();
        folder.Save("chat.json", """{ "$schema": "https://example.org/chat.json", "Chat": { "Name": "Teahouse" } }""");
        folder.Save("wrong.json", """{ "Chat": { "$schema": "https://example.org/chat.json" } }""");

        var settings = SettingsReader.Read(Arguments(file: folder.File("chat.json")));
        var refused = Assert.Throws<SettingsException>(
            () => SettingsReader.Read(Arguments(file: folder.File("wrong.json"))));

        Assert.That(settings.Chat.Name, Is.EqualTo("Teahouse"));
        Assert.That(refused.Message, Does.StartWith("There is no setting Chat:$schema (in wrong.json)."));
    }

    [TestCase("Hooks:Emoji:Order=", null)]
    [TestCase("Hooks:Emoji:Band=lAtE", null)]
    [TestCase("Chat:MaxLagLines=", "Chat:MaxLagLines (command line) cannot be ''. It is a whole number.")]
    [TestCase("Chat:MaxLagLines=99999999999", "Chat:MaxLagLines (command line) cannot be '99999999999'.")]
    [TestCase("Chat:Name=Chat:MaxLagLines", null)]
    public void A_value_is_judged_by_the_type_of_its_setting(string set, string? problem)
    {
        if (problem is null)
            Assert.That(() => SettingsReader.Read(Arguments(set: [set])), Throws.Nothing);
        else
            Assert.That(
                () => SettingsReader.Read(Arguments(set: [set])),
                Throws.TypeOf<SettingsException>().With.Message.StartsWith(problem));
    }

    [TestCase("127.0.0.1:7000", "localhost:7000")]
    [TestCase("LOCALHOST:7000", "localhost:7000")]
    public void F19_an_address_that_localhost_includes_is_given_twice(string first, string second)
    {
        var refused = Assert.Throws<SettingsException>(() => SettingsReader.Read(Arguments(tcp: [first, second])));

        Assert.That(refused.Message, Is.EqualTo($"Listen:Tcp: {second} is given twice."));
    }

    [Test]
    public void Every_setting_of_the_engine_can_be_set()
    {
        var plain = typeof(ChatServerOptions).GetProperties()
            .Where(property => property.CanWrite && IsPlain(property.PropertyType))
            .Select(property => $"Chat:{property.Name}");

        Assert.That(plain, Is.SubsetOf(SettingKeys.All));

        static bool IsPlain(Type type) =>
            type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan);
    }

    [Test]
    public void Every_setting_is_documented()
    {
        var documentation = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reference", "configuration.md"));

        Assert.That(SettingKeys.All.Where(key => !IsIn(documentation, key)), Is.Empty);
    }

    /// <summary>By its whole key, with an example where a name or a number goes.</summary>
    private static bool IsIn(string documentation, string key) =>
        Regex.IsMatch(documentation, $"`{Regex.Escape(key).Replace("\\*", "[A-Z0-9]+", StringComparison.Ordinal)}`");

    private static ServerArguments Arguments(string? file = null, string[]? set = null, string[]? tcp = null) =>
        new(tcp ?? [], file, set ?? []);
}
