<#
.SYNOPSIS
    What jobs gave, which are removed. One that does not end fails the test that waits for it, instead of holding the run up.
#>
function Receive-EndedJob {
    param(
        [Parameter(Mandatory, ValueFromPipeline)] [System.Management.Automation.Job] $Job,
        [int] $TimeoutSec = 120
    )

    begin {
        $jobs = [System.Collections.Generic.List[System.Management.Automation.Job]]::new()
    }

    process {
        $jobs.Add($Job)
    }

    end {
        # Only here: a job that is fed by the pipeline gets the end of its input when the command before this one ends.
        foreach ($one in $jobs) {
            if (-not ($one | Wait-Job -Timeout $TimeoutSec)) {
                throw "Waited for the job '$($one.Command)', in vain for $TimeoutSec s."
            }

            $one | Receive-Job -Wait -AutoRemoveJob
        }
    }
}
