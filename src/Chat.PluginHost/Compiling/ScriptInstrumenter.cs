using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Chat.PluginHost.Compiling;

/// <summary>
/// Puts a check into each round of each loop and to the beginning of each call, so that a script that does not come back can be
/// stopped. Works on a script that compiles. Lines stay where they are, and what the script means stays what it was.
/// </summary>
internal sealed class ScriptInstrumenter : CSharpSyntaxWalker
{
    private readonly InstrumentationEdits _edits = new();
    private readonly SemanticModel _model;
    private readonly InstrumentationLevel _depth;
    private int _queries;

    private ScriptInstrumenter(SemanticModel model, InstrumentationLevel depth)
    {
        _model = model;
        _depth = depth;
    }

    /// <summary>Weaves one file of a script.</summary>
    /// <param name="tree">The file as it was written.</param>
    /// <param name="compilation">The script as it was written.</param>
    /// <param name="isMain">Whether it is the file the others are loaded by: that one gets the class the checks ask.</param>
    /// <param name="depth">How much the checks go into.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static SourceText Weave(SyntaxTree tree, CSharpCompilation compilation, bool isMain, InstrumentationLevel depth, CancellationToken cancellationToken)
    {
        var weaver = new ScriptInstrumenter(compilation.GetSemanticModel(tree), depth);
        var root = (CompilationUnitSyntax)tree.GetRoot(cancellationToken);
        var text = tree.GetText(cancellationToken);

        // Not at the end: there may be an expression without a semicolon, or a comment.
        if (isMain && root.Members.FirstOrDefault() is { } first)
            weaver._edits.Insert(first.SpanStart, CancellationCheck.Declaration);
        else if (isMain)
            weaver._edits.Insert(text.Length, $"\n{CancellationCheck.Declaration}");
        weaver.Visit(root);
        return weaver._edits.Apply(text);
    }

    public override void VisitWhileStatement(WhileStatementSyntax node)
    {
        WeaveLoop(node.Statement);
        base.VisitWhileStatement(node);
    }

    public override void VisitDoStatement(DoStatementSyntax node)
    {
        WeaveLoop(node.Statement);
        base.VisitDoStatement(node);
    }

    public override void VisitForStatement(ForStatementSyntax node)
    {
        WeaveLoop(node.Statement);
        base.VisitForStatement(node);
    }

    public override void VisitForEachStatement(ForEachStatementSyntax node)
    {
        WeaveLoop(node.Statement);
        base.VisitForEachStatement(node);
    }

    public override void VisitForEachVariableStatement(ForEachVariableStatementSyntax node)
    {
        WeaveLoop(node.Statement);
        base.VisitForEachVariableStatement(node);
    }

    public override void VisitGotoStatement(GotoStatementSyntax node)
    {
        _edits.Around(node.Span, $"{{{CancellationCheck.InLoop}", "}");
        base.VisitGotoStatement(node);
    }

