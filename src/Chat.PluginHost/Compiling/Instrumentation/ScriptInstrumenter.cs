using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Chat.PluginHost.Compiling.Instrumentation;

/// <summary>Inserts a check at the start of each iteration of a loop and of each call, so that a script that does not
/// return can be stopped. Works on a script that compiles. Lines stay where they are, and the script keeps its
/// meaning.</summary>
internal sealed class ScriptInstrumenter : CSharpSyntaxWalker
{
    private readonly InstrumentationEdits _edits = new();
    private readonly SemanticModel _model;
    private int _queries;

    private ScriptInstrumenter(SemanticModel model) => _model = model;

    /// <summary>Instruments one file of a script.</summary>
    public static SourceText Instrument(
        SyntaxTree tree, CSharpCompilation compilation, bool isMain, CancellationToken cancellationToken)
    {
        var instrumenter = new ScriptInstrumenter(compilation.GetSemanticModel(tree));
        var root = (CompilationUnitSyntax)tree.GetRoot(cancellationToken);
        var text = tree.GetText(cancellationToken);

        // Not at the end: an expression without a semicolon, or a comment, may be there.
        if (isMain && root.Members.FirstOrDefault() is { } first)
            instrumenter._edits.Insert(first.SpanStart, CancellationCheck.Declaration);
        else if (isMain)
            instrumenter._edits.Insert(text.Length, $"\n{CancellationCheck.Declaration}");
        instrumenter.Visit(root);
        return instrumenter._edits.Apply(text);
    }

    public override void Visit(SyntaxNode? node)
    {
        if (node is null || !Edit(node))
            return;
        var isQuery = node is QueryExpressionSyntax;
        _queries += isQuery ? 1 : 0;
        base.Visit(node);
        _queries -= isQuery ? 1 : 0;
    }

    /// <returns>Whether to visit what is inside it.</returns>
    private bool Edit(SyntaxNode node)
    {
        switch (node)
        {
            case WhileStatementSyntax loop:
                EditLoop(loop.Statement);
                break;
            case DoStatementSyntax loop:
                EditLoop(loop.Statement);
                break;
            case ForStatementSyntax loop:
                EditLoop(loop.Statement);
                break;
            case CommonForEachStatementSyntax loop:
                EditLoop(loop.Statement);
                break;
            case GotoStatementSyntax:
                _edits.Around(node.Span, $"{{{CancellationCheck.InLoop}", "}");
                break;
            case DestructorDeclarationSyntax finalizer:
                EditFinalizer(finalizer);
                break;
            case BaseMethodDeclarationSyntax method:
                EditCall(node, method.Body, method.ExpressionBody, method.SemicolonToken);
                break;
            case LocalFunctionStatementSyntax function:
                EditCall(node, function.Body, function.ExpressionBody, function.SemicolonToken);
                break;
            case AccessorDeclarationSyntax accessor:
                EditCall(node, accessor.Body, accessor.ExpressionBody, accessor.SemicolonToken);
                break;
            case PropertyDeclarationSyntax { ExpressionBody: { } getter, SemicolonToken: var semicolon }:
                EditArrow(getter, semicolon, "{get{", "return ", "}}");
                break;
            case IndexerDeclarationSyntax { ExpressionBody: { } getter, SemicolonToken: var semicolon }:
                EditArrow(getter, semicolon, "{get{", "return ", "}}");
                break;
            case AnonymousMethodExpressionSyntax anonymous:
                EditBlock(anonymous.Block, CancellationCheck.AtEntry);
                break;
            case LambdaExpressionSyntax lambda:
                return EditLambda(lambda);
        }

        return true;
    }

    private void EditBlock(BlockSyntax block, string check) => _edits.Insert(block.OpenBraceToken.Span.End, check);

    private void EditLoop(StatementSyntax body)
    {
        if (body is BlockSyntax block)
            EditBlock(block, CancellationCheck.InLoop);
        else
            _edits.Around(body.Span, $"{{{CancellationCheck.InLoop}", "}");
    }

