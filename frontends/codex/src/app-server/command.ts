import { isAbsolute, join } from "node:path"
import type { Sandbox } from "@skein/protocol"
import { asList, asObject, asText, type Json } from "@skein/protocol/json"
import { type Context, needed, type Reply, servicesOf } from "./method.ts"
import { INVALID_PARAMS, RpcError } from "./peer.ts"
import { readCommand, readCount, readEnv, readInput, readSize } from "./program-params.ts"
import { ClientProgram, OUTPUT_BYTES_CAP, type Terms, TIMEOUT_MS } from "./programs.ts"

const WHAT = "command/exec"

/** `command/exec`: a program in the sandbox, beside every thread. Answered when it has ended; nothing waits for that. */
export function execCommand(params: Json, context: Context): Reply {
  const { start } = servicesOf(WHAT, context)
  const command = readCommand(params)
  const processId = asText(params.processId)
  const terms = termsOf(params, processId)
  const request = {
    ...{ command, cwd: folderOf(params, context), env: readEnv(params) },
    ...confinementOf(params, context),
    pty: terms.hasTerminal ? sizeOf(params) : undefined,
  }
  const program = context.programs.keep(
    processId,
    () =>
      new ClientProgram(
        ...([WHAT, terms] as const),
        (onOutput) => start({ ...request, onOutput }),
        (delta) => context.peer.notify("command/exec/outputDelta", { processId, ...delta }),
      ),
  )
  return {
    result: program.ended.then(({ exitCode, stdout, stderr }) => ({ exitCode, stdout, stderr })),
  }
}

/** `command/exec/write`: input, or its end. */
export function writeCommand(params: Json, { programs }: Context): Reply {
  const program = programs.get(needed(params, "processId"))
  const { bytes, isLast } = readInput("command/exec/write", params)
  return { result: program.write(bytes, isLast).then(() => ({})) }
}

/** `command/exec/resize`: of its terminal. */
export async function resizeCommand(params: Json, { programs }: Context): Promise<Reply> {
  const { columns, rows } = readSize(WHAT, params)
  await programs.get(needed(params, "processId")).resize(columns, rows)
  return { result: {} }
}

/** `command/exec/terminate`: at once; its end comes as the answer of what started it. */
export function terminateCommand(params: Json, { programs }: Context): Reply {
  programs.get(needed(params, "processId")).kill()
  return { result: {} }
}

function termsOf(params: Json, processId: string | undefined): Terms {
  const hasTerminal = params.tty === true
  const isStreamed = hasTerminal || params.streamStdoutStderr === true
  const hasInput = hasTerminal || params.streamStdin === true
  if ((isStreamed || hasInput) && processId === undefined) {
    throw new RpcError(`${WHAT} tty or streaming requires a client-supplied processId`)
  }
  const bytesCap = readCount(WHAT, params, "outputBytesCap")
  const timeoutMs = readCount(WHAT, params, "timeoutMs")
  if (timeoutMs !== undefined && params.disableTimeout === true) throw both("timeoutMs", "disableTimeout")
  if (bytesCap !== undefined && params.disableOutputCap === true) throw both("outputBytesCap", "disableOutputCap")
  if (!hasTerminal && asObject(params.size) !== undefined) {
    throw new RpcError(`${WHAT} size requires tty: true`, INVALID_PARAMS)
  }
  return {
    ...{ hasTerminal, isStreamed, hasInput },
    bytesCap: params.disableOutputCap === true ? undefined : (bytesCap ?? OUTPUT_BYTES_CAP),
    timeoutMs: params.disableTimeout === true ? undefined : (timeoutMs ?? TIMEOUT_MS),
  }
}

function both(one: string, other: string): RpcError {
  return new RpcError(`${WHAT} cannot set both ${one} and ${other}`, INVALID_PARAMS)
}

const SIZE = { columns: 80, rows: 24 }

function sizeOf(params: Json): { readonly columns: number; readonly rows: number } {
  return asObject(params.size) === undefined ? SIZE : readSize(WHAT, params)
}

function folderOf(params: Json, { cwd }: Context): string {
  const folder = asText(params.cwd) ?? cwd
  return isAbsolute(folder) ? folder : join(cwd, folder)
}

interface Confined {
  readonly sandbox: Sandbox
  readonly roots: readonly string[]
  readonly hasNetwork: boolean
}

/** As `sandboxPolicy` says, else as a new thread would be held. */
function confinementOf(params: Json, context: Context): Confined {
  const { settings } = context
  if (asText(params.permissionProfile) !== undefined || asObject(params.permissionProfile) !== undefined) {
    throw new RpcError(`${WHAT} with permissionProfile is not available in this version of skein: give sandboxPolicy`)
  }
  const policy = asObject(params.sandboxPolicy)
  const own = [folderOf(params, context)]
  if (policy === undefined) {
    return { sandbox: settings.sandbox, roots: [...own, ...settings.extraRoots], hasNetwork: false }
  }
  const hasNetwork = policy.networkAccess === true || policy.networkAccess === "enabled"
  switch (policy.type) {
    case "dangerFullAccess":
    case "externalSandbox":
      return { sandbox: "full-access", roots: [], hasNetwork: true }
    case "readOnly":
      return { sandbox: "read-only", roots: [], hasNetwork }
    case "workspaceWrite": {
      const roots = asList(policy.writableRoots).filter((root) => typeof root === "string")
      const relative = roots.find((root) => !isAbsolute(root))
      if (relative !== undefined) throw new RpcError(`Invalid request: ${relative} is no absolute path`)
      return { sandbox: "workspace-write", roots: [...own, ...roots], hasNetwork }
    }
    default:
      throw new RpcError(`Invalid request: unknown variant \`${String(policy.type)}\` of sandboxPolicy`)
  }
}
