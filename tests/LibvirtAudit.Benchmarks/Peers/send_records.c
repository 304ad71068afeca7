/* Sends records with libaudit, as libvirt does: one socket, one message a record, each acknowledged. */
#include <libaudit.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    const char *body = "virt=kvm resrc=disk reason=attach vm=\"vm0042.example.org\" uuid=361a97ab-96fe-574e-96e8-c45fbccba83f "
                       "old-disk=\"?\" new-disk=2F7661722F6C69622F6C6962766972742F696D616765732F64617461206469736B2E71636F7732";
    long count = argc == 2 ? atol(argv[1]) : 0;
    int audit = audit_open();
    if (audit < 0)
        return 2;

    for (long i = 0; i < count; i++)
        if (audit_log_user_message(audit, 2501, body, NULL, NULL, NULL, 1) <= 0)
            return 3;

    audit_close(audit);
    printf("%ld records\n", count);
    return 0;
}
