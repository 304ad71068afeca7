using System.Collections.Concurrent;
using System.Reflection;
using Xunit.v3;

namespace LibvirtAudit.Tests.Support;

/// <summary>
/// Ends the run, with the test's name, where a test stands still in what can't be waited for with a limit: a call into the
/// code under test. Of long forms, which take their time, it asks nothing.
/// </summary>
/// <remarks>With <c>DOTNET_DbgEnableMiniDump=1</c> the end leaves a dump that tells where each thread stood.</remarks>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class EndsInTimeAttribute : BeforeAfterTestAttribute
{
    private static readonly bool IsLongForm = Environment.GetEnvironmentVariable("LIBVIRTAUDIT_STORM") == "full";
    private readonly ConcurrentDictionary<string, Timer> _running = new();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (!IsLongForm)
        {
            _running[test.UniqueID] = new Timer(_ => Environment.FailFast($"{test.TestDisplayName} has not ended after {Patience.LongestTest.TotalMinutes:0} minutes."), null, Patience.LongestTest, Timeout.InfiniteTimeSpan);
        }
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (_running.TryRemove(test.UniqueID, out Timer? timer))
        {
            timer.Dispose();
        }
    }
}
