/**
 * What a command may not ask of the kernel, as a seccomp program. A mount or a namespace of its own, a look into other
 * processes, sockets of the machine, a terminal's input queue: each would lead around the rest of the confinement.
 */
export interface FilterOptions {
  readonly arch: "x64" | "arm64"
  /** TCP and UDP sockets; only where the command has a network namespace of its own. */
  readonly hasInternet: boolean
}

const EPERM = 1
const ENOSYS = 38
const EAFNOSUPPORT = 97

/** Instructions of classic BPF, see seccomp(2): code, jumps when true and false, operand. */
type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, operand: number]
const LOAD = 0x20
const EQUAL = 0x15
const AT_LEAST = 0x35
const HAS_BITS = 0x45
const AND = 0x54
const RETURN = 0x06
const JUMP = 0x05
const ALLOW: Instruction = [RETURN, 0, 0, 0x7fff0000]
const refusal = (errno: number): Instruction => [RETURN, 0, 0, 0x00050000 | errno]

const NUMBER_AT = 0
const ARCH_AT = 4
/** The low half of an argument, which is all that the kernel looks at where it is compared here. */
const argumentAt = (index: number) => 16 + 8 * index

/** Low and high half of each instruction, in order. */
export function seccompFilter({ arch, hasInternet }: FilterOptions): Uint32Array {
  const numbers = NUMBERS[arch]
  const program: Instruction[] = [
    [LOAD, 0, 0, ARCH_AT],
    [EQUAL, 1, 0, arch === "x64" ? 0xc000003e : 0xc00000b7],
    // Programs of another architecture have other numbers for the same calls.
    refusal(ENOSYS),
    [LOAD, 0, 0, NUMBER_AT],
    // The x32 variants of the same calls.
    ...(arch === "x64" ? ([[AT_LEAST, 0, 1, 0x40000000], refusal(ENOSYS)] as const) : []),
  ]
  const blocks: Block[] = []
  const on = (name: string, instructions: readonly Instruction[]) => {
    const number = numbers[name]
    if (number !== undefined) blocks.push({ number, instructions })
  }
  for (const name of REFUSED) on(name, [refusal(EPERM)])
  // Their arguments lie in memory, where a filter cannot look; programs then use the older call.
  for (const name of ["clone3", "openat2"]) on(name, [refusal(ENOSYS)])
  for (const name of ["clone", "unshare"]) on(name, refuseBits(0, name === "clone" ? NAMESPACES : NAMESPACES | 0x80))
  on("socket", sockets(hasInternet))
  on("ioctl", refuseValues(1, TERMINAL_TRICKS))
  on("personality", onlyValues(0, [0, 0xffffffff]))
  for (const [name, index] of Object.entries(MODES)) on(name, refuseBits(index, SET_ID))
  for (const [name, flags] of Object.entries(OPENS)) on(name, openBlock(flags))
  program.push(...choose(blocks.toSorted((a, b) => a.number - b.number)))
  return Uint32Array.from(program.flatMap(([code, yes, no, operand]) => [code | (yes << 16) | (no << 24), operand]))
}

interface Block {
  readonly number: number
  readonly instructions: readonly Instruction[]
}

/**
 * Finds the block by halving: the kernel tries every call once when the filter is installed, which is half of the time a
 * command takes to start if each has to pass all the numbers.
 */
function choose(blocks: readonly Block[]): readonly Instruction[] {
  const [only] = blocks
  if (only === undefined) return [ALLOW]
  if (blocks.length === 1) return [[EQUAL, 1, 0, only.number], ALLOW, ...only.instructions]
  const half = Math.floor(blocks.length / 2)
  const lower = choose(blocks.slice(0, half))
  const upper = blocks.slice(half)
  // Jumps of a test reach 255 instructions; a plain one reaches any.
  return [[AT_LEAST, 0, 1, upper[0]?.number ?? 0], [JUMP, 0, 0, lower.length], ...lower, ...choose(upper)]
}

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET. */
const NAMESPACES = 0x7e020000
const SET_ID = 0o6000
/** TIOCSTI types for the person; TIOCLINUX pastes; TIOCCONS takes the console; TIOCSETD changes a line's nature. */
const TERMINAL_TRICKS = [0x5412, 0x541c, 0x541d, 0x5423] as const
/** Which argument is the mode. */
const MODES = { chmod: 1, fchmod: 1, fchmodat: 2, fchmodat2: 2, creat: 1, mknod: 1, mknodat: 2 } as const
/** Which argument holds the flags; the mode comes behind. */
const OPENS = { open: 1, openat: 2 } as const
/** O_CREAT, and the bit that O_TMPFILE has for itself. */
const CREATES = 0o100 | 0o20000000

function refuseBits(index: number, bits: number): readonly Instruction[] {
  return [[LOAD, 0, 0, argumentAt(index)], [HAS_BITS, 0, 1, bits], refusal(EPERM), ALLOW]
}

function refuseValues(index: number, values: readonly number[]): readonly Instruction[] {
  const tests = values.map((value, at): Instruction => [EQUAL, values.length - at, 0, value])
  return [[LOAD, 0, 0, argumentAt(index)], ...tests, ALLOW, refusal(EPERM)]
}

