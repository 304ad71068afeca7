using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Logs;

/// <summary>
/// Does something with an ordinary user's rights to files. A process of root gives them up in one thread: setfsuid(2) is
/// the thread's own, and takes the capabilities that override a file's mode with it.
/// </summary>
internal static partial class AsNobody
{
    private const uint Nobody = 65534;
    private const uint Unchanged = uint.MaxValue;

    public static void Run(Action action)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            Assert.Skip("needs the rights of Unix");
        }

        if (!Environment.IsPrivilegedProcess)
        {
            action();
            return;
        }

        Assert.SkipUnless(OperatingSystem.IsLinux(), "root can give up its rights in one thread on Linux only");
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                _ = setfsgid(Nobody);
                _ = setfsuid(Nobody);
                if (setfsuid(Unchanged) != Nobody)
                {
                    Assert.Skip("this process may not give up its rights");
                }

                action();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        Assert.True(thread.Join(Patience.Longest), "Waited for what is done as nobody.");
        failure?.Throw();
    }

    [LibraryImport("libc")]
    private static partial uint setfsuid(uint id);

    [LibraryImport("libc")]
    private static partial uint setfsgid(uint id);
}
