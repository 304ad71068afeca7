/*
 * A file system that shows the files of a folder, for reading. While there is a file "failing" in it, reads behind the first
 * 4 KiB end with EIO, as those of a disk with a bad sector do.
 */
#define FUSE_USE_VERSION 31
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GOOD 4096
static const char *below;

static const char *at(const char *path, char *buffer, size_t size)
{
    snprintf(buffer, size, "%s%s", below, path);
    return buffer;
}

static int show_status(const char *path, struct stat *status, struct fuse_file_info *file)
{
    char real[4096];
    (void)file;
    return lstat(at(path, real, sizeof real), status) == 0 ? 0 : -errno;
}

static int show_folder(const char *path, void *list, fuse_fill_dir_t fill, off_t offset, struct fuse_file_info *file, enum fuse_readdir_flags flags)
{
    char real[4096];
    (void)offset;
    (void)file;
    (void)flags;
    DIR *folder = opendir(at(path, real, sizeof real));
    if (!folder)
        return -errno;
    for (struct dirent *entry; (entry = readdir(folder));)
        fill(list, entry->d_name, NULL, 0, 0);
    closedir(folder);
    return 0;
}

static int open_file(const char *path, struct fuse_file_info *file)
{
    char real[4096];
    int fd = open(at(path, real, sizeof real), O_RDONLY);
    if (fd < 0)
        return -errno;
    file->fh = fd;
    file->direct_io = 1; /* What the kernel kept would be read without asking. */
    return 0;
}

static int read_file(const char *path, char *buffer, size_t size, off_t offset, struct fuse_file_info *file)
{
    char real[4096];
    (void)path;
    if (access(at("/failing", real, sizeof real), F_OK) == 0) {
        if (offset >= GOOD)
            return -EIO;
        if (offset + (off_t)size > GOOD)
            size = GOOD - offset;
    }
    ssize_t count = pread(file->fh, buffer, size, offset);
    return count < 0 ? -errno : (int)count;
}

static int close_file(const char *path, struct fuse_file_info *file)
{
    (void)path;
    return close(file->fh);
}

static const struct fuse_operations operations = {
    .getattr = show_status, .readdir = show_folder, .open = open_file, .read = read_file, .release = close_file,
};

int main(int count, char **words)
{
    if (count != 3)
        return 2;
    below = words[1];
    char *arguments[] = { words[0], "-f", "-s", "-o", "attr_timeout=0,entry_timeout=0,negative_timeout=0", words[2] };
    return fuse_main(6, arguments, &operations, NULL);
}
