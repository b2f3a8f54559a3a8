import type { FFIFunction, Library } from "bun:ffi"
import { closeSync, constants, openSync, readSync } from "node:fs"

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

/** What a pipe holds now, at most 64 KiB of it, as text; empty when there is nothing. Linux only. */
export function readWithoutBlocking(fd: number): string {
  const again = reopenWithoutBlocking(fd)
  const bytes = new Uint8Array(65_536)
  try {
    return new TextDecoder().decode(bytes.subarray(0, readSync(again, bytes)))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return ""
    throw error
  } finally {
    closeSync(again)
  }
}

/** Calls of the C library, from whichever there is. */
export async function openLibrary<Calls extends Record<string, FFIFunction>>(calls: Calls): Promise<Library<Calls>> {
  const { dlopen } = await import("bun:ffi")
  const causes: unknown[] = []
  for (const library of LIBRARIES) {
    try {
      return dlopen(library, calls)
    } catch (cause) {
      causes.push(cause)
    }
  }
  throw new AggregateError(causes, `Could not load ${Object.keys(calls).join(", ")} from ${LIBRARIES.join(" or ")}`)
}

async function loadPipe(): Promise<() => Pipe> {
  const { ptr } = await import("bun:ffi")
  const fill = await pipeCall(ptr)
  return () => {
    const ends = new Int32Array(2)
    const failed = fill(ends)
    const [read, write] = ends
    if (failed !== 0 || read === undefined || write === undefined) {
      throw new Error("Could not open a pipe: too many open files?")
    }
    return { read, write }
  }
}

/** The C library's call that writes two descriptors into what it is given; 0 when it could. */
async function pipeCall(ptr: typeof import("bun:ffi").ptr): Promise<(ends: Int32Array) => number> {
  if (process.platform === "darwin") {
    const { symbols } = await openLibrary({ pipe: { args: ["ptr"], returns: "i32" } })
    return (ends) => symbols.pipe(ptr(ends))
  }
  const { symbols } = await openLibrary({ pipe2: { args: ["ptr", "i32"], returns: "i32" } })
  return (ends) => symbols.pipe2(ptr(ends), O_CLOEXEC)
}
