#!/bin/bash
# Starts an auditd of its own in a folder and says "ready"; when the input ends, ends it and puts the kernel's audit back
# as it was. One user of the kernel's audit at a time: the lock is the one that the tests take, too.
exec 9>> /tmp/libvirtaudit-kernel.lock
flock -w 1200 9 || { echo 'The lock of the kernel audit was not free for 20 minutes.'; exit; }
before=$(auditctl -s) || { echo 'The state of the kernel audit may not be read: root?'; exit; }
was() { echo "$before" | awk -v key="$1" '$1 == key { print $2 }'; }
[ "$(was pid)" = 0 ] || { echo 'An audit daemon runs on this host.'; exit; }
[ "$(was enabled)" = 2 ] && { echo 'The kernel audit is locked.'; exit; }

folder=$1
rm -rf "$folder"
mkdir -p "$folder/plugins.d"
cat > "$folder/auditd.conf" << END
log_file = $folder/audit.log
log_format = RAW
flush = NONE
max_log_file_action = IGNORE
space_left = 2
space_left_action = IGNORE
admin_space_left = 1
admin_space_left_action = IGNORE
disk_full_action = IGNORE
disk_error_action = IGNORE
plugin_dir = $folder/plugins.d
END
chmod 600 "$folder/auditd.conf"
auditd -n -c "$folder" 9>&- &
daemon=$!
restore() {
    kill $daemon
    wait $daemon
    auditctl -e "$(was enabled)"
    auditctl -b "$(was backlog_limit)"
    auditctl --backlog_wait_time "$(was backlog_wait_time)"
    [ "$(was lost)" = 0 ] && auditctl --reset-lost
    rm -rf "$folder"
}
trap 'restore > /dev/null 2>&1' EXIT
for _ in $(seq 100); do
    auditctl -s | grep -qx "pid $daemon" && grep -q DAEMON_START "$folder/audit.log" && break
    sleep 0.1
done
auditctl -s | grep -qx "pid $daemon" || { echo 'auditd did not start.'; exit; }
auditctl -b 8192 > /dev/null
auditctl -e 1 > /dev/null
echo ready
cat > /dev/null
