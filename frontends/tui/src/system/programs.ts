import { constants } from "node:fs"
import { access, stat } from "node:fs/promises"
import { isAbsolute, join } from "node:path"
import { isRefusal } from "./disk.ts"

/** The machine's programs. A fake of it is another machine. */
export interface Programs {
  /** Undefined when there is none of this name. What the program does is no error. */
  run(argv: Argv, how: Running): Promise<Ran | undefined>
  /** With the terminal in its hands. The exit code; undefined when there is none of this name. */
  attend(argv: Argv): Promise<number | undefined>
}

export type Argv = readonly [program: string, ...args: string[]]

/** How a program is run. */
export interface Running {
  readonly input?: string | Uint8Array | undefined
  readonly timeoutMs: number
  /** Of output; a program that says more is ended. */
  readonly bytesMax?: number | undefined
  /** Nothing that it says is read: some stay in the background and keep what they write to open. */
  readonly isQuiet?: boolean | undefined
  /** Nothing of a project, when not said. */
  readonly cwd?: string | undefined
  /** In place of the person's. */
  readonly env?: Env | undefined
}

/** What came of it. */
export interface Ran {
  /** Undefined when it was ended: it took too long, or said too much. */
  readonly exitCode: number | undefined
  /** All of it, or as much as came until then. */
  readonly out: Uint8Array
  /** The beginning of what it complained about. */
  readonly complaint: string
}

export type Env = Readonly<Record<string, string | undefined>>

/** The real ones, found by the absolute folders of PATH: a project cannot put one in the way. Nothing here waits in line with keys. */
export function machinePrograms(env: Env): Programs {
  const known = new Map<string, string>()
  const find = async (name: string) => {
    const found = known.get(name) ?? (await located(name, env.PATH ?? ""))
    if (found !== undefined) known.set(name, found)
    return found
  }
  return {
    async run([name, ...args], how) {
      const program = await find(name)
      return program === undefined ? undefined : ran([program, ...args], { env, ...how })
    },
    async attend([name, ...args]) {
      const program = await find(name)
      return program === undefined ? undefined : await attended([program, ...args], env)
    },
  }
}

/** A folder of PATH may be slow, as one of another system is: each is asked in its turn, and none is waited for by a key. */
async function located(name: string, path: string): Promise<string | undefined> {
  if (name.includes("/")) return isAbsolute(name) && (await isProgram(name)) ? name : undefined
  for (const folder of path.split(":")) {
    if (isAbsolute(folder) && (await isProgram(join(folder, name)))) return join(folder, name)
  }
  return undefined
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}

const OUTPUT_BYTES_MAX = 1024 * 1024
const COMPLAINT_BYTES_MAX = 2048

async function ran(argv: Argv, { input, timeoutMs, bytesMax = OUTPUT_BYTES_MAX, isQuiet, cwd, env }: Running) {
  const child = started(argv, { input, isQuiet, cwd, env })
  if (child === undefined) return undefined
  let isEnded = false
  const { promise: over, resolve: end } = Promise.withResolvers<undefined>()
  const stop = () => {
    isEnded = true
    killGroup(child.pid)
    end(undefined)
  }
  const timer = setTimeout(stop, timeoutMs)
  const reading = [
    taken(child.stdout, { bytesMax, over, onFull: stop }),
    taken(child.stderr, { bytesMax: COMPLAINT_BYTES_MAX, over }),
  ] as const
  const [out, complaint] = await Promise.all(reading)
  const exitCode = await Promise.race([child.exited, over])
  clearTimeout(timer)
  return { exitCode: isEnded ? undefined : exitCode, out, complaint: new TextDecoder().decode(complaint) }
}

/** Undefined for what has the rights of a program and is none, or is for another kind of machine. */
function started(argv: Argv, { input, isQuiet, cwd, env }: Pick<Running, "input" | "isQuiet" | "cwd" | "env">) {
  const said = isQuiet === true ? "ignore" : "pipe"
  try {
    return Bun.spawn([...argv], {
      cwd: cwd ?? "/",
      env: { ...env },
      stdin: input === undefined ? "ignore" : Buffer.from(input),
      stdout: said,
      stderr: said,
      // Of its own group: Ctrl+C is not for it, and it ends with whatever it started.
      detached: true,
    })
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}

interface Taking {
  readonly bytesMax: number
  /** Whatever is still to come is not waited for. */
  readonly over: Promise<undefined>
  readonly onFull?: () => void
}

/** What of a stream fits. The rest is read and thrown away, so that nobody waits for a full pipe. */
async function taken(stream: ReadableStream<Uint8Array> | undefined, { bytesMax, over, onFull }: Taking) {
  const pieces: Uint8Array[] = []
  const reader = stream?.getReader()
  let size = 0
  for (;;) {
    const next = await Promise.race([reader?.read(), over])
    if (next === undefined || next.done) break
    const room = bytesMax - size
    if (room > 0) pieces.push(next.value.subarray(0, room))
    size += next.value.length
    if (size > bytesMax) onFull?.()
  }
  await reader?.cancel()
  return new Uint8Array(Buffer.concat(pieces))
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL")
  } catch (error) {
    // It is over already.
    if (!(isRefusal(error) && error.code === "ESRCH")) throw error
  }
}

/** In the person's folder, like every program that they start from their shell. */
async function attended(argv: Argv, env: Env): Promise<number | undefined> {
  try {
    return await Bun.spawn([...argv], { env: { ...env }, stdio: ["inherit", "inherit", "inherit"] }).exited
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}