    public override void VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        WeaveMethod(node);
        base.VisitMethodDeclaration(node);
    }

    public override void VisitConstructorDeclaration(ConstructorDeclarationSyntax node)
    {
        WeaveMethod(node);
        base.VisitConstructorDeclaration(node);
    }

    public override void VisitOperatorDeclaration(OperatorDeclarationSyntax node)
    {
        WeaveMethod(node);
        base.VisitOperatorDeclaration(node);
    }

    public override void VisitConversionOperatorDeclaration(ConversionOperatorDeclarationSyntax node)
    {
        WeaveMethod(node);
        base.VisitConversionOperatorDeclaration(node);
    }

    /// <summary>Nobody could catch what a finalizer throws because it is to stop.</summary>
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
        WeaveCall(node.Body, node.ExpressionBody, node.SemicolonToken, _model.GetDeclaredSymbol(node) as IMethodSymbol);
        base.VisitLocalFunctionStatement(node);
    }

    public override void VisitAccessorDeclaration(AccessorDeclarationSyntax node)
    {
        WeaveCall(node.Body, node.ExpressionBody, node.SemicolonToken, _model.GetDeclaredSymbol(node));
        base.VisitAccessorDeclaration(node);
    }

    public override void VisitPropertyDeclaration(PropertyDeclarationSyntax node)
    {
        WeaveGetter(node.ExpressionBody, node.SemicolonToken);
        base.VisitPropertyDeclaration(node);
    }

    public override void VisitIndexerDeclaration(IndexerDeclarationSyntax node)
    {
        WeaveGetter(node.ExpressionBody, node.SemicolonToken);
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
        WeaveBlock(node.Block);
        base.VisitAnonymousMethodExpression(node);
    }

    public override void VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node)
    {
        if (WeaveLambda(node))
            base.VisitSimpleLambdaExpression(node);
    }

    public override void VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node)
    {
        if (WeaveLambda(node))
            base.VisitParenthesizedLambdaExpression(node);
    }

    /// <summary>Whether an expression can stand in a block as it is, and does anything.</summary>
    private static bool IsPlain(ExpressionSyntax expression) => expression is not (ThrowExpressionSyntax or RefExpressionSyntax);

    /// <summary>What makes a statement of the expression that is a call's body.</summary>
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

    private void WeaveLoop(StatementSyntax body)
    {
        if (body is BlockSyntax block)
            _edits.Insert(block.OpenBraceToken.Span.End, CancellationCheck.InLoop);
        else
            _edits.Around(body.Span, $"{{{CancellationCheck.InLoop}", "}");
    }

    private void WeaveMethod(BaseMethodDeclarationSyntax node) =>
        WeaveCall(node.Body, node.ExpressionBody, node.SemicolonToken, _model.GetDeclaredSymbol(node));

    private void WeaveCall(BlockSyntax? body, ArrowExpressionClauseSyntax? arrow, SyntaxToken semicolon, IMethodSymbol? method)
    {
        if (body is not null)
            WeaveBlock(body);
        else if (arrow is not null && method is { ReturnsByRef: false, ReturnsByRefReadonly: false })
            WeaveArrow(arrow, semicolon, "{", Begin(method), "}");
    }

    private void WeaveGetter(ArrowExpressionClauseSyntax? arrow, SyntaxToken semicolon)
    {
        if (arrow is not null)
            WeaveArrow(arrow, semicolon, "{get{", "return ", "}}");
    }

    private void WeaveArrow(ArrowExpressionClauseSyntax arrow, SyntaxToken semicolon, string open, string begin, string close)
    {
        if (_depth < InstrumentationLevel.Expressions || !IsPlain(arrow.Expression))
            return;
        _edits.Replace(arrow.ArrowToken.Span, $"{open}{CancellationCheck.AtEntry}");

        // The statement begins on the line the expression is on.
        _edits.Insert(arrow.Expression.SpanStart, begin);
        _edits.Close(semicolon.Span.End, close);
    }

    /// <summary>A lambda calls itself through a delegate, if at all; most have none in sight, and their calls stay as cheap as can be.</summary>
    private bool MayCallItself(CSharpSyntaxNode body) => body.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(name => _model.GetSymbolInfo(name).Symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        _ => null,
    } is { TypeKind: TypeKind.Delegate });

    private void WeaveBlock(BlockSyntax block) => _edits.Insert(block.OpenBraceToken.Span.End, CancellationCheck.AtEntry);

    /// <returns>Whether to look into it.</returns>
    private bool WeaveLambda(LambdaExpressionSyntax lambda)
    {
        if (IsExpressionTree(_model.GetTypeInfo(lambda).ConvertedType))
            return false;
        var check = MayCallItself(lambda.Body) ? CancellationCheck.AtEntry : CancellationCheck.InLoop;
        if (lambda.Block is { } block)
            _edits.Insert(block.OpenBraceToken.Span.End, check);
        else if (_depth == InstrumentationLevel.Expressions && _queries == 0 && lambda.ExpressionBody is { } body && IsPlain(body)
            && _model.GetSymbolInfo(lambda).Symbol is IMethodSymbol method)
            _edits.Around(body.Span, $"{{{check}{Begin(method)}", ";}");
        return true;
    }
}
