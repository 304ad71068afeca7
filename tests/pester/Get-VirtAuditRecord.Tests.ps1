#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . "$PSScriptRoot/support/Jobs.ps1"
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
    $script:data = "$PSScriptRoot/../data"
    $script:log = "$data/qemu-enriched.log"

    # libauparse's reading of the same log.
    $script:truth = Get-Content "$data/qemu-enriched.truth.jsonl" | ConvertFrom-Json
}

Describe 'Get-VirtAuditRecord' {
    It 'reads every record that libauparse reads, in its order' {
        $serials = (Get-VirtAuditRecord $log).Serial
        $serials | Should -Be $truth.serial
    }

    It 'takes paths from the pipeline, as text and as files' {
        $count = (Select-String -Path $log -Pattern '^type=VIRT_').Count
        ($log | Get-VirtAuditRecord).Count | Should -Be $count
        (Get-Item $log | Get-VirtAuditRecord).Count | Should -Be $count
    }

    It 'takes a file by its letters with -LiteralPath' {
        $strange = Join-Path $TestDrive 'a[1].log'
        [IO.File]::Copy($log, $strange)
        (Get-VirtAuditRecord -LiteralPath $strange -Tail 1).Serial | Should -Be $truth[-1].serial
        (Get-ChildItem -LiteralPath $TestDrive -Filter 'a*' | Get-VirtAuditRecord -Tail 1).Serial | Should -Be $truth[-1].serial
    }

    It 'filters as Where-Object does: <_>' -ForEach @(
        '-VMName lab-full -ResourceType disk ; $_.VMName -eq "lab-full" -and $_.ResourceType -eq "disk"'
        '-Result failed                      ; $_.Result -eq "failed"'
        '-Operation st* -Reason booted       ; $_.Operation -like "st*" -and $_.Reason -eq "booted"'
        '-StartTime 2026-11-22T14:56:00Z     ; $_.Timestamp -ge [datetime]"2026-11-22T14:56:00Z"'
        '-RecordType VIRT_MACHINE_ID         ; $_.RecordType -eq "VIRT_MACHINE_ID"'
    ) {
        $filter, $condition = $_ -split ';', 2
        $all = Get-VirtAuditRecord $log
        $expected = $all | Where-Object ([scriptblock]::Create($condition))
        $expected | Should -Not -BeNullOrEmpty
        $expected.Count | Should -BeLessThan $all.Count
        (& ([scriptblock]::Create("Get-VirtAuditRecord '$log' $filter"))).EventId | Should -Be $expected.EventId
    }

    It 'stops and frees the log when Select-Object -First has enough' {
        $copy = Join-Path $TestDrive 'stopped.log'
        [IO.File]::Copy($log, $copy)
        (Get-VirtAuditRecord $copy | Select-Object -First 3).Serial | Should -Be $truth[0..2].serial
        if ($IsLinux) {
            (Get-ChildItem "/proc/$PID/fd" -ErrorAction Ignore).ResolvedTarget | Should -Not -Contain $copy
        }

        { Remove-Item $copy -ErrorAction Stop } | Should -Not -Throw
    }

    It 'sorts and groups' {
        $groups = Get-VirtAuditRecord $log -Operation start -Result failed | Group-Object VMName | Sort-Object Count -Descending
        $groups[0].Name | Should -Be 'lab-fail-disk'
        $groups[0].Count | Should -Be 2
        $serials = (Get-VirtAuditRecord $log | Sort-Object Serial -Descending).Serial
        $serials | Should -Be @($truth.serial | Sort-Object -Descending)
    }

    It 'finds the same with -AssumeOrdered: <_>' -ForEach @(
        @{ StartTime = '2026-11-22 14:54:00Z'; EndTime = '2026-11-22 14:54:10Z' }
        @{ EndTime = '2026-11-22 14:54:00Z'; Tail = 3 }
    ) {
        $serials = (Get-VirtAuditRecord $log @_).Serial
        $serials | Should -Not -BeNullOrEmpty
        (Get-VirtAuditRecord $log @_ -AssumeOrdered).Serial | Should -Be $serials
    }

    It 'survives Export-Csv and Import-Csv with the same text' {
        $csv = Join-Path $TestDrive 'records.csv'
        $records = Get-VirtAuditRecord $log -VMName lab-full -Result success
        $records | Export-Csv $csv
        Import-Csv $csv | ConvertTo-VirtAuditText | Should -Be ($records | ConvertTo-VirtAuditText)
    }

    It 'survives <form> with the same text and the same sessions' -ForEach @(
        @{ form = 'CSV'; carry = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ form = 'lines of JSON'; carry = { $input | ForEach-Object { $_ | ConvertTo-Json -Compress } | ConvertFrom-Json } }
    ) {
        $records = Get-VirtAuditRecord $log -VMName lab-full -Result success
        $back = $records | & $carry
        $back | ConvertTo-VirtAuditText | Should -Be ($records | ConvertTo-VirtAuditText)
        $back | Get-VirtAuditSession | Format-List | Out-String | Should -Be ($records | Get-VirtAuditSession | Format-List | Out-String)
    }

    It 'survives Export-Clixml, with its views' {
        $file = Join-Path $TestDrive 'records.xml'
        $records = Get-VirtAuditRecord $log -VMName lab-cpu
        $records | Export-Clixml $file
        $back = Import-Clixml $file
        $back | ConvertTo-VirtAuditText | Should -Be ($records | ConvertTo-VirtAuditText)
        $back | Out-String | Should -Be ($records | Out-String)
        ($back | Where-Object ResourceType -EQ mem).NewValue | Should -BeOfType [long]
    }

    It 'looks nothing up for findings, sessions or assignments without evidence, live or back from a file' {
        Set-Content "$TestDrive/noise.log" 'type=SYSCALL msg=audit(1795359176.315:2110): arch=c000003e syscall=44'
        $finding = Test-VirtAuditLog "$TestDrive/noise.log" -Kind NoRecords
        $finding.Evidence | Should -BeNullOrEmpty
        $session = Get-VirtAuditSession $log | Select-Object -First 1
        $session.Evidence = @()
        $both = $finding, $session
        $both | Get-VirtAuditRecord $log -ErrorAction Stop | Should -BeNullOrEmpty
        $both | ConvertTo-CliXml | ConvertFrom-CliXml | ForEach-Object { $_ } | Get-VirtAuditRecord $log -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'survives Start-Job' {
        $job = Start-Job { Import-Module "$using:PSScriptRoot/../../LibvirtAudit.psd1"; Get-VirtAuditRecord $using:log -VMName lab-cpu }
        $back = $job | Receive-EndedJob
        $back | ConvertTo-VirtAuditText | Should -Be (Get-VirtAuditRecord $log -VMName lab-cpu | ConvertTo-VirtAuditText)
    }

    It 'becomes JSON with every property' {
        $json = Get-VirtAuditRecord $log -ResourceType mem -Reason update -Tail 1 | ConvertTo-Json | ConvertFrom-Json
        $json.OldValue | Should -Be 393216
        $json.NewValue | Should -Be 262144
        $json.PSObject.Properties.Name | Should -Contain 'Size'
    }

    It 'reads a compressed log like a plain one' {
        $archive = Join-Path $TestDrive 'audit.log.1.gz'
        $target = [IO.Compression.GZipStream]::new([IO.File]::Create($archive), [IO.Compression.CompressionLevel]::Fastest)
        $target.Write([IO.File]::ReadAllBytes($log))
        $target.Dispose()
        (Get-VirtAuditRecord $archive).Serial | Should -Be $truth.serial
    }

    It 'goes on after a file that is not there' {
        $records = Get-VirtAuditRecord "$TestDrive/none.log", $log -Tail 1 -ErrorVariable failed -ErrorAction SilentlyContinue
        $records.Serial | Should -Be $truth[-1].serial
        $failed.FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
        $failed.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failed.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'gives nothing and no error where nothing matches' {
        Get-VirtAuditRecord $log -VMName nobody -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'goes on with -Wait with what is written' {
        $grown = Join-Path $TestDrive 'grown.log'
        $lines = [IO.File]::ReadAllLines($log) -match '^type=VIRT_' | Select-Object -First 4
        [IO.File]::WriteAllLines($grown, [string[]]$lines[0, 1])
        $records = Get-VirtAuditRecord $grown -Wait |
            ForEach-Object {
                if ($_.Serial -eq $truth[1].serial) {
                    [IO.File]::AppendAllLines($grown, [string[]]$lines[2, 3])
                }

                $_
            } | Select-Object -First 4
        $records.Serial | Should -Be $truth[0..3].serial
    }

    It 'gives each record once with -Bookmark, also where a reading was broken off' {
        $read = @{ Path = $log; Bookmark = Join-Path $TestDrive 'bookmark' }
        $first = Get-VirtAuditRecord @read | Select-Object -First 5
        $rest = Get-VirtAuditRecord @read
        @($first) + $rest | ForEach-Object Serial | Should -Be $truth.serial
        Get-VirtAuditRecord @read | Should -BeNullOrEmpty
    }

    It 'refuses the bookmark of other logs' {
        $bookmark = Join-Path $TestDrive 'other'
        $null = Get-VirtAuditRecord $log -Bookmark $bookmark
        { Get-VirtAuditRecord "$data/lxc-enriched.log" -Bookmark $bookmark } | Should -Throw -ErrorId 'BookmarkForeign,*'
    }

    It 'completes <line>' -ForEach @(
        @{ line = 'Get-VirtAuditRecord -Res'; offers = '-ResourceType', '-Result' }
        @{ line = 'Get-VirtAuditRecord -ResourceType di'; offers = 'disk' }
        @{ line = 'Get-VirtAuditRecord -Operation '; offers = 'start', 'stop', 'init' }
        @{ line = 'Get-VirtAuditRecord -StartTime y'; offers = 'yesterday' }
        @{ line = 'Get-VirtAuditRecord -RecordType VIRT_C'; offers = 'VIRT_CONTROL' }
        @{ line = 'Get-VirtAuditRecord -ResourceType mem -Reason '; offers = 'start', 'update' }
        @{ line = 'Get-VirtAuditRecord LOG -VMName lab-'; offers = 'lab-cpu', 'lab-full' }
        @{ line = 'Get-VirtAuditRecord -LiteralPath LOG -VMName "lab`'; offers = '"lab`nnewline"', '"lab`ttab"' }
        @{ line = 'Get-VirtAuditRecord LOG -VMName lab-cpu -Uuid '; offers = 'cbe51033-767e-5609-ae10-1509b5220613' }
        @{ line = 'Get-VirtAuditRecord LOG -ResourceType net -Value 52:'; offers = '52:54:00:aa:00:21' }
    ) {
        # On a busy machine the time for a completion may not do at the first try; what was read is not read again.
        $texts = foreach ($try in 1..5) { (TabExpansion2 $line.Replace('LOG', "'$log'")).CompletionMatches.CompletionText }
        foreach ($offer in $offers) {
            $texts | Should -Contain $offer
        }
    }

    It 'finds the guest that was completed and no other: <_>' -ForEach 'lab space name', '?', "lab(res=failed)x='y'", "lab`nnewline", '48656C6C6F' {
        $wanted = $_
        $line = "Get-VirtAuditRecord '$log' -VMName "
        $texts = foreach ($try in 1..5) { (TabExpansion2 $line).CompletionMatches | Where-Object ListItemText -EQ $wanted.Replace("`n", '`n') | ForEach-Object CompletionText }
        & ([scriptblock]::Create($line + @($texts)[0])) | ForEach-Object VMName | Sort-Object -Unique | Should -BeExactly $wanted
    }
}
