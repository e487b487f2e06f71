using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Chat.PluginHost.Compiling;

/// <summary>
/// Has the runtime compile what stands on several lines of a script as it was written: optimized code merges what throws, and inlines
/// what does, so that a stack trace names any line of the method. What stands on one line is optimized: there is no other.
/// </summary>
internal static class ExactLines
{
    /// <summary>Where a row of the table of methods has its implementation flags (ECMA-335, II.22.26): behind the address of the code.</summary>
    private const int ImplFlagsOffset = 4;

    /// <summary>
    /// Whether a script is to be compiled without optimization as a whole: all places where a method goes past the end of an array, or
    /// overflows where that is checked, share one end of it even when the method alone is not optimized.
    /// </summary>
    public static bool NeedNoOptimization(CSharpCompilation script, CancellationToken cancellationToken) => script.SyntaxTrees.Any(tree =>
    {
        var model = script.GetSemanticModel(tree);
        return tree.GetRoot(cancellationToken).DescendantNodes().Any(node => node switch
        {

            // Anything but an array has an indexer, which is a call.
            ElementAccessExpressionSyntax or ElementBindingExpressionSyntax or ImplicitElementAccessSyntax =>
                model.GetSymbolInfo(node, cancellationToken).Symbol is not IPropertySymbol,
            CheckedExpressionSyntax or CheckedStatementSyntax => true,
            _ => false,
        });
    });

    /// <summary>Marks the methods of an assembly.</summary>
    /// <param name="assembly">The assembly, which is changed in place.</param>
    /// <param name="symbols">Its portable PDB.</param>
    public static void Mark(byte[] assembly, byte[] symbols)
    {
        using var image = new PEReader(new MemoryStream(assembly));
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols));
        var metadata = image.GetMetadataReader();
        var lines = provider.GetMetadataReader();
        var table = image.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.MethodDef);
        var rowSize = metadata.GetTableRowSize(TableIndex.MethodDef);
        foreach (var handle in metadata.MethodDefinitions)
        {
            // What stands on one line is not to vanish in what calls it from another.
            var mark = Lines(lines.GetMethodDebugInformation(handle)) switch
            {
                0 => default,
                1 => MethodImplAttributes.NoInlining,
                _ => MethodImplAttributes.NoOptimization,
            };
            var flags = assembly.AsSpan(table + ((MetadataTokens.GetRowNumber(handle) - 1) * rowSize) + ImplFlagsOffset);
            BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | (ushort)mark));
        }
    }

    /// <returns>0, 1, or 2 for several.</returns>
    private static int Lines(MethodDebugInformation method) =>
        method.GetSequencePoints().Where(point => !point.IsHidden).Select(point => (point.Document, point.StartLine)).Distinct().Take(2).Count();
}
