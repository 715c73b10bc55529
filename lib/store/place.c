/* SPDX-License-Identifier: MIT */
#include "store/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "stream/file.h"

#define FUSE_MAGIC 0x65735546UL

static const struct {
	unsigned long magic;
	const char *name;
} remote[] = {
	{ 0x6969UL, "NFS" },
	{ 0x517bUL, "SMB" },
	{ 0xff534d42UL, "CIFS" },
	{ 0xfe534d42UL, "SMB2" },
	{ 0x01021997UL, "9P" },
	{ 0x00c36400UL, "Ceph" },
	{ 0x73757245UL, "Coda" },
	{ 0x5346414fUL, "AFS" },
	{ 0x6b414653UL, "AFS" },
	{ 0x564cUL, "NCP" },
	{ 0x0bd00bd0UL, "Lustre" },
	{ 0x47504653UL, "GPFS" },
	{ 0x7461636fUL, "OCFS2" },
	{ 0x01161970UL, "GFS2" },
	{ 0x20030528UL, "OrangeFS" },
	{ 0x19830326UL, "BeeGFS" },
};

static const char *const remote_fuse[] = {
	"fuse.sshfs",
	"fuse.s3fs",
	"fuse.gcsfuse",
	"fuse.goofys",
	"fuse.rclone",
	"fuse.davfs",
	"fuse.davfs2",
	"fuse.glusterfs",
	"fuse.ceph",
	"fuse.ceph-fuse",
	"fuse.mount-s3",
	"fuse.juicefs",
	"fuse.smbnetfs",
	"fuse.curlftpfs",
	"fuse.blobfuse",
	"fuse.blobfuse2",
	"fuse.moosefs",
	"fuse.mfs",
	"fuse.seaweedfs",
	"fuse.ossfs",
	"fuse.cosfs",
	"fuse.onedriver",
	"fuse.google-drive-ocamlfuse",
	"fuse.afpfs",
	"fuse.nfs",
};

const char *
store_remote(long magic)
{
	/* where long has 64 bits the number may come with its sign spread out */
	unsigned long low = (unsigned long)magic & 0xffffffffUL;

	for (size_t i = 0; i < sizeof(remote) / sizeof(remote[0]); i++)
		if (remote[i].magic == low)
			return remote[i].name;
	return NULL;
}

static struct slice
word_take(struct slice *line)
{
	struct slice word;

	while (line->len && line->ptr[0] == ' ')
		*line = slice_drop(*line, 1);
	word = slice_take(*line, slice_find(*line, ' '));
	*line = slice_drop(*line, word.len);
	return word;
}

/* `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw`: see proc(5). */
struct slice
place_fuse(struct slice mountinfo, unsigned major, unsigned minor)
{
	char device[32];

	snprintf(device, sizeof(device), "%u:%u", major, minor);
	while (mountinfo.len) {
		struct slice line = slice_take(mountinfo, slice_find(mountinfo, '\n')), word;

		mountinfo = slice_drop(mountinfo, line.len + 1);
		word_take(&line), word_take(&line);
		if (!slice_eqz(word_take(&line), device))
			continue;
		while ((word = word_take(&line)).len && !slice_eqz(word, "-"))
			;
		word = word_take(&line);
		for (size_t i = 0; i < sizeof(remote_fuse) / sizeof(remote_fuse[0]); i++)
			if (slice_eqz(word, remote_fuse[i]))
				return word;
	}
	return slice_of(NULL, 0);
}

static bool
fuse_is_remote(dev_t device)
{
	struct buf text = { 0 };
	bool found = false;

	if (file_read("/proc/self/mountinfo", &text))
		found = place_fuse(buf_slice(&text), major(device), minor(device)).ptr;
	buf_free(&text);
	return found;
}

static const char *
place_problem(int fd)
{
	struct statfs fs;
	struct stat st;

	if (fstat(fd, &st) != 0 || fstatfs(fd, &fs) != 0)
		return "cannot be read";
	if (store_remote((long)fs.f_type) ||
	    (((unsigned long)fs.f_type & 0xffffffffUL) == FUSE_MAGIC &&
		fuse_is_remote(st.st_dev)))
		return "lies on a network file system, where locks do not hold: put it on a "
		       "local one";
	return NULL;
}

static const char *
problem_of(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return "cannot be read";
	errno = 0;
	if (!S_ISREG(st.st_mode))
		return "is no regular file";
	if (st.st_uid != geteuid())
		return "belongs to somebody else";
	if (st.st_mode & 077)
		return "can be read by others: chmod 600";
	return place_problem(fd);
}

/* The folder part, "." if there is none; the caller frees. */
static char *
folder_of(const char *name)
{
	struct slice z = slice_z(name);
	char *folder;

	while (z.len && z.ptr[z.len - 1] != '/')
		z.len--;
	if (z.len == 0)
		return mem_string(".");
	folder = mem_string(name);
	folder[z.len] = '\0';
	return folder;
}

/* Why no file may be made there, or NULL: known before one is made. */
static const char *
folder_problem(const char *name)
{
	char *folder = folder_of(name);
	int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	const char *why = NULL;
	struct stat st;

	free(folder);
	if (fd < 0)
		return NULL;
	/* anybody could put another file under the name */
	if (fstat(fd, &st) == 0 && (st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX))
		why = "lies in a folder where anybody can write";
	else
		why = place_problem(fd);
	close(fd);
	return why;
}

int
place_open(const char *name, bool read_only, const char **why)
{
	int flags = O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK;
	int fd, error;

	*why = folder_problem(name);
	if (*why) {
		errno = 0;
		return -1;
	}
	fd = open(name, flags | (read_only ? O_RDONLY : O_RDWR | O_CREAT), 0600);
	if (fd < 0) {
		*why = errno == ELOOP ? "is a symbolic link" : "cannot be opened";
		return -1;
	}
	*why = problem_of(fd);
	if (!*why)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

bool
place_sync_folder(const char *name)
{
	char *folder = folder_of(name);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good;

	free(folder);
	if (fd < 0)
		return false;
	/* some file systems cannot sync a folder, and need it as little */
	good = fsync(fd) == 0 || errno == EINVAL;
	close(fd);
	return good;
}
