using System.Management.Automation;
using LibvirtAudit.Audit;
using LibvirtAudit.Binding;
using LibvirtAudit.Completion;
using LibvirtAudit.Faults;
using LibvirtAudit.Netlink;
using LibvirtAudit.Records;
using LibvirtAudit.Writing;

namespace LibvirtAudit.Cmdlets;

/// <summary>
/// What the cmdlets that write records share. Their parameters are called as the properties of records, so that records
/// pipe in; null means that the record has no such value, and what is wrong with a value the grammar says.
/// </summary>
public abstract class WritingCmdlet : VirtAuditCmdlet
{
    private const string InformationTag = "VirtAudit";
    private readonly HashSet<string> _warned = [];
    private readonly Dictionary<string, LibvirtConfiguration> _policies = [];
    private readonly int _type;
    private AuditWriter? _writer;

    private protected WritingCmdlet(int type) => _type = type;

    /// <summary>The guest's name; null, which a piped record may have, is an error.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(GuestNameCompleter))]
    public string? VMName { get; set; }

    /// <summary>The guest's UUID; null, which a piped record may have, is an error.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [UuidText]
    [ArgumentCompleter(typeof(GuestUuidCompleter))]
    public Guid? Uuid { get; set; }

    /// <summary>The guest's driver, libvirt's domain type: qemu, kvm, lxc, … Written as ? when it is not given, as libvirt does for one that it does not know.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(GrammarCompleter))]
    public string? Driver { get; set; }

    /// <summary>Whether it succeeded: success or failed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(GrammarCompleter))]
    public string? Result { get; set; } = "success";

    /// <summary>The type of a record that is piped in: one of another type than the cmdlet writes is refused.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    public string? RecordType { get; set; }

    /// <summary>Fields of a record that is piped in, which libvirt does not write: a record with any is refused.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    public string? AdditionalFields { get; set; }

    /// <summary>libvirt's audit level: 0 sends nothing, 1 sends where the host's audit is on, 2 is an error where it is off. By default what the configuration of libvirt's daemon for the driver says.</summary>
    [Parameter]
    [ValidateRange(0, 2)]
    [ArgumentCompleter(typeof(AuditLevelCompleter))]
    [WholeNumber]
    public int AuditLevel { get; set; }

    /// <summary>Also puts the body, behind success=yes or success=no, in the journal and on the information stream. By default what the configuration of libvirt's daemon for the driver says.</summary>
    [Parameter]
    public SwitchParameter AuditLogging { get; set; }

    /// <summary>Appends to this file in the form of audit.log instead of sending. The file is made where it is missing. Null for the kernel.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>Emits the record as it was written. Its Delivered is true where the kernel was logging and the daemon took what waited for it, or the file has the record; false where it went nowhere; null where that can't be known.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>The socket at which the journal listens.</summary>
    [Parameter(DontShow = true)]
    [ValidateNotNullOrEmpty]
    public string JournalSocket { get; set; } = JournalLogger.DefaultPath;

    /// <summary>The folder with the configurations of libvirt's daemons.</summary>
    [Parameter(DontShow = true)]
    [ValidateNotNullOrEmpty]
    public string LibvirtConfigurationFolder { get; set; } = AuditPolicy.DefaultFolder;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (!OperatingSystem.IsLinux())
        {
            ThrowFault(NetlinkFaults.PlatformNotSupported());
        }

        Guard(() => _writer = new AuditWriter(
            OpenDestination(), SenderIdentity.OfThisProcess(), SenderTrailer.OfThisProcess(), new JournalLogger(JournalSocket, WarnOnce), WarnOnce));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        PreparedRecord prepared;
        try
        {
            prepared = Prepare();
        }
        catch (FaultException e)
        {
            WriteFault(e.Fault);
            return;
        }

        if (ShouldProcess(prepared.Description, $"Write {prepared.Record.RecordType} to {PrintableText.Escape(LogPath) ?? "the kernel"}"))
        {
            Write(prepared);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Guard(() => _writer!.Complete(Cancellation));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _writer?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Puts the values of the parameters in the record that is to be written.</summary>
    private protected abstract void Fill(VirtAuditRecord record);

    private protected bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private PreparedRecord Prepare()
    {
        if (RecordType is not null && !RecordType.Equals(RecordTypes.GetName(_type), StringComparison.OrdinalIgnoreCase))
        {
            throw new FaultException(FieldFaults.OtherKind(RecordType, RecordTypes.GetName(_type)));
        }

        if (AdditionalFields is not null)
        {
            throw new FaultException(FieldFaults.NotLibvirts(AdditionalFields));
        }

        var record = new VirtAuditRecord { RecordTypeId = _type, Driver = Driver, VMName = VMName, Uuid = Uuid, Result = Result };
        Fill(record);
        return _writer!.Prepare(record, findDeviceNumber: !IsGiven(nameof(VirtAuditRecord.DeviceNumber)));
    }

    private void Write(PreparedRecord prepared)
    {
        LibvirtConfiguration policy = GetPolicy(prepared.Record.Driver);
        if (policy.AuditLogging)
        {
            WriteInformation(PrintableText.Escape(Encoding.ByteText.GetString(prepared.LogMessage)), [InformationTag]);
        }

        Guard(() => _writer!.Write([prepared], policy, Cancellation));
        if (PassThru)
        {
            WriteObject(prepared.Record);
        }
    }

    private IRecordDestination OpenDestination()
    {
        if (LogPath is null)
        {
            return new KernelDestination(PassThru, AuditClient.Open, WarnOnce, KernelDestination.DefaultBacklogTimeout);
        }

        string path = new LogPathResolver(SessionState, fault => throw new FaultException(fault)).Resolve(null, [LogPath]).Single();
        return new LogFileDestination(path, SenderIdentity.OfThisProcess(), TimeProvider.System);
    }

    private LibvirtConfiguration GetPolicy(string? driver)
    {
        if (!_policies.TryGetValue(driver ?? "", out LibvirtConfiguration? policy))
        {
            // Nothing is read where nothing is left to be said.
            bool isStated = IsGiven(nameof(AuditLevel)) && IsGiven(nameof(AuditLogging));
            LibvirtConfiguration configured = isStated ? LibvirtConfiguration.Default : AuditPolicy.ForDriver(driver, LibvirtConfigurationFolder, WarnOnce);
            policy = new LibvirtConfiguration(
                IsGiven(nameof(AuditLevel)) ? AuditLevel : configured.AuditLevel,
                IsGiven(nameof(AuditLogging)) ? AuditLogging : configured.AuditLogging);
            _policies.Add(driver ?? "", policy);
        }

        return policy;
    }

    /// <summary>Does what can't go on after a failure.</summary>
    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (FaultException e)
        {
            ThrowFault(e.Fault);
        }
        catch (OperationCanceledException) when (Cancellation.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    private void WarnOnce(string text)
    {
        if (_warned.Add(text))
        {
            WriteWarning(text);
        }
    }
}
