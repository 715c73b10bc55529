/* SPDX-License-Identifier: MIT */
/* Where a store or journal may lie: not on a file system that only pretends to lock. */
#ifndef STORE_PLACE_H
#define STORE_PLACE_H

#include "base/slice.h"

/* Name of the network file system with this statfs magic ("NFS", "SMB" …), NULL for any other.
 * Magic numbers: statfs(2). FUSE has one number for local and remote ones: see place_fuse. */
const char *store_remote(long magic);
/* The line of /proc/self/mountinfo for device major:minor: the type of a FUSE file system that
 * is known to be remote (fuse.sshfs …), ptr NULL for any other. */
struct slice place_fuse(struct slice mountinfo, unsigned major, unsigned minor);
/* Opens name for reading and writing (reading alone if read_only), creates it 0600 where it is
 * missing and not read_only. Refuses symbolic links, what is no regular file, files of somebody
 * else or that others can read, folders where anybody can write, and network file systems. -1:
 * *why (static), with errno set. */
int place_open(const char *name, bool read_only, const char **why);
/* Syncs the folder that holds name, so that a new file survives a power cut. False with errno.
 */
bool place_sync_folder(const char *name);

#endif
