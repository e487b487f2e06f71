namespace Chat.PluginHost.Tests.Compiling;

/// <summary>A script with checks in it does what it did without.</summary>
[CancelAfter(30000)]
public sealed class InstrumentedMeaningTests
{
    private static IEnumerable<TestCaseData> Scripts()
    {
        // Bodies that are expressions.
        yield return Case("a method", "int Twice(int n) => n * 2;\nTwice(4)", "8");
        yield return Case("a void method", "int n = 0;\nvoid Add() => n++;\nAdd(); Add();\nn", "2");
        yield return Case(
            "a method that throws",
            "int Never() => throw new Exception(\"never\");\nstring Try() { try { return $\"{Never()}\"; } catch "
                + "(Exception e) { return e.Message; } }\nTry()",
            "never");
        yield return Case(
            "a method with a comment at its end", "int Twice(int n) => n * 2 // twice\n    ;\nTwice(4)", "8");
        yield return Case("a method over several lines", "int Twice(int n)\n    => n\n    * 2;\nTwice(4)", "8");
        yield return Case(
            "an async method", "async Task<int> Later() => await Task.FromResult(3);\nawait Later()", "3");
        yield return Case(
            "an async method without a result",
            "int n = 0;\nasync Task Later() => await Task.Run(() => n = 3);\nawait Later();\nn",
            "3");
        yield return Case(
            "an async method that throws a result away",
            "async Task Later() => await Task.FromResult(3);\nawait Later();\n1",
            "1");
        yield return Case("a ValueTask", "async ValueTask Later() => await Task.Yield();\nawait Later();\n1", "1");
        yield return Case(
            "properties",
            "class C { int n; public int P => n; public int Q { get => n; set => n = value; } public int R { get; "
                + "init; } = 4; }\nvar c = new C { Q = 3, R = 5 };\nc.P + c.Q + c.R",
            "11");
        yield return Case(
            "the field of a property",
            "class C { public int P { get => field + 1; set => field = value; } }\nvar c = new C { P = 3 };\nc.P",
            "4");
        yield return Case(
            "an indexer", "class C { int[] n = [1, 2]; public int this[int i] => n[i]; }\nnew C()[1]", "2");
        yield return Case(
            "events",
            "class C { Action a; public int Count; public event Action A { add => a += value; remove { a -= value; } } "
                + "public void Run() => a?.Invoke(); }\nint n = 0;\nvar c = new C();\nc.A += () => n++;\nc.Run();\nn",
            "1");
        yield return Case(
            "constructors",
            "class C { public int N; public C(int n) => N = n; static C() => M = 2; public static int M; public C() : "
                + "this(4) { } }\nnew C().N + C.M",
            "6");
        yield return Case(
            "operators",
            "record struct V(int X) { public static V operator +(V a, V b) => new(a.X + b.X); public static implicit "
                + "operator int(V v) => v.X; }\n(int)(new V(1) + new V(2))",
            "3");
        yield return Case(
            "a reference",
            "class C { int n = 1; public ref int N => ref n; public ref int M() => ref n; public int Now => n; }\nvar "
                + "c = new C();\nc.N = 5; c.M() += 2;\nc.Now",
            "7");
        yield return Case(
            "a ref struct",
            "ref struct S { Span<int> s; public S(Span<int> s) => this.s = s; public Span<int> All => s; public ref "
                + "int First => ref s[0]; }\nint F() { var s = new S(new[] { 1, 2 }); s.First = 9; return "
                + "s.All[0]; }\nF()",
            "9");
        yield return Case(
            "default interface members",
            "interface I { int N => 3; int M() => N + 1; }\nclass C : I { }\n((I)new C()).M()",
            "4");
        yield return Case(
            "extension members", "static class E { }\nstatic int Twice(this int n) => n * 2;\n4.Twice()", "8");
        yield return Case(
            "a destructor", "class C { ~C() { } }\nclass D { ~D() => N++; static int N; }\nnew C(); new D();\n1", "1");

        // Lambdas.
        yield return Case("a lambda", "Func<int, int> f = n => n + 1;\nf(1)", "2");
        yield return Case("a lambda of its own type", "var f = (int n) => n + 1;\nf(1)", "2");
        yield return Case("a void lambda", "int n = 0;\nAction f = () => n++;\nf();\nn", "1");
        yield return Case(
            "a lambda that throws",
            "Func<int> f = () => throw new Exception();\nint F() { try { return f(); } catch { return 4; } }\nF()",
            "4");
        yield return Case(
            "nested lambdas", "Func<int, Func<int, Func<int, int>>> f = a => b => c => a + b * c;\nf(1)(2)(3)", "7");
        yield return Case("static lambdas", "Func<int, int> f = static n => n + 1;\nf(1)", "2");
        yield return Case(
            "a lambda with attributes and a type", "var f = [Obsolete] int (int n, int m = 2) => n + m;\nf(1)", "3");
        yield return Case("a lambda that returns null", "Func<string> f = () => null;\nf() ?? \"none\"", "none");
        yield return Case(
            "a lambda with a target type",
            "Func<List<int>> f = () => new() { 1 };\nFunc<int[]> g = () => [1, 2];\nf().Count + g().Length",
            "3");
        yield return Case(
            "a lambda that could be two things",
            "string Of(Action a) => \"action\";\nstring Of(Func<int> f) => \"func\";\nint n = 0;\nstring.Join(',', "
                + "Of(() => n++), Of(() => { n++; }), Of(() => Console.Out.Flush()))",
            "func,action,action");
        yield return Case(
            "lambdas for Task.Run",
            "var n = await Task.Run(() => 1) + await Task.Run(async () => await Task.FromResult(2));\nawait "
                + "Task.Run(async () => await Task.Yield());\nn",
            "3");
        yield return Case(
            "an async lambda that throws a result away",
            "Func<Task> f = async () => await Task.FromResult(3);\nawait f();\n1",
            "1");
        yield return Case(
            "a lambda that returns a reference",
            "class C { public delegate ref int R(); public static int N = 1; }\nC.R r = () => ref C.N;\nr() = 5;\nC.N",
            "5");
        yield return Case("anonymous methods", "Func<int, int> f = delegate(int n) { return n + 1; };\nf(1)", "2");
        yield return Case(
            "a lambda in an interpolated string", "$\"{new[] { 1, 2 }.Select(n => n * 2).Sum():000}\"", "006");
        yield return Case(
            "LINQ methods",
            "string.Join(' ', new[] { 3, 1, 2 }.Where(n => n > 1).OrderBy(n => n).Select(n => $\"<{n}>\"))",
            "<2> <3>");
        yield return Case(
            "a LINQ query",
            "string.Join(' ', from n in new[] { 3, 1, 2 } let m = n * 2 where new[] { 2, 6 }.Any(k => k == m) orderby "
                + "m select m)",
            "2 6");

        // Code as data.
        yield return Case(
            "an expression tree",
            "System.Linq.Expressions.Expression<Func<int, int>> e = n => n + 1;\n$\"{e} {e.Compile()(1)}\"",
            "n => (n + 1) 2");
        yield return Case(
            "an expression tree by a cast",
            "var e = (System.Linq.Expressions.Expression<Func<int, int>>)(n => n + 1);\ne.ToString()",
            "n => (n + 1)");
        yield return Case(
            "an expression tree as an argument",
            "string Show<T>(System.Linq.Expressions.Expression<Func<T, bool>> e) => e.ToString();\nShow<int[]>(all => "
                + "all.Any(n => n > 1))",
            "all => all.Any(n => (n > 1))");
        yield return Case(
            "an expression tree of its own type",
            "System.Linq.Expressions.LambdaExpression e = (int n) => n + 1;\ne.ToString()",
            "n => (n + 1)");
        yield return Case(
            "a query over data",
            "#r \"System.Linq.Queryable\"\nvar q = from n in new[] { 1, 2, 3 }.AsQueryable() where new[] { 2, 3 "
                + "}.Any(m => m == n) select n;\nq.Sum()",
            "5");

        // Loops.
        yield return Case(
            "loops with continue and break",
            "var sum = 0;\nfor (var n = 0; n < 10; n++) { if (n % 2 == 0) continue; if (n > 7) break; sum += n; }\nsum",
            "16");
        yield return Case(
            "loops in loops without braces",
            "var sum = 0;\nfor (var a = 0; a < 3; a++) foreach (var b in new[] { 1, 2 }) if (b > 1) sum += a; else "
                + "while (sum < 0) ;\nsum",
            "3");
        yield return Case("loops side by side", "var n = 0;\nwhile (n < 2)n++;do n++;while (n < 5);\nn", "5");
        yield return Case(
            "await foreach",
            "async IAsyncEnumerable<int> All() { for (var n = 1; n < 4; n++) { await Task.Yield(); yield return n; } "
                + "}\nvar sum = 0;\nawait foreach (var n in All()) sum += n;\nsum",
            "6");
        yield return Case(
            "foreach by reference",
            "int F() { var all = new[] { 1, 2 }; foreach (ref var each in all.AsSpan()) each++; return "
                + "all.Sum(); }\nF()",
            "5");
        yield return Case(
            "goto",
            "int F() { var n = 0; again: n++; if (n < 5) goto again; switch (n) { case 5: goto default; default: "
                + "return n + 1; } }\nF()",
            "6");
        yield return Case("a loop that never ends but returns", "int F() { while (true) return 1; }\nF()", "1");

        // The file as a whole.
        yield return Case("no more than a value", "5", "5");
        yield return Case("a comment at the end", "var n = 1;\nn // the end", "1");
        yield return Case(
            "usings and attributes at the top",
            "using System.Globalization;\n#nullable enable\n[Obsolete] class Old { }\n"
                + "CultureInfo.InvariantCulture.Name.Length",
            "0");
        yield return Case(
            "directives",
            "#if NEVER\nnonsense\n#else\nvar n = 2;\n#endif\n#region one\nint F() => n;\n#endregion\nF()",
            "2");
        yield return Case(
            "names of the script's own",
            "class Action { }\nnamespaceless();\nint namespaceless() => new Action() is null ? 0 : 1;\nnamespaceless()",
            "1");
        yield return Case("line ends of Windows", "int F(int n)\r\n    => n + 1;\r\nF(1)", "2");
    }

    [TestCaseSource(nameof(Scripts))]
    public async Task It_means_the_same(string script, string expected)
    {
        using var running = await RunningScript.StartAsync(script);

        Assert.That(running.Compiled.Obstacle, Is.Empty);
        Assert.That(running.Result.ToString(), Is.EqualTo(expected));
    }

    private static TestCaseData Case(string name, string script, string expected) =>
        new TestCaseData(script, expected).SetArgDisplayNames(name);
}
