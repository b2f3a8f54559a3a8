// The confined host: takes requests from skein and starts each command in a confinement of its own.
//
// Compiled in memory when the host starts, with nothing to include and nothing to link: the three functions of the C
// library that it needs are handed in. A command has two processes beside it. Its keeper shares the host's memory, is the
// first process of the command's own process namespace, and tells skein how it ended. Both are made before they are
// needed, so that what takes long is over when a request comes: namespaces, the filter of system calls, lost rights.

typedef unsigned long u64;
typedef long i64;
typedef unsigned int u32;
typedef int i32;
typedef unsigned short u16;
typedef unsigned char u8;

#if defined(__x86_64__)
enum {
  NR_read = 0, NR_write = 1, NR_open_at = 257, NR_close = 3, NR_poll = 271, NR_mmap = 9, NR_munmap = 11, NR_sigaction = 13,
  NR_sigprocmask = 14, NR_dup3 = 292, NR_socket = 41, NR_connect = 42, NR_accept4 = 288, NR_sendto = 44, NR_recvmsg = 47,
  NR_shutdown = 48, NR_bind = 49, NR_listen = 50, NR_getsockname = 51, NR_execve = 59, NR_exit = 60, NR_wait4 = 61,
  NR_kill = 62, NR_fcntl = 72, NR_chdir = 80, NR_setsid = 112, NR_capset = 126, NR_prctl = 157, NR_mount = 165,
  NR_signalfd4 = 289, NR_prlimit64 = 302, NR_seccomp = 317, NR_eventfd2 = 290, NR_getpid = 39, NR_getppid = 110,
  NR_ioctl = 16
};
#elif defined(__aarch64__)
enum {
  NR_read = 63, NR_write = 64, NR_open_at = 56, NR_close = 57, NR_poll = 73, NR_mmap = 222, NR_munmap = 215,
  NR_sigaction = 134, NR_sigprocmask = 135, NR_dup3 = 24, NR_socket = 198, NR_connect = 203, NR_accept4 = 242,
  NR_sendto = 206, NR_recvmsg = 212, NR_shutdown = 210, NR_bind = 200, NR_listen = 201, NR_getsockname = 204,
  NR_execve = 221, NR_exit = 93, NR_wait4 = 260, NR_kill = 129, NR_fcntl = 25, NR_chdir = 49, NR_setsid = 157,
  NR_capset = 91, NR_prctl = 167, NR_mount = 40, NR_signalfd4 = 74, NR_prlimit64 = 261, NR_seccomp = 277, NR_eventfd2 = 19, NR_getpid = 172, NR_getppid = 173,
  NR_ioctl = 29
};
#endif
// These are the same everywhere.
enum {
  NR_open_tree = 428, NR_move_mount = 429, NR_close_range = 436, NR_openat2 = 437, NR_mount_setattr = 442,
  NR_landlock_create_ruleset = 444, NR_landlock_add_rule = 445, NR_landlock_restrict_self = 446
};

enum {
  E_INTR = 4, E_AGAIN = 11, E_CHILD = 10, E_INVAL = 22, E_NOEXEC = 8, E_NOENT = 2, E_ACCES = 13, E_NOTDIR = 20
};
enum {
  CLONE_VM = 0x100, CLONE_FILES = 0x400, CLONE_NEWNS = 0x20000, CLONE_SETTLS = 0x80000, CLONE_PIDFD = 0x1000,
  CLONE_NEWIPC = 0x8000000, CLONE_NEWPID = 0x20000000, SIGNAL_CHILD = 17, SIGNAL_KILL = 9, SIGNAL_TERM = 15
};
enum { CLOSE_UNSHARED = 2 };
enum { AT_HERE = -100, AT_EMPTY_PATH = 0x1000, AT_RECURSIVE = 0x8000, O_PATH_CLOEXEC = 0x280000, O_CLOEXEC_ = 0x80000 };

/** What a request's `flags` may say. */
enum { RELAY = 1, TERMINAL = 2 };
/** Where a start can fail; the names stand in outcome.ts. */
enum {
  AT_NAMESPACE = 1, AT_PROC, AT_MOUNT, AT_PROCESS, AT_LIMIT, AT_LANDLOCK, AT_CAPABILITY, AT_FOLDER, AT_SECCOMP,
  AT_PROGRAM, AT_RELAY, AT_DESCRIPTOR
};
enum { ENDED = 1, NOT_STARTED = 2 };

typedef i64 (*Call)(i64, i64, i64, i64, i64, i64, i64);
typedef int (*Clone)(int (*)(void *), void *, int, void *, void *, void *, void *);
typedef int *(*ErrorPlace)(void);

