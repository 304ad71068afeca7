namespace LibvirtAudit.Shell;

/// <summary>The exit codes of the program itself, pwsh's where it has one. A script's <c>exit N</c> gives N.</summary>
internal static class ExitCode
{
    /// <summary>The last statement succeeded.</summary>
    public const int Success = 0;

    /// <summary>The last statement failed, or a terminating error ended the run.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong (EX_USAGE of sysexits.h).</summary>
    public const int Usage = 64;

    /// <summary>The engine did not start or the module did not load (EX_SOFTWARE).</summary>
    public const int CannotStart = 70;

    /// <summary>Ctrl-C: 128 + SIGINT, as shells report it.</summary>
    public const int Interrupted = 130;

    /// <summary>The reader of standard output went away: 128 + SIGPIPE, as shells report it.</summary>
    public const int OutputClosed = 141;
}
