using LibvirtAudit.Logs;

namespace LibvirtAudit.Tests.Logs;

/// <summary>A host of the test's own: whatever runs on the one that it runs on, no daemon and no journal is seen.</summary>
internal static class OwnHost
{
    public static HostLogFinder Of(string configuration) => new() { Configuration = configuration, Daemon = () => null, SearchPath = "" };
}
