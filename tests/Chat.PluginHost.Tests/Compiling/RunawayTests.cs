using Chat.Engine.Diagnostics;
using Chat.PluginHost.Loading;

namespace Chat.PluginHost.Tests.Compiling;

/// <summary>A script that does not come back is stopped when the host asks for it, wherever it is.</summary>
[CancelAfter(30000)]
public sealed class RunawayTests
{
    private static IEnumerable<TestCaseData> Runaways()
    {
        yield return Case("an empty while", "inside();\nwhile (true) ;", 2);
        yield return Case("a while with a block", "inside();\nwhile (true)\n{\n}", 3);
        yield return Case("a while with a statement", "var n = 0; inside();\n\nwhile (n >= 0)\n    n = 1 - n;", 4);
        yield return Case("a do", "inside();\ndo ; while (true);", 2);
        yield return Case("a do with a block", "inside();\ndo\n{ }\nwhile (true);", 3);
        yield return Case("a for", "inside();\nfor (;;) ;", 2);
        yield return Case(
            "a foreach over what never ends",
            "inside();\nforeach (var each in Endless()) ;",
            line: null,
            "IEnumerable<int> Endless() { while (true) yield return 1; }");
        yield return Case(
            "an iterator that never yields",
            "foreach (var each in Never(inside)) ;",
            4,
            "IEnumerable<int> Never(Action inside)\n{\n    inside();\n    while (true) ;\n    yield break;\n}");
        yield return Case(
            "a foreach with variables",
            "inside();\nforeach (var (a, b) in Endless()) ;",
            line: null,
            "IEnumerable<(int, int)> Endless() { while (true) yield return (1, 2); }");
        yield return Case("a goto back", "inside();\nagain:\ngoto again;", 3);
        yield return Case("a goto back out of an if", "inside(); var yes = true;\nagain: if (yes) goto again;", 2);
        yield return Case(
            "a goto case",
            "inside(); var n = 1;\nswitch (n)\n{\n    case 1: goto case 2;\n    case 2: goto case 1;\n}",
            line: null);
        yield return Case(
            "catch-all around a loop",
            "inside();\nwhile (true)\n{\n    try { while (true) ; } catch { }\n}",
            line: null);
        yield return Case(
            "catch-all inside a loop", "inside();\nwhile (true)\n    try { throw new Exception(); } catch { }", 3);
        yield return Case("a loop in a finally", "try { }\nfinally { inside(); while (true) ; }", 2);
        yield return Case(
            "a recursion too wide to end",
            "inside();\nFib(200);",
            line: null,
            "long Fib(int n) { if (n < 2) return 1; return Fib(n - 1) + Fib(n - 2); }");
        yield return Case(
            "a recursion by expressions alone",
            "inside();\nFib(200);",
            line: null,
            "long Fib(int n) => n < 2 ? 1 : Fib(n - 1) + Fib(n - 2);");
        yield return Case(
            "a recursion of a static local function",
            "inside();\nFib(200);\nstatic long Fib(int n) => n < 2 ? 1 : Fib(n - 1) + Fib(n - 2);",
            line: null);
        yield return Case(
            "a recursion of lambdas",
            "Func<int, long> fib = null; fib = n => n < 2 ? 1 : fib(n - 1) + fib(n - 2); inside();\nfib(200);",
            line: null);
        yield return Case(
            "a recursion of anonymous methods",
            "Func<int, long> fib = null; fib = delegate(int n) { return n < 2 ? 1 : fib(n - 1) + fib(n - 2); }; "
                + "inside();\nfib(200);",
            line: null);
        yield return Case(
            "a recursion of indexers",
            "inside();\n_ = new Fib()[200];",
            line: null,
            "class Fib { public long this[int n] => n < 2 ? 1 : this[n - 1] + this[n - 2]; }");
        yield return Case(
            "a recursion of accessors",
            "inside();\n_ = new Fib()[200];",
            line: null,
            "class Fib { public long this[int n] { get => n < 2 ? 1 : this[n - 1] + this[n - 2]; } }");
        yield return Case(
            "a recursion of properties",
            "inside();\n_ = new Fib(200).Value;",
            line: null,
            "class Fib(int n) { public long Value => n < 2 ? 1 : new Fib(n - 1).Value + new Fib(n - 2).Value; }");
        yield return Case(
            "a recursion of constructors",
            "inside();\n_ = new Fib(200);",
            line: null,
            "class Fib { public Fib(int n) { if (n > 1) { new Fib(n - 1); new Fib(n - 2); } } }");
        yield return Case("a recursion of operators", "inside();\n_ = ~new Fib(200);", line: null, "record Fib(int N) "
            + "{ public static long operator ~(Fib f) => f.N < 2 ? 1 : ~new Fib(f.N - 1) + ~new Fib(f.N - 2); }");
        yield return Case(
            "a recursion of conversions",
            "inside();\n_ = (long)new Fib(200);",
            line: null,
            "record Fib(int N) { public static explicit operator long(Fib f) => f.N < 2 ? 1 : (long)new Fib(f.N - 1) + "
                + "(long)new Fib(f.N - 2); }");
        yield return Case(
            "lambdas called without end",
            "inside();\nEnumerable.Repeat(1, int.MaxValue).SelectMany(each => Enumerable.Repeat(1, "
                + "int.MaxValue)).Count(each =>\n    each == 2);",
            line: null);
        yield return Case(
            "a loop in a method of a class",
            "inside();\nnew Busy().Run();",
            1,
            "class Busy { public void Run() { while (true) ; } }");
        yield return Case(
            "a loop in an async method",
            "RunAsync().GetAwaiter().GetResult();\nasync Task RunAsync() { inside(); while (true) ; }",
            2);
    }

