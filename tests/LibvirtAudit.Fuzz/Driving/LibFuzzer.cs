using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibvirtAudit.Fuzz.Input;
using LibvirtAudit.Fuzz.Targets;

namespace LibvirtAudit.Fuzz.Driving;

/// <summary>
/// libFuzzer in this process: it makes the inputs, and sees by the counters of the instrumented assembly which of them get
/// somewhere new. The library is built from counters.c and compiler-rt's archive.
/// </summary>
internal static unsafe partial class LibFuzzer
{
    private const string Library = "libvirtaudit_fuzzer";
    private const int SaveEach = 100_000;
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);
    private static Func<FuzzTarget> s_make = null!;
    private static FuzzTarget s_target = null!;
    private static GuardedInput s_input = null!;
    private static Findings s_findings = null!;
    private static Progress s_progress = null!;
    private static long s_wanted;
    private static string s_folder = "";

    /// <summary>
    /// Fuzzes a target until it was executed so many times in all, in a folder that keeps the corpus, the findings and how
    /// far it is. It ends the process.
    /// </summary>
    public static void Run(Func<FuzzTarget> make, string folder, long executions)
    {
        s_make = make;
        s_target = make();
        s_folder = folder;
        s_wanted = executions;
        Directory.CreateDirectory(Path.Combine(folder, "corpus"));
        string current = Path.Combine(folder, "current");
        s_findings = new Findings(Path.Combine(folder, "findings"));
        if (File.Exists(current))
        {
            s_findings.Keep(GuardedInput.Recover(current), new InvalidOperationException("the process ended while it read this"));
        }

        s_input = new GuardedInput(s_target.LongestInput, current);
        s_progress = new Progress(Path.Combine(folder, "progress"));
        AppDomain.CurrentDomain.UnhandledException += (_, e) => s_findings.Keep(GuardedInput.Recover(current), (Exception)e.ExceptionObject);
        using var stop = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Stop(0));
        WriteSeeds();
        BranchCounters.Use(libvirtaudit_counters());
        new Thread(Watch) { IsBackground = true }.Start();

        List<string> arguments =
        [
            "fuzz", "-max_len=" + s_target.LongestInput.ToString(CultureInfo.InvariantCulture), "-len_control=0", "-rss_limit_mb=0", "-timeout=0", "-reload=0", "-artifact_prefix=" + folder + "/",

            // Weighing inputs by how rare their branches are costs more than running them.
            "-entropic=0",

            // The runtime has signal handlers of its own, and hangs and crashes are told by this process.
            "-handle_segv=0", "-handle_bus=0", "-handle_ill=0", "-handle_fpe=0", "-handle_abrt=0", "-handle_int=0", "-handle_term=0", "-handle_xfsz=0", "-handle_usr1=0", "-handle_usr2=0",
            Path.Combine(folder, "corpus"),
        ];
        if (s_target.Words.Count > 0)
        {
            arguments.Add("-dict=" + WriteWords());
        }

        int count = arguments.Count;
        byte** texts = (byte**)NativeMemory.Alloc((nuint)(count + 1), (nuint)sizeof(byte*));
        for (int i = 0; i < count; i++)
        {
            texts[i] = (byte*)Marshal.StringToCoTaskMemUTF8(arguments[i]);
        }

        texts[count] = null;
        _ = LLVMFuzzerRunDriver(&count, &texts, &Execute);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Execute(byte* data, nuint size)
    {
        if (s_progress.Executions == s_wanted)
        {
            Finish();
        }

        ReadOnlySpan<byte> input = s_input.Place(new ReadOnlySpan<byte>(data, (int)size));
        BranchCounters.Begin();
        try
        {
            s_target.Run(input);
        }
        catch (Exception exception)
        {
            s_findings.Keep(input, exception);

            // Its readers stopped in the middle of something.
            s_target = s_make();
        }

        if (++s_progress.Executions % SaveEach == 0)
        {
            s_progress.Save();
        }

        return 0;
    }

    private static void Finish()
    {
        s_progress.Save();
        TimeSpan elapsed = s_progress.Elapsed;
        string corpus = Path.Combine(s_folder, "corpus");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {Path.GetFileName(s_folder)} | {s_progress.Executions:N0} | {elapsed.TotalSeconds:N0} s | {s_progress.Executions / elapsed.TotalSeconds:N0} | {Directory.GetFiles(corpus).Length} | {BranchCounters.Reached(s_target, corpus)} | {s_findings.Count} |"));
        Console.Out.Flush();
        Stop(s_findings.Count == 0 ? 0 : 1);
    }

    // At once: libFuzzer takes an orderly exit for a finding.
    private static void Stop(int code)
    {
        s_progress.Save();
        File.Delete(Path.Combine(s_folder, "current"));
        _exit(code);
    }

    // By the processor's time: a process that was stopped meanwhile did not hang.
    private static void Watch()
    {
        long last = -1;
        TimeSpan since = default;
        while (true)
        {
            Thread.Sleep(1000);
            TimeSpan now = Process.GetCurrentProcess().TotalProcessorTime;
            if (s_progress.Executions != last)
            {
                (last, since) = (s_progress.Executions, now);
            }
            else if (now - since > Hang && last != s_wanted)
            {
                byte[] input = GuardedInput.Recover(Path.Combine(s_folder, "current"));
                s_findings.Keep(input, new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"an input of {input.Length} bytes takes more than {Hang.TotalSeconds} s")));
                s_progress.Save();
                Environment.FailFast("hang");
            }
        }
    }

    private static void WriteSeeds()
    {
        int number = 0;
        foreach (byte[] seed in s_target.Seeds())
        {
            byte[] cut = seed[..Math.Min(seed.Length, s_target.LongestInput)];
            File.WriteAllBytes(Path.Combine(s_folder, "corpus", string.Create(CultureInfo.InvariantCulture, $"seed-{number++:000}")), cut);
        }
    }

    private static string WriteWords()
    {
        string path = Path.Combine(s_folder, "words.dict");
        File.WriteAllLines(path, s_target.Words.Select(word => "\"" + string.Concat(System.Text.Encoding.UTF8.GetBytes(word).Select(value => string.Create(CultureInfo.InvariantCulture, $"\\x{value:X2}"))) + "\""));
        return path;
    }

    [LibraryImport(Library)]
    private static partial int LLVMFuzzerRunDriver(int* count, byte*** arguments, delegate* unmanaged[Cdecl]<byte*, nuint, int> execute);

    [LibraryImport("libc")]
    private static partial void _exit(int code);

    [LibraryImport(Library)]
    private static partial byte* libvirtaudit_counters();
}
