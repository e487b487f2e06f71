using Chat.Transport.Tcp.Telnet;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Transport.Tcp.Tests.Telnet;

public sealed class TelnetParserTests
{
    private const string TimingMark = "ff fd 06";
    private const int AnswersPerMinute = 64;

    [Test]
    public void Any_two_bytes_after_IAC_are_read_as_the_reference_reads_them()
    {
        var different = new List<string>();
        for (var pair = 0; pair < 256 * 256; pair++)
        {
            byte[] bytes = [(byte)'p', 0xff, (byte)(pair >> 8), (byte)pair, (byte)'q', 0xff, 0xf0, (byte)'r'];
            if (TelnetReading.Of(bytes) != TelnetReference.Read(bytes))
                different.Add(Bytes.ToHex(bytes));
        }

        Assert.That(different, Is.Empty);
    }

    [TestCase(1, 4000)]
    [TestCase(40, 1200)]
    [TestCase(500, 2000)]
    public void A_million_random_bytes_in_random_pieces_are_read_as_the_reference_reads_them(
        int commandsPerThousand, int longest)
    {
        byte[] telnet =
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xfa, 0xf0, 0xf0, 0xfb, 0xfc, 0xfd, 0xfe, 0xf4, 0xf6, 0xf7, 0x06, 0x0d];
        var random = new Random(854);
        var different = new List<string>();
        for (var total = 0; total < 1_000_000;)
        {
            var bytes = new byte[random.Next(1, longest)];
            random.NextBytes(bytes);
            for (var index = 0; index < bytes.Length; index++)
            {
                if (random.Next(1000) < commandsPerThousand)
                    bytes[index] = telnet[random.Next(telnet.Length)];
            }

            total += bytes.Length;
            var reading = TelnetReading.Of(bytes, Enumerable.Range(0, bytes.Length).Select(_ => random.Next(0, 40)));
            if (reading != TelnetReference.Read(bytes))
                different.Add(Bytes.ToHex(bytes));
        }

