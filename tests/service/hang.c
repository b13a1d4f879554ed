/* A file system that hangs, for tests: preloaded, it holds up whoever stats, opens or lists a path that contains
   GONGSHI_HANG_PATH for as long as the file GONGSHI_HANG_WHILE is there. Everything else goes on as it would. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void hold(const char *path) {
    const char *marker = getenv("GONGSHI_HANG_PATH"), *while_there = getenv("GONGSHI_HANG_WHILE");
    if (!path || !marker || !while_there || !strstr(path, marker)) return;
    while (syscall(SYS_faccessat, AT_FDCWD, while_there, F_OK) == 0) usleep(20000);
}

int statx(int dir, const char *path, int flags, unsigned mask, struct statx *out) {
    hold(path);
    return syscall(SYS_statx, dir, path, flags, mask, out);
}

#define WITH_MODE \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

int open(const char *path, int flags, ...) { WITH_MODE hold(path); return syscall(SYS_openat, AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { WITH_MODE hold(path); return syscall(SYS_openat, AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int dir, const char *path, int flags, ...) { WITH_MODE hold(path); return syscall(SYS_openat, dir, path, flags, mode); }
int openat64(int dir, const char *path, int flags, ...) { WITH_MODE hold(path); return syscall(SYS_openat, dir, path, flags | O_LARGEFILE, mode); }

DIR *opendir(const char *path) {
    hold(path);
    return ((DIR * (*)(const char *)) dlsym(RTLD_NEXT, "opendir"))(path);
}

char *realpath(const char *path, char *out) {
    hold(path);
    return ((char *(*)(const char *, char *)) dlsym(RTLD_NEXT, "realpath"))(path, out);
}
