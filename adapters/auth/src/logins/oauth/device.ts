import { SkeinError } from "@skein/protocol"
import type { Person } from "../login.ts"
import { type Answer, isPassing, refusalOf, refusalText } from "../request.ts"

/** What a poll for a code that was typed in elsewhere gave. */
export type Poll<T> = { readonly kind: "granted"; readonly value: T } | { readonly kind: "pending" | "slow_down" }

export interface DeviceLogin<T> {
  /** Who is logged in to: for messages. */
  readonly name: string
  readonly userCode: string
  /** Where the code is typed in. */
  readonly page: string
  /** The same with the code in it already, where the server gives one. */
  readonly wholePage?: string | undefined
  readonly intervalMs: number
  /** How long the code can be used. */
  readonly lifeMs: number
  /** Throws SkeinError `login.refused`, `login.timeout`; `login.unavailable` is waited through. */
  poll(): Promise<Poll<T>>
}

/** RFC 8628 §3.5: five seconds more each time. */
const SLOWER_MS = 5_000
const INTERVAL_MAX_MS = 60_000
/** What a server may ask for at most. */
const LIFE_MAX_MS = 3_600_000

/** Shows the code and waits until it was typed in (RFC 8628 §3.3 to 3.5). Throws SkeinError `login.*`. */
export async function byDevice<T>(login: DeviceLogin<T>, person: Person): Promise<T> {
  person.say(`Open ${login.page} on any device, and type in this code: ${login.userCode}`)
  person.say("Go on only if you asked for this login yourself. Waiting …")
  await person.open(login.wholePage ?? login.page)
  let left = Math.min(login.lifeMs, LIFE_MAX_MS)
  let intervalMs = Math.min(Math.max(login.intervalMs, 0), INTERVAL_MAX_MS)
  while (left > 0) {
    await person.sleep(intervalMs, person.signal)
    // What asking takes is not counted: a server that forgot the code says so.
    left -= Math.max(intervalMs, 1)
    const given = await patient(login.poll)
    if (given.kind === "granted") return given.value
    if (given.kind === "slow_down") intervalMs = Math.min(intervalMs + SLOWER_MS, INTERVAL_MAX_MS)
  }
  throw ended(login.name)
}

/** A network that is away for a moment does not end a login; it is asked more slowly. */
async function patient<T>(poll: () => Promise<Poll<T>>): Promise<Poll<T>> {
  try {
    return await poll()
  } catch (error) {
    if (error instanceof SkeinError && error.code === "login.unavailable") return { kind: "slow_down" }
    throw error
  }
}

/** What the answer of a token endpoint means for a device (RFC 8628 §3.5). Throws SkeinError `login.*`. */
export function deviceAnswer<T>(answer: Answer, name: string, granted: () => T | undefined): Poll<T> {
  const value = granted()
  if (answer.status === 200 && value !== undefined) return { kind: "granted", value }
  const { code } = refusalOf(answer)
  const word = code
    .replace(/Exception$/, "")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
  if (word.endsWith("authorization_pending")) return { kind: "pending" }
  if (word.endsWith("slow_down") || isPassing(answer)) return { kind: "slow_down" }
  if (word.endsWith("expired_token")) throw ended(name)
  if (word.endsWith("access_denied"))
    throw new SkeinError("login.refused", `${name} did not log you in: it was refused on the page.`)
  throw new SkeinError("login.refused", `${name} did not log you in: ${answer.host} answered ${refusalText(answer)}.`)
}

function ended(name: string): SkeinError {
  return new SkeinError("login.timeout", `The code of ${name} was not typed in while it could be used. Begin again.`)
}
