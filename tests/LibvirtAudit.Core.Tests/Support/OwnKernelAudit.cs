using System.Runtime.Versioning;
using LibvirtAudit.Tests.Kernel;
using LibvirtAudit.Tests.Logs;

namespace LibvirtAudit.Tests.Support;

/// <summary>Tests each of which has the kernel's audit for itself, with an auditd of its own; they skip, with the reason, where it is not to be had.</summary>
[SupportedOSPlatform("linux")]
public abstract class OwnKernelAudit : IAsyncLifetime
{
    private KernelGuard? _guard;

    private protected TempFolder Folder { get; } = new();

    private protected KernelGuard Guard => _guard!;

    public async ValueTask InitializeAsync()
    {
        _guard = OperatingSystem.IsLinux() ? await KernelGuard.Take(Folder.Path) : null;
        Assert.SkipWhen(_guard is null, "the kernel's audit is Linux's");
        Assert.SkipWhen(_guard.Missing is not null, _guard.Missing ?? "");
    }

    public async ValueTask DisposeAsync()
    {
        if (_guard is not null)
        {
            await _guard.DisposeAsync();
        }

        Folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