static Call call;
static Clone clone_;
static ErrorPlace error_place;

/** Kernel convention: negative numbers are errors. */
static i64 sys(i64 number, i64 a, i64 b, i64 c, i64 d, i64 e, i64 f) {
  i64 result = call(number, a, b, c, d, e, f);
  return result == -1 ? -(i64)*error_place() : result;
}
#define SYS1(n, a) sys(n, (i64)(a), 0, 0, 0, 0, 0)
#define SYS2(n, a, b) sys(n, (i64)(a), (i64)(b), 0, 0, 0, 0)
#define SYS3(n, a, b, c) sys(n, (i64)(a), (i64)(b), (i64)(c), 0, 0, 0)
#define SYS4(n, a, b, c, d) sys(n, (i64)(a), (i64)(b), (i64)(c), (i64)(d), 0, 0)
#define SYS5(n, a, b, c, d, e) sys(n, (i64)(a), (i64)(b), (i64)(c), (i64)(d), (i64)(e), 0)
#define SYS6(n, a, b, c, d, e, f) sys(n, (i64)(a), (i64)(b), (i64)(c), (i64)(d), (i64)(e), (i64)(f))

typedef struct { i64 fd_events; } PollEntry; /* int fd; short events; short revents */
static void poll_set(PollEntry *entry, int fd, int events) { entry->fd_events = (u32)fd | ((i64)events << 32); }
static int poll_got(PollEntry *entry) { return (int)((u64)entry->fd_events >> 48); }
enum { POLL_IN = 1, POLL_OUT = 4, POLL_ERR = 8, POLL_HUP = 16 };

/** ppoll with a time in milliseconds; negative waits for ever. */
static i64 poll_for(PollEntry *entries, int count, i64 ms) {
  i64 time[2];
  time[0] = ms / 1000;
  time[1] = (ms % 1000) * 1000000;
  return SYS5(NR_poll, entries, count, ms < 0 ? 0 : time, 0, 8);
}

// ---- A request, as skein lays it out: words, and places as distances from its beginning. See request.ts.

typedef struct { u64 path, isReadOnly; } Pin;
typedef struct { u64 path, access; } Rule;
typedef struct { u64 resource, soft, hard; } Limit;
typedef struct {
  u64 flags, arguments, environment, candidates, folder;
  u64 pins, pinCount, rules, ruleCount, ruleset, rulesetBytes;
  u64 limits, limitCount, graceMs;
} Request;

#define PLACE(base, offset) ((void *)((u8 *)(base) + (offset)))

enum { SLOTS = 128, TLS_BYTES = 524288, STACK_BYTES = 65536 };
enum { FD_REQUEST, FD_IN, FD_OUT, FD_ERR, FD_STATUS, FD_CONTROL, FD_COUNT };

/** All that one keeper needs in the memory it shares with the host. */
typedef struct {
  int pid, pidfd;
  u8 *memory;
  Request *request;
  u64 requestBytes;
  int fds[FD_COUNT];
  /** The command's process, and the descriptor on which it waits to go on. */
  int main, go;
  /** The keeper's own number, where there is no namespace. */
  int keeper;
  volatile int step, error;
} Slot;

static Slot slots[SLOTS];
static PollEntry waiting[SLOTS + 1];
static int waitingSlot[SLOTS + 1];
static const u64 ALL_SIGNALS = ~0ul;

/** The same for all commands of a host. */
static int isNamespaced, requests, woken, waker;
static u64 processesMax, boundingSet, keptCapabilities;
static void *filterPlace;
static int filterCount;

// ---- The command's own process, until it becomes the program.

static int fail(Slot *slot, int step, i64 error) {
  slot->step = step;
  slot->error = (int)-error;
  SYS1(NR_exit, 126);
  return 126;
}

static int limit(Slot *slot, Request *r) {
  Limit *limits = PLACE(r, r->limits);
  for (u64 i = 0; i < r->limitCount; i++) {
    u64 now[2], wanted[2];
    i64 e = SYS4(NR_prlimit64, 0, limits[i].resource, 0, now);
    if (e < 0) return fail(slot, AT_LIMIT, e);
    // Nobody may go above the hard limit that is there already.
    wanted[1] = limits[i].hard < now[1] ? limits[i].hard : now[1];
    wanted[0] = limits[i].soft < wanted[1] ? limits[i].soft : wanted[1];
    e = SYS4(NR_prlimit64, 0, limits[i].resource, wanted, 0);
    if (e < 0) return fail(slot, AT_LIMIT, e);
  }
  return 0;
}

