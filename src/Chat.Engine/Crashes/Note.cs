namespace Chat.Engine.Crashes;

/// <summary>One runner's place in a <see cref="BlackBox"/>: whose code it is running. Setting it costs one plain write. The default is no place at all.</summary>
internal readonly unsafe struct Note
{
    /// <summary>What stands there when the runner is in no plugin.</summary>
    public const int Nobody = 0;

    private readonly int* _cell;

    public Note(int* cell) => _cell = cell;

    public IntPtr Place => (IntPtr)_cell;

    /// <summary>Says whose code runs: the plugin's number; a negative one when it does not run but is waited for.</summary>
    public void Set(int number)
    {
        if (_cell != null)
            *_cell = number;
    }
}
