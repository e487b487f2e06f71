namespace Chat.Engine.Isolation;

/// <summary>One caller's slot in a crash journal. It holds the number of the plugin whose code is running. Setting it
/// costs one plain write. The default value is no slot; setting it does nothing.</summary>
public readonly unsafe struct JournalSlot
{
    /// <summary>The number that stands for no plugin.</summary>
    public const int Nobody = 0;

    private readonly int* _cell;

    /// <param name="address">The address of a 32-bit integer that stays valid for the rest of the process.</param>
    public JournalSlot(IntPtr address) => _cell = (int*)address;

    /// <summary>The address passed to the constructor; zero for the default value.</summary>
    public IntPtr Address => (IntPtr)_cell;

    /// <summary>Records whose code is running.</summary>
    /// <param name="number">The plugin's number, negated while its answer is awaited; <see cref="Nobody"/> for no
    /// plugin.</param>
    public void Set(int number)
    {
        if (_cell != null)
            *_cell = number;
    }
}