typedef struct { u64 access; i32 fd; } __attribute__((packed)) PathRule;

static int landlock(Slot *slot, Request *r) {
  if (r->rulesetBytes == 0) return 0;
  i64 ruleset = SYS3(NR_landlock_create_ruleset, PLACE(r, r->ruleset), r->rulesetBytes, 0);
  if (ruleset < 0) return fail(slot, AT_LANDLOCK, ruleset);
  Rule *rules = PLACE(r, r->rules);
  for (u64 i = 0; i < r->ruleCount; i++) {
    PathRule rule;
    i64 fd = SYS4(NR_open_at, AT_HERE, PLACE(r, rules[i].path), O_PATH_CLOEXEC, 0);
    // What is not there or cannot be reached is granted nothing.
    if (fd < 0) continue;
    rule.access = rules[i].access;
    rule.fd = (i32)fd;
    i64 e = SYS4(NR_landlock_add_rule, ruleset, 1, &rule, 0);
    if (e == -E_INVAL) {
      // A file takes fewer rights than a folder: execute, write, read, truncate, ioctl.
      rule.access = rules[i].access & 0xC007;
      e = rule.access == 0 ? 0 : SYS4(NR_landlock_add_rule, ruleset, 1, &rule, 0);
    }
    if (e < 0) return fail(slot, AT_LANDLOCK, e);
    SYS1(NR_close, fd);
  }
  i64 e = SYS2(NR_landlock_restrict_self, ruleset, 0);
  if (e < 0) return fail(slot, AT_LANDLOCK, e);
  SYS1(NR_close, ruleset);
  return 0;
}

static int capabilities(Slot *slot) {
  u64 kept = keptCapabilities;
  u32 header[2], data[6];
  SYS5(NR_prctl, 47, 4, 0, 0, 0); // no ambient ones
  for (int capability = 0; capability < 64; capability++) {
    if (!((boundingSet & ~kept) >> capability & 1)) continue;
    i64 e = SYS2(NR_prctl, 24, capability);
    // Without a namespace of our own there is no right to drop it, and no privilege that could be gained either.
    if (e < 0 && isNamespaced) return fail(slot, AT_CAPABILITY, e);
  }
  header[0] = 0x20080522;
  header[1] = 0;
  for (int half = 0; half < 2; half++) {
    u32 part = (u32)(kept >> (32 * half));
    data[half * 3] = part;
    data[half * 3 + 1] = part;
    data[half * 3 + 2] = 0;
  }
  i64 e = SYS2(NR_capset, header, data);
  if (e == 0) e = SYS5(NR_prctl, 38, 1, 0, 0, 0); // no new privileges
  return e < 0 ? fail(slot, AT_CAPABILITY, e) : 0;
}

static int filter(Slot *slot) {
  struct { u16 count; u16 pad[3]; void *filter; } program;
  program.count = (u16)filterCount;
  program.filter = filterPlace;
  i64 e = SYS3(NR_seccomp, 1, 0, &program);
  return e < 0 ? fail(slot, AT_SECCOMP, e) : 0;
}

/** Tries each place where the program may be, as execvp does. */
static int become(Slot *slot, Request *r) {
  u64 *candidates = PLACE(r, r->candidates), *arguments = PLACE(r, r->arguments), *environment = PLACE(r, r->environment);
  i64 worst = -E_NOENT;
  for (; *candidates != 0; candidates++) {
    i64 e = SYS3(NR_execve, *candidates, arguments, environment);
    if (e == -E_NOEXEC) {
      // A script that does not say what runs it. The word before the arguments is free for this.
      arguments[0] = *candidates;
      arguments[-1] = (u64) "/bin/sh";
      e = SYS3(NR_execve, "/bin/sh", arguments - 1, environment);
      return fail(slot, AT_PROGRAM, e);
    }
    if (e == -E_ACCES) worst = e;
    else if (e != -E_NOENT && e != -E_NOTDIR) return fail(slot, AT_PROGRAM, e);
  }
  return fail(slot, AT_PROGRAM, worst);
}