    [TestCaseSource(nameof(Runaways))]
    public async Task It_is_stopped(string script, int? line, CancellationToken cancellationToken)
    {
        using var running = await RunningScript.StartAsync(script);
        var call = await ScriptCall.BeginAsync(running, cancellationToken);

        running.Stop.StopCall(call.Thread);

        var stopped = Assert.CatchAsync(() => call.Ended.WaitAsync(cancellationToken));
        Assert.That(stopped, Is.TypeOf<ScriptStoppedException>());
        Assert.That(
            ExceptionText.Describe(stopped!),
            Does.Match(
                $@"^main\.csx:{line?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? @"\d+"}: "
                    + @"ScriptStoppedException: it ran longer than its time budget and was stopped$"));
    }

    [Test]
    public async Task A_loop_in_a_loaded_file_is_stopped_and_named(CancellationToken cancellationToken)
    {
        using var running = await RunningScript.StartAsync(
            "#load \"_busy.csx\"\nAction<Action> run = inside => Busy(inside);\nrun",
            ("_busy.csx", "\nvoid Busy(Action inside)\n{\n    inside();\n    while (true) ;\n}"));
        var call = await ScriptCall.BeginAsync(running, cancellationToken);

        running.Stop.StopCall(call.Thread);

        var stopped = Assert.CatchAsync(() => call.Ended.WaitAsync(cancellationToken));
        Assert.That(ExceptionText.Describe(stopped!), Does.StartWith("_busy.csx:5: ScriptStoppedException: "));
    }

    [Test]
    public async Task Another_thread_in_the_same_loop_is_not_hurt(CancellationToken cancellationToken)
    {
        using var end = new ManualResetEventSlim();
        using var shared = Shared.Put(
            nameof(Another_thread_in_the_same_loop_is_not_hurt), (Func<bool>)(() => end.IsSet));
        using var running = await RunningScript.StartAsync(
            "var isEnd = (Func<bool>)AppDomain.CurrentDomain.GetData("
                + $"\"{nameof(Another_thread_in_the_same_loop_is_not_hurt)}\");\n"
                + "Action<Action> run = inside => { inside(); while (!isEnd()) ; };\nrun");
        var one = await ScriptCall.BeginAsync(running, cancellationToken);
        var other = await ScriptCall.BeginAsync(running, cancellationToken);

        running.Stop.StopCall(one.Thread);
        Assert.CatchAsync<ScriptStoppedException>(() => one.Ended.WaitAsync(cancellationToken));
        end.Set();

        Assert.That(async () => await other.Ended.WaitAsync(cancellationToken), Throws.Nothing);
    }

    [Test]
    public async Task Once_the_call_has_ended_the_next_one_on_that_thread_is_as_any_other()
    {
        using var running = await RunningScript.StartAsync(
            "Func<int> run = () => { var sum = 0; for (var n = 0; n < 3; n++) sum += n; return sum; };\nrun");
        var run = (Func<int>)running.Result;
        running.Stop.StopCall(Thread.CurrentThread);
        Assert.That(() => run(), Throws.TypeOf<ScriptStoppedException>());

        running.Stop.StopCallEnded(Thread.CurrentThread);

        Assert.That(run(), Is.EqualTo(3));
        Assert.That(running.IsAsked, Is.False);
    }

