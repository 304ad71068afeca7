using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace LibvirtAudit.Fuzz.Driving;

/// <summary>The counters of branches that SharpFuzz put into the assembly of the project: a byte for each pair of branches taken one after the other.</summary>
internal static unsafe class BranchCounters
{
    public const int Count = 1 << 16;

    /// <summary>Lets an instrumented assembly count where nobody looks: it must count somewhere.</summary>
    public static void Ignore() => Use((byte*)NativeMemory.AllocZeroed(Count));

    /// <summary>Where the assembly counts.</summary>
    public static void Use(byte* counters) => Trace.SharedMem = counters;

    /// <summary>Begins an execution.</summary>
    public static void Begin() => Trace.PrevLocation = 0;

    /// <summary>How many different counters the inputs of a folder reach.</summary>
    public static int Reached(Targets.FuzzTarget target, string folder)
    {
        byte[] counters = GC.AllocateArray<byte>(Count, pinned: true);
        fixed (byte* start = counters)
        {
            byte* before = Trace.SharedMem;
            Trace.SharedMem = start;
            foreach (string path in Directory.EnumerateFiles(folder))
            {
                Begin();
                try
                {
                    target.Run(File.ReadAllBytes(path));
                }
                catch (Exception)
                {
                    // A finding, which was told when it was found; what it reached counts.
                }
            }

            Trace.SharedMem = before;
        }

        return counters.Count(counter => counter != 0);
    }
}
