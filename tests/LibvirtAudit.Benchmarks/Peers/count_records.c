/* Counts the virtualization records of a log with libauparse and looks at all of their fields. */
#include <auparse.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    long count = 0, bytes = 0;
    auparse_state_t *log = argc == 2 ? auparse_init(AUSOURCE_FILE, argv[1]) : NULL;
    if (log == NULL)
        return 2;

    while (auparse_next_event(log) > 0) {
        do {
            int type = auparse_get_type(log);
            if (type < 2500 || type > 2599)
                continue;

            count++;
            do {
                const char *value = auparse_interpret_field(log);
                bytes += value != NULL && value[0] != 0;
            } while (auparse_next_field(log) > 0);
        } while (auparse_next_record(log) > 0);
    }

    auparse_destroy(log);
    printf("%ld records, %ld fields\n", count, bytes);
    return 0;
}
