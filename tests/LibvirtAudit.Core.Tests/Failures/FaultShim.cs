using System.Reflection;
using System.Runtime.InteropServices;
using LibvirtAudit.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Failures;

/// <summary>
/// The library <c>faults.c</c> between this process and the C library. .NET's own native code meets it because it is loaded
/// first; the module's declarations because they are led to it.
/// </summary>
internal static class FaultShim
{
    /// <summary>In place of an error number: the call does half of what it was asked for.</summary>
    public const int Short = -1;

    private const string PreloadVariable = "LD_PRELOAD";
    private static readonly nint Library = NativeLibrary.Load(Environment.GetEnvironmentVariable(PreloadVariable)!);

    /// <summary>Builds the library in a folder; gives the environment in which a process has it.</summary>
    public static async Task<Dictionary<string, string>> Build(string folder)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "calls of the C library are made to fail on Linux");
        Assert.SkipUnless(ProgramRun.Exists("gcc"), "gcc is not installed");
        string library = Path.Combine(folder, "libfaults.so");
        ProgramRun build = await ProgramRun.Of(["gcc", "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o", library, Path.Combine(AppContext.BaseDirectory, "Failures", "faults.c"), "-ldl"]);
        Assert.True(build.ExitCode == 0, build.Output);
        return new() { [PreloadVariable] = library };
    }

    /// <summary>Leads the module's declarations here; to be called before any of them is used.</summary>
    public static void Install() => NativeLibrary.SetDllImportResolver(typeof(LogFile).Assembly, (string name, Assembly _, DllImportSearchPath? _) => name == "libc" ? Library : 0);

    /// <summary>Forgets all rules and counts.</summary>
    public static unsafe void Clear() => ((delegate* unmanaged<void>)Export("faults_clear"))();

    /// <summary>Begins to count calls, and to apply the rules.</summary>
    /// <param name="scope">What the path of a file must contain.</param>
    /// <param name="ownThread">Whether only the calls of this thread are meant.</param>
    public static unsafe void Arm(string scope, bool ownThread)
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes(scope + '\0');
        fixed (byte* bytes = text)
        {
            ((delegate* unmanaged<byte*, int, void>)Export("faults_arm"))(bytes, ownThread ? 1 : 0);
        }
    }

    public static unsafe void Disarm() => ((delegate* unmanaged<void>)Export("faults_disarm"))();

    /// <summary>Adds the rule of an injection.</summary>
    public static unsafe void Add(Injection injection)
    {
        fixed (byte* bytes = System.Text.Encoding.ASCII.GetBytes(injection.Call + '\0'))
        {
            int added = ((delegate* unmanaged<byte*, nint, int, int, int>)Export("faults_add"))(bytes, injection.Nth, injection.AllBehind ? 1 : 0, injection.Error);
            Assert.True(added == 1, $"no call {injection.Call}");
        }
    }

    /// <summary>How many calls of that name were seen.</summary>
    public static unsafe long Count(string call)
    {
        fixed (byte* bytes = System.Text.Encoding.ASCII.GetBytes(call + '\0'))
        {
            return ((delegate* unmanaged<byte*, nint>)Export("faults_count"))(bytes);
        }
    }

    /// <summary>How many calls a rule was applied to.</summary>
    public static unsafe int Fired => ((delegate* unmanaged<int>)Export("faults_fired"))();

    private static nint Export(string name) => NativeLibrary.GetExport(Library, name);
}
