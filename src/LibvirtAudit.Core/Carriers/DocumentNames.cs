namespace LibvirtAudit.Carriers;

/// <summary>
/// What collectors call the values of their documents: a value's name is the path of names to it, with dots, whether they are nested or
/// flat.
/// </summary>
internal static class DocumentNames
{
    /// <summary>
    /// Names of objects that only wrap the document: Elasticsearch's, Splunk's and Google's exports, OpenTelemetry's and Loki's attributes,
    /// an object as HEC's event.
    /// </summary>
    private static readonly byte[][] Wrappers =
    [
        "_source."u8.ToArray(), "result."u8.ToArray(), "jsonPayload."u8.ToArray(), "resource."u8.ToArray(), "attributes."u8.ToArray(),
        "labels."u8.ToArray(), "fields."u8.ToArray(), "properties."u8.ToArray(), "stream."u8.ToArray(),
    ];

    /// <summary>Lists whose objects are documents: of search results and exports; else a list's objects are parts of one.</summary>
    private static readonly string[] Lists =
    [
        "", "hits.hits", "hits", "logEvents", "Records", "records", "events", "entries", "logs", "results", "items", "rows", "messages",
        "value", "streams",
        "resourceLogs", "resourceLogs.scopeLogs", "resourceLogs.scopeLogs.logRecords",
    ];

    /// <summary>What holds the line or the message, the unabridged ones first: of one document the first that is a record counts.</summary>
    private static readonly string[] Messages =
    [
        "event.original", "original", "auditd.messages", "full_log", "_raw", "raw", "full_message", "MESSAGE", "message", "@message",
        "event", "event.message", "event._raw", "event.raw",
        "event.log", "event.line", "event.text", "event.msg", "event.body", "textPayload", "SyslogMessage", "Message", "rawmsg", "RawData",
        "payload", "body", "body.stringValue", "body.string", "body.message",
        "log", "log.original", "log.message", "line", "text", "msg", "short_message", "content", "data.message", "values",
    ];

    private static readonly string[] Hosts =
    [
        "host.name", "host.hostname", "host", "hostname", "_HOSTNAME", "HOST", "HOST_FROM", "FULLHOST", "HOSTNAME", "Hostname", "HostName", "Computer", "syslog_hostname",
        "log.syslog.hostname", "syslog.hostname", "host_name", "compute.googleapis.com/resource_name",
    ];

    private static readonly string[] Agents = ["agent.hostname", "agent.name", "beat.hostname", "beat.name", "predecoder.hostname"];

    private static readonly string[] Times =
    [
        "@timestamp", "timestamp", "time", "date", "ts", "_time", "TimeGenerated", "timeUnixNano", "observedTimeUnixNano", "@time",
        "datetime", "eventTime", "EventTime", "event.created",
    ];

    /// <summary>Where a document says what file or stream its text is from.</summary>
    private static readonly string[] Files =
    [
        "log.file.path", "log.file.name", "file", "filename", "file_name", "fileName", "filepath", "file_path", "filePath", "path",
        "location", "source", "FilePath", "_path",
    ];

    /// <summary>Where a document says what program wrote its text.</summary>
    private static readonly string[] Programs =
    [
        "SYSLOG_IDENTIFIER", "syslog.identifier", "ident", "program", "programname", "syslogprogram", "appname", "app_name", "APP-NAME",
        "log.syslog.appname", "syslog.appname", "ProcessName", "syslog_identifier", "PROGRAM",
        "predecoder.program_name", "_COMM", "syslogtag",
    ];

    /// <summary>Where a document says of what service or product its text is.</summary>
    private static readonly string[] Services =
    [
        "event.module", "event.dataset", "data_stream.dataset", "fileset.module", "service.type", "service.name", "service", "sourcetype",
        "app", "application", "job",
    ];

    /// <summary>Where a document says of what pod and container its text is.</summary>
    private static readonly string[] Pods =
    [
        "kubernetes.pod.name", "kubernetes.pod_name", "k8s.pod.name", "pod", "pod_name", "io.kubernetes.pod.name",
    ];

