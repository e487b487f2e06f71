namespace Chat.Engine.Sessions.Phases;

/// <summary>What a <see cref="SignIn"/> signs in.</summary>
internal interface ISignInOwner
{
    /// <summary>Makes one attempt. No two run at the same time.</summary>
    /// <param name="nick">The nick; <see langword="null"/> for a guest's.</param>
    /// <returns>Whether it succeeded.</returns>
    ValueTask<bool> SignInAsync(string? nick);

    /// <summary>An attempt that the timer made has thrown.</summary>
    void Failed(Exception exception);
}
