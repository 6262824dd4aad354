/*
 * Calls that Linux has had since 6.2, and what a trace should say of each: the line is printed to the standard output. The numbers
 * are the same on every architecture. Kernels that lack a call, or do not do what is asked, say so in the line's error.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NR_cachestat 451
#define NR_fchmodat2 452
#define NR_map_shadow_stack 453
#define NR_futex_wake 454
#define NR_futex_wait 455
#define NR_futex_requeue 456
#define NR_statmount 457
#define NR_listmount 458
#define NR_lsm_get_self_attr 459
#define NR_lsm_set_self_attr 460
#define NR_lsm_list_modules 461
#define NR_mseal 462
#define NR_setxattrat 463
#define NR_getxattrat 464
#define NR_listxattrat 465
#define NR_removexattrat 466
#define NR_open_tree_attr 467
#define NR_file_getattr 468
#define NR_file_setattr 469
#define NR_listns 470
#define NR_rseq_slice_yield 471

static long result;
static int failure;

/* Makes a call of up to six arguments. */
#define make(number, ...) six(number, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define six(n, a, b, c, d, e, f, ...)                                                              \
	(errno = 0, result = syscall(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f)), failure = errno)

/* The line that is expected: what is given, and how the call ended. */
static void expect(const char *format, ...)
{
	va_list list;
	va_start(list, format);
	vprintf(format, list);
	va_end(list);
	if (failure == 0)
		printf(" = %ld\n", result);
	else
		printf(" = -1 %s (%s)\n", strerrorname_np(failure), strerror(failure));
}

/* What the kernel filled in, or, where it failed, where it would have been. */
static const char *unless_failed(const char *text, const void *address)
{
	static char buffer[4][64];
	static int next;
	char *at = buffer[next++ % 4];
	if (failure == 0)
		return text;
	snprintf(at, sizeof buffer[0], "%p", address);
	return at;
}

static void cached_pages(int fd)
{
	struct { uint64_t off, len; } range = { 0, 4096 };
	struct { uint64_t cache, dirty, writeback, evicted, recently; } stat;
	char text[256];
	make(NR_cachestat, fd, &range, &stat, 0);
	snprintf(text, sizeof text, "{nr_cache=%lu, nr_dirty=%lu, nr_writeback=%lu, nr_evicted=%lu, nr_recently_evicted=%lu}",
		 stat.cache, stat.dirty, stat.writeback, stat.evicted, stat.recently);
	expect("cachestat(%d, {off=0, len=4096}, %s, 0)", fd, unless_failed(text, &stat));
	make(NR_cachestat, -1, 0, 0, 7);
	expect("cachestat(-1, NULL, NULL, 0x7)");
}

static void permissions(void)
{
	make(NR_fchmodat2, AT_FDCWD, "file", 0640, 0);
	expect("fchmodat2(AT_FDCWD, \"file\", 0640, 0)");
	make(NR_fchmodat2, AT_FDCWD, "link", 0640, AT_SYMLINK_NOFOLLOW);
	expect("fchmodat2(AT_FDCWD, \"link\", 0640, AT_SYMLINK_NOFOLLOW)");
	make(NR_fchmodat2, -1, "", 0777, AT_EMPTY_PATH | 0x40000000);
	expect("fchmodat2(-1, \"\", 0777, AT_EMPTY_PATH|0x40000000)");
}

