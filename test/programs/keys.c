/* Keys and keyrings. */
#include "calls.h"
#include <linux/keyctl.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>

static char text[600], many[600];

/* In a child, whose parent may get its session keyring: a parent of several threads may not. */
int main(void) {
  int child = fork();
  if (child != 0) return waitpid(child, 0, 0) != child;
  memset(many, 'k', sizeof many - 1);
  int key = call(add_key, "user", "sysglass:one", "payload\n\1", 9, KEY_SPEC_PROCESS_KEYRING);
  call(add_key, "keyring", "sysglass:ring", 0, 0, KEY_SPEC_PROCESS_KEYRING), call(add_key, 0, 0, 0, 0, 0), call(add_key, WILD, WILD, WILD, 5, HIGH | 12345), call(add_key, many, many, many, 599, -9), call(add_key, "user", "x", "y", -1, -4), call(add_key, "user", "x", "y", 0, 1);
  call(request_key, "user", "sysglass:none", 0, KEY_SPEC_THREAD_KEYRING), call(request_key, "user", "sysglass:one", "info", 0), call(request_key, 0, 0, 0, -1), call(request_key, WILD, WILD, WILD, HIGH | 7), call(request_key, many, many, many, -8);
  for (long c = -1; c <= 40; c++) call(keyctl, HIGH | c, 0, 0, 0, 0), call(keyctl, c, -1, WILD, WILD, WILD), call(keyctl, c, HIGH | 0x12345678, 2, 3, 4);
  call(keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 0), call(keyctl, KEYCTL_GET_KEYRING_ID, key, 1);
  call(keyctl, KEYCTL_JOIN_SESSION_KEYRING, "sysglass"), call(keyctl, KEYCTL_JOIN_SESSION_KEYRING, many);
  call(keyctl, KEYCTL_UPDATE, key, "another", 7), call(keyctl, KEYCTL_UPDATE, key, many, 99), call(keyctl, KEYCTL_UPDATE, key, 0, 0);
  call(keyctl, KEYCTL_DESCRIBE, key, text, 600), call(keyctl, KEYCTL_DESCRIBE, key, text, 4), call(keyctl, KEYCTL_DESCRIBE, key, 0, 0), call(keyctl, KEYCTL_DESCRIBE, -3, text, 5);
  call(keyctl, KEYCTL_READ, key, text, 600), call(keyctl, KEYCTL_READ, key, text, 4), call(keyctl, KEYCTL_READ, key, 0, 0), call(keyctl, KEYCTL_READ, KEY_SPEC_PROCESS_KEYRING, text, 600), call(keyctl, KEYCTL_READ, key, WILD, 600);
  call(keyctl, KEYCTL_GET_SECURITY, key, text, 600), call(keyctl, KEYCTL_GET_SECURITY, key, text, 0);
  call(keyctl, KEYCTL_CHOWN, key, 0, -1), call(keyctl, KEYCTL_CHOWN, key, -1, 77), call(keyctl, KEYCTL_SETPERM, key, KEYCTL_SETPERM), call(keyctl, KEYCTL_SETPERM, key, 0x3f3f0000), call(keyctl, KEYCTL_SETPERM, key, 0x3f3f3f3f), call(keyctl, KEYCTL_SETPERM, key, -1), call(keyctl, KEYCTL_SETPERM, key, 0xc0c00000);
  call(keyctl, KEYCTL_SEARCH, KEY_SPEC_PROCESS_KEYRING, "user", "sysglass:one", 0), call(keyctl, KEYCTL_SEARCH, KEY_SPEC_PROCESS_KEYRING, many, "\1\2", -3), call(keyctl, KEYCTL_LINK, key, KEY_SPEC_THREAD_KEYRING), call(keyctl, KEYCTL_UNLINK, key, KEY_SPEC_THREAD_KEYRING), call(keyctl, KEYCTL_CLEAR, KEY_SPEC_THREAD_KEYRING);
  struct iovec v[3] = {{"ab", 2}, {"cdefghijklmnopqrstuvwxyz0123456789ABCDEFGH", 40}, {WILD, 3}};
  call(keyctl, KEYCTL_INSTANTIATE, key, "data", 4, -4), call(keyctl, KEYCTL_INSTANTIATE, key, many, 500, 0), call(keyctl, KEYCTL_INSTANTIATE_IOV, key, v, 2, -3), call(keyctl, KEYCTL_INSTANTIATE_IOV, key, v, 3, 9), call(keyctl, KEYCTL_INSTANTIATE_IOV, key, v, -1, 9), call(keyctl, KEYCTL_NEGATE, key, 30, -4), call(keyctl, KEYCTL_REJECT, key, 30, 11, -4), call(keyctl, KEYCTL_REJECT, key, 30, 9999, 0), call(keyctl, KEYCTL_REJECT, key, -1, HIGH | 126, 0);
  call(keyctl, KEYCTL_SET_REQKEY_KEYRING, KEY_REQKEY_DEFL_NO_CHANGE), call(keyctl, KEYCTL_SET_REQKEY_KEYRING, KEY_REQKEY_DEFL_USER_KEYRING), call(keyctl, KEYCTL_SET_TIMEOUT, key, 100), call(keyctl, KEYCTL_SET_TIMEOUT, key, HIGH | -1), call(keyctl, KEYCTL_ASSUME_AUTHORITY, 0), call(keyctl, KEYCTL_SESSION_TO_PARENT), call(keyctl, KEYCTL_GET_PERSISTENT, -1, -2), call(keyctl, KEYCTL_GET_PERSISTENT, 5, key);
  struct { int a, b, c; } dh = {key, key, -7};
  struct { char *name, *other; unsigned length; unsigned spare[8]; } kdf = {"sha256", "other information", 5, {0}}, no = {0, WILD, 8, {1, 2}}, empty = {many, many, 0, {0}}, more = {"sha", many, 300, {0}};
  call(keyctl, KEYCTL_DH_COMPUTE, &dh, text, 40, 0), call(keyctl, KEYCTL_DH_COMPUTE, &dh, text, 40, &kdf), call(keyctl, KEYCTL_DH_COMPUTE, &dh, 0, 0, &no), call(keyctl, KEYCTL_DH_COMPUTE, WILD, WILD, 4, &empty), call(keyctl, KEYCTL_DH_COMPUTE, &dh, text, 99, &more), call(keyctl, KEYCTL_DH_COMPUTE, 0, 0, 4, WILD);
  struct { unsigned ops, size; unsigned short a, b, c, d; unsigned spare[10]; } query;
  struct { int id; unsigned in, out; unsigned spare[7]; } op = {key, 5, 6, {0}}, spare = {-7, 50, 600, {1, 0, 3}}, big = {key, -1, -1, {0}};
  call(keyctl, KEYCTL_PKEY_QUERY, key, 0, "enc=pkcs1", &query), call(keyctl, KEYCTL_PKEY_QUERY, key, 5, many, WILD), call(keyctl, KEYCTL_PKEY_QUERY, -3, 0, WILD, 0);
  call(keyctl, KEYCTL_PKEY_ENCRYPT, &op, "enc=raw", "input", text), call(keyctl, KEYCTL_PKEY_DECRYPT, &spare, "enc=raw hash=sha1", many, text), call(keyctl, KEYCTL_PKEY_SIGN, &big, 0, "in", 0), call(keyctl, KEYCTL_PKEY_VERIFY, &op, "x", "in", "signature"), call(keyctl, KEYCTL_PKEY_VERIFY, &spare, "x", many, many), call(keyctl, KEYCTL_PKEY_VERIFY, WILD, "x", "in", "signature");
  call(keyctl, KEYCTL_RESTRICT_KEYRING, KEY_SPEC_PROCESS_KEYRING, "asymmetric", "builtin_trusted"), call(keyctl, KEYCTL_RESTRICT_KEYRING, key, 0, 0), call(keyctl, KEYCTL_MOVE, key, -2, -1, 1), call(keyctl, KEYCTL_MOVE, key, -2, key, -1), call(keyctl, KEYCTL_CAPABILITIES, text, 600), call(keyctl, KEYCTL_CAPABILITIES, text, 1), call(keyctl, KEYCTL_CAPABILITIES, text, 0), call(keyctl, KEYCTL_CAPABILITIES, 0, 5), call(keyctl, KEYCTL_WATCH_KEY, key, 5, 6), call(keyctl, KEYCTL_WATCH_KEY, -2, -1, -1);
  call(keyctl, KEYCTL_REVOKE, key), call(keyctl, KEYCTL_INVALIDATE, key), call(keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_THREAD_KEYRING, 0);
  return 0;
}