/** Gives up every right, waits for a request, and becomes its program. */
static int command(void *argument) {
  Slot *slot = argument;
  u64 none = 0, number;
  SYS1(NR_setsid, 0);
  if (capabilities(slot) || filter(slot)) return 126;
  // Where no namespace ends with the keeper; who lost it before this was said has another parent by now.
  SYS5(NR_prctl, 1, SIGNAL_KILL, 0, 0, 0);
  if (!isNamespaced && SYS1(NR_getppid, 0) != slot->keeper) return 126;
  i64 e = SYS3(NR_read, slot->go, &number, 8);
  if (e != 8) return fail(slot, AT_PROCESS, e);
  Request *r = slot->request;
  for (int fd = 0; fd < 3; fd++) {
    e = SYS3(NR_dup3, slot->fds[FD_IN + fd], fd, 0);
    if (e < 0) return fail(slot, AT_DESCRIPTOR, e);
  }
  // Until here the descriptors are the keeper's too.
  e = SYS3(NR_close_range, 3, ~0u, CLOSE_UNSHARED);
  if (e < 0) return fail(slot, AT_DESCRIPTOR, e);
  // The session that was begun above has no terminal yet; this becomes its own, TIOCSCTTY.
  e = r->flags & TERMINAL ? SYS3(NR_ioctl, 0, 0x540E, 0) : 0;
  if (e < 0) return fail(slot, AT_DESCRIPTOR, e);
  e = SYS1(NR_chdir, PLACE(r, r->folder));
  if (e < 0) return fail(slot, AT_FOLDER, e);
  if (limit(slot, r) || landlock(slot, r)) return 126;
  SYS4(NR_sigprocmask, 2, &none, 0, 8);
  return become(slot, r);
}

// ---- The keeper: the first process of a command's namespace.

static void tell(Slot *slot, int kind, int code, int isLeft, int step) {
  int words[4];
  words[0] = kind;
  words[1] = code;
  words[2] = isLeft;
  words[3] = step;
  SYS3(NR_write, slot->fds[FD_STATUS], words, 16);
}

static int refuse(Slot *slot, int step, i64 error) {
  tell(slot, NOT_STARTED, (int)-error, 0, step);
  SYS1(NR_exit, 1);
  return 1;
}

/** Binds a path to itself, read-only or not. No link on the way is followed. */
static i64 bind_to_itself(char *path, int isReadOnly) {
  u64 how[3], set[4];
  how[0] = O_PATH_CLOEXEC;
  how[1] = 0;
  how[2] = 0x04 | 0x02; // no symbolic links, no magic ones
  i64 place = SYS4(NR_openat2, AT_HERE, path, how, 24);
  if (place < 0) return place;
  i64 tree = SYS3(NR_open_tree, place, "", 1 | O_CLOEXEC_ | AT_EMPTY_PATH | AT_RECURSIVE);
  i64 e = tree < 0 ? tree : 0;
  if (e == 0 && isReadOnly) {
    set[0] = 1; // read-only
    set[1] = set[2] = set[3] = 0;
    e = SYS5(NR_mount_setattr, tree, "", AT_EMPTY_PATH | AT_RECURSIVE, set, 32);
  }
  if (e == 0) e = SYS5(NR_move_mount, tree, "", place, "", 0x04 | 0x40);
  if (tree >= 0) SYS1(NR_close, tree);
  SYS1(NR_close, place);
  return e;
}

static i64 pin_all(Request *r) {
  Pin *pins = PLACE(r, r->pins);
  for (u64 i = 0; i < r->pinCount; i++) {
    i64 e = bind_to_itself(PLACE(r, pins[i].path), pins[i].isReadOnly != 0);
    if (e < 0) return e;
  }
  return 0;
}

static int decimal(u64 number, char *text) {
  char digits[24];
  int count = 0, length = 0;
  do digits[count++] = (char)('0' + number % 10);
  while ((number /= 10) != 0);
  while (count > 0) text[length++] = digits[--count];
  return length;
}

/** A /proc that shows this namespace alone. How many processes it may have is said in there, by newer kernels. */
static i64 own_proc(void) {
  u64 set[4];
  i64 e = SYS5(NR_mount, "proc", "/proc", "proc", 2 | 4 | 8, 0);
  if (e < 0) return e;
  if (processesMax != 0) {
    char text[24];
    i64 fd = SYS4(NR_open_at, AT_HERE, "/proc/sys/kernel/pid_max", 1 | O_CLOEXEC_, 0);
    if (fd >= 0) {
      SYS3(NR_write, fd, text, decimal(processesMax, text));
      SYS1(NR_close, fd);
    }
  }
  set[0] = 1;
  set[1] = set[2] = set[3] = 0;
  return SYS5(NR_mount_setattr, AT_HERE, "/proc", 0, set, 32);
}

