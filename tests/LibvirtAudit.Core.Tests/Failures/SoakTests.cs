using LibvirtAudit.Tests.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Failures;

/// <summary>The quick form of <c>build.ps1 -Task Soak</c>: a few seconds, twice in one folder, without the kernel.</summary>
public sealed class SoakTests
{
    [Fact]
    public async Task A_short_soak_holds_and_goes_on_where_the_last_one_ended()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "handles and threads are counted in /proc");
        using var folder = new TempFolder();
        for (int run = 0; run < 2; run++)
        {
            ProgramRun soak = await ProgramRun.Of(["dotnet", "exec", Program, "--seconds", "4", "--no-kernel", "--folder", folder.Path]);
            TestContext.Current.TestOutputHelper?.WriteLine(soak.Output);
            Assert.True(soak.ExitCode == 0, soak.Output);
            Assert.DoesNotContain("followed log: 0 records", soak.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("watched socket: 0 records", soak.Output, StringComparison.Ordinal);
        }
    }

    // Of the configuration that the tests were built in.
    private static string Program
    {
        get
        {
            DirectoryInfo own = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.GetFullPath(Path.Combine(own.FullName, "../../../../LibvirtAudit.Soak/bin", own.Parent!.Name, own.Name, "LibvirtAudit.Soak.dll"));
        }
    }
}