    private static readonly string[] Containers =
    [
        "kubernetes.container.name", "kubernetes.container_name", "k8s.container.name", "container_name", "io.kubernetes.container.name",
    ];

    private static readonly string[] Nodes =
    [
        "kubernetes.node.name", "kubernetes.host", "kubernetes.node_name", "k8s.node.name", "node_name",
    ];

    private static readonly Dictionary<string, (DocumentName Name, int Rank)> ByName = Index();
    private static readonly Dictionary<string, (DocumentName Name, int Rank)>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        ByName.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly int Longest = ByName.Keys.Max(name => name.Length);

    /// <summary>The names of what holds messages, for the documentation.</summary>
    public static IReadOnlyList<string> MessageNames => Messages;

    /// <summary>A path without the names that only wrap.</summary>
    public static ReadOnlySpan<byte> WithoutWrappers(ReadOnlySpan<byte> path)
    {
        bool isWrapped;
        do
        {
            isWrapped = false;
            foreach (byte[] wrapper in Wrappers)
            {
                if (path.StartsWith(wrapper))
                {
                    path = path[wrapper.Length..];
                    isWrapped = true;
                }
            }
        }
        while (isWrapped);
        return path;
    }

    /// <summary>Whether the objects of the list of that path are documents.</summary>
    public static bool IsListOfDocuments(ReadOnlySpan<byte> path)
    {
        foreach (string list in Lists)
        {
            if (System.Text.Ascii.Equals(path, list))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a list of numbers of that path may be bytes.</summary>
    public static bool MayBeBytes(ReadOnlySpan<byte> path) => path.EndsWith("MESSAGE"u8) || path.EndsWith("message"u8);

    /// <summary>
    /// What a name says, and how far before others of the kind it goes; <see cref="DocumentName.None"/> where it says nothing that matters.
    /// </summary>
    public static (DocumentName Name, int Rank) Find(ReadOnlySpan<byte> path)
    {
        if (path.Length > Longest || path.IsEmpty)
        {
            return default;
        }

        Span<char> text = stackalloc char[path.Length];
        bool isAscii = System.Text.Ascii.ToUtf16(path, text, out _) == System.Buffers.OperationStatus.Done;
        return isAscii && Lookup.TryGetValue(text, out (DocumentName, int) found) ? found : default;
    }

    private static Dictionary<string, (DocumentName Name, int Rank)> Index()
    {
        var index = new Dictionary<string, (DocumentName, int)>(StringComparer.Ordinal);
        (DocumentName Name, string[] Names)[] tables =
        [
            (DocumentName.Message, Messages), (DocumentName.Host, Hosts), (DocumentName.Agent, Agents), (DocumentName.Time, Times),
            (DocumentName.File, Files), (DocumentName.Program, Programs),
            (DocumentName.Service, Services), (DocumentName.Pod, Pods), (DocumentName.Container, Containers), (DocumentName.Node, Nodes),
            (DocumentName.Stream, ["stream", "logtag"]), (DocumentName.Component, ["component"]),
        ];
        foreach ((DocumentName name, string[] names) in tables)
        {
            for (int rank = 0; rank < names.Length; rank++)
            {
                index.TryAdd(names[rank], (name, rank));
            }
        }

        return index;
    }
}

/// <summary>What a value of a document tells.</summary>
internal enum DocumentName : byte
{
    /// <summary>Nothing that matters here.</summary>
    None,

    /// <summary>The line, or the record.</summary>
    Message,

    /// <summary>The host.</summary>
    Host,

    /// <summary>The collector's own host, where nothing else names one.</summary>
    Agent,

    /// <summary>When it was written.</summary>
    Time,

    /// <summary>The file or stream that the text is from.</summary>
    File,

    /// <summary>The program that wrote the text.</summary>
    Program,

    /// <summary>The service or product that the text is of.</summary>
    Service,

    /// <summary>The pod.</summary>
    Pod,

    /// <summary>The container in the pod.</summary>
    Container,

    /// <summary>The host of the pod.</summary>
    Node,

    /// <summary>A stream of a container's program.</summary>
    Stream,

    /// <summary>The part of KubeVirt that wrote the text.</summary>
    Component,
}