static void memory(void)
{
	long page = sysconf(_SC_PAGESIZE);
	void *sealed = mmap(0, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	make(NR_mseal, sealed, page, 0);
	expect("mseal(%p, %ld, 0)", sealed, page);
	make(NR_mseal, 0, page, 1);
	expect("mseal(NULL, %ld, 0x1)", page);
	make(NR_map_shadow_stack, 0, 4096, 1);
	expect("map_shadow_stack(NULL, 4096, SHADOW_STACK_SET_TOKEN)");
	make(NR_map_shadow_stack, 4096, 8192, 9);
	expect("map_shadow_stack(0x1000, 8192, SHADOW_STACK_SET_TOKEN|0x8)");
}

static void futexes(void)
{
	static uint32_t word = 5, other = 6;
	struct timespec past = { 1, 2 };
	struct { uint64_t val, uaddr; uint32_t flags, reserved; } waiters[2] = {
		{ 5, (uintptr_t)&word, 0x82, 0 },
		{ 6, (uintptr_t)&other, 0x82, 0 },
	};
	make(NR_futex_wake, &word, 0xffffffff, 1, 0x82);
	expect("futex_wake(%p, FUTEX_BITSET_MATCH_ANY, 1, FUTEX2_SIZE_U32|FUTEX2_PRIVATE)", (void *)&word);
	make(NR_futex_wait, &word, 4, 0xffffffff, 0x82, 0, CLOCK_MONOTONIC);
	expect("futex_wait(%p, 4, FUTEX_BITSET_MATCH_ANY, FUTEX2_SIZE_U32|FUTEX2_PRIVATE, NULL, CLOCK_MONOTONIC)", (void *)&word);
	make(NR_futex_wait, &word, 5, 1, 2, &past, CLOCK_REALTIME);
	expect("futex_wait(%p, 5, 0x1, FUTEX2_SIZE_U32, {tv_sec=1, tv_nsec=2}, CLOCK_REALTIME)", (void *)&word);
	make(NR_futex_requeue, waiters, 0, 1, 1);
	expect("futex_requeue([{val=0x5, uaddr=%p, flags=FUTEX2_SIZE_U32|FUTEX2_PRIVATE}, {val=0x6, uaddr=%p, "
	       "flags=FUTEX2_SIZE_U32|FUTEX2_PRIVATE}], 0, 1, 1)", (void *)&word, (void *)&other);
}

static void mounts(void)
{
	struct { uint32_t size, spare; uint64_t id, param; } request = { 24, 0, UINT64_MAX, 0 };
	uint64_t ids[4096];
	static char buffer[65536];
	make(NR_listmount, &request, ids, 1, 0);
	char first[64];
	snprintf(first, sizeof first, "[%#lx]", ids[0]);
	expect("listmount({size=24, mnt_id=LSMT_ROOT, param=0}, %s, 1, 0)", unless_failed(first, ids));
	if (failure == 0 && result == 1) {
		struct {
			uint32_t size, options;
			uint64_t mask;
			uint32_t major, minor;
			uint64_t magic;
			uint32_t flags, type;
			uint64_t id, parent;
			uint32_t old_id, old_parent;
			uint64_t attributes, propagation, peers, master, from;
			uint32_t root, point;
			uint64_t namespace;
			uint32_t subtype, source;
			char rest[512 - 128], strings[];
		} *mount = (void *)buffer;
		request.id = ids[0];
		request.param = 0x18; /* STATMOUNT_MNT_ROOT, STATMOUNT_MNT_POINT */
		make(NR_statmount, &request, buffer, sizeof buffer, 0);
		expect("statmount({size=24, mnt_id=%#lx, param=STATMOUNT_MNT_ROOT|STATMOUNT_MNT_POINT}, {size=%u, "
		       "mask=STATMOUNT_MNT_ROOT|STATMOUNT_MNT_POINT, mnt_root=\"%s\", mnt_point=\"%s\"}, 65536, 0)",
		       ids[0], mount->size, mount->strings + mount->root, mount->strings + mount->point);
		request.param = 0x20; /* STATMOUNT_FS_TYPE */
		make(NR_statmount, &request, buffer, sizeof buffer, 0);
		expect("statmount({size=24, mnt_id=%#lx, param=STATMOUNT_FS_TYPE}, {size=%u, mask=STATMOUNT_FS_TYPE, fs_type=\"%s\"}, 65536, 0)",
		       ids[0], mount->size, mount->strings + mount->type);
	}
	make(NR_statmount, 0, 0, 0, 0);
	expect("statmount(NULL, NULL, 0, 0)");
	make(NR_listmount, 0, 0, 0, 1);
	expect("listmount(NULL, NULL, 0, LISTMOUNT_REVERSE)");
	make(NR_open_tree_attr, AT_FDCWD, "/nowhere", AT_SYMLINK_NOFOLLOW, 0, 0);
	expect("open_tree_attr(AT_FDCWD, \"/nowhere\", AT_SYMLINK_NOFOLLOW, NULL, 0)");
	struct { uint64_t set, clear, propagation, userns; } attributes = { 1, 2, 1 << 18, 0 };
	make(NR_open_tree_attr, AT_FDCWD, "/nowhere", 1, &attributes, sizeof attributes);
	expect("open_tree_attr(AT_FDCWD, \"/nowhere\", OPEN_TREE_CLONE, {attr_set=MOUNT_ATTR_RDONLY, attr_clr=MOUNT_ATTR_NOSUID, "
	       "propagation=MS_PRIVATE, userns_fd=0}, 32)");
	struct { uint32_t size, spare; uint64_t id; uint32_t type, spare2; uint64_t user; } namespaces = { 32, 0, 0, 0x40000000, 0, 0 };
	make(NR_listns, &namespaces, ids, 4, 0);
	expect("listns({size=32, ns_id=0, ns_type=NET_NS, user_ns_id=0}, %s, 4, 0)", unless_failed("IDS", ids));
}

static void security(void)
{
	uint64_t modules[64];
	uint32_t size = sizeof modules;
	make(NR_lsm_list_modules, modules, &size, 0);
	if (failure == 0) {
		static const char *const names[] = { "CAPABILITY", "SELINUX", "SMACK", "TOMOYO", "APPARMOR", "YAMA", "LOADPIN", "SAFESETID",
						     "LOCKDOWN", "BPF", "LANDLOCK", "IMA", "EVM", "IPE" };
		printf("lsm_list_modules([");
		for (long i = 0; i < result; i++)
			printf("%sLSM_ID_%s", i ? ", " : "", names[modules[i] - 100]);
		expect("], [%zu => %u], 0)", sizeof modules, size);
	}
	size = 0;
	make(NR_lsm_list_modules, 0, 0, 1);
	expect("lsm_list_modules(NULL, NULL, 0x1)");
	make(NR_lsm_get_self_attr, 100, 0, &size, 0);
	if (failure == EOPNOTSUPP)
		expect("lsm_get_self_attr(LSM_ATTR_CURRENT, NULL, [0], 0)");
	make(NR_lsm_get_self_attr, 101, 0, 0, 1);
	expect("lsm_get_self_attr(LSM_ATTR_EXEC, NULL, NULL, LSM_FLAG_SINGLE)");
	struct { uint64_t id, flags, len, length; char text[8]; } context = { 104, 0, 40, 5, "spam" };
	make(NR_lsm_set_self_attr, 100, &context, 40, 1);
	expect("lsm_set_self_attr(LSM_ATTR_CURRENT, {id=LSM_ID_APPARMOR, flags=0, len=40, ctx_len=5, ctx=\"\\x73\\x70\\x61\\x6d\\x00\"}, 40, 0x1)");
}

static void attributes(void)
{
	struct { uint64_t value; uint32_t size, flags; } args = { (uintptr_t)"spam", 4, 1 };
	char value[16] = "", list[256];
	make(NR_setxattrat, AT_FDCWD, "file", 0, "user.one", &args, sizeof args);
	expect("setxattrat(AT_FDCWD, \"file\", 0, \"user.one\", {value=\"spam\", size=4, flags=XATTR_CREATE}, 16)");
	args.value = (uintptr_t)value;
	args.size = sizeof value;
	args.flags = 0;
	make(NR_getxattrat, AT_FDCWD, "file", AT_SYMLINK_NOFOLLOW, "user.one", &args, sizeof args);
	expect("getxattrat(AT_FDCWD, \"file\", AT_SYMLINK_NOFOLLOW, \"user.one\", {value=%s, size=16, flags=0}, 16)",
	       unless_failed("\"spam\"", value));
	make(NR_listxattrat, AT_FDCWD, "file", 0, list, sizeof list);
	if (result == 9)
		expect("listxattrat(AT_FDCWD, \"file\", 0, \"user.one\\0\", 256)");
	make(NR_removexattrat, AT_FDCWD, "file", 0, "user.one");
	expect("removexattrat(AT_FDCWD, \"file\", 0, \"user.one\")");
	make(NR_removexattrat, -1, "", AT_EMPTY_PATH, "user.none");
	expect("removexattrat(-1, \"\", AT_EMPTY_PATH, \"user.none\")");
	struct { uint64_t xflags; uint32_t extsize, nextents, projid, cowextsize; } inode;
	make(NR_file_getattr, AT_FDCWD, "file", &inode, sizeof inode, AT_SYMLINK_NOFOLLOW);
	char text[160];
	/* FS_XFLAG_HASATTR: the file system says that it can have extended attributes, or none. */
	snprintf(text, sizeof text, "{fa_xflags=%s, fa_extsize=%u, fa_nextents=%u, fa_projid=%u, fa_cowextsize=%u}",
		 inode.xflags == 0x80000000 ? "FS_XFLAG_HASATTR" : "0", inode.extsize, inode.nextents, inode.projid, inode.cowextsize);
	expect("file_getattr(AT_FDCWD, \"file\", %s, 24, AT_SYMLINK_NOFOLLOW)", unless_failed(text, &inode));
	memset(&inode, 0, sizeof inode);
	inode.xflags = 0x40; /* FS_XFLAG_NOATIME */
	make(NR_file_setattr, -1, "file", &inode, sizeof inode, 0x1000);
	expect("file_setattr(-1, \"file\", {fa_xflags=FS_XFLAG_NOATIME, fa_extsize=0, fa_nextents=0, fa_projid=0, fa_cowextsize=0}, 24, AT_EMPTY_PATH)");
}

int main(void)
{
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, "data", 4) != 4)
		return 1;
	unlink("link");
	symlink("file", "link");
	cached_pages(fd);
	permissions();
	memory();
	futexes();
	mounts();
	security();
	attributes();
	make(NR_rseq_slice_yield);
	expect("rseq_slice_yield()");
	return 0;
}
