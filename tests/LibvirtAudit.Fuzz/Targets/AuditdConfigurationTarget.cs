using LibvirtAudit.Fuzz.Input;
using LibvirtAudit.Fuzz.Properties;
using LibvirtAudit.Logs;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>auditd.conf, of which whatever auditd would refuse is passed over.</summary>
internal sealed class AuditdConfigurationTarget : FuzzTarget
{
    private readonly Allocation _allocation = new();
    private readonly LinearTime _time = new(text => Read(text));

    public override IReadOnlyList<string> Words =>
        ["log_file", "write_logs", "log_format", "log_group", "num_logs", "max_log_file", "max_log_file_action", "name_format", "name", " = ", "\n", "#", "yes", "no", "RAW", "NOLOG", "ROTATE", "999", "1000", "9223372036854775808"];

    public override IEnumerable<byte[]> Seeds() => new[]
    {
        "local_events = yes\nwrite_logs = yes\nlog_file = /var/log/audit/audit.log\nlog_group = adm\nlog_format = ENRICHED\nnum_logs = 5\nmax_log_file = 8\nmax_log_file_action = ROTATE\nname_format = USER\nname = a\n",
        "LOG_FORMAT=nolog\nnum_logs=1000\n# log_file = /x\n", "",
    }.Select(System.Text.Encoding.UTF8.GetBytes);

    public override void Run(ReadOnlySpan<byte> input)
    {
        var choice = new InputHash(input);
        long before = Allocation.Now;
        AuditdConfiguration configuration = Read(input);
        _allocation.Check(before, input.Length);
        if (configuration.LogCount is < 0 or > 999 || configuration.MaxLogFile < 0 || configuration.LogPath.Length == 0)
        {
            throw new PropertyException("a configuration is one that auditd takes", $"{configuration.LogCount} {configuration.MaxLogFile} '{configuration.LogPath}'");
        }

        _time.Check(input, ref choice);
    }

    private static AuditdConfiguration Read(ReadOnlySpan<byte> input) => AuditdConfiguration.Parse(System.Text.Encoding.UTF8.GetString(input));
}
