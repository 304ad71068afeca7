#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    $script:remote = '/usr/lib/systemd/systemd-journal-remote', '/lib/systemd/systemd-journal-remote' | Where-Object { Test-Path $_ } | Select-Object -First 1
    $script:cannot = -not $IsLinux -or -not $remote -or -not (Get-Command journalctl -ErrorAction Ignore)
}

Describe 'The journal as a log' -Skip:$cannot {
    BeforeAll {
        Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
        $script:data = "$PSScriptRoot/../data"
        $script:remote = '/usr/lib/systemd/systemd-journal-remote', '/lib/systemd/systemd-journal-remote' | Where-Object { Test-Path $_ } | Select-Object -First 1
        $script:real = (Get-Command journalctl).Source
        $script:journal = (New-Item -ItemType Directory (Join-Path $TestDrive 'journal')).FullName
        Get-Content "$data/carriers.journal-export.txt" -AsByteStream -Raw | Set-Content "$TestDrive/all.export" -AsByteStream
        & $remote "--output=$journal/system.journal" "$TestDrive/all.export" 2>$null

        # The system's journal of these tests: the real program, told where.
        $bin = (New-Item -ItemType Directory (Join-Path $TestDrive 'bin')).FullName
        Set-Content "$bin/journalctl" (@(
                '#!/bin/sh'
                "echo `"`$@`" >>'$TestDrive/asked'"
                "case `"`$*`" in *--file=*|*--directory=*) exec $real `"`$@`";; esac"
                "exec $real `"`$@`" '--directory=$journal'"
            ) -join "`n")
        chmod 755 "$bin/journalctl"
        $script:path = $env:PATH
        $env:PATH = "${bin}:$path"

        # Through a file: PowerShell makes text of what a program writes, and binary values of the export form are none.
        sh -c "$real '--directory=$journal' --output=export >'$TestDrive/whole.export'"
        $script:text = Get-VirtAuditRecord "$TestDrive/whole.export" -ErrorAction Ignore
    }

    AfterAll { $env:PATH = $path }

    It 'gives what journalctl prints of it' {
        $records = Get-VirtAuditRecord -Journal -ErrorAction Ignore
        $records.Count | Should -BeGreaterThan 100
        $records.EventId | Should -Be $text.EventId
        $records.VMName | Should -Be $text.VMName
        $records[0].Source | Should -Be 'journal'
    }

    It 'takes a copied journal as a path: <_>' -ForEach 'system.journal', '', '*.journal' {
        (Get-VirtAuditRecord -Path (Join-Path $journal $_) -ErrorAction Ignore).EventId | Should -Be $text.EventId
    }

    It 'asks for the wanted time' {
        Remove-Item "$TestDrive/asked" -ErrorAction Ignore
        $null = Get-VirtAuditRecord -Journal -StartTime 2026-11-22T14:56:00Z -ErrorAction Ignore
        Get-Content "$TestDrive/asked" | Should -Match '--since=@1795358760 '
    }

    It 'is a log for <_>' -ForEach 'Get-VirtAuditSession', 'Get-VirtAuditAssignment', 'Measure-VirtAuditRecord', 'Test-VirtAuditLog', 'Get-VirtAuditIncident' {
        $ours = & $_ -Journal -ErrorAction Ignore | ConvertTo-Json -Depth 3
        $theirs = & $_ $journal -ErrorAction Ignore | ConvertTo-Json -Depth 3
        "$ours".Replace('"journal"', "`"$journal`"") | Should -Be "$theirs"
    }

    It 'is a log for Assert-VirtAuditRecord' {
        { Assert-VirtAuditRecord -Journal -VMName lab-full -Operation start } | Should -Not -Throw
        { Assert-VirtAuditRecord -Journal -VMName lab-full -Operation start -Count 0 } | Should -Throw -ErrorId 'AssertionFailed*'
    }

    It 'keeps the cursor in a bookmark' {
        $bookmark = Join-Path $TestDrive 'bookmark.json'
        (Get-VirtAuditRecord -Journal -Bookmark $bookmark -ErrorAction Ignore).Count | Should -Be $text.Count
        Get-VirtAuditRecord -Journal -Bookmark $bookmark | Should -BeNullOrEmpty
    }

    It 'excludes a path' {
        { Get-VirtAuditRecord -Journal -LiteralPath a.log } | Should -Throw -ErrorId 'AmbiguousParameterSet*'
    }

    It 'completes guests' {
        (TabExpansion2 'Get-VirtAuditRecord -Journal -VMName lab-f').CompletionMatches.CompletionText | Should -Contain 'lab-full'
    }

    It 'says which log is read where none is named' {
        $status = Get-VirtAuditStatus
        $status.DefaultLog | Should -Not -BeNullOrEmpty
        $status.DefaultLogReason | Should -Not -BeNullOrEmpty
        $verbose = Get-VirtAuditRecord -Tail 0 -Verbose -ErrorAction Ignore -WarningAction Ignore 4>&1
        "$verbose" | Should -BeLike "Reads $($status.DefaultLog)*"
    }

    It 'has an error of its own without journalctl' {
        $env:PATH = ''
        try {
            $null = Get-VirtAuditRecord -Journal -ErrorAction SilentlyContinue -ErrorVariable failure
            $failure[0].FullyQualifiedErrorId | Should -BeLike 'JournalUnavailable*'
        }
        finally {
            $env:PATH = "$TestDrive/bin:$path"
        }
    }
}
