using System.IO.Compression;
using System.IO.Pipes;
using LibvirtAudit.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Logs;

/// <summary>Logs that come through a pipe: <c>mkfifo</c>, <c>/dev/stdin</c>, a shell's <c>&lt;(…)</c>.</summary>
public sealed class PipeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_pipe_is_read_to_its_end_in_any_portions()
    {
        byte[] content = TestData.Bytes("lxc-enriched.log");
        string path = MakePipe();
        Task writing = WriteInPortions(path, content, 1, 2, 9, 4000);

        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);

        Assert.False(log.IsPositional);
        Assert.Equal(0, log.Length);
        Assert.Equal(content, LogReading.Of(log).Bytes);
        Assert.Throws<InvalidOperationException>(() => log.ReadAt(0, new byte[1]));
        await writing.Within("the writer of the pipe");
    }

    [Fact]
    public async Task An_unnamed_pipe_is_read_by_the_path_of_its_descriptor()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self/fd"), "needs /proc/self/fd");
        byte[] content = TestData.Bytes("lxc-enriched.log");
        using var writer = new AnonymousPipeServerStream(PipeDirection.Out);
        var opened = new TaskCompletionSource();
        Task writing = Task.Run(
            async () =>
            {
                writer.Write(content);
                await opened.Task;
                writer.Dispose();
            },
            TestContext.Current.CancellationToken);

        using LogFile log = LogFile.Open($"/proc/self/fd/{writer.ClientSafePipeHandle.DangerousGetHandle()}", TestContext.Current.CancellationToken);
        opened.SetResult();

        Assert.Equal(content, LogReading.Of(log).Bytes);
        await writing.Within("the writer of the pipe");
    }

    [Fact]
    public async Task A_pipe_that_is_closed_without_a_byte_is_an_empty_log()
    {
        string path = MakePipe();
        Task writing = WriteInPortions(path, [], 1);

        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);

        Assert.Empty(LogReading.Of(log).Bytes);
        Assert.Null(log.BinaryHead);
        await writing.Within("the writer of the pipe");
    }

    [Fact]
    public async Task A_compressed_pipe_is_read()
    {
        byte[] content = TestData.Bytes("qemu-enriched.log");
        string path = MakePipe();
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }

        Task writing = WriteInPortions(path, compressed.ToArray(), 1, 5, 3000);
        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);

        Assert.Equal(Compression.Gzip, log.Compression);
        Assert.Equal(content, LogReading.Of(log).Bytes);
        await writing.Within("the writer of the pipe");
    }

    [Fact]
    public void Waiting_for_a_writer_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        Assert.ThrowsAny<OperationCanceledException>(() => LogFile.Open(MakePipe(), cancel.Token));
    }

    [Fact]
    public void Waiting_for_more_can_be_cancelled()
    {
        string path = MakePipe();
        using var cancel = new CancellationTokenSource();
        using var writer = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        writer.Write("type=VIRT_CONTROL\n"u8);
        using LogFile log = LogFile.Open(path, cancel.Token);
        var buffer = new byte[100];
        Assert.Equal(18, log.Read(buffer));

        cancel.CancelAfter(100);

        Assert.ThrowsAny<OperationCanceledException>(() => log.Read(buffer));
    }

    private string MakePipe()
    {
        string path = _folder.PathOf("pipe");
        Tool.Run("mkfifo", [path]);
        return path;
    }

    private static Task WriteInPortions(string path, byte[] content, params int[] sizes) => Task.Run(() =>
    {
        using var writer = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        for (int start = 0, i = 0; start < content.Length; i++)
        {
            int size = Math.Min(sizes[Math.Min(i, sizes.Length - 1)], content.Length - start);
            writer.Write(content, start, size);
            start += size;
        }
    });
}
