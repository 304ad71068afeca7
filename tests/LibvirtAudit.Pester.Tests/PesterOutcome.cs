namespace LibvirtAudit.Pester.Tests;

/// <summary>What became of one test of the Pester suite, or of a block or file that failed outside its tests.</summary>
/// <param name="Name">Its path: the names of its blocks and its own.</param>
/// <param name="Result">Pester's word: Passed, Failed, Skipped, NotRun, Inconclusive.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Message">Why it failed or was skipped, and where; empty where nothing was said.</param>
public sealed record PesterOutcome(string Name, string Result, double Seconds, string Message);
