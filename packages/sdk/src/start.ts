import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { SkeinError } from "@skein/protocol"
import { connect, dialing, lineTransport, type Transport } from "@skein/rpc"
import { Skein } from "./skein.ts"
import { SDK_VERSION } from "./version.ts"

export interface StartOptions {
  /** The program; what `SKEIN_PATH` names when left out, else `skein` as the shell would find it. */
  readonly path?: string | undefined
  /** Further arguments of `skein serve`. */
  readonly args?: readonly string[] | undefined
  /** Its environment, in place of this process's. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** The folder that sessions work in where nothing else is said; this process's when left out. */
  readonly cwd?: string | undefined
  /** Told what it says on stderr; this process's stderr when left out. */
  readonly onStderr?: ((text: string) => void) | undefined
}

export interface ConnectOptions {
  /** `unix:/absolute/path` or `http://host:port`. */
  readonly address: string
  /** For http: what the server's token file says. */
  readonly token?: string | undefined
  /** The folder that sessions work in where nothing else is said, on the server's machine; this process's when left out. */
  readonly cwd?: string | undefined
}

const CLIENT = { name: "@skein/sdk", version: SDK_VERSION }

/** Starts a skein of one's own, which ends with `close`, or with this process. Throws SkeinError `engine.unreachable` when there is none. */
export async function startSkein(options: StartOptions = {}): Promise<Skein> {
  const cwd = options.cwd ?? process.cwd()
  let child: ChildProcess | undefined
  const dial = async () => {
    child = await started(options, cwd)
    return transportOf(child)
  }
  const engine = await connect(dial, { client: CLIENT })
  return new Skein(engine, cwd, async () => {
    engine.close()
    await ended(child)
  })
}

/** Connects to a skein that serves already. Throws SkeinError: `engine.unreachable`, or `engine.refused` for a wrong token. */
export async function connectSkein({ address, token, cwd = process.cwd() }: ConnectOptions): Promise<Skein> {
  const engine = await connect(dialing(address, { token }), { client: CLIENT })
  return new Skein(engine, cwd, async () => engine.close())
}

async function started(
  { path, args = [], env = process.env, onStderr }: StartOptions,
  cwd: string,
): Promise<ChildProcess> {
  const program = path ?? env.SKEIN_PATH ?? "skein"
  const stderr = onStderr === undefined ? "inherit" : "pipe"
  const child = spawn(program, ["serve", "--listen", "stdio", ...args], { cwd, env, stdio: ["pipe", "pipe", stderr] })
  child.stderr?.setEncoding("utf8").on("data", (text: string) => onStderr?.(text))
  try {
    await once(child, "spawn")
  } catch (cause) {
    throw new SkeinError(
      "engine.refused",
      `${JSON.stringify(program)} cannot be started. Install skein, or say where it is: path, or SKEIN_PATH.`,
      { cause },
    )
  }
  return child
}

function transportOf({ stdin, stdout }: ChildProcess): Transport {
  if (stdin === null || stdout === null) throw new Error("A child without pipes")
  return lineTransport(stdout, stdin)
}

/** How long it may take to put away what it works on, in milliseconds. */
const ENDING_MS = 10_000

async function ended(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
  const late = setTimeout(() => child.kill("SIGKILL"), ENDING_MS)
  await once(child, "exit")
  clearTimeout(late)
}