/** Ends every process but the keeper itself. Without a namespace, its children: orphans become its children too. */
static void kill_all(void) {
  char path[64], text[4096];
  if (isNamespaced) {
    SYS2(NR_kill, -1, SIGNAL_KILL);
    return;
  }
  int length = 0;
  const char *parts[3];
  parts[0] = "/proc/thread-self/children";
  for (const char *c = parts[0]; *c; c++) path[length++] = *c;
  path[length] = 0;
  i64 fd = SYS4(NR_open_at, AT_HERE, path, O_CLOEXEC_, 0);
  if (fd < 0) return;
  i64 got = SYS3(NR_read, fd, text, sizeof text - 1);
  SYS1(NR_close, fd);
  int pid = 0;
  for (i64 i = 0; i < got; i++) {
    if (text[i] >= '0' && text[i] <= '9') pid = pid * 10 + (text[i] - '0');
    else if (pid > 0) {
      SYS2(NR_kill, pid, SIGNAL_KILL);
      pid = 0;
    }
  }
}

/** Takes what ended. Returns 0 when nobody is left. */
static int reap(Slot *slot, int *isOver, int *status) {
  for (;;) {
    int word = 0;
    i64 pid = SYS4(NR_wait4, -1, &word, 1 | 0x40000000, 0);
    if (pid == -E_CHILD) return 0;
    if (pid <= 0) return 1;
    if (pid == slot->main) {
      *isOver = 1;
      *status = word;
    }
  }
}

enum { STEP_MS = 5, KILL_ROUNDS = 400 };

static int relay(Slot *slot);
static i64 take(Slot *slot);

/** What one word of the control pipe asks the command's group to be told; 0: the end of all. */
static int signal_of(char word) {
  switch (word) {
  case 'T': return SIGNAL_TERM;
  case 'H': return 1;
  case 'I': return 2;
  case 'Q': return 3;
  case '1': return 10;
  case '2': return 12;
  default: return 0;
  }
}

/** Makes the namespaces ready, waits for a request, and runs it to its end. */
static int keeper(void *argument) {
  Slot *slot = argument;
  u64 child_signal = 1ul << (SIGNAL_CHILD - 1), one = 1;
  PollEntry entries[2];
  int isOver = 0, status = 0, isTold = 0, isLeft = 0, step = 0;
  i64 e, failure = 0;
  // Without a namespace a keeper outlives the host: nobody else would end what its command left.
  if (isNamespaced) SYS5(NR_prctl, 1, SIGNAL_KILL, 0, 0, 0);
  SYS1(NR_setsid, 0);
  if (isNamespaced) {
    failure = own_proc();
    step = AT_PROC;
  } else {
    slot->keeper = (int)SYS1(NR_getpid, 0);
    SYS5(NR_prctl, 36, 1, 0, 0, 0); // orphans come to the keeper
  }
  e = SYS4(NR_signalfd4, -1, &child_signal, 8, 0x80800);
  if (e < 0 && failure == 0) {
    failure = e;
    step = AT_PROCESS;
  }
  int children = (int)e;
  slot->step = slot->error = slot->main = 0;
  if (failure == 0) {
    // It is ready before it is needed. It shares the descriptors until it is, and then the mounts.
    e = SYS2(NR_eventfd2, 0, O_CLOEXEC_);
    slot->go = (int)e;
    u8 *tls = slot->memory + TLS_BYTES / 4 * 3;
    *(u64 *)tls = (u64)tls;
    if (e >= 0) slot->main = clone_(command, slot->memory + TLS_BYTES + 2 * STACK_BYTES, CLONE_VM | CLONE_FILES | CLONE_SETTLS | SIGNAL_CHILD, slot, 0, tls, 0);
    if (slot->main <= 0) {
      failure = e < 0 ? e : -(i64)*error_place();
      step = AT_PROCESS;
    }
  }
  e = take(slot);
  Request *r = slot->request;
  if (e > 0 && failure == 0 && !(r->flags & RELAY)) {
    failure = pin_all(r);
    step = AT_MOUNT;
    if (failure == 0) SYS3(NR_write, slot->go, &one, 8);
  }
  // The host makes the next keeper as soon as this one is in use; the command goes first.
  SYS3(NR_write, waker, &one, 8);
  SYS1(NR_close, requests);
  if (e <= 0) SYS1(NR_exit, 0);
  if (failure < 0) return refuse(slot, step, failure);
  if (r->flags & RELAY) {
    if (slot->main > 0) SYS2(NR_kill, slot->main, SIGNAL_KILL);
    return relay(slot);
  }
  while (!isOver) {
    char word[8];
    poll_set(&entries[0], slot->fds[FD_CONTROL], POLL_IN);
    poll_set(&entries[1], children, POLL_IN);
    poll_for(entries, 2, -1);
    if (poll_got(&entries[1])) {
      char information[128];
      SYS3(NR_read, children, information, 128);
      if (!reap(slot, &isOver, &status)) break;
    }
    if (!isOver && poll_got(&entries[0])) {
      i64 got = SYS3(NR_read, slot->fds[FD_CONTROL], word, 1);
      int number = got == 1 ? signal_of(word[0]) : 0;
      if (number == SIGNAL_TERM || number == 0) isTold = 1;
      if (number == 0) break;
      // It may not have run yet, and then there is no group of its own to be told.
      if (SYS2(NR_kill, -slot->main, number) < 0) SYS2(NR_kill, slot->main, number);
    }
  }
  // A moment for those that are only finishing, such as `> >(tee log)`.
  int isAlive = reap(slot, &isOver, &status);
  i64 grace = isTold ? 20 : (i64)r->graceMs;
  if (isOver) {
    for (i64 waited = 0; isAlive && waited < grace; waited += STEP_MS) {
      poll_set(&entries[0], slot->fds[FD_CONTROL], POLL_IN);
      poll_set(&entries[1], children, POLL_IN);
      if (poll_for(entries, 2, STEP_MS) > 0) {
        char information[128];
        if (poll_got(&entries[0])) break;
        SYS3(NR_read, children, information, 128);
      }
      isAlive = reap(slot, &isOver, &status);
    }
    isLeft = isAlive;
  }
  for (int round = 0; isAlive && round < KILL_ROUNDS; round++) {
    kill_all();
    poll_set(&entries[1], children, POLL_IN);
    if (poll_for(&entries[1], 1, STEP_MS) > 0) {
      char information[128];
      SYS3(NR_read, children, information, 128);
    }
    isAlive = reap(slot, &isOver, &status);
  }
  // Not even SIGKILL ended it: it is in the hands of the kernel, and cannot go on.
  if (!isOver) status = SIGNAL_KILL;
  if (slot->step != 0) return refuse(slot, slot->step, -slot->error);
  tell(slot, ENDED, status, isLeft, 0);
  // The kernel takes the namespaces down before it lets go of what is open, and that takes longer than many a command.
  SYS3(NR_close_range, 0, ~0u, 0);
  SYS1(NR_exit, 0);
  return 0;
}