    [Test]
    public async Task The_flag_stays_while_any_thread_is_asked(CancellationToken cancellationToken)
    {
        using var running = await RunningScript.StartAsync(
            "Action<Action> run = inside => { inside(); while (true) ; };\nrun");
        var one = await ScriptCall.BeginAsync(running, cancellationToken);
        running.Stop.StopCall(Thread.CurrentThread);
        running.Stop.StopCall(one.Thread);

        running.Stop.StopCallEnded(Thread.CurrentThread);

        Assert.That(running.IsAsked, Is.True);
        Assert.CatchAsync<ScriptStoppedException>(() => one.Ended.WaitAsync(cancellationToken));
    }

    [Test]
    public async Task All_of_it_is_stopped_at_once_and_can_go_on_again(CancellationToken cancellationToken)
    {
        using var running = await RunningScript.StartAsync(
            "Action<Action> run = inside => { inside(); while (true) ; };\nrun");
        var one = await ScriptCall.BeginAsync(running, cancellationToken);
        var other = await ScriptCall.BeginAsync(running, cancellationToken);

        running.Stop.StopAll();

        Assert.CatchAsync<ScriptStoppedException>(() => one.Ended.WaitAsync(cancellationToken));
        var stopped = Assert.CatchAsync<ScriptStoppedException>(() => other.Ended.WaitAsync(cancellationToken));
        Assert.That(stopped!.Message, Is.EqualTo("it went on after the host had abandoned it, and was stopped"));
        running.Stop.StopAllEnded();
        Assert.That(running.IsAsked, Is.False);
    }

    [Test]
    public async Task A_loop_in_a_thread_pool_task_that_awaits_is_stopped_with_all_of_it(
        CancellationToken cancellationToken)
    {
        using var running = await RunningScript.StartAsync(
            "Func<Task> run = async () => { while (true) await Task.Yield(); };\nrun");
        var loop = ((Func<Task>)running.Result)();

        running.Stop.StopAll();

        Assert.CatchAsync<ScriptStoppedException>(() => loop.WaitAsync(cancellationToken));
    }

    [Test]
    public async Task An_endless_recursion_is_an_exception_with_its_line_and_not_the_end_of_the_process(
        CancellationToken cancellationToken)
    {
        using var running = await RunningScript.StartAsync(
            "int Deep(int n) =>\n    Deep(n + 1) + 1;\nAction<Action> run = inside => { inside(); Deep(0); };\nrun");
        var call = await ScriptCall.BeginAsync(running, cancellationToken);

        var thrown = Assert.CatchAsync(() => call.Ended.WaitAsync(cancellationToken));

        Assert.That(
            ExceptionText.Describe(thrown!), Does.Match(@"^main\.csx:\d: InsufficientExecutionStackException: "));
    }

    [TestCase("Func<int, int> deep = null; deep = n => deep(n + 1) + 1;")]
    [TestCase("Func<int, int> deep = null; deep = n => new[] { n }.Select(deep).Sum();")]
    [TestCase("Func<int, int> deep = null; deep = delegate(int n) { return deep(n + 1) + 1; };")]
    [TestCase("var deep = new Deep().Get; class Deep { public Func<int, int> Get => n => Get(n + 1) + 1; }")]
    public async Task An_endless_recursion_of_lambdas_is_one_too(string deep, CancellationToken cancellationToken)
    {
        using var running = await RunningScript.StartAsync(
            $"{deep}\nAction<Action> run = inside => {{ inside(); deep(0); }};\nrun");
        var call = await ScriptCall.BeginAsync(running, cancellationToken);

        Assert.CatchAsync<InsufficientExecutionStackException>(() => call.Ended.WaitAsync(cancellationToken));
    }

    [Test]
    public async Task A_finalizer_does_not_throw_because_all_is_stopped()
    {
        using var running = await RunningScript.StartAsync("""
            class Mine
            {
                public static int Finalized;
                ~Mine() { Finalized++; for (var n = 0; n < 3; n++) Clean(); }
                static void Clean() { }
            }
            class Other { ~Other() => Clean(); static void Clean() { Mine.Finalized++; } }
            Func<int> run = () => { Make(); return Mine.Finalized; };
            [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
            void Make() { new Mine(); new Other(); }
            run
            """);
        ((Func<int>)running.Result)();
        running.Stop.StopAll();

        GC.Collect();
        GC.WaitForPendingFinalizers();

        running.Stop.StopAllEnded();
        Assert.That(((Func<int>)running.Result)(), Is.Positive);
    }

    /// <summary>A lambda with these statements; <c>inside()</c> says that it is where it goes on without end.</summary>
    private static TestCaseData Case(string name, string statements, int? line, string members = "")
    {
        var script =
            $"{(members.Length == 0 ? "" : $"{members}\n")}Action<Action> run = inside => {{ {statements}\n}};\nrun";
        return new TestCaseData(script, line).SetArgDisplayNames(name);
    }
}
