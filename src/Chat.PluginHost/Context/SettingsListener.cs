namespace Chat.PluginHost.Context;

/// <summary>The callback with which a plugin takes changed settings. One caller at a time.</summary>
internal sealed class SettingsListener(Action<IPluginSettings> change, Registration registration, PluginJournal notes)
{
    private Task _call = Task.CompletedTask;

    /// <summary>Whether no call is under way; an abandoned one may still be.</summary>
    public bool IsFree => _call.IsCompleted;

    /// <summary>Hands changed settings to the plugin.</summary>
    /// <returns>Why it does not take them, beginning with the file; <see langword="null"/> if it does.</returns>
    public async Task<LoadProblem?> ChangeAsync(
        PluginSettings next, PluginTimeouts timeouts, CancellationToken cancellationToken)
    {
        _call = Task.Run(() => Change(next), CancellationToken.None);
        try
        {
            if (!await StuckLines.EndsAsync(_call, registration, timeouts, cancellationToken).ConfigureAwait(false))
            {
                return new LoadProblem(
                    next.Name, $"{registration.Source} has not taken the changed settings within "
                    + $"{timeouts.HandOver.TotalSeconds:0.###} s.", "With the next change it is loaded anew.");
            }

            await _call.ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (InvalidSettingException exception)
        {
            return exception.Problem;
        }
        catch (Exception exception)
        {
            var fault = ExceptionText.Describe(exception);
            return new LoadProblem(next.Name, $"{registration.Source} does not take the changed settings: {fault}");
        }
    }

    private void Change(PluginSettings next)
    {
        using var note = notes.Inside();
        change(next);
    }
}
