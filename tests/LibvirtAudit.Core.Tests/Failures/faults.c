/*
 * Stands before the C library and has chosen calls fail, or do half of what they were asked for. Loaded before it
 * (LD_PRELOAD) it is met by .NET's own native code; the tests lead the module's own declarations to it as well.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define RULES 4
#define SHORT (-1)

/* The nth call, or with from all from the nth on, ends with error; SHORT does half. */
static struct { const char *call; long nth; int from; int error; long seen; } rules[RULES];
static int armed;
static int fired;
static char needle[512];
static pid_t only_thread;

#define CALLS \
    X(openat) X(statx) X(readlinkat) X(readlink) X(read) X(write) X(ftruncate) X(flock) X(renameat) X(unlinkat) \
    X(inotify_init1) X(inotify_add_watch) X(poll) X(socket) X(bind) X(setsockopt) X(sendto) X(recvfrom) \
    X(pread64) X(pwrite64) X(fsync) X(fstat) X(opendir) X(readdir64) X(open64) X(connect) X(send)
enum {
#define X(name) CALL_##name,
    CALLS
#undef X
    CALL_COUNT
};
static const char *const names[] = {
#define X(name) #name,
    CALLS
#undef X
};
static long counts[CALL_COUNT];

void faults_clear(void)
{
    __atomic_store_n(&armed, 0, __ATOMIC_SEQ_CST);
    memset(rules, 0, sizeof rules);
    memset(counts, 0, sizeof counts);
    fired = 0;
    needle[0] = 0;
}

/* Only what concerns this folder, a socket or inotify counts; of this thread alone, or of all. */
void faults_arm(const char *folder, int own_thread)
{
    snprintf(needle, sizeof needle, "%s", folder);
    only_thread = own_thread ? (pid_t)syscall(SYS_gettid) : 0;
    __atomic_store_n(&armed, 1, __ATOMIC_SEQ_CST);
}

void faults_disarm(void) { __atomic_store_n(&armed, 0, __ATOMIC_SEQ_CST); }

int faults_add(const char *call, long nth, int from, int error)
{
    for (int i = 0; i < CALL_COUNT; i++)
        for (int r = 0; strcmp(names[i], call) == 0 && r < RULES; r++)
            if (!rules[r].call) {
                rules[r].nth = nth;
                rules[r].from = from;
                rules[r].error = error;
                rules[r].call = names[i];
                return 1;
            }
    return 0;
}

int faults_fired(void) { return fired; }

long faults_count(const char *call)
{
    for (int i = 0; i < CALL_COUNT; i++)
        if (strcmp(names[i], call) == 0)
            return counts[i];
    return -1;
}

/* What this call is to end with: 0 as ever, SHORT, or an error number. */
static int judge(int call)
{
    __atomic_add_fetch(&counts[call], 1, __ATOMIC_SEQ_CST);
    for (int r = 0; r < RULES; r++)
        if (rules[r].call == names[call]) {
            long seen = __atomic_add_fetch(&rules[r].seen, 1, __ATOMIC_SEQ_CST);
            if (seen == rules[r].nth || (rules[r].from && seen > rules[r].nth)) {
                __atomic_add_fetch(&fired, 1, __ATOMIC_SEQ_CST);
                return rules[r].error;
            }
        }
    return 0;
}

static int is_armed(void)
{
    return __atomic_load_n(&armed, __ATOMIC_SEQ_CST) && (!only_thread || only_thread == (pid_t)syscall(SYS_gettid));
}

static int is_path_meant(const char *path) { return path && strstr(path, needle) != NULL; }

