using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests.Manifest;

/// <summary>Importing the module adds its cmdlets and leaves all else as it was.</summary>
public sealed class ImportTests
{
    // What a session knows, one line each; $Error, $? and the like change by being looked at.
    private const string State = """
        $ExecutionContext.SessionState.InvokeProvider.ChildItem.Get('variable:', $false).Name |
            Where-Object { $_ -notin '?', '^', '$', 'Error', 'input', 'foreach', 'PSItem', '_', 'before' } | ForEach-Object { "variable $_" }
        'function:', 'alias:' | ForEach-Object { $ExecutionContext.SessionState.InvokeProvider.ChildItem.Get($_, $false) } |
            ForEach-Object { "$($_.CommandType) $($_.Name) $($_.Definition)" }
        $ExecutionContext.SessionState.Drive.GetAll() | ForEach-Object { "drive $($_.Name)" }
        $ExecutionContext.SessionState.InvokeProvider.ChildItem.Get('env:', $false) | ForEach-Object { "env $($_.Key)=$($_.Value)" }
        $PWD.Path, [Environment]::CurrentDirectory, $PSDefaultParameterValues.Count, $ErrorActionPreference, $OutputEncoding.WebName
        [AppContext]::GetData('System.Globalization.Invariant'), [cultureinfo]::CurrentCulture.Name
        """;

    [Fact]
    public void Import_and_removal_leave_nothing_behind()
    {
        using var host = new ModuleHost(importModule: false);
        IReadOnlyList<string> before = host.Invoke(State).ThrowOnError().Output.Select(line => $"{line}").ToList();
        Assert.Contains("drive env", before, StringComparer.OrdinalIgnoreCase);

        host.Invoke("Import-Module ./LibvirtAudit.psd1").ThrowOnError();
        Assert.Equal(before, host.Invoke(State).ThrowOnError().Output.Select(line => $"{line}"));

        host.Invoke("Remove-Module LibvirtAudit").ThrowOnError();
        Assert.Equal(before, host.Invoke(State).ThrowOnError().Output.Select(line => $"{line}"));
        Assert.Empty(host.Invoke("Get-Command -Name *-VirtAudit*").Output);
    }

    [Fact]
    public void Import_is_silent_and_can_be_repeated()
    {
        using var host = new ModuleHost(importModule: false);

        ScriptResult result = host.Invoke("Import-Module ./LibvirtAudit.psd1; Import-Module ./LibvirtAudit.psd1 -Force; Get-Module").ThrowOnError();

        Assert.Empty(result.Warnings);
        Assert.Equal(["LibvirtAudit"], result.Values("Name"));
    }
}
