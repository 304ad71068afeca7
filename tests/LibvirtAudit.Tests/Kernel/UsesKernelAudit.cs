using System.Runtime.Versioning;

namespace LibvirtAudit.Tests.Kernel;

/// <summary>The tests that use the kernel's audit: it is one for the whole machine, so they run one after the other.</summary>
[UnsupportedOSPlatform("windows")]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class UsesKernelAudit : ICollectionFixture<KernelAudit>
{
    public const string Name = "the kernel's audit";
}