    /// <summary>An exception that stops a finalizer would end the process, so it is caught there.</summary>
    private void EditFinalizer(DestructorDeclarationSyntax node)
    {
        const string Catch = $"}}catch when({CancellationCheck.IsAsked}){{}}";
        if (node.Body is { } body)
        {
            _edits.Insert(body.OpenBraceToken.Span.End, "try{");
            _edits.Close(body.CloseBraceToken.SpanStart, Catch);
        }
        else if (node.ExpressionBody is { } arrow)
        {
            _edits.Replace(arrow.ArrowToken.Span, "{try{");
            _edits.Close(node.SemicolonToken.Span.End, $"{Catch}}}");
        }
    }

    private void EditCall(SyntaxNode node, BlockSyntax? body, ArrowExpressionClauseSyntax? arrow, SyntaxToken semicolon)
    {
        if (body is not null)
            EditBlock(body, CancellationCheck.AtEntry);
        else if (arrow is not null && _model.GetDeclaredSymbol(node) is IMethodSymbol { RefKind: RefKind.None } method)
            EditArrow(arrow, semicolon, "{", Begin(method), "}");
    }

    private void EditArrow(
        ArrowExpressionClauseSyntax arrow, SyntaxToken semicolon, string open, string begin, string close)
    {
        if (!IsPlain(arrow.Expression))
            return;
        _edits.Replace(arrow.ArrowToken.Span, $"{open}{CancellationCheck.AtEntry}");

        // The statement begins on the line the expression is on.
        _edits.Insert(arrow.Expression.SpanStart, begin);
        _edits.Close(semicolon.Span.End, close);
    }

    /// <returns>Whether to visit its body.</returns>
    private bool EditLambda(LambdaExpressionSyntax lambda)
    {
        if (IsExpressionTree(_model.GetTypeInfo(lambda).ConvertedType))
            return false;
        var check = MayCallItself(lambda.Body) ? CancellationCheck.AtEntry : CancellationCheck.InLoop;
        if (lambda.Block is { } block)
            EditBlock(block, check);
        else if (_queries == 0 && lambda.ExpressionBody is { } body && IsPlain(body)
            && _model.GetSymbolInfo(lambda).Symbol is IMethodSymbol method)
            _edits.Around(body.Span, $"{{{check}{Begin(method)}", ";}");
        return true;
    }

    /// <summary>Whether an expression can become a statement as it is, and a check before it is of use.</summary>
    private static bool IsPlain(ExpressionSyntax expression) =>
        expression is not (ThrowExpressionSyntax or RefExpressionSyntax);

    /// <summary>The text that turns an expression body into a statement.</summary>
    private static string Begin(IMethodSymbol method) =>
        method.ReturnsVoid || method is { IsAsync: true, ReturnType: INamedTypeSymbol { Arity: 0 } } ? "" : "return ";

    /// <summary>An expression tree holds code as data, and cannot hold statements.</summary>
    private static bool IsExpressionTree(ITypeSymbol? type) => type is not null
        && ((type.Name == "Expression" && type.ContainingNamespace?.ToDisplayString() == "System.Linq.Expressions")
            || IsExpressionTree(type.BaseType));

    /// <summary>Whether a lambda may call itself, which takes a delegate. Most get the cheaper check.</summary>
    private bool MayCallItself(CSharpSyntaxNode body) => body.DescendantNodesAndSelf()
        .OfType<SimpleNameSyntax>()
        .Any(name => _model.GetSymbolInfo(name).Symbol switch
        {
            ILocalSymbol local => local.Type,
            IParameterSymbol parameter => parameter.Type,
            IFieldSymbol field => field.Type,
            IPropertySymbol property => property.Type,
            _ => null,
        } is { TypeKind: TypeKind.Delegate });
}
