/* SPDX-License-Identifier: MIT */
/* Journals: cut lines, locks, modes, links; places where no store may lie. */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/journal.h"
#include "store/place.h"

static char folder[] = "/tmp/journal.XXXXXX";
static char file[64];

static void
put_file(const char *bytes, size_t len, mode_t mode)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0 && write(fd, bytes, len) == (ssize_t)len && fchmod(fd, mode) == 0);
	close(fd);
}

static long
size_of(void)
{
	struct stat st;

	return stat(file, &st) == 0 ? (long)st.st_size : -1;
}

static void
check_lines(void)
{
	struct journal *j;
	const char *why;
	struct slice line;
	struct stat st;
	long owner;

	check_group("lines come back in order; a cut last line is dropped");
	umask(0);
	j = journal_open(file, false, &why, &owner);
	CHECK(j && !journal_next(j, &line));
	CHECK(journal_add(j, SLICE("{\"n\":1}")) && journal_add(j, SLICE("{\"n\":2}")) &&
	      journal_sync(j));
	journal_close(j);
	CHECK(stat(file, &st) == 0 && (st.st_mode & 0777) == 0600);
	put_file("{\"n\":1}\n\n{\"n\":2}\n{\"n\"", 21, 0600);
	j = journal_open(file, true, &why, &owner);
	CHECK(j && journal_next(j, &line));
	journal_close(j);
	CHECK_NUMBER(size_of(), 21);
	j = journal_open(file, false, &why, &owner);
	CHECK(j && journal_next(j, &line));
	CHECK_SLICE(line, "{\"n\":1}");
	CHECK(journal_next(j, &line));
	CHECK_SLICE(line, "{\"n\":2}");
	CHECK(!journal_next(j, &line));
	CHECK(journal_add(j, SLICE("{\"n\":3}")));
	journal_close(j);
	j = journal_open(file, false, &why, &owner);
	CHECK(j && journal_next(j, &line) && journal_next(j, &line) && journal_next(j, &line));
	CHECK_SLICE(line, "{\"n\":3}");
	journal_close(j);
}

static void
check_refusals(void)
{
	const char *why = NULL;
	char link[80];
	long owner;

	check_group("links, folders, others' eyes and missing files are refused");
	put_file("{}\n", 3, 0644);
	CHECK(!journal_open(file, false, &why, &owner) && strstr(why, "others"));
	CHECK(chmod(file, 0600) == 0);
	snprintf(link, sizeof(link), "%s/link", folder);
	CHECK(symlink(file, link) == 0);
	CHECK(!journal_open(link, false, &why, &owner) && strstr(why, "symbolic"));
	CHECK(!journal_open(folder, true, &why, &owner) && strstr(why, "regular"));
	CHECK(unlink(link) == 0);
	CHECK(!journal_open(link, true, &why, &owner) && errno == ENOENT);
	CHECK(access(link, F_OK) != 0);
	CHECK(chmod(folder, 0777) == 0);
	CHECK(!journal_open(file, false, &why, &owner) && strstr(why, "anybody"));
	CHECK(chmod(folder, 0700) == 0);
}

static void
check_lock(void)
{
	const char *why = NULL;
	long owner = 0;
	int ends[2];
	char byte;
	pid_t child;
	struct journal *j;

	check_group("one process at a time; the lock dies with its owner");
	CHECK(pipe(ends) == 0);
	child = fork();
	if (child == 0) {
		j = journal_open(file, false, &why, &owner);
		if (write(ends[1], j ? "y" : "n", 1) == 1)
			pause();
		_exit(0);
	}
	CHECK(read(ends[0], &byte, 1) == 1 && byte == 'y');
	CHECK(!journal_open(file, false, &why, &owner));
	CHECK_NUMBER(owner, child);
	j = journal_open(file, true, &why, &owner);
	CHECK(j != NULL);
	journal_close(j);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	j = journal_open(file, false, &why, &owner);
	CHECK(j != NULL);
	journal_close(j);
	close(ends[0]);
	close(ends[1]);
}

static void
check_places(void)
{
	struct slice table =
	    SLICE("22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
		  "40 22 0:51 / /mnt/far rw,nosuid - fuse.sshfs host:/x rw\n"
		  "41 22 0:52 / /mnt/near rw master:2 shared:3 - fuse.ntfs-3g /dev/sdb rw\n"
		  "42 22 0:5");

	check_group("network file systems are told by their number, FUSE by its mount line");
	CHECK_SLICE(slice_z(store_remote(0x6969)), "NFS");
	CHECK_SLICE(slice_z(store_remote((long)(int32_t)0xff534d42)), "CIFS");
	CHECK_SLICE(slice_z(store_remote((long)0xfe534d42L)), "SMB2");
	CHECK(store_remote(0xef53) == NULL && store_remote(0x01021994) == NULL);
	CHECK_SLICE(place_fuse(table, 0, 51), "fuse.sshfs");
	CHECK(place_fuse(table, 0, 52).ptr == NULL && place_fuse(table, 8, 1).ptr == NULL);
	CHECK(place_fuse(table, 0, 5).ptr == NULL && place_fuse(SLICE(""), 0, 51).ptr == NULL);
}

int
main(void)
{
	if (!mkdtemp(folder))
		return 99;
	snprintf(file, sizeof(file), "%s/j", folder);
	check_lines();
	check_refusals();
	check_lock();
	check_places();
	unlink(file);
	rmdir(folder);
	return check_finish();
}
