using System.Runtime.InteropServices;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Kernel;

/// <summary>Sends a record through libaudit; gives what audit_log_user_message gives, more than 0 on success.</summary>
[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public delegate int SendRecord(int type, [MarshalAs(UnmanagedType.LPUTF8Str)] string body, int success);

/// <summary>A few lines of C over libaudit, as a library: called from the process that runs the cmdlets, so that the program, the terminal and the process are the same.</summary>
internal static class LibauditLibrary
{
    private const string Source = """
        #include <stddef.h>
        #include <libaudit.h>
        int send_record(int type, const char *body, int success)
        {
            int fd = audit_open();
            int result = audit_log_user_message(fd, type, body, NULL, NULL, NULL, success);
            audit_close(fd);
            return result;
        }
        """;

    /// <summary>Builds the library in <paramref name="folder"/>; skips the test where libaudit's header is not installed.</summary>
    public static async Task<string> Build(string folder)
    {
        Assert.SkipUnless(File.Exists("/usr/include/libaudit.h"), "libaudit's header is not installed");
        string source = Path.Combine(folder, "send.c"), library = Path.Combine(folder, "libsend.so");
        await File.WriteAllTextAsync(source, Source);
        ProgramRun build = await ProgramRun.Of(["gcc", "-shared", "-fPIC", "-o", library, source, "-laudit"]);
        Assert.True(build.ExitCode == 0, build.Output);
        return library;
    }
}
