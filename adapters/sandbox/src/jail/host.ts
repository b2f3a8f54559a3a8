import { closeSync, openSync } from "node:fs"
import { openPipe, readWithoutBlocking } from "../pipe.ts"
import source from "./confine.c" with { type: "text" }
import { descriptors } from "./descriptors.ts"

/** A process of ours inside one confinement, which starts commands there. */
export interface JailHost {
  /** Hands a request over, with what goes with it. False when the host is gone; nothing was started then. */
  send(request: Uint8Array, fds: readonly number[]): Promise<boolean>
  /** What was said on its standard error so far: by bubblewrap, when it could not set up. */
  complaint(): string
  /** Ends it and every command in it. */
  end(): void
}

/** Descriptors of the host: the running program, the source it compiles, and where requests come from. */
const PROGRAM = 3
const SOURCE = 4
const REQUESTS = 5

/**
 * All that runs in the host: a few lines that compile `confine.c` and hand it what it needs of the C library. The source
 * comes by descriptor, from memory: no command has a way to it.
 */
const SCRIPT = `
import { cc, dlopen } from "bun:ffi"
import { readdirSync, rmSync } from "node:fs"
const names = { dlsym: { args: ["ptr", "ptr"], returns: "ptr" } }
const open = (library) => { try { return dlopen(library, names) } catch { return undefined } }
const arch = process.arch === "arm64" ? "aarch64" : "x86_64"
const { symbols } = open("libc.so.6") ?? dlopen("libc.musl-" + arch + ".so.1", names)
const place = (name) => symbols.dlsym(null, Buffer.from(name + "\\0"))
const { symbols: { serve } } = cc({ source: "/proc/self/fd/${SOURCE}", flags: "-nostdlib",
  symbols: { serve: { args: ["i32", "i32", "i32", "u64", "ptr", "i32", "ptr", "ptr", "ptr"], returns: "i32" } } })
for (const name of readdirSync(process.env.TMPDIR))
  if (name.startsWith("bun-cc")) rmSync(process.env.TMPDIR + "/" + name, { recursive: true })
const { isNamespaced, processesMax, capabilities, filter } = JSON.parse(process.argv.at(-1))
const program = Uint32Array.from(filter)
process.exit(serve(${REQUESTS}, isNamespaced ? 1 : 0, processesMax, capabilities, program, program.length / 2, place("syscall"), place("clone"), place("__errno_location")))
`

export interface HostPlan {
  /** The program that confines it and its arguments; what runs in there is put behind. */
  readonly around: readonly string[]
  /** A folder, as the host sees it, where no command has ever written. */
  readonly scratch: string
  /** Whether each command gets process, mount and message namespaces of its own. */
  readonly isNamespaced: boolean
  /** Process numbers in a command's namespace; kernels before 6.14 know no such bound. 0: none. */
  readonly processesMax: number
  /** Capabilities that commands keep, as bits. */
  readonly capabilities: number
  /** A seccomp program: each instruction in two halves. */
  readonly filter: Uint32Array
}

/** Starts a host. */
export async function startHost({ around, scratch, filter, ...settings }: HostPlan): Promise<JailHost> {
  const { socketPair, memoryFile, send } = await descriptors()
  const said = await openPipe()
  const opened: number[] = [said.write]
  const keep = (fd: number) => {
    opened.push(fd)
    return fd
  }
  const [ours, theirs] = socketPair()
  keep(theirs)
  const child = (() => {
    try {
      // The program that runs now, whatever has become of the file it was started from.
      const image = keep(openSync("/proc/self/exe", "r"))
      const text = keep(memoryFile(new TextEncoder().encode(source)))
      const program = [`/proc/self/fd/${PROGRAM}`, "--smol", "-e", SCRIPT]
      const given = JSON.stringify({ ...settings, filter: [...filter] })
      return Bun.spawn([...around, ...program, given], {
        cwd: "/",
        // The compiler keeps its own files in the temporary folder, and reads them again: not where commands write.
        env: { BUN_BE_BUN: "1", TMPDIR: scratch, BUN_TMPDIR: scratch },
        stdio: ["ignore", "ignore", said.write, image, text, theirs],
        detached: true,
      })
    } catch (error) {
      closeSync(ours)
      closeSync(said.read)
      throw error
    } finally {
      for (const fd of opened) closeSync(fd)
    }
  })()
  child.unref()
  let isOpen = true
  return {
    async send(request, fds) {
      if (!isOpen) return false
      const body = memoryFile(request)
      try {
        return send(ours, request.length, [body, ...fds])
      } finally {
        closeSync(body)
      }
    },
    complaint: () => (isOpen ? readWithoutBlocking(said.read).trim() : ""),
    end() {
      if (!isOpen) return
      isOpen = false
      closeSync(ours)
      closeSync(said.read)
      child.kill("SIGKILL")
    },
  }
}