function onlyValues(index: number, values: readonly number[]): readonly Instruction[] {
  const tests = values.map((value, at): Instruction => [EQUAL, values.length - at, 0, value])
  return [[LOAD, 0, 0, argumentAt(index)], ...tests, refusal(EPERM), ALLOW]
}

/** The mode counts only where a file may be made. */
function openBlock(flagsIndex: number): readonly Instruction[] {
  const look = (index: number): Instruction => [LOAD, 0, 0, argumentAt(index)]
  const made: readonly Instruction[] = [look(flagsIndex + 1), [HAS_BITS, 0, 1, SET_ID], refusal(EPERM), ALLOW]
  return [look(flagsIndex), [HAS_BITS, 1, 0, CREATES], ALLOW, ...made]
}

/**
 * A socket of the machine answers whoever may connect, so none is made that could; pairs stay, which programs use among
 * themselves. Of the internet's, streams and datagrams: nothing raw.
 */
function sockets(hasInternet: boolean): readonly Instruction[] {
  const family: Instruction = [LOAD, 0, 0, argumentAt(0)]
  const local: readonly Instruction[] = [[EQUAL, 0, 1, 1], refusal(EPERM)]
  if (!hasInternet) return [family, ...local, refusal(EAFNOSUPPORT)]
  return [
    family,
    ...local,
    [EQUAL, 2, 0, 2],
    [EQUAL, 1, 0, 10],
    refusal(EAFNOSUPPORT),
    [LOAD, 0, 0, argumentAt(1)],
    // Without SOCK_NONBLOCK and SOCK_CLOEXEC.
    [AND, 0, 0, 0xf],
    [EQUAL, 1, 0, 1],
    [EQUAL, 0, 1, 2],
    ALLOW,
    refusal(EPERM),
  ]
}

const REFUSED = (
  "ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd mount umount2 pivot_root move_mount open_tree open_tree_attr " +
  "fsopen fsconfig fsmount fspick mount_setattr setns chroot bpf perf_event_open keyctl add_key request_key io_uring_setup " +
  "io_uring_enter io_uring_register userfaultfd kexec_load kexec_file_load init_module finit_module delete_module reboot " +
  "swapon swapoff acct quotactl quotactl_fd iopl ioperm settimeofday clock_settime clock_adjtime sethostname setdomainname " +
  "syslog vhangup open_by_handle_at fanotify_init modify_ldt lookup_dcookie nfsservctl"
).split(" ")

/** From the kernel's tables; calls numbered 424 and above have the same number everywhere. */
const SHARED = {
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  fspick: 433,
  clone3: 435,
  openat2: 437,
  pidfd_getfd: 438,
  mount_setattr: 442,
  quotactl_fd: 443,
  fchmodat2: 452,
  open_tree_attr: 467,
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
} as const
const NUMBERS: Readonly<Record<"x64" | "arm64", Readonly<Record<string, number>>>> = {
  x64: {
    ...SHARED,
    open: 2,
    ioctl: 16,
    socket: 41,
    clone: 56,
    creat: 85,
    chmod: 90,
    fchmod: 91,
    syslog: 103,
    ptrace: 101,
    mknod: 133,
    personality: 135,
    vhangup: 153,
    modify_ldt: 154,
    pivot_root: 155,
    chroot: 161,
    acct: 163,
    settimeofday: 164,
    mount: 165,
    umount2: 166,
    swapon: 167,
    swapoff: 168,
    reboot: 169,
    sethostname: 170,
    setdomainname: 171,
    iopl: 172,
    ioperm: 173,
    init_module: 175,
    delete_module: 176,
    quotactl: 179,
    nfsservctl: 180,
    lookup_dcookie: 212,
    clock_settime: 227,
    kexec_load: 246,
    add_key: 248,
    request_key: 249,
    keyctl: 250,
    openat: 257,
    mknodat: 259,
    fchmodat: 268,
    unshare: 272,
    perf_event_open: 298,
    fanotify_init: 300,
    open_by_handle_at: 304,
    clock_adjtime: 305,
    setns: 308,
    process_vm_readv: 310,
    process_vm_writev: 311,
    kcmp: 312,
    finit_module: 313,
    kexec_file_load: 320,
    bpf: 321,
    userfaultfd: 323,
  },
  arm64: {
    ...SHARED,
    lookup_dcookie: 18,
    ioctl: 29,
    mknodat: 33,
    umount2: 39,
    mount: 40,
    pivot_root: 41,
    nfsservctl: 42,
    chroot: 51,
    fchmod: 52,
    fchmodat: 53,
    openat: 56,
    vhangup: 58,
    quotactl: 60,
    acct: 89,
    personality: 92,
    unshare: 97,
    kexec_load: 104,
    init_module: 105,
    delete_module: 106,
    clock_settime: 112,
    syslog: 116,
    ptrace: 117,
    reboot: 142,
    sethostname: 161,
    setdomainname: 162,
    settimeofday: 170,
    socket: 198,
    add_key: 217,
    request_key: 218,
    keyctl: 219,
    clone: 220,
    swapon: 224,
    swapoff: 225,
    perf_event_open: 241,
    fanotify_init: 262,
    open_by_handle_at: 265,
    clock_adjtime: 266,
    setns: 268,
    process_vm_readv: 270,
    process_vm_writev: 271,
    kcmp: 272,
    finit_module: 273,
    bpf: 280,
    userfaultfd: 282,
    kexec_file_load: 294,
  },
}
