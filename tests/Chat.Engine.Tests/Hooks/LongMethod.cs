using System.Reflection;
using System.Reflection.Emit;

namespace Chat.Engine.Tests.Hooks;

/// <summary>Gives the runtime something to compile.</summary>
internal static class LongMethod
{
    private const int Additions = 5_000;

    /// <summary>Makes a method that is quickly written and slowly compiled, and calls it once.</summary>
    public static void Compile()
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Long"), AssemblyBuilderAccess.RunAndCollect);
        var type = assembly.DefineDynamicModule("Long").DefineType("Long", TypeAttributes.Public);
        var method = type.DefineMethod("Sum", MethodAttributes.Public | MethodAttributes.Static, typeof(int), [typeof(int)]);
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        for (var addition = 0; addition < Additions; addition++)
        {
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Add);
        }

        code.Emit(OpCodes.Ret);
        type.CreateType().GetMethod("Sum")!.CreateDelegate<Func<int, int>>()(1);
    }
}
