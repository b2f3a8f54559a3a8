import { constants, openSync } from "node:fs"

/** Both ends of a kernel pipe, closed on exec. */
export interface Pipe {
  readonly read: number
  readonly write: number
}

const O_CLOEXEC = 0o2000000
const LIBRARIES =
  process.platform === "darwin"
    ? ["libSystem.B.dylib"]
    : ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`]

let makePipe: Promise<() => Pipe> | undefined

/**
 * A real pipe. The runtime's own are sockets, and a socket cannot be opened again by name: `echo oops > /dev/stderr`
 * would fail in every command. Two streams given the same pipe also keep the order in which they were written.
 */
export async function openPipe(): Promise<Pipe> {
  makePipe ??= loadPipe()
  return (await makePipe)()
}

/** The read end once more, as a description of its own that never blocks. Linux only. */
export function reopenWithoutBlocking(fd: number): number {
  return openSync(`/proc/self/fd/${fd}`, constants.O_RDONLY | constants.O_NONBLOCK)
}

async function loadPipe(): Promise<() => Pipe> {
  const ffi = await import("bun:ffi")
  const causes: unknown[] = []
  for (const library of LIBRARIES) {
    try {
      const fill = pipeCall(ffi, library)
      return () => {
        const ends = new Int32Array(2)
        const failed = fill(ends)
        const [read, write] = ends
        if (failed !== 0 || read === undefined || write === undefined) {
          throw new Error("Could not open a pipe: too many open files?")
        }
        return { read, write }
      }
    } catch (cause) {
      causes.push(cause)
    }
  }
  throw new AggregateError(causes, `Could not load pipe() from ${LIBRARIES.join(" or ")}`)
}

/** The C library's call that writes two descriptors into what it is given; 0 when it could. */
function pipeCall({ dlopen, ptr }: typeof import("bun:ffi"), library: string): (ends: Int32Array) => number {
  if (process.platform === "darwin") {
    const { symbols } = dlopen(library, { pipe: { args: ["ptr"], returns: "i32" } })
    return (ends) => symbols.pipe(ptr(ends))
  }
  const { symbols } = dlopen(library, { pipe2: { args: ["ptr", "i32"], returns: "i32" } })
  return (ends) => symbols.pipe2(ptr(ends), O_CLOEXEC)
}
