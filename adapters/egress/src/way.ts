import type { GateAnswer, LedgerPort, NetworkGate, NetworkTarget } from "@skein/core/ports"
import type { NetworkAttempt } from "@skein/protocol"
import { type Attempts, attempts } from "./attempts.ts"
import type { Peer } from "./peer.ts"
import { Refusal } from "./refusal.ts"

/** The way out of one command: who decides, what it tried, and what is open. */
export interface Way {
  readonly token: string
  readonly attempts: Attempts
  /** Waits for the decision about a target. Throws Refusal with status 403 when the command is over before it fell. */
  decide(target: NetworkTarget): Promise<GateAnswer>
  /** Keeps a connection to end it with the way; false when the way, or its share of connections, is used up. */
  hold(peer: Peer): boolean
  /** Ends everything. */
  close(): readonly NetworkAttempt[]
}

/** Of one command at a time: more is an attack on this machine's own resources. */
const PEERS_MAX = 512
/** Hosts that a person may be asked about at once: more of them are no work that anyone could follow. */
const QUESTIONS_MAX = 32

const TOO_MANY: GateAnswer = { isAllowed: false, reason: "Too many hosts wait to be decided at once." }

export interface About {
  readonly sessionId?: string | undefined
  readonly callId?: string | undefined
  /** What the ledger calls it; `command` when left out. */
  readonly purpose?: string | undefined
}

export function wayFor(gate: NetworkGate, about: About, ledger: LedgerPort, now: () => number): Way {
  const ended = new AbortController()
  const over = new Promise<never>((_, reject) => {
    ended.signal.addEventListener("abort", () => reject(new Refusal(403, "The command is over.")), { once: true })
  })
  over.catch(ignored)
  const asked = new Map<string, Promise<GateAnswer>>()
  const peers = new Set<Peer>()
  const { purpose = "command", ...whose } = about
  const tried = attempts((entry) => ledger.record({ at: now(), purpose, ...entry, ...whose }))
  let told: readonly NetworkAttempt[] | undefined

  /** Fifty connections that a package manager opens at once are one question. */
  function question(target: NetworkTarget): Promise<GateAnswer> {
    const key = `${target.host} ${target.port}`
    const known = asked.get(key)
    if (known !== undefined) return known
    if (asked.size >= QUESTIONS_MAX) return Promise.resolve(TOO_MANY)
    const open = answered(target).finally(() => asked.delete(key))
    asked.set(key, open)
    return open
  }
  async function answered(target: NetworkTarget): Promise<GateAnswer> {
    try {
      return await gate(target, ended.signal)
    } catch (_undecided) {
      // It promises never to; what was not decided is not allowed.
      return { isAllowed: false, reason: "It could not be decided." }
    }
  }
  return {
    token: Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("base64url"),
    attempts: tried,
    decide: (target) => Promise.race([question(target), over]),
    hold(peer) {
      if (ended.signal.aborted || peers.size >= PEERS_MAX) return false
      peers.add(peer)
      peer.gone.then(() => peers.delete(peer), ignored)
      return true
    },
    close() {
      if (told !== undefined) return told
      ended.abort()
      for (const peer of peers) peer.destroy()
      told = tried.end()
      return told
    },
  }
}

/** Whoever waits for it learns of it. */
function ignored(): void {}