        Assert.That(different, Is.Empty);
    }

    [Test]
    public void A_request_for_any_option_is_refused_once()
    {
        for (var option = 0; option < 256; option++)
        {
            if (option == 6)
                continue;
            var x = option.ToString("x2", null);
            Assert.That(Answer($"ff fd {x}"), Is.EqualTo($"ff fc {x}"));
            Assert.That(Answer($"ff fd {x} ff fd {x}"), Is.EqualTo($"ff fc {x} ff fc {x}"));
        }
    }

    [Test]
    public void An_offer_of_any_option_is_refused_once()
    {
        for (var option = 0; option < 256; option++)
        {
            var x = option.ToString("x2", null);
            Assert.That(Answer($"ff fb {x}"), Is.EqualTo($"ff fe {x}"));
            Assert.That(Answer($"ff fb {x} ff fb {x}"), Is.EqualTo($"ff fe {x} ff fe {x}"));
        }
    }

    [Test]
    public void A_refusal_is_never_answered()
    {
        for (var option = 0; option < 256; option++)
            Assert.That(Answer($"ff fc {option:x2} ff fe {option:x2}"), Is.Empty);
    }

    [Test]
    public void Every_Ctrl_C_gets_its_own_timing_mark()
    {
        Assert.That(Answer($"ff f4 {TimingMark}"), Is.EqualTo("ff fb 06"));
        Assert.That(Answer($"ff f4 {TimingMark} ff f4 {TimingMark}"), Is.EqualTo("ff fb 06 ff fb 06"));
    }

    [Test]
    public void Answers_keep_the_order_of_the_requests() =>
        Assert.That(
            Answer($"ff fd 01 {TimingMark} ff fb 18 ff f6"),
            Is.EqualTo("ff fc 01 ff fb 06 ff fe 18 5b 79 65 73 5d 0d 0a"));

    [TestCase("61 ff ff 62", "61 ff 62", TestName = "A_doubled_IAC_is_one_byte_of_data")]
    [TestCase("61 ff f4 62", "61 15 62", TestName = "Interrupt_process_kills_the_line")]
    [TestCase("61 ff f3 62", "61 15 62", TestName = "Break_kills_the_line")]
    [TestCase("61 ff ed 62", "61 15 62", TestName = "Suspend_kills_the_line")]
    [TestCase("61 ff f8 62", "61 15 62", TestName = "Erase_line_kills_the_line")]
    [TestCase("61 ff f7 62", "61 08 62", TestName = "Erase_character_is_a_backspace")]
    [TestCase("61 ff f1 ff f9 ff ef ff f2 ff f5 62", "61 62", TestName = "NOP_GA_EOR_DM_and_AO_leave_nothing")]
    [TestCase("61 ff fa 1f 00 50 00 18 ff f0 62", "61 62", TestName = "A_subnegotiation_is_dropped")]
    [TestCase("61 ff fa 1f 00 ff ff 00 32 ff f0 62", "61 62", TestName = "A_doubled_IAC_does_not_end_a_subnegotiation")]
    [TestCase("61 ff fa 1f ff ff f0 78 ff f0 62", "61 62", TestName = "SE_after_a_doubled_IAC_ends_no_subnegotiation")]
    [TestCase("61 ff fa 18 00 ff f1 78 ff f0 62", "61 62", TestName = "NOP_does_not_end_a_subnegotiation")]
    [TestCase("61 ff fa ff f0 62", "61 62", TestName = "An_empty_subnegotiation_is_dropped")]
    public void Commands_become_what_they_mean(string received, string data)
    {
        var reading = TelnetReading.Of(Bytes.Hex(received));

        Assert.That(Bytes.ToHex(Bytes.Latin(reading.Data)), Is.EqualTo(data));
        Assert.That(reading.Replies, Is.Empty);
    }

    [Test]
    public void Are_you_there_is_answered_yes() =>
        Assert.That(TelnetReading.Of(Bytes.Hex("ff f6")).Replies, Is.EqualTo("[yes]\r\n"));

    [TestCase("ec")]
    [TestCase("ee")]
    public void End_of_file_and_abort_end_the_input_after_what_came_before(string command)
    {
        var reading = TelnetReading.Of(Bytes.Hex($"61 62 ff {command} 63 ff fd 01"));

        Assert.That(reading, Is.EqualTo(new TelnetReading("ab", "", HasEnded: true, IsRefused: false)));
    }

    [Test]
    public void A_subnegotiation_that_does_not_end_within_4_KiB_is_given_up()
    {
        byte[] begun = [0xff, 0xfa, 0x18, .. new byte[4095]];
        var parser = new TelnetParser(new FakeTimeProvider());

        Assert.That(parser.Filter(begun), Is.Zero);
        Assert.That(
            () => parser.Filter([0]),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains("subnegotiation"));
    }

    [Test]
    public void Doubled_bytes_count_towards_the_length_of_a_subnegotiation()
    {
        byte[] doubled = [0xff, 0xfa, .. Enumerable.Repeat((byte)0xff, 2 * 5000)];

        Assert.That(TelnetReading.Of(doubled).IsRefused, Is.True);
    }

    [Test]
    public void Subnegotiations_that_end_may_be_many()
    {
        var window = Bytes.Hex("ff fa 1f 00 50 00 18 ff f0 61");

        var reading = TelnetReading.Of([.. Enumerable.Repeat(window, 5000).SelectMany(bytes => bytes)]);

        Assert.That(
            reading, Is.EqualTo(new TelnetReading(new string('a', 5000), "", HasEnded: false, IsRefused: false)));
    }

    [Test]
    public void Ten_thousand_timing_marks_get_the_answers_of_one_minute_and_no_more()
    {
        var parser = new TelnetParser(new FakeTimeProvider());
        var answers = 0;
        var refused = false;
        for (var request = 0; request < 10_000 && !refused; request++)
        {
            try
            {
                parser.Filter(Bytes.Hex(TimingMark));
                Assert.That(Bytes.ToHex(parser.TakeReplies()), Is.EqualTo("ff fb 06"));
                answers++;
            }
            catch (InvalidDataException)
            {
                refused = true;
            }
        }

        Assert.That(refused, Is.True);
        Assert.That(answers, Is.EqualTo(AnswersPerMinute));
    }

    [TestCase("ff f6", Description = "Are you there?")]
    [TestCase("ff f4 ff fd 06", Description = "Ctrl-C")]
    public void F11_a_client_that_asks_once_a_minute_is_answered_for_ever(string command)
    {
        const int DaysInMinutes = 14 * 24 * 60;
        var clock = new FakeTimeProvider();
        var parser = new TelnetParser(clock);
        var answered = 0;
        for (var minute = 0; minute < DaysInMinutes; minute++)
        {
            parser.Filter(Bytes.Hex(command));
            if (parser.TakeReplies().Length > 0)
                answered++;
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.That(answered, Is.EqualTo(DaysInMinutes));
    }

    [Test]
    public void Each_minute_has_its_own_answers_and_no_more()
    {
        var clock = new FakeTimeProvider();
        var parser = new TelnetParser(clock);
        for (var answer = 0; answer < 2 * AnswersPerMinute; answer++)
        {
            if (answer == AnswersPerMinute)
                clock.Advance(TimeSpan.FromMinutes(1));
            parser.Filter(Bytes.Hex(TimingMark));
        }

        Assert.That(() => parser.Filter(Bytes.Hex(TimingMark)), Throws.InstanceOf<InvalidDataException>());
        Assert.That(parser.TakeReplies(), Has.Length.EqualTo(3 * 2 * AnswersPerMinute));
    }

    [Test]
    public void A_peer_that_contradicts_whatever_it_hears_gets_a_bounded_number_of_bytes()
    {
        var clock = new FakeTimeProvider();
        var parser = new TelnetParser(clock);
        var says = Bytes.Hex("ff fd 01 ff fb 01 ff fd 06");
        var heard = 0;
        var rounds = 0;
        try
        {
            for (; rounds < 100_000 && says.Length > 0; rounds++)
            {
                parser.Filter(says);
                var replies = parser.TakeReplies();
                heard += replies.Length;
                says = [.. replies.Select(value => value switch
                {
                    0xfb => (byte)0xfe,
                    0xfc => (byte)0xfd,
                    0xfd => (byte)0xfc,
                    0xfe => (byte)0xfb,
                    _ => value,
                })];
                clock.Advance(TimeSpan.FromMilliseconds(100));
            }
        }
        catch (InvalidDataException)
        {
        }

        Assert.That(heard, Is.LessThanOrEqualTo(3 * AnswersPerMinute));
        Assert.That(rounds, Is.LessThan(100_000));
    }

    [Test]
    public void A_peer_that_gives_in_ends_the_exchange()
    {
        var parser = new TelnetParser(new FakeTimeProvider());
        parser.Filter(Bytes.Hex("ff fd 01 ff fb 18"));
        parser.TakeReplies();

        parser.Filter(Bytes.Hex("ff fe 01 ff fc 18"));

        Assert.That(parser.TakeReplies(), Is.Empty);
    }

    [Test]
    public void Splitting_the_bytes_anywhere_changes_nothing()
    {
        var bytes = Bytes.Hex(
            "68 c3 a9 ff fd 03 ff ff 0d 00 ff fa 1f 00 ff ff 00 32 ff f0 6f ff f4 ff fd 06 ff f6 ff f7 0d 0a " +
            "ff fb 1f 7a ff ec 79");
        var whole = TelnetReading.Of(bytes);
        Assert.That(whole.HasEnded, Is.True);

        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
                Assert.That(TelnetReading.Of(bytes, first, second - first), Is.EqualTo(whole));
        }
    }

    [Test]
    public void One_byte_at_a_time_changes_nothing()
    {
        var bytes = Bytes.Hex("61 ff fd 03 ff fa 18 00 58 ff f0 ff ff 62 ff fb 1f 63");

        Assert.That(TelnetReading.Of(bytes, Enumerable.Repeat(1, bytes.Length)), Is.EqualTo(TelnetReading.Of(bytes)));
    }

    [FsCheck.NUnit.Property(Arbitrary = [typeof(TelnetInputs)], MaxTest = 500)]
    public void Random_splits_give_the_same_data_and_the_same_replies(TelnetInput input) =>
        Assert.That(TelnetReading.Of(input.Bytes, input.Sizes), Is.EqualTo(TelnetReading.Of(input.Bytes)));

    [FsCheck.NUnit.Property(Arbitrary = [typeof(TelnetInputs)], MaxTest = 500)]
    public void Generated_streams_are_read_as_the_reference_reads_them(TelnetInput input) =>
        Assert.That(TelnetReading.Of(input.Bytes, input.Sizes), Is.EqualTo(TelnetReference.Read(input.Bytes)));

    private static string Answer(string received) =>
        Bytes.ToHex(Bytes.Latin(TelnetReading.Of(Bytes.Hex(received)).Replies));
}
