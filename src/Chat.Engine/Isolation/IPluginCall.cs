namespace Chat.Engine.Isolation;

/// <summary>One call into a plugin's code. A structure, so that a call needs no allocation and no delegate.</summary>
internal interface IPluginCall<T>
{
    /// <summary>Makes the call.</summary>
    ValueTask<T> InvokeAsync(CancellationToken cancellationToken);
}
