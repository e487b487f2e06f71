using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Chat.PluginHost.Compiling.Instrumentation;

/// <summary>Marks the methods of a script that span several lines, so that the runtime compiles them without
/// optimization: optimized code merges the places that throw and inlines calls, and a stack trace could name any line
/// of the method. A method on one line is optimized.</summary>
internal static class ExactLines
{
    /// <summary>The offset of the implementation flags in a row of the method table (ECMA-335, II.22.26).</summary>
    private const int ImplFlagsOffset = 4;

    /// <summary>Whether a whole script must be compiled without optimization: all places where a method indexes an
    /// array, or does checked arithmetic, share one throwing block even if the method alone is not optimized.</summary>
    public static bool NeedNoOptimization(CSharpCompilation script, CancellationToken cancellationToken) =>
        script.SyntaxTrees.Any(tree =>
        {
            var model = script.GetSemanticModel(tree);
            return tree.GetRoot(cancellationToken).DescendantNodes().Any(node => node switch
            {
                // Everything but an array has an indexer, which is a call.
                ElementAccessExpressionSyntax or ElementBindingExpressionSyntax or ImplicitElementAccessSyntax =>
                    model.GetSymbolInfo(node, cancellationToken).Symbol is not IPropertySymbol,
                CheckedExpressionSyntax or CheckedStatementSyntax => true,
                _ => false,
            });
        });

    /// <summary>Marks the methods of an assembly.</summary>
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
            // A method on one line must not be inlined into a caller on another line.
            var mark = Lines(lines.GetMethodDebugInformation(handle)) switch
            {
                0 => default,
                1 => MethodImplAttributes.NoInlining,
                _ => MethodImplAttributes.NoOptimization,
            };
            var row = table + ((MetadataTokens.GetRowNumber(handle) - 1) * rowSize);
            var flags = assembly.AsSpan(row + ImplFlagsOffset);
            var marked = BinaryPrimitives.ReadUInt16LittleEndian(flags) | (ushort)mark;
            BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)marked);
        }
    }

    /// <summary>The number of lines a method spans: 0, 1, or 2 for several.</summary>
    private static int Lines(MethodDebugInformation method) => method.GetSequencePoints()
        .Where(point => !point.IsHidden)
        .Select(point => (point.Document, point.StartLine))
        .Distinct()
        .Take(2)
        .Count();
}