// ---- The relay: a port on the loopback address of the namespace that leads to a socket outside of it.

enum { WAYS = 64, CHUNK = 16384 };
typedef struct { int fd; u8 isEnded, isShut; int start, length; u8 *bytes; } End;
typedef struct { int isOpen; End near, far; } Way;

static void shut(Way *way) {
  SYS1(NR_close, way->near.fd);
  SYS1(NR_close, way->far.fd);
  way->isOpen = 0;
}

/** Takes from one end what the other can be given. Returns false when the way is broken. */
static int pass(End *from, End *to) {
  if (from->length == 0 && !from->isEnded) {
    i64 got = SYS3(NR_read, from->fd, from->bytes, CHUNK);
    if (got == 0) from->isEnded = 1;
    else if (got > 0) {
      from->start = 0;
      from->length = (int)got;
    } else if (got != -E_AGAIN && got != -E_INTR) return 0;
  }
  if (from->length > 0) {
    i64 sent = SYS6(NR_sendto, to->fd, from->bytes + from->start, from->length, 0x4000, 0, 0);
    if (sent > 0) {
      from->start += (int)sent;
      from->length -= (int)sent;
    } else if (sent != -E_AGAIN && sent != -E_INTR) return 0;
  }
  if (from->length == 0 && from->isEnded && !from->isShut) {
    from->isShut = 1;
    SYS2(NR_shutdown, to->fd, 1);
  }
  return 1;
}

static int wants(End *end, End *other) {
  return (end->length == 0 && !end->isEnded ? POLL_IN : 0) | (other->length > 0 ? POLL_OUT : 0);
}

static void open_way(Way *ways, u8 *buffers, int listener, u8 *address, int addressBytes) {
  i64 near = SYS4(NR_accept4, listener, 0, 0, 0x80800);
  if (near < 0) return;
  for (int i = 0; i < WAYS; i++) {
    if (ways[i].isOpen) continue;
    i64 far = SYS3(NR_socket, 1, 0x80001, 0);
    if (far < 0 || SYS3(NR_connect, far, address, addressBytes) < 0) {
      if (far >= 0) SYS1(NR_close, far);
      break;
    }
    SYS3(NR_fcntl, far, 4, 0x800);
    Way *way = &ways[i];
    u8 *bytes = buffers + (u64)i * 2 * CHUNK;
    way->isOpen = 1;
    way->near.fd = (int)near;
    way->near.bytes = bytes;
    way->far.fd = (int)far;
    way->far.bytes = bytes + CHUNK;
    way->near.isEnded = way->near.isShut = way->far.isEnded = way->far.isShut = 0;
    way->near.length = way->far.length = 0;
    return;
  }
  SYS1(NR_close, near);
}

