namespace LibvirtAudit.Shell;

/// <summary>The engine did not start, or the module did not load.</summary>
internal sealed class ShellStartException(string message, Exception cause) : Exception(message, cause);
