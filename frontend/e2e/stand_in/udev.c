/* The part of libudev that Chromium uses, for the devices of one folder. README.md describes the folder. */

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/types.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))
#define NAME_SIZE 64
#define LINE_SIZE 512

static const char SUFFIX[] = ".device";
static const char SYSPATH[] = "/sys/devices/stand-in/tty/";

struct udev_list_entry {
    struct udev_list_entry *next;
    char *name;
    char *value;
};

struct udev {
    int users;
};

struct udev_device {
    int users;
    char name[NAME_SIZE];
    char syspath[sizeof SYSPATH + NAME_SIZE];
    const char *action;
    struct udev_list_entry *properties;
};

struct udev_enumerate {
    int users;
    int has_filter;
    int wants_terminals;
    struct udev_list_entry *found;
};

struct udev_monitor {
    int users;
    int descriptor;
    int has_filter;
    int wants_terminals;
};

/* Lists */

static void append(struct udev_list_entry **list, const char *name, const char *value) {
    struct udev_list_entry *entry = calloc(1, sizeof *entry);
    entry->name = strdup(name);
    entry->value = value ? strdup(value) : NULL;
    while (*list)
        list = &(*list)->next;
    *list = entry;
}

static void free_list(struct udev_list_entry *list) {
    while (list) {
        struct udev_list_entry *next = list->next;
        free(list->name);
        free(list->value);
        free(list);
        list = next;
    }
}

PUBLIC struct udev_list_entry *udev_list_entry_get_next(struct udev_list_entry *entry) {
    return entry ? entry->next : NULL;
}

PUBLIC const char *udev_list_entry_get_name(struct udev_list_entry *entry) {
    return entry ? entry->name : NULL;
}

PUBLIC const char *udev_list_entry_get_value(struct udev_list_entry *entry) {
    return entry ? entry->value : NULL;
}

/* The library's handle. There is nothing in it. */

PUBLIC struct udev *udev_new(void) {
    struct udev *udev = calloc(1, sizeof *udev);
    udev->users = 1;
    return udev;
}

PUBLIC struct udev *udev_ref(struct udev *udev) {
    if (udev)
        udev->users++;
    return udev;
}

PUBLIC struct udev *udev_unref(struct udev *udev) {
    if (udev && --udev->users == 0)
        free(udev);
    return NULL;
}

/* Devices */

static const char *folder(void) {
    return getenv("METERSCOPE_STAND_IN");
}

/* Chromium takes a terminal for a serial port only if a driver of type "serial" has its numbers. */
static void add_serial_numbers(struct udev_device *device) {
    char major[16] = "4", minor[16] = "64";
    char line[LINE_SIZE], drivers_major[16], range[16], type[16];
    FILE *drivers = fopen("/proc/tty/drivers", "re");
    while (drivers && fgets(line, sizeof line, drivers)) {
        int fields = sscanf(line, "%*s %*s %15s %15s %15s", drivers_major, range, type);
        if (fields == 3 && strcmp(type, "serial") == 0) {
            range[strcspn(range, "-")] = '\0';
            strcpy(major, drivers_major);
            strcpy(minor, range);
            break;
        }
    }
    if (drivers)
        fclose(drivers);
    append(&device->properties, "MAJOR", major);
    append(&device->properties, "MINOR", minor);
}

static int read_properties(struct udev_device *device) {
    char path[PATH_MAX], line[LINE_SIZE];
    snprintf(path, sizeof path, "%s/%s%s", folder(), device->name, SUFFIX);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    add_serial_numbers(device);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        char *equals = strchr(line, '=');
        if (equals) {
            *equals = '\0';
            append(&device->properties, line, equals + 1);
        }
    }
    fclose(file);
    return 1;
}

PUBLIC struct udev_device *udev_device_unref(struct udev_device *device) {
    if (device && --device->users == 0) {
        free_list(device->properties);
        free(device);
    }
    return NULL;
}

/* A device that has been removed has a name and no properties any more. */
static struct udev_device *device_by_name(const char *name, const char *action) {
    if (!folder() || strlen(name) >= NAME_SIZE)
        return NULL;
    struct udev_device *device = calloc(1, sizeof *device);
    device->users = 1;
    device->action = action;
    strcpy(device->name, name);
    snprintf(device->syspath, sizeof device->syspath, "%s%s", SYSPATH, name);
    append(&device->properties, "SUBSYSTEM", "tty");
    int removed = action && strcmp(action, "remove") == 0;
    return removed || read_properties(device) ? device : udev_device_unref(device);
}

static struct udev_device *device_by_file(const char *file, const char *action) {
    char name[NAME_SIZE];
    size_t length = strlen(file), suffix = strlen(SUFFIX);
    if (length <= suffix || length - suffix >= NAME_SIZE || strcmp(file + length - suffix, SUFFIX) != 0)
        return NULL;
    snprintf(name, sizeof name, "%.*s", (int)(length - suffix), file);
    return device_by_name(name, action);
}

static struct udev_device *not_found(void) {
    errno = ENOENT;
    return NULL;
}

PUBLIC struct udev_device *udev_device_new_from_syspath(struct udev *udev, const char *syspath) {
    (void)udev;
    size_t length = strlen(SYSPATH);
    if (!syspath || strncmp(syspath, SYSPATH, length) != 0)
        return not_found();
    struct udev_device *device = device_by_name(syspath + length, NULL);
    return device ? device : not_found();
}

PUBLIC struct udev_device *udev_device_new_from_devnum(struct udev *udev, char type, dev_t number) {
    (void)udev, (void)type, (void)number;
    return not_found();
}