/** A listening socket on the loopback address, and its port. */
static i64 listen_for(int *port) {
  u8 address[16];
  u32 bytes = 16;
  for (int i = 0; i < 16; i++) address[i] = 0;
  address[0] = 2;
  address[4] = 127;
  address[7] = 1;
  i64 listener = SYS3(NR_socket, 2, 0x80801, 0);
  if (listener < 0) return listener;
  i64 e = SYS3(NR_bind, listener, address, 16);
  if (e == 0) e = SYS2(NR_listen, listener, 64);
  if (e == 0) e = SYS3(NR_getsockname, listener, address, &bytes);
  if (e < 0) return e;
  *port = address[2] * 256 + address[3];
  return listener;
}

/** Passes bytes until skein lets go of the control pipe. Here FD_IN is the socket outside, by descriptor. */
static int relay(Slot *slot) {
  int control = slot->fds[FD_CONTROL], port = 0;
  u8 address[112];
  int length = 2;
  i64 listener = listen_for(&port);
  if (listener < 0) return refuse(slot, AT_RELAY, listener);
  tell(slot, ENDED, port, 0, 0);
  SYS1(NR_close, slot->fds[FD_STATUS]);
  address[0] = 1;
  address[1] = 0;
  const char *path = "/proc/self/fd/";
  for (; *path; path++) address[length++] = (u8)*path;
  length += decimal((u64)slot->fds[FD_IN], (char *)address + length);
  address[length++] = 0;
  Way *ways = (Way *)(slot->memory + TLS_BYTES + 3 * STACK_BYTES);
  u8 *buffers = (u8 *)(ways + WAYS);
  PollEntry *entries = (PollEntry *)(buffers + (u64)WAYS * 2 * CHUNK);
  for (;;) {
    poll_set(&entries[0], control, 0);
    poll_set(&entries[1], listener, POLL_IN);
    for (int i = 0; i < WAYS; i++) {
      Way *way = &ways[i];
      int near = way->isOpen ? wants(&way->near, &way->far) : 0, far = way->isOpen ? wants(&way->far, &way->near) : 0;
      poll_set(&entries[2 + 2 * i], near ? way->near.fd : -1, near);
      poll_set(&entries[3 + 2 * i], far ? way->far.fd : -1, far);
    }
    poll_for(entries, 2 + 2 * WAYS, -1);
    if (poll_got(&entries[0])) break;
    for (int i = 0; i < WAYS; i++) {
      Way *way = &ways[i];
      if (!way->isOpen || !(poll_got(&entries[2 + 2 * i]) | poll_got(&entries[3 + 2 * i]))) continue;
      if (!pass(&way->near, &way->far) || !pass(&way->far, &way->near) || (way->near.isShut && way->far.isShut)) shut(way);
    }
    if (poll_got(&entries[1])) open_way(ways, buffers, (int)listener, address, length);
  }
  SYS1(NR_exit, 0);
  return 0;
}

// ---- The host.

enum { RELAY_BYTES = 4096 + WAYS * 2 * CHUNK + (2 + 2 * WAYS) * 8 + WAYS * 128 };

enum { SLOT_BYTES = TLS_BYTES + 3 * STACK_BYTES + RELAY_BYTES };

static void release(Slot *slot) {
  int status;
  SYS4(NR_wait4, slot->pid, &status, 0x40000000, 0);
  SYS1(NR_close, slot->pidfd);
  if (slot->request != 0) SYS2(NR_munmap, slot->request, slot->requestBytes);
  SYS2(NR_munmap, slot->memory, SLOT_BYTES);
  slot->request = 0;
  slot->pid = 0;
}

/** Makes a keeper that waits for a request. */
static i64 prepare(Slot *slot) {
  slot->memory = (u8 *)SYS6(NR_mmap, 0, SLOT_BYTES, 3, 0x4022, -1, 0);
  if ((i64)slot->memory < 0 && (i64)slot->memory > -4096) return (i64)slot->memory;
  u8 *tls = slot->memory + TLS_BYTES / 4;
  // The C library finds its error number from here; on some machines the first word has to say where "here" is.
  *(u64 *)tls = (u64)tls;
  slot->request = 0;
  int flags = CLONE_VM | CLONE_SETTLS | CLONE_PIDFD | (isNamespaced ? CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC : 0);
  int pid = clone_(keeper, slot->memory + TLS_BYTES + STACK_BYTES, flags, slot, &slot->pidfd, tls, 0);
  if (pid < 0) {
    i64 error = -(i64)*error_place();
    SYS2(NR_munmap, slot->memory, SLOT_BYTES);
    return error;
  }
  slot->pid = pid;
  return 0;
}

