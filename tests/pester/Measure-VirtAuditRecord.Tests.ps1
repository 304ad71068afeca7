#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
    $script:data = "$PSScriptRoot/../data"
}

Describe 'Measure-VirtAuditRecord' {
    It 'counts what libauparse finds in <_>' -ForEach 'qemu-enriched', 'lxc-enriched' {
        $found = Get-Content "$data/$_.truth.jsonl" | ConvertFrom-Json | Group-Object {
            $values = @{}
            $_.fields | ForEach-Object { $values[$_[0]] = $_[1] }
            "$($values.op) $($values.res)"
        } -AsHashTable
        $summary = Measure-VirtAuditRecord "$data/$_.log"
        $summary.Starts | Should -Be $found['start success'].Count
        $summary.FailedStarts | Should -Be $found['start failed'].Count
        $summary.Stops | Should -Be $found['stop success'].Count
        $summary.Failures | Should -Be (@($found.Keys) -like '* failed' | ForEach-Object { $found[$_].Count } | Measure-Object -Sum).Sum
    }

    It 'counts each record once' {
        $log = "$data/lxc-enriched.log"
        $count = (Select-String -Path $log -Pattern '^type=VIRT_').Count
        $twice = Measure-VirtAuditRecord $log, $log
        $twice.Records | Should -Be $count
        $twice.Repeated | Should -Be $count
    }

    It 'counts lines that were cut' {
        $summary = Measure-VirtAuditRecord "$data/umsg-enriched.log" -ErrorVariable failed -ErrorAction SilentlyContinue
        $summary.Malformed | Should -Be 1
        $failed.FullyQualifiedErrorId | Should -BeLike 'MalformedRecord,*'
    }

    It 'divides by guest without losing one' {
        $groups = Measure-VirtAuditRecord "$data/qemu-enriched.log" -GroupBy Guest
        $all = Measure-VirtAuditRecord "$data/qemu-enriched.log"
        foreach ($number in 'Records', 'Starts', 'FailedStarts', 'Stops', 'Failures', 'Assignments') {
            ($groups | Measure-Object $number -Sum).Sum | Should -Be $all.$number -Because $number
        }

        ($groups | Where-Object Uuid).Count | Should -Be $all.Guests
    }

    It 'takes records from the pipeline' {
        $records = Get-VirtAuditRecord "$data/lxc-enriched.log"
        ($records | Measure-VirtAuditRecord).Records | Should -Be $records.Count
    }

    It 'is a table and JSON' {
        $summary = Measure-VirtAuditRecord "$data/lxc-enriched.log"
        $summary | Out-String -Width 100 | Should -Match 'Assigned'
        ($summary | ConvertTo-Json | ConvertFrom-Json).Guests | Should -Be $summary.Guests
    }

    It 'completes -GroupBy' {
        (TabExpansion2 'Measure-VirtAuditRecord -GroupBy Gu').CompletionMatches.CompletionText | Should -Be 'Guest'
    }
}