PUBLIC struct udev_device *udev_device_new_from_subsystem_sysname(struct udev *udev, const char *subsystem,
                                                                  const char *name) {
    (void)udev;
    if (!subsystem || !name || strcmp(subsystem, "tty") != 0)
        return not_found();
    struct udev_device *device = device_by_name(name, NULL);
    return device ? device : not_found();
}

PUBLIC const char *udev_device_get_property_value(struct udev_device *device, const char *key) {
    struct udev_list_entry *entry = device ? device->properties : NULL;
    while (entry && strcmp(entry->name, key) != 0)
        entry = entry->next;
    return entry ? entry->value : NULL;
}

PUBLIC struct udev_list_entry *udev_device_get_properties_list_entry(struct udev_device *device) {
    return device ? device->properties : NULL;
}

PUBLIC const char *udev_device_get_action(struct udev_device *device) {
    return device ? device->action : NULL;
}

PUBLIC const char *udev_device_get_devnode(struct udev_device *device) {
    return udev_device_get_property_value(device, "DEVNAME");
}

PUBLIC const char *udev_device_get_subsystem(struct udev_device *device) {
    return device ? "tty" : NULL;
}

PUBLIC const char *udev_device_get_sysname(struct udev_device *device) {
    return device ? device->name : NULL;
}

PUBLIC const char *udev_device_get_syspath(struct udev_device *device) {
    return device ? device->syspath : NULL;
}

PUBLIC const char *udev_device_get_devtype(struct udev_device *device) {
    (void)device;
    return NULL;
}

PUBLIC const char *udev_device_get_driver(struct udev_device *device) {
    (void)device;
    return NULL;
}

PUBLIC const char *udev_device_get_sysattr_value(struct udev_device *device, const char *attribute) {
    (void)device, (void)attribute;
    return NULL;
}

PUBLIC struct udev_device *udev_device_get_parent(struct udev_device *device) {
    (void)device;
    return NULL;
}

PUBLIC struct udev_device *udev_device_get_parent_with_subsystem_devtype(struct udev_device *device,
                                                                         const char *subsystem, const char *type) {
    (void)device, (void)subsystem, (void)type;
    return NULL;
}

/* What is there now */

PUBLIC struct udev_enumerate *udev_enumerate_new(struct udev *udev) {
    (void)udev;
    struct udev_enumerate *enumerate = calloc(1, sizeof *enumerate);
    enumerate->users = 1;
    return enumerate;
}

PUBLIC struct udev_enumerate *udev_enumerate_unref(struct udev_enumerate *enumerate) {
    if (enumerate && --enumerate->users == 0) {
        free_list(enumerate->found);
        free(enumerate);
    }
    return NULL;
}

PUBLIC int udev_enumerate_add_match_subsystem(struct udev_enumerate *enumerate, const char *subsystem) {
    enumerate->has_filter = 1;
    enumerate->wants_terminals |= subsystem && strcmp(subsystem, "tty") == 0;
    return 0;
}

PUBLIC int udev_enumerate_scan_devices(struct udev_enumerate *enumerate) {
    free_list(enumerate->found);
    enumerate->found = NULL;
    if (!folder() || (enumerate->has_filter && !enumerate->wants_terminals))
        return 0;
    DIR *directory = opendir(folder());
    struct dirent *file;
    while (directory && (file = readdir(directory))) {
        struct udev_device *device = device_by_file(file->d_name, NULL);
        if (device)
            append(&enumerate->found, device->syspath, NULL);
        udev_device_unref(device);
    }
    if (directory)
        closedir(directory);
    return 0;
}

PUBLIC struct udev_list_entry *udev_enumerate_get_list_entry(struct udev_enumerate *enumerate) {
    return enumerate ? enumerate->found : NULL;
}

/* What comes and goes */

PUBLIC struct udev_monitor *udev_monitor_new_from_netlink(struct udev *udev, const char *name) {
    (void)udev, (void)name;
    struct udev_monitor *monitor = calloc(1, sizeof *monitor);
    monitor->users = 1;
    monitor->descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    return monitor;
}

PUBLIC struct udev_monitor *udev_monitor_unref(struct udev_monitor *monitor) {
    if (monitor && --monitor->users == 0) {
        close(monitor->descriptor);
        free(monitor);
    }
    return NULL;
}

PUBLIC int udev_monitor_filter_add_match_subsystem_devtype(struct udev_monitor *monitor, const char *subsystem,
                                                           const char *type) {
    (void)type;
    monitor->has_filter = 1;
    monitor->wants_terminals |= subsystem && strcmp(subsystem, "tty") == 0;
    return 0;
}

PUBLIC int udev_monitor_enable_receiving(struct udev_monitor *monitor) {
    if (folder() && (!monitor->has_filter || monitor->wants_terminals))
        inotify_add_watch(monitor->descriptor, folder(), IN_MOVED_TO | IN_DELETE);
    return 0;
}

PUBLIC int udev_monitor_get_fd(struct udev_monitor *monitor) {
    return monitor->descriptor;
}

/* Takes one event and no more, so that the descriptor stays readable as long as there are others: a read with room
 * for one event fails with EINVAL until the room is enough for its name. */
PUBLIC struct udev_device *udev_monitor_receive_device(struct udev_monitor *monitor) {
    union {
        struct inotify_event event;
        char octets[sizeof(struct inotify_event) + NAME_MAX + 1];
    } buffer;
    ssize_t length = -1;
    for (size_t room = sizeof buffer.event; length < 0 && room <= sizeof buffer; room += sizeof buffer.event) {
        length = read(monitor->descriptor, &buffer, room);
        if (length < 0 && errno != EINVAL)
            return NULL;
    }
    if (length < (ssize_t)sizeof buffer.event || buffer.event.len == 0)
        return NULL;
    return device_by_file(buffer.event.name, buffer.event.mask & IN_MOVED_TO ? "add" : "remove");
}
