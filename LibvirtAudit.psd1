@{
    RootModule           = 'bin/LibvirtAudit.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '377966f0-f78b-43aa-b143-676b4c295d19'
    Author               = 'The LibvirtAudit authors'
    CompanyName          = 'The LibvirtAudit authors'
    Copyright            = '(c) 2026 The LibvirtAudit authors. MIT licence.'
    Description          = 'Reads libvirt''s audit records (VIRT_CONTROL, VIRT_MACHINE_ID, VIRT_RESOURCE) from audit.log and every other place where they end up, as objects.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    CmdletsToExport      = @(
        'Assert-VirtAuditRecord'
        'ConvertFrom-VirtAuditText'
        'ConvertTo-VirtAuditText'
        'Get-VirtAuditAssignment'
        'Get-VirtAuditIncident'
        'Get-VirtAuditRecord'
        'Get-VirtAuditSession'
        'Get-VirtAuditStatus'
        'Measure-VirtAuditRecord'
        'Test-VirtAuditLog'
        'Watch-VirtAuditRecord'
        'Write-VirtControlAudit'
        'Write-VirtMachineIdAudit'
        'Write-VirtResourceAudit'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    TypesToProcess       = @('bin/LibvirtAudit.Types.ps1xml')
    FormatsToProcess     = @(
        'bin/LibvirtAudit.Format.ps1xml'
        'bin/LibvirtAudit.Analysis.Format.ps1xml'
        'bin/LibvirtAudit.Findings.Format.ps1xml'
        'bin/LibvirtAudit.Status.Format.ps1xml'
    )
    PrivateData          = @{
        PSData = @{
            Tags       = @('libvirt', 'audit', 'auditd', 'kvm', 'qemu', 'lxc', 'PSEdition_Core', 'Linux', 'Windows', 'MacOS')
            LicenseUri = 'https://opensource.org/licenses/MIT'
        }
    }
}
