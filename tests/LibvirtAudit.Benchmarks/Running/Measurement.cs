namespace LibvirtAudit.Benchmarks.Running;

/// <summary>What one run of something took.</summary>
/// <param name="Seconds">Time by the clock.</param>
/// <param name="CpuSeconds">Processor time, user and system, of all its threads and children.</param>
/// <param name="PeakBytes">The most memory that its process had at once, in bytes.</param>
/// <param name="Count">What it counted; null where it counts nothing.</param>
internal sealed record Measurement(double Seconds, double CpuSeconds, long PeakBytes, long? Count);
