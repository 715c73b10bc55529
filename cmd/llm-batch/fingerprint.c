/* SPDX-License-Identifier: MIT */
#include "fingerprint.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"

bool
fingerprint_file(int fd, char hex[65])
{
	unsigned char digest[DIGEST_SIZE];
	struct stat st;
	void *map = NULL;

	if (fstat(fd, &st) != 0 || fsync(fd) != 0)
		return false;
	if (st.st_size) {
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (map == MAP_FAILED)
			return false;
	}
	digest_of(slice_of(map ? map : "", (size_t)st.st_size), digest);
	digest_hex(digest, DIGEST_SIZE, hex);
	if (map)
		munmap(map, (size_t)st.st_size);
	return true;
}
