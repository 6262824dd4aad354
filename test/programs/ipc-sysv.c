/* System V's shared memory, queues and semaphores, in a namespace of their own where that is allowed: so their numbers begin anew. */
#include "calls.h"
#include <sched.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>

static char b[4096];

static void memory(void) {
  int s = call(shmget, IPC_PRIVATE, 4096, IPC_CREAT | 0600);
  call(shmget, 0x1234, 100, 0), call(shmget, -1, -1, -1), call(shmget, 1, -1, IPC_CREAT | IPC_EXCL | SHM_HUGETLB | SHM_NORESERVE | 0777 | (21 << 26)), call(shmget, 5, -1, 21 << 26 | 0604), call(shmget, HIGH | 5, 5, HIGH | 0);
  char *p = (char *)call(shmat, s, 0, 0);
  call(shmat, s, 0, SHM_RDONLY | SHM_RND | SHM_REMAP | SHM_EXEC), call(shmat, -1, WILD, -1);
  call(shmctl, s, IPC_STAT, b), call(shmctl, s, IPC_SET, b), call(shmctl, s, IPC_STAT, 0), call(shmctl, s, IPC_STAT, WILD), call(shmctl, s, IPC_SET, WILD), call(shmctl, s, SHM_LOCK, WILD), call(shmctl, s, SHM_UNLOCK, 0), call(shmctl, 0, IPC_INFO, b), call(shmctl, 0, SHM_INFO, b), call(shmctl, 0, SHM_STAT, b), call(shmctl, 0, 15, b), call(shmctl, s, 99, b), call(shmctl, s, 0x100 | IPC_STAT, b), call(shmctl, -1, IPC_STAT, b);
  call(shmdt, p), call(shmdt, -1), call(shmdt, 0), call(shmdt, WILD), call(shmctl, s, IPC_RMID, 0), call(shmctl, s, IPC_RMID, b);
}

static void queues(void) {
  struct { long type; char text[40]; } m = {5, "hello world, this is a long message text"}, got;
  int q = call(msgget, IPC_PRIVATE, IPC_CREAT | 0600);
  call(msgget, 0x99, 0), call(msgget, 1, IPC_NOWAIT | IPC_EXCL | 0400), call(msgget, HIGH | 1, 0x78000000);
  memset(&got, 0, sizeof got);
  call(msgsnd, q, &m, 5, 0), call(msgsnd, q, &m, 40, IPC_NOWAIT), call(msgsnd, q, &m, 0, -1), call(msgsnd, q, 0, 3, 0), call(msgsnd, q, WILD, 3, 0), call(msgsnd, -1, &m, -1, 0);
  call(msgrcv, q, &got, 40, 0, 0), call(msgrcv, q, &got, 3, -9, MSG_NOERROR | IPC_NOWAIT | MSG_EXCEPT | MSG_COPY), call(msgrcv, q, &got, 3, 5, MSG_NOERROR), call(msgrcv, q, &got, 40, 0, IPC_NOWAIT), call(msgrcv, q, &got, 40, 0, IPC_NOWAIT), call(msgrcv, q, 0, 40, 0, IPC_NOWAIT), call(msgrcv, q, WILD, 40, 0, -1);
  call(msgctl, q, IPC_STAT, b), call(msgctl, q, IPC_SET, b), call(msgctl, 0, IPC_INFO, b), call(msgctl, 0, MSG_INFO, b), call(msgctl, 0, MSG_STAT, b), call(msgctl, 0, 13, b), call(msgctl, q, 99, b), call(msgctl, q, IPC_STAT, WILD), call(msgctl, -1, IPC_SET, b), call(msgctl, q, IPC_RMID, 0);
}

static void semaphores(void) {
  struct sembuf o[3] = {{0, 1, IPC_NOWAIT | SEM_UNDO}, {1, -1, IPC_NOWAIT}, {2, 0, 0x7777}};
  struct timespec second = {1, 5}, none = {0, 5}, past = {-1, 5};
  unsigned short values[3] = {1, 2, 3};
  int e = call(semget, IPC_PRIVATE, 3, IPC_CREAT | 0600);
  call(semget, 0x77, -1, -1), call(semget, 7, 3, 0);
  call(semop, e, o, 1), call(semop, e, o, 3), call(semop, e, 0, 1), call(semop, e, WILD, 1), call(semop, e, o, 0), call(semop, -1, o, HIGH | 2);
  call(semtimedop, e, o, 1, &second), call(semtimedop, e, o + 1, 1, &none), call(semtimedop, e, o, 1, 0), call(semtimedop, e, o, 1, WILD), call(semtimedop, e, o, 1, &past);
  static const int plain[] = {GETVAL, GETNCNT, GETZCNT, SETALL, GETALL, IPC_STAT, IPC_SET, SEM_STAT, 20, 99, 0x100 | IPC_STAT};
  for (int i = 0; i < 11; i++) call(semctl, e, 0, plain[i], plain[i] == SETALL || plain[i] == GETALL ? (void *)values : b);
  call(semctl, e, 0, SETVAL, 0), call(semctl, e, 0, SETVAL, HIGH | 7), call(semctl, e, -1, SETVAL, -1), call(semctl, 0, 0, IPC_INFO, b), call(semctl, 0, 0, SEM_INFO, b), call(semctl, e, 0, IPC_STAT, WILD), call(semctl, e, 0, IPC_STAT, 0), call(semctl, -1, 0, IPC_STAT, b), call(semctl, e, 0, IPC_RMID, 0);
}

int main(void) {
  if (unshare(CLONE_NEWIPC) != 0) unshare(CLONE_NEWUSER | CLONE_NEWIPC);
  memory(), queues(), semaphores();
  return 0;
}
