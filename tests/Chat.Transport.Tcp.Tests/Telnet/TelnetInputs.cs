using FsCheck;
using FsCheck.Fluent;

namespace Chat.Transport.Tcp.Tests.Telnet;

/// <summary>Makes input in which text, whole commands and broken ones follow each other.</summary>
public static class TelnetInputs
{
    public static Arbitrary<TelnetInput> Inputs()
    {
        var any = Gen.Choose(0, 255).Select(value => (byte)value);
        var text = Gen.Elements("hi\r\n", "\r\0", "\u00c3\u00a9", "/ping x\n", "\u0003", "\b").Select(Bytes.Latin);
        var command = Gen.Choose(0xec, 0xff).Select(value => new byte[] { 0xff, (byte)value });
        var option = Gen.Zip(Gen.Choose(0xfb, 0xfe), any).Select(
            pair => new byte[] { 0xff, (byte)pair.Item1, pair.Item2 });
        var subnegotiation = any.ArrayOf().Select(
            inside => new byte[] { 0xff, 0xfa }.Concat(inside).Concat(new byte[] { 0xff, 0xf0 }).ToArray());
        var piece = Gen.Frequency(
            (4, text), (2, command), (3, option), (2, subnegotiation), (1, any.Select(value => new[] { value })));
        var inputs = Gen.Zip(piece.ArrayOf(), Gen.Choose(0, 9).ArrayOf())
            .Select(pair => new TelnetInput([.. pair.Item1.SelectMany(bytes => bytes)], pair.Item2));
        return inputs.ToArbitrary();
    }
}
