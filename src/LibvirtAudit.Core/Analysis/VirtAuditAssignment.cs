using System.Globalization;
using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>A resource that a guest had, from when to when. Flat and serializable.</summary>
public sealed class VirtAuditAssignment
{
    /// <summary>The guest's name.</summary>
    public string? VMName { get; set; }

    /// <summary>The guest's UUID; null where its records carry none.</summary>
    public Guid? Uuid { get; set; }

    /// <summary>The guest's driver (qemu, kvm, lxc, …).</summary>
    public string? Driver { get; set; }

    /// <summary>The host, as the log names it; null where it names none.</summary>
    public string? Node { get; set; }

    /// <summary>The kind of resource: disk, net, mem, cgroup, …</summary>
    public string? ResourceType { get; set; }

    /// <summary>What the guest had: a path, a MAC address, a host device's address, the device or category of a cgroup grant; a number (<see cref="long"/>) for vcpu, mem (KiB) and iothread.</summary>
    public object? Value { get; set; }

    /// <summary>The host device's bus; null for other resources.</summary>
    public string? Bus { get; set; }

    /// <summary>The guest's MAC address, for a host device opened for a network interface.</summary>
    public string? MacAddress { get; set; }

    /// <summary>The device's number where the log holds it: two hexadecimal numbers, <c>MAJOR:MINOR</c>.</summary>
    public string? DeviceNumber { get; set; }

    /// <summary>The rights of a cgroup grant: letters of <c>rwm</c>.</summary>
    public string? Access { get; set; }

    /// <summary>The size of a shared memory in bytes.</summary>
    public ulong? Size { get; set; }

    /// <summary>Since when the guest had it, in local time; null where the log does not hold the beginning.</summary>
    public DateTime? StartTime
    {
        get => UnixTime.ToLocal(StartMilliseconds);
        set => StartMilliseconds = UnixTime.FromLocal(value);
    }

    /// <summary>Until when, in local time; null while it lasts and where the end was not logged.</summary>
    public DateTime? EndTime
    {
        get => UnixTime.ToLocal(EndMilliseconds);
        set => EndMilliseconds = UnixTime.FromLocal(value);
    }

    /// <summary>From start to end; null where one is missing, and where the end is stamped before the start.</summary>
    public TimeSpan? Duration { get; set; }

    /// <summary>Why it was given: start, attach, update, open, allow, mirror, snapshot.</summary>
    public string? StartReason { get; set; }

    /// <summary>Why it ended: detach, update, snapshot, deny, or the reason of the guest's stop; the state of the session where that ended without a logged stop.</summary>
    public string? EndReason { get; set; }

    /// <summary>Where the end itself was not logged: the moment by which it was over, in local time.</summary>
    public DateTime? EndedBy
    {
        get => UnixTime.ToLocal(EndedByMilliseconds);
        set => EndedByMilliseconds = UnixTime.FromLocal(value);
    }

    /// <summary>Whether the guest still has it where the log ends.</summary>
    public bool IsOpen { get; set; }

    /// <summary><c>success</c>, or <c>failed</c> for an attempt after which the guest did not have it: start and end are then the attempt's.</summary>
    public string? Result { get; set; }

    /// <summary><c>Confirmed</c>; <c>Unconfirmed</c> where libvirt does not log the end (a mirror), where the result was cut off, or where the log does not tell whether the guest ran at all.</summary>
    public string? Certainty { get; set; }

    /// <summary>The session that had it: <see cref="VirtAuditSession.SessionEventId"/>.</summary>
    public string? SessionEventId { get; set; }

    /// <summary>The events on which it rests: the one that gave it and the one that ended it.</summary>
    public string[] Evidence { get; set; } = [];

    internal long? StartMilliseconds { get; set; }

    internal long? EndMilliseconds { get; set; }

    internal long? EndedByMilliseconds { get; set; }

    /// <summary>Whether the guest had it at that moment, as far as the log tells: a beginning that is not in the log counts as before, an end that is not counts as late as it can have been.</summary>
    public bool HeldAt(DateTime time) => HeldAt(VirtAuditRecord.ToUnixMilliseconds(time));

    internal bool HeldAt(long stamp) => Result != "failed"
        && (StartMilliseconds is null || StartMilliseconds <= stamp)
        && (IsOpen || (EndMilliseconds ?? EndedByMilliseconds) is not long end || stamp < end);

    /// <summary>The assignment in one line for people, free of control characters.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{PrintableText.Escape(VMName)} {PrintableText.Escape(ResourceType)} {PrintableText.Escape(Convert.ToString(Value, CultureInfo.InvariantCulture))} {UnixTime.Show(StartTime)} to {UnixTime.Show(EndTime)}");
}
