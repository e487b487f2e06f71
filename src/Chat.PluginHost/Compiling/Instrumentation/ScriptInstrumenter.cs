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
    /// <param name="tree">The file as it was written.</param>
    /// <param name="compilation">The script as it was written.</param>
    /// <param name="isMain">Whether it is the file that loads the others: it gets the class that the checks
    /// read.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
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

    public override void VisitWhileStatement(WhileStatementSyntax node)
    {
        EditLoop(node.Statement);
        base.VisitWhileStatement(node);
    }

    public override void VisitDoStatement(DoStatementSyntax node)
    {
        EditLoop(node.Statement);
        base.VisitDoStatement(node);
    }

    public override void VisitForStatement(ForStatementSyntax node)
    {
        EditLoop(node.Statement);
        base.VisitForStatement(node);
    }

    public override void VisitForEachStatement(ForEachStatementSyntax node)
    {
        EditLoop(node.Statement);
        base.VisitForEachStatement(node);
    }

    public override void VisitForEachVariableStatement(ForEachVariableStatementSyntax node)
    {
        EditLoop(node.Statement);
        base.VisitForEachVariableStatement(node);
    }

    public override void VisitGotoStatement(GotoStatementSyntax node)
    {
        _edits.Around(node.Span, $"{{{CancellationCheck.InLoop}", "}");
        base.VisitGotoStatement(node);
    }

    public override void VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        EditMethod(node);
        base.VisitMethodDeclaration(node);
    }

    public override void VisitConstructorDeclaration(ConstructorDeclarationSyntax node)
    {
        EditMethod(node);
        base.VisitConstructorDeclaration(node);
    }

    public override void VisitOperatorDeclaration(OperatorDeclarationSyntax node)
    {
        EditMethod(node);
        base.VisitOperatorDeclaration(node);
    }

    public override void VisitConversionOperatorDeclaration(ConversionOperatorDeclarationSyntax node)
    {
        EditMethod(node);
        base.VisitConversionOperatorDeclaration(node);
    }

    /// <summary>An exception that stops a finalizer would end the process, so it is caught there.</summary>
    public override void VisitDestructorDeclaration(DestructorDeclarationSyntax node)
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

        base.VisitDestructorDeclaration(node);
    }

    public override void VisitLocalFunctionStatement(LocalFunctionStatementSyntax node)
    {
        EditCall(node.Body, node.ExpressionBody, node.SemicolonToken, _model.GetDeclaredSymbol(node) as IMethodSymbol);
        base.VisitLocalFunctionStatement(node);
    }

    public override void VisitAccessorDeclaration(AccessorDeclarationSyntax node)
    {
        EditCall(node.Body, node.ExpressionBody, node.SemicolonToken, _model.GetDeclaredSymbol(node));
        base.VisitAccessorDeclaration(node);
    }

    public override void VisitPropertyDeclaration(PropertyDeclarationSyntax node)
    {
        EditGetter(node.ExpressionBody, node.SemicolonToken);
        base.VisitPropertyDeclaration(node);
    }

    public override void VisitIndexerDeclaration(IndexerDeclarationSyntax node)
    {
        EditGetter(node.ExpressionBody, node.SemicolonToken);
        base.VisitIndexerDeclaration(node);
    }

    public override void VisitQueryExpression(QueryExpressionSyntax node)
    {
        _queries++;
        base.VisitQueryExpression(node);
        _queries--;
    }

    public override void VisitAnonymousMethodExpression(AnonymousMethodExpressionSyntax node)
    {
        EditBlock(node.Block);
        base.VisitAnonymousMethodExpression(node);
    }

    public override void VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node)
    {
        if (EditLambda(node))
            base.VisitSimpleLambdaExpression(node);
    }

    public override void VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node)
    {
        if (EditLambda(node))
            base.VisitParenthesizedLambdaExpression(node);
    }

    /// <summary>Whether an expression can become a statement as it is, and a check before it is of use.</summary>
    private static bool IsPlain(ExpressionSyntax expression) =>
        expression is not (ThrowExpressionSyntax or RefExpressionSyntax);

    /// <summary>The text that turns an expression body into a statement.</summary>
    private static string Begin(IMethodSymbol method) =>
        method.ReturnsVoid || method is { IsAsync: true, ReturnType: INamedTypeSymbol { Arity: 0 } } ? "" : "return ";

    /// <summary>An expression tree holds code as data, and cannot hold statements.</summary>
    private static bool IsExpressionTree(ITypeSymbol? type)
    {
        for (var each = type; each is not null; each = each.BaseType)
        {
            if (each.Name == "Expression" && each.ContainingNamespace?.ToDisplayString() == "System.Linq.Expressions")
                return true;
        }

        return false;
    }

    private void EditLoop(StatementSyntax body)
    {
        if (body is BlockSyntax block)
            _edits.Insert(block.OpenBraceToken.Span.End, CancellationCheck.InLoop);
        else
            _edits.Around(body.Span, $"{{{CancellationCheck.InLoop}", "}");
    }

    private void EditMethod(BaseMethodDeclarationSyntax node) =>
        EditCall(node.Body, node.ExpressionBody, node.SemicolonToken, _model.GetDeclaredSymbol(node));

    private void EditCall(
        BlockSyntax? body, ArrowExpressionClauseSyntax? arrow, SyntaxToken semicolon, IMethodSymbol? method)
    {
        if (body is not null)
            EditBlock(body);
        else if (arrow is not null && method is { ReturnsByRef: false, ReturnsByRefReadonly: false })
            EditArrow(arrow, semicolon, "{", Begin(method), "}");
    }

    private void EditGetter(ArrowExpressionClauseSyntax? arrow, SyntaxToken semicolon)
    {
        if (arrow is not null)
            EditArrow(arrow, semicolon, "{get{", "return ", "}}");
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

    /// <summary>Whether a lambda may call itself, which it can only do through a delegate. Most use none, and get the
    /// cheaper check.</summary>
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

    private void EditBlock(BlockSyntax block) =>
        _edits.Insert(block.OpenBraceToken.Span.End, CancellationCheck.AtEntry);

    /// <returns>Whether to visit its body.</returns>
    private bool EditLambda(LambdaExpressionSyntax lambda)
    {
        if (IsExpressionTree(_model.GetTypeInfo(lambda).ConvertedType))
            return false;
        var check = MayCallItself(lambda.Body) ? CancellationCheck.AtEntry : CancellationCheck.InLoop;
        if (lambda.Block is { } block)
            _edits.Insert(block.OpenBraceToken.Span.End, check);
        else if (_queries == 0 && lambda.ExpressionBody is { } body && IsPlain(body)
            && _model.GetSymbolInfo(lambda).Symbol is IMethodSymbol method)
            _edits.Around(body.Span, $"{{{check}{Begin(method)}", ";}");
        return true;
    }
}
