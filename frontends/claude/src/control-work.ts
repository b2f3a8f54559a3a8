import { constants } from "node:fs"
import { open } from "node:fs/promises"
import { isAbsolute, resolve } from "node:path"
import { type ProcessId, SkeinError } from "@skein/protocol"
import { asList, asNumber, asObject, asText, type Json } from "@skein/protocol/json"
import { agentRow } from "./agents.ts"
import type { Answers, ControlContext } from "./control-context.ts"
import { rewindFiles } from "./rewind.ts"
import { commandRows, skillRow } from "./rows.ts"
import { serverLines } from "./servers.ts"
import type { HostSession } from "./session.ts"
import { claudeSessionId } from "./words.ts"

/** What a host asks of work that goes on, of files, and of what lies on the disk. */
export const WORK_ANSWERS: Answers = {
  async rewind_files(request, { engine, session, submitIdle }) {
    const { sessionId } = await session()
    return rewindFiles(request, { engine, sessionId, submitIdle })
  },
  async stop_task(request, context) {
    const session = await context.session()
    const { sessionId, submit } = session
    const task = await taskOf(asText(request.task_id) ?? "", session, context)
    if (task.kind === "agent") await submit({ type: "agent.stop", sessionId, childSessionId: task.childSessionId })
    else await submit({ type: "process.end", sessionId, processId: task.processId })
    return undefined
  },
  async background_tasks(request, context) {
    const { sessionId, translator } = await context.session()
    const meant = asText(request.tool_use_id)
    let backgrounded = 0
    for (const callId of translator.openCalls(meant)) {
      const receipt = await context.engine.submit({ type: "call.background", sessionId, callId })
      if (receipt.status === "accepted") backgrounded += 1
      else if (meant !== undefined) throw new SkeinError(receipt.code, receipt.message)
    }
    return { backgrounded: meant === undefined || backgrounded > 0 }
  },
  async get_task_output(request, context) {
    const session = await context.session()
    const task = await taskOf(asText(request.task_id) ?? "", session, context)
    if (task.kind === "agent") {
      const bytes = Buffer.byteLength(task.text)
      return { output: task.text, total_bytes: bytes, truncated: false }
    }
    const { sessionId } = session
    const said = await context.engine.ask({ type: "process.output", sessionId, processId: task.processId })
    const bytes = Buffer.from(said?.base64 ?? "", "base64")
    const from = said?.from ?? 0
    return { output: bytes.toString("utf8"), total_bytes: from + bytes.length, truncated: from > 0 }
  },
  read_file: (request, context) => readFile(request, context),
  async file_suggestions(request, { engine, cwd }) {
    const { paths } = await engine.ask({ type: "files.find", root: cwd, query: asText(request.query) ?? "", limit: 50 })
    return { suggestions: paths.map(({ path, score }) => ({ path, score })) }
  },
  /** What is on the disk is read anew for every turn; this tells the host how it is now. */
  async reload_skills(_request, { engine, session }) {
    const { sessionId } = await session()
    const skills = await engine.ask({ type: "skills.list", of: { sessionId } })
    return { skills: skills.map(skillRow) }
  },
  async reload_output_styles(_request, { outputStyles }) {
    return { available_output_styles: [...new Set(["default", ...(await outputStyles())])] }
  },
  async reload_plugins(request, context) {
    const { engine } = context
    const { sessionId } = await context.session()
    if (asList(request.add_plugins).length > 0)
      throw new SkeinError("op.unsupported", "Plugins are added at the start: with --plugin-dir, or skein plugin add.")
    const { runningTurn } = await engine.ask({ type: "session.read", sessionId })
    if (request.refuse_if_busy === true && runningTurn !== undefined)
      throw new SkeinError("turn.busy", "A turn is running: ask again when it is over.")
    const [commands, skills, plugins, agents, mcpServers] = await Promise.all([
      engine.ask({ type: "commands.list", sessionId }),
      engine.ask({ type: "skills.list", of: { sessionId } }),
      engine.ask({ type: "plugins.list", sessionId }),
      context.agents(),
      serverLines(engine, sessionId),
    ])
    return {
      commands: commandRows(commands, skills),
      agents: agents.map(agentRow),
      plugins: plugins.map(({ name, folder, version }) => ({ name, path: folder, ...(version ? { version } : {}) })),
      mcpServers,
      error_count: 0,
    }
  },
}

async function taskOf(taskId: string, { sessionId }: HostSession, { engine }: ControlContext) {
  if (taskId.startsWith("prc_")) return { kind: "process", processId: taskId as ProcessId } as const
  const children = await engine.ask({ type: "agents.list", sessionId })
  const child = children.find(({ childSessionId }) => claudeSessionId(childSessionId) === taskId)
  if (child === undefined) throw new SkeinError("op.invalid", `No task found with ID: ${taskId}`)
  return { kind: "agent", childSessionId: child.childSessionId, text: child.text ?? child.doing ?? "" } as const
}

const BYTES_MAX = 1_000_000

/** Only what the model could read without a question. Throws SkeinError. */
async function readFile(request: Json, { engine, cwd, session }: ControlContext): Promise<Json> {
  const path = asText(request.path) ?? ""
  const absPath = isAbsolute(path) ? path : resolve(cwd, path)
  const { sessionId } = await session()
  const judged = await engine.ask({ type: "permissions.explain", sessionId, tool: "read", input: { path: absPath } })
  if (judged.decision !== "allow")
    throw new SkeinError("op.invalid", `${path} may not be read: ${judged.reasons.join(" ")}`)
  const most = Math.min(BYTES_MAX, Math.max(0, asNumber(request.max_bytes) ?? BYTES_MAX))
  const { bytes, isCut } = await beginningOf(absPath, most)
  const cut = isCut ? { truncated: true } : {}
  if (request.encoding === "base64") return { contents: bytes.toString("base64"), absPath, ...cut, encoding: "base64" }
  return { contents: bytes.toString("utf8"), absPath, ...cut }
}

async function beginningOf(path: string, most: number): Promise<{ readonly bytes: Buffer; readonly isCut: boolean }> {
  try {
    // A pipe that nobody writes to is not waited for.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const stat = await file.stat()
      if (!stat.isFile()) throw new SkeinError("op.invalid", `${path} is no file.`)
      const bytes = Buffer.alloc(Math.min(stat.size, most))
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
      return { bytes: bytes.subarray(0, bytesRead), isCut: stat.size > most }
    } finally {
      await file.close()
    }
  } catch (cause) {
    const code = asText(asObject(cause)?.code)
    if (cause instanceof SkeinError || code === undefined) throw cause
    throw new SkeinError("op.invalid", `${path} cannot be read (${code}).`, { cause })
  }
}
