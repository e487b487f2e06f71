namespace Chat.Engine.Isolation;

/// <summary>One call into a plugin's code. A structure, so that the call is made without an allocation or a delegate.</summary>
internal interface IPluginCall<T>
{
    /// <summary>Makes the call.</summary>
    ValueTask<T> InvokeAsync(CancellationToken cancellationToken);
}
