using System.Management.Automation;
using System.Management.Automation.Host;

namespace LibvirtAudit.Shell.Hosting;

/// <summary>The terminal's size and keys; its cells cannot be read or written.</summary>
internal sealed class ShellRawUI : PSHostRawUserInterface
{
    private const int Height = 50;

    /// <inheritdoc/>
    public override Size BufferSize
    {
        get => new(TerminalSize.Width, Height);
        set => throw Unsupported();
    }

    /// <inheritdoc/>
    public override Size WindowSize
    {
        get => BufferSize;
        set => throw Unsupported();
    }

    /// <inheritdoc/>
    public override Size MaxWindowSize => BufferSize;

    /// <inheritdoc/>
    public override Size MaxPhysicalWindowSize => BufferSize;

    /// <inheritdoc/>
    public override Coordinates WindowPosition
    {
        get => default;
        set => throw Unsupported();
    }

    /// <inheritdoc/>
    public override Coordinates CursorPosition
    {
        get => throw Unsupported();
        set => throw Unsupported();
    }

    /// <inheritdoc/>
    public override int CursorSize
    {
        get => throw Unsupported();
        set => throw Unsupported();
    }

    /// <inheritdoc/>
    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    /// <inheritdoc/>
    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    /// <inheritdoc/>
    public override string WindowTitle
    {
        get => throw Unsupported();
        set => throw Unsupported();
    }

    /// <inheritdoc/>
    public override bool KeyAvailable => false;

    /// <inheritdoc/>
    public override KeyInfo ReadKey(ReadKeyOptions options) => throw Unsupported();

    /// <inheritdoc/>
    public override void FlushInputBuffer()
    {
    }

    /// <inheritdoc/>
    public override int LengthInBufferCells(string source) => TextWidth.Of(source);

    /// <inheritdoc/>
    public override int LengthInBufferCells(string source, int offset) => TextWidth.Of(source[offset..]);

    /// <inheritdoc/>
    public override int LengthInBufferCells(char source) => TextWidth.Of(source);

    /// <inheritdoc/>
    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw Unsupported();

    /// <inheritdoc/>
    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw Unsupported();

    /// <inheritdoc/>
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw Unsupported();

    /// <inheritdoc/>
    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw Unsupported();

    private static PSNotSupportedException Unsupported() => new("virtaudit only writes to its terminal; it does not control it.");
}