static int is_meant(int fd)
{
    char name[64], target[1024];
    int before = errno;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    long length = syscall(SYS_readlinkat, AT_FDCWD, name, target, sizeof target - 1);
    errno = before;
    if (length < 0)
        return 0;
    target[length] = 0;
    return strstr(target, needle) != NULL || strstr(target, "inotify") != NULL || strncmp(target, "socket:", 7) == 0;
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name)
#define FAIL(call, meant, failed) \
    int verdict = is_armed() && (meant) ? judge(CALL_##call) : 0; \
    if (verdict > 0) { errno = verdict; return failed; }
#define HALF(count) (verdict == SHORT && (count) > 1 ? (count) / 2 : (count))

int openat(int folder, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    REAL(openat);
    FAIL(openat, is_path_meant(path) || (folder >= 0 && is_meant(folder)), -1)
    return real(folder, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    REAL(open64);
    FAIL(open64, is_path_meant(path), -1)
    return real(path, flags, mode);
}

int statx(int folder, const char *path, int flags, unsigned mask, struct statx *result)
{
    REAL(statx);
    FAIL(statx, is_path_meant(path) || (folder >= 0 && is_meant(folder)), -1)
    return real(folder, path, flags, mask, result);
}

ssize_t readlinkat(int folder, const char *path, char *target, size_t length)
{
    REAL(readlinkat);
    FAIL(readlinkat, is_meant(folder), -1)
    return real(folder, path, target, length);
}

ssize_t readlink(const char *path, char *target, size_t length)
{
    REAL(readlink);
    FAIL(readlink, is_path_meant(path), -1)
    return real(path, target, length);
}

ssize_t read(int fd, void *buffer, size_t count)
{
    REAL(read);
    FAIL(read, is_meant(fd), -1)
    return real(fd, buffer, HALF(count));
}

ssize_t write(int fd, const void *buffer, size_t count)
{
    REAL(write);
    FAIL(write, is_meant(fd), -1)
    return real(fd, buffer, HALF(count));
}

ssize_t pread64(int fd, void *buffer, size_t count, off64_t offset)
{
    REAL(pread64);
    FAIL(pread64, is_meant(fd), -1)
    return real(fd, buffer, HALF(count), offset);
}

ssize_t pwrite64(int fd, const void *buffer, size_t count, off64_t offset)
{
    REAL(pwrite64);
    FAIL(pwrite64, is_meant(fd), -1)
    return real(fd, buffer, HALF(count), offset);
}

int ftruncate(int fd, off_t length)
{
    REAL(ftruncate);
    FAIL(ftruncate, is_meant(fd), -1)
    return real(fd, length);
}

int fsync(int fd)
{
    REAL(fsync);
    FAIL(fsync, is_meant(fd), -1)
    return real(fd);
}

/* The name under which programs built for older C libraries call fstat. */
int __fxstat64(int version, int fd, struct stat64 *result)
{
    (void)version;
    static int (*real)(int, struct stat64 *);
    if (!real)
        real = dlsym(RTLD_NEXT, "fstat64");
    FAIL(fstat, is_meant(fd), -1)
    return real(fd, result);
}

int flock(int fd, int operation)
{
    REAL(flock);
    FAIL(flock, is_meant(fd), -1)
    return real(fd, operation);
}

int renameat(int old_folder, const char *old_path, int new_folder, const char *new_path)
{
    REAL(renameat);
    FAIL(renameat, is_meant(old_folder), -1)
    return real(old_folder, old_path, new_folder, new_path);
}

int unlinkat(int folder, const char *path, int flags)
{
    REAL(unlinkat);
    FAIL(unlinkat, is_meant(folder), -1)
    return real(folder, path, flags);
}

int inotify_init1(int flags)
{
    REAL(inotify_init1);
    FAIL(inotify_init1, 1, -1)
    return real(flags);
}

int inotify_add_watch(int fd, const char *path, unsigned mask)
{
    REAL(inotify_add_watch);
    FAIL(inotify_add_watch, is_path_meant(path), -1)
    return real(fd, path, mask);
}

int poll(struct pollfd *descriptors, nfds_t count, int timeout)
{
    REAL(poll);
    FAIL(poll, count == 1 && is_meant(descriptors[0].fd), -1)
    return real(descriptors, count, timeout);
}

int socket(int domain, int type, int protocol)
{
    REAL(socket);
    FAIL(socket, 1, -1)
    return real(domain, type, protocol);
}

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
    REAL(bind);
    FAIL(bind, 1, -1)
    return real(fd, address, length);
}

int connect(int fd, const struct sockaddr *address, socklen_t length)
{
    REAL(connect);
    FAIL(connect, 1, -1)
    return real(fd, address, length);
}

int setsockopt(int fd, int level, int option, const void *value, socklen_t length)
{
    REAL(setsockopt);
    FAIL(setsockopt, 1, -1)
    return real(fd, level, option, value, length);
}

ssize_t sendto(int fd, const void *buffer, size_t count, int flags, const struct sockaddr *address, socklen_t length)
{
    REAL(sendto);
    FAIL(sendto, 1, -1)
    if (verdict == SHORT)
        return (ssize_t)count / 2; /* A datagram that was half of one would be another. */
    return real(fd, buffer, count, flags, address, length);
}

ssize_t send(int fd, const void *buffer, size_t count, int flags)
{
    REAL(send);
    FAIL(send, 1, -1)
    return real(fd, buffer, count, flags);
}

ssize_t recvfrom(int fd, void *buffer, size_t count, int flags, struct sockaddr *address, socklen_t *length)
{
    REAL(recvfrom);
    FAIL(recvfrom, 1, -1)
    ssize_t received = real(fd, buffer, count, flags, address, length);
    return verdict == SHORT && received > 1 ? received / 2 : received;
}

DIR *opendir(const char *path)
{
    REAL(opendir);
    FAIL(opendir, is_path_meant(path), NULL)
    return real(path);
}

struct dirent64 *readdir64(DIR *folder)
{
    REAL(readdir64);
    FAIL(readdir64, is_meant(dirfd(folder)), NULL)
    return real(folder);
}
