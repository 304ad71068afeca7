using System.Management.Automation;
using System.Management.Automation.Host;

namespace LibvirtAudit.Tests.Hosting;

/// <summary>A terminal of which only the width matters.</summary>
internal sealed class RecordingRawUI : PSHostRawUserInterface
{
    /// <summary>The width in columns.</summary>
    public int Width { get; set; } = 120;

    public override Size BufferSize
    {
        get => new(Width, 50);
        set => throw new PSNotSupportedException();
    }

    public override Size WindowSize
    {
        get => BufferSize;
        set => throw new PSNotSupportedException();
    }

    public override Size MaxWindowSize => BufferSize;

    public override Size MaxPhysicalWindowSize => BufferSize;

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override Coordinates CursorPosition { get; set; }

    public override Coordinates WindowPosition { get; set; }

    public override int CursorSize { get; set; }

    public override string WindowTitle { get; set; } = "";

    public override bool KeyAvailable => false;

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw new PSNotSupportedException();

    public override void FlushInputBuffer()
    {
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new PSNotSupportedException();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw new PSNotSupportedException();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw new PSNotSupportedException();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw new PSNotSupportedException();
}
