import { NUMBERS, REFUSED, SHARED_BY_ALL } from "./calls.ts"

/**
 * What a command may not ask of the kernel, as a seccomp program. A mount or a namespace of its own, a look into other
 * processes, sockets of the machine, a terminal's input queue: each would lead around the rest of the confinement.
 */
export interface FilterOptions {
  readonly arch: "x64" | "arm64"
  /**
   * The command has namespaces of its own: it sees no process but its own, and may have TCP and UDP sockets, queues and
   * segments, which lead nowhere.
   */
  readonly isNamespaced: boolean
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
export function seccompFilter({ arch, isNamespaced }: FilterOptions): Uint32Array {
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
  on("socket", sockets(isNamespaced))
  on("socketpair", PAIRS)
  on("prlimit64", onlyZeros([0]))
  if (!isNamespaced) {
    for (const name of SHARED_BY_ALL) on(name, [refusal(EPERM)])
    for (const [name, indexes] of Object.entries(PROCESSES)) on(name, onlyZeros(indexes))
    on("ioprio_set", ONE_PRIORITY)
  }
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

/** Which arguments name a process: 0 is whoever asks. */
const PROCESSES = {
  sched_setaffinity: [0],
  sched_setscheduler: [0],
  sched_setparam: [0],
  sched_setattr: [0],
  move_pages: [0],
  migrate_pages: [0],
  // The first says whether the second is a process (0), a group or a user.
  setpriority: [0, 1],
} as const
/** IOPRIO_WHO_PROCESS, of whoever asks. */
const ONE_PRIORITY: readonly Instruction[] = [
  [LOAD, 0, 0, argumentAt(0)],
  [EQUAL, 1, 0, 1],
  refusal(EPERM),
  [LOAD, 0, 0, argumentAt(1)],
  [EQUAL, 1, 0, 0],
  refusal(EPERM),
  ALLOW,
]

function onlyZeros(indexes: readonly number[]): readonly Instruction[] {
  const tests = indexes.flatMap((index): readonly Instruction[] => [
    [LOAD, 0, 0, argumentAt(index)],
    [EQUAL, 1, 0, 0],
    refusal(EPERM),
  ])
  return [...tests, ALLOW]
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
function sockets(isNamespaced: boolean): readonly Instruction[] {
  const family: Instruction = [LOAD, 0, 0, argumentAt(0)]
  const local: readonly Instruction[] = [[EQUAL, 0, 1, 1], refusal(EPERM)]
  if (!isNamespaced) return [family, ...local, refusal(EAFNOSUPPORT)]
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

/**
 * Streams and sequences of AF_UNIX alone: one end of a pair of datagrams, which a raw one becomes, sends to any socket of
 * the machine that lets it.
 */
const PAIRS: readonly Instruction[] = [
  [LOAD, 0, 0, argumentAt(0)],
  [EQUAL, 1, 0, 1],
  refusal(EPERM),
  [LOAD, 0, 0, argumentAt(1)],
  [AND, 0, 0, 0xf],
  [EQUAL, 2, 0, 1],
  [EQUAL, 1, 0, 5],
  refusal(EPERM),
  ALLOW,
]
