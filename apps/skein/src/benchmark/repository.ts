import type { Host, HostRequest } from "@skein/host"
import { sinceOf } from "../tell/since.ts"
import { visible } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"
import type { VerbCall } from "../verb.ts"
import { fitting } from "./fit.ts"
import { type Repository, repositoryOf } from "./git.ts"
import { commitDeeds, type Deed, sessionDeeds } from "./past.ts"
import type { Task } from "./task.ts"

interface At {
  readonly request: HostRequest
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Tasks of the repository's own past whose check can tell. Those that are left out are told with the reason. */
export async function repositoryTasks(call: VerbCall, host: Host, at: At): Promise<readonly Task[]> {
  const { flags, io } = call
  const repository = await repositoryOf(at.request.cwd, io.env)
  const check = flags.text("check") ?? host.settings.checks?.[0]
  if (check === undefined) {
    throw new UsageError(
      'Say how this repository is tested: --check "npm test", or checks = ["npm test"] in the settings.',
    )
  }
  const deeds = await deedsOf(call, host, repository)
  const tasks: Task[] = []
  for (const deed of deeds) {
    if (at.signal.aborted) break
    const found = await fitting(deed, { ...at, check, repository })
    if (typeof found === "string") io.err(visible(`left out  ${deed.name}  ${found}`))
    else tasks.push(found)
  }
  return tasks
}

const TASKS_MAX = 10

async function deedsOf({ flags, io }: VerbCall, host: Host, repository: Repository): Promise<readonly Deed[]> {
  const said = flags.text("limit")
  if (said !== undefined && !/^[1-9]\d{0,3}$/.test(said))
    throw new UsageError("--limit takes a whole number of at least 1.")
  const countMax = Number(said ?? TASKS_MAX)
  const sinceMs = sinceOf(flags.text("since"), "since", io.now())
  if (flags.has("sessions"))
    return sessionDeeds(repository, await promptsOf(host, repository.root, { sinceMs, countMax }))
  return commitDeeds(repository, {
    countMax,
    ...(sinceMs === undefined ? {} : { since: String(Math.floor(sinceMs / 1_000)) }),
  })
}

/** Of each session of the folder its first words. */
async function promptsOf(
  host: Host,
  cwd: string,
  { sinceMs = 0, countMax }: { readonly sinceMs?: number | undefined; readonly countMax: number },
) {
  const { engine } = host
  const sessions = (await engine.ask({ type: "sessions.list", cwd })).filter(({ createdAt }) => createdAt >= sinceMs)
  const found = await Promise.all(
    sessions.slice(0, countMax).map(async ({ sessionId, createdAt }) => {
      const { items } = await engine.ask({ type: "session.read", sessionId })
      const first = items.find((item) => item.kind === "user_message")
      const words = first?.kind === "user_message" ? first.input : []
      const prompt = words.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n")
      return { sessionId, createdAt, prompt }
    }),
  )
  return found.filter(({ prompt }) => prompt.trim() !== "" && !prompt.startsWith("/"))
}
