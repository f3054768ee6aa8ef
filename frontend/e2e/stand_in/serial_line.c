/* What a serial port does and a pseudo-terminal does not. Stands between Chromium and the C library's ioctl(). */

#define _GNU_SOURCE
#include <asm/termbits.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))
/* Terminals with a higher number keep no signals. */
#define TERMINALS 4096
#define NO_TERMINAL (-1)

typedef int ioctl_function(int descriptor, unsigned long request, void *argument);

static ioctl_function *library_ioctl(void) {
    static ioctl_function *found;
    if (!found)
        found = (ioctl_function *)dlsym(RTLD_NEXT, "ioctl");
    return found;
}

/* N of /dev/pts/N */
static int terminal_number(int descriptor) {
    static const char TERMINAL[] = "/dev/pts/";
    char link[64], target[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, target, sizeof target - 1);
    if (length < 0)
        return NO_TERMINAL;
    target[length] = '\0';
    if (strncmp(target, TERMINAL, strlen(TERMINAL)) != 0)
        return NO_TERMINAL;
    int number = atoi(target + strlen(TERMINAL));
    return number < TERMINALS ? number : NO_TERMINAL;
}

static void note(int terminal, const char *format, ...) {
    char path[PATH_MAX], line[128];
    snprintf(path, sizeof path, "%s/%d.log", getenv("METERSCOPE_STAND_IN"), terminal);
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    /* A single write, so that whoever reads along never sees half a line. */
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || write(file, line, length) != length)
        abort();
    close(file);
}

/* The kernel takes PARENB away from a pseudo-terminal, so what was asked for is written down before. */
static int set_line(int terminal, int descriptor, unsigned long request, struct termios2 *asked) {
    tcflag_t control = asked->c_cflag, input = asked->c_iflag;
    int result = library_ioctl()(descriptor, request, asked);
    struct termios2 kept = {0};
    library_ioctl()(descriptor, TCGETS2, &kept);
    note(terminal, "line %u %d%c%d inpck=%d ignpar=%d parmrk=%d\n", kept.c_ospeed,
         (control & CSIZE) == CS7 ? 7 : 8, !(control & PARENB) ? 'N' : control & PARODD ? 'O' : 'E',
         control & CSTOPB ? 2 : 1, !!(input & INPCK), !!(input & IGNPAR), !!(input & PARMRK));
    return result;
}

/* Exclusive use would last as long as the tests hold their end of the terminal. A serial port that nobody has open
 * keeps no octets; the terminal does, for the same reason, and they are dropped here. */
static int open_port(int terminal, int descriptor) {
    library_ioctl()(descriptor, TCFLSH, (void *)TCIFLUSH);
    note(terminal, "opened\n");
    return 0;
}

static int answer(int terminal, int descriptor, unsigned long request, void *argument) {
    static int signals[TERMINALS];
    int *mask = argument;
    switch (request) {
    case TIOCEXCL:
        return open_port(terminal, descriptor);
    case TCSETS2:
        return set_line(terminal, descriptor, request, argument);
    case TIOCSBRK:
    case TIOCCBRK:
        note(terminal, "break %d\n", request == TIOCSBRK);
        return 0;
    case TIOCMGET:
        *mask = signals[terminal];
        return 0;
    case TIOCMBIS:
        signals[terminal] |= *mask;
        break;
    case TIOCMBIC:
        signals[terminal] &= ~*mask;
        break;
    default:
        return library_ioctl()(descriptor, request, argument);
    }
    note(terminal, "signals dtr=%d rts=%d\n", !!(signals[terminal] & TIOCM_DTR), !!(signals[terminal] & TIOCM_RTS));
    return 0;
}

PUBLIC int ioctl(int descriptor, unsigned long request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    switch (request) {
    case TIOCEXCL:
    case TCSETS2:
    case TIOCSBRK:
    case TIOCCBRK:
    case TIOCMGET:
    case TIOCMBIS:
    case TIOCMBIC: {
        int terminal = getenv("METERSCOPE_STAND_IN") ? terminal_number(descriptor) : NO_TERMINAL;
        if (terminal != NO_TERMINAL)
            return answer(terminal, descriptor, request, argument);
    }
    }
    return library_ioctl()(descriptor, request, argument);
}
