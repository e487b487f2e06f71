namespace Chat.Engine.Isolation;

/// <summary>
/// One caller's slot in a crash journal: the number of the plugin whose code it is running. Setting it costs one plain write. The default value is
/// no slot at all, and setting it does nothing.
/// </summary>
public readonly unsafe struct JournalSlot
{
    /// <summary>The number that stands for no plugin.</summary>
    public const int Nobody = 0;

    private readonly int* _cell;

    /// <param name="address">The address of a 32-bit integer that stays valid for the rest of the process.</param>
    public JournalSlot(IntPtr address) => _cell = (int*)address;

    /// <summary>The address that was passed to the constructor; zero for the default value.</summary>
    public IntPtr Address => (IntPtr)_cell;

    /// <summary>Records whose code is running.</summary>
    /// <param name="number">The plugin's number; its negative if the plugin is only being waited for; <see cref="Nobody"/> for none.</param>
    public void Set(int number)
    {
        if (_cell != null)
            *_cell = number;
    }
}
