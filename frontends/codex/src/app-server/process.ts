import { asObject, type Json } from "@skein/protocol/json"
import { absolute, type Context, needed, type Reply, servicesOf } from "./method.ts"
import { INVALID_PARAMS, RpcError } from "./peer.ts"
import { readCommand, readCount, readEnv, readInput, readSize } from "./program-params.ts"
import { ClientProgram, OUTPUT_BYTES_CAP, type Terms, TIMEOUT_MS } from "./programs.ts"

const WHAT = "process/spawn"
const SIZE = { columns: 80, rows: 24 }

/** `process/spawn`: a program of the client's own, outside the sandbox. Answered when it runs; its end is told. */
export async function spawnProcess(params: Json, context: Context): Promise<Reply> {
  const { start } = servicesOf(WHAT, context)
  const { peer } = context
  const command = readCommand(params)
  const processHandle = needed(params, "processHandle")
  const terms = termsOf(params)
  const request = {
    ...{ command, cwd: absolute(params, "cwd"), env: readEnv(params) },
    ...({ sandbox: "full-access", roots: [], hasNetwork: true } as const),
    pty: terms.hasTerminal ? (asObject(params.size) === undefined ? SIZE : readSize(WHAT, params)) : undefined,
  }
  // What it says at once comes behind the answer that it runs.
  const answered = Promise.withResolvers<void>()
  const program = context.processes.keep(
    processHandle,
    () =>
      new ClientProgram(
        ...([WHAT, terms] as const),
        (onOutput) => start({ ...request, onOutput }),
        (delta) => void answered.promise.then(() => peer.notify("process/outputDelta", { processHandle, ...delta })),
      ),
  )
  await program.started()
  program.ended.then(
    (ended) => answered.promise.then(() => peer.notify("process/exited", { processHandle, ...ended })),
    (error: unknown) => answered.promise.then(() => peer.notify("warning", { message: String(error) })),
  )
  return { result: {}, after: answered.resolve }
}

/** `process/writeStdin`: input, or its end. */
export function writeProcess(params: Json, { processes }: Context): Reply {
  const program = processes.get(needed(params, "processHandle"))
  const { bytes, isLast } = readInput("process/writeStdin", params)
  return { result: program.write(bytes, isLast).then(() => ({})) }
}

/** `process/resizePty`: of its terminal. */
export async function resizeProcess(params: Json, { processes }: Context): Promise<Reply> {
  const { columns, rows } = readSize(WHAT, params)
  await processes.get(needed(params, "processHandle")).resize(columns, rows)
  return { result: {} }
}

/** `process/kill`: at once; its end is told. */
export function killProcess(params: Json, { processes }: Context): Reply {
  processes.get(needed(params, "processHandle")).kill()
  return { result: {} }
}

/** Here null takes a limit away, where `command/exec` has a word of its own for that. */
function termsOf(params: Json): Terms {
  const hasTerminal = params.tty === true
  if (!hasTerminal && asObject(params.size) !== undefined) {
    throw new RpcError(`${WHAT} size requires tty: true`, INVALID_PARAMS)
  }
  const limit = (key: string, usual: number) =>
    params[key] === null ? undefined : (readCount(WHAT, params, key) ?? usual)
  return {
    hasTerminal,
    isStreamed: hasTerminal || params.streamStdoutStderr === true,
    hasInput: hasTerminal || params.streamStdin === true,
    bytesCap: limit("outputBytesCap", OUTPUT_BYTES_CAP),
    timeoutMs: limit("timeoutMs", TIMEOUT_MS),
  }
}
