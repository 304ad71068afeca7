namespace LibvirtAudit.Benchmarks.Running;

/// <summary>A contender did not do what it should.</summary>
internal sealed class ContenderFailedException(string message) : Exception(message);
