# An SSH server of this user's own on the loopback interface, for tests of remoting. It reads nothing of the host's
# configuration and leaves nothing behind; PowerShell behind it finds the module of this repository by its name.

function Test-SshServer {
    $programs = Get-Command -Name /usr/sbin/sshd, ssh, ssh-keygen -CommandType Application -ErrorAction Ignore
    $IsLinux -and @($programs | Select-Object -Property Name -Unique).Count -eq 3
}

# Gives what Close-SshServer and the remoting cmdlets need: the process, and their parameters.
function Open-SshServer([string] $Folder, [string] $ModulePath) {
    $folder = (New-Item -ItemType Directory -Path $Folder -Force).FullName
    foreach ($key in 'host', 'user') {
        ssh-keygen -q -t ed25519 -N '' -C $key -f "$folder/$key"
    }

    Copy-Item -LiteralPath "$folder/user.pub" -Destination "$folder/authorized_keys"
    chmod 700 $folder

    # sshd of root parts its rights in this folder, which a package's service would have made.
    if (-not (Test-Path -LiteralPath /run/sshd) -and [Environment]::UserName -eq 'root') {
        $null = New-Item -ItemType Directory -Path /run/sshd
    }

    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $port = $listener.LocalEndpoint.Port
    $listener.Stop()

    $pwsh = (Get-Process -Id $PID).Path
    Set-Content -LiteralPath "$folder/sshd_config" -Value @(
        "Port $port"
        'ListenAddress 127.0.0.1'
        "HostKey $folder/host"
        "AuthorizedKeysFile $folder/authorized_keys"
        "PidFile $folder/sshd.pid"
        'PermitRootLogin prohibit-password'
        'PasswordAuthentication no'
        'KbdInteractiveAuthentication no'
        'StrictModes no'
        'UsePAM no'
        "Subsystem powershell /usr/bin/env PSModulePath=$ModulePath DOTNET_ROOT=$env:DOTNET_ROOT $pwsh -sshs -NoLogo"
    )

    $server = Start-Process -FilePath /usr/sbin/sshd -ArgumentList '-D', '-f', "$folder/sshd_config", '-E', "$folder/sshd.log" -PassThru
    $deadline = [datetime]::UtcNow.AddSeconds(30)
    while (-not (Test-Path -LiteralPath "$folder/sshd.pid")) {
        if ($server.HasExited -or [datetime]::UtcNow -gt $deadline) {
            throw "sshd did not start: $(Get-Content -LiteralPath "$folder/sshd.log" -Raw -ErrorAction Ignore)"
        }

        Start-Sleep -Milliseconds 50
    }

    [pscustomobject]@{
        Process    = $server
        Connection = @{
            UserName    = [Environment]::UserName
            Port        = $port
            KeyFilePath = "$folder/user"
            Options     = @{ StrictHostKeyChecking = 'no'; UserKnownHostsFile = '/dev/null'; IdentitiesOnly = 'yes'; LogLevel = 'ERROR' }
        }
    }
}

function Close-SshServer($Server) {
    $Server.Process | Stop-Process -Force
    if (-not $Server.Process.WaitForExit(30000)) {
        throw 'sshd did not end within 30 s.'
    }
}