/** Turns the places of words into addresses. */
static void resolve(Request *r, u64 list) {
  for (u64 *word = PLACE(r, list); *word != 0; word++) *word += (u64)r;
}

/** One message: how long the request is, and the descriptors. Returns 0 when skein is gone. */
static i64 take(Slot *slot) {
  u64 length = 0, iov[2], header[7], control[16];
  for (;;) {
    iov[0] = (u64)&length;
    iov[1] = 8;
    for (int i = 0; i < 7; i++) header[i] = 0;
    header[2] = (u64)iov;
    header[3] = 1;
    header[4] = (u64)control;
    header[5] = sizeof control;
    i64 got = SYS3(NR_recvmsg, requests, header, 0x40000000);
    if (got == -E_INTR) continue;
    if (got <= 0) return got;
    int *fds = (int *)&control[2];
    int count = header[5] < 16 ? 0 : (int)((control[0] - 16) / 4);
    if (count != FD_COUNT || length < sizeof(Request)) return -E_INVAL;
    for (int i = 0; i < FD_COUNT; i++) slot->fds[i] = fds[i];
    i64 place = SYS6(NR_mmap, 0, length, 3, 2, fds[FD_REQUEST], 0);
    SYS1(NR_close, fds[FD_REQUEST]);
    if (place < 0 && place > -4096) return place;
    slot->requestBytes = length;
    slot->request = (Request *)place;
    resolve(slot->request, slot->request->arguments);
    resolve(slot->request, slot->request->environment);
    resolve(slot->request, slot->request->candidates);
    return got;
  }
}

static void read_bounding_set(void) {
  for (int capability = 0; capability < 64; capability++) {
    i64 has = SYS2(NR_prctl, 23, capability);
    if (has < 0) break; // beyond the last one that this kernel knows
    boundingSet |= (u64)has << capability;
  }
}

/**
 * Serves until skein is gone: one keeper is always ready, and takes the next request by itself. Returns the number of the
 * error that made it stop.
 */
int serve(int from, int namespaced, int processes, u64 capabilities_kept, void *given_filter, int filter_count, Call given_call, Clone given_clone, ErrorPlace given_place) {
  u64 action[4];
  call = given_call;
  clone_ = given_clone;
  error_place = given_place;
  requests = from;
  isNamespaced = namespaced;
  processesMax = (u64)processes;
  keptCapabilities = capabilities_kept;
  filterPlace = given_filter;
  filterCount = filter_count;
  SYS4(NR_sigprocmask, 0, &ALL_SIGNALS, 0, 8);
  for (int i = 0; i < 4; i++) action[i] = 0;
  for (int signal = 1; signal <= 64; signal++) SYS4(NR_sigaction, signal, action, 0, 8);
  SYS5(NR_prctl, 4, 0, 0, 0, 0); // nobody looks into this memory
  SYS3(NR_close_range, requests + 1, ~0u, 0);
  for (int fd = 3; fd < requests; fd++) SYS1(NR_close, fd);
  read_bounding_set();
  i64 e = SYS2(NR_eventfd2, 0, 0x80800);
  if (e < 0) return (int)-e;
  woken = waker = (int)e;
  int isReady = 0;
  for (;;) {
    int count = 0;
    Slot *idle = 0;
    poll_set(&waiting[count++], woken, POLL_IN);
    for (int i = 0; i < SLOTS; i++) {
      if (slots[i].pid == 0) {
        idle = &slots[i];
        continue;
      }
      waitingSlot[count] = i;
      poll_set(&waiting[count++], slots[i].pidfd, POLL_IN);
    }
    if (!isReady && idle != 0) {
      e = prepare(idle);
      if (e < 0) return (int)-e;
      isReady = 1;
      continue;
    }
    e = poll_for(waiting, count, -1);
    if (e < 0 && e != -E_INTR) return (int)-e;
    for (int i = 1; i < count; i++)
      if (poll_got(&waiting[i])) release(&slots[waitingSlot[i]]);
    if (poll_got(&waiting[0])) {
      u64 number;
      SYS3(NR_read, woken, &number, 8);
      isReady = 0;
      // Skein is gone: there is nothing more to be ready for.
      poll_set(&waiting[0], requests, 0);
      poll_for(waiting, 1, 0);
      if (poll_got(&waiting[0])) return 0;
    }
  }
}
