import { type BrowserPort, type BrowserView, type EgressPort, ToolFailure, type WebCaller } from "@skein/core/ports"
import { hostOf } from "../request/address.ts"
import { chromiumIn, NO_CHROMIUM } from "./find.ts"
import type { PackedLeader } from "./leader.ts"
import type { OpenBrowser } from "./open.ts"

export interface BrowserOptions {
  readonly egress: Pick<EgressPort, "open">
  /** Folders where programs are, as in PATH. */
  readonly path: string
  /** The folder that is worked in: no program of it is started. */
  readonly cwd: string
  /** Where profiles are made, and taken away again. Absolute. */
  readonly temporary: string
  /** The library that leads them, where the package is not there: in the binary. Undefined: the package is there. */
  readonly packed: PackedLeader
}

export interface ClosableBrowser extends BrowserPort {
  /** Resolves when all of them have ended and their profiles are gone. */
  close(): Promise<void>
}

/** One that nobody used for so long is closed. */
const IDLE_MS = 15 * 60_000
const BROWSERS_MAX = 4

interface Held {
  readonly opening: Promise<OpenBrowser>
  host: string | undefined
  /** One thing at a time. */
  last: Promise<unknown>
  idle: ReturnType<typeof setTimeout> | undefined
}

/** Browsers by their sessions. Nothing is loaded or started before the first is wanted. */
export function browsers({ egress, path, cwd, temporary, packed }: BrowserOptions): ClosableBrowser {
  const held = new Map<string, Held>()

  function browserOf(sessionId: string): Held {
    const known = held.get(sessionId)
    if (known !== undefined) return known
    const program = chromiumIn(path, cwd)
    if (program === undefined) throw new ToolFailure(NO_CHROMIUM)
    if (held.size >= BROWSERS_MAX)
      throw new ToolFailure(`${BROWSERS_MAX} sessions have a browser open: close one with {"action": "close"}.`)
    const opening = import("./open.ts").then(({ opened }) =>
      opened({ executablePath: program, path, temporary, packed }),
    )
    const made: Held = { opening, host: undefined, last: opening.catch(told), idle: undefined }
    held.set(sessionId, made)
    opening.catch(() => held.delete(sessionId))
    return made
  }
  async function drop(sessionId: string): Promise<void> {
    const known = held.get(sessionId)
    held.delete(sessionId)
    clearTimeout(known?.idle)
    await (await known?.opening)?.close()
  }
  function act(...[action, caller]: Parameters<BrowserPort["act"]>): Promise<BrowserView> {
    const { sessionId } = caller
    if (action.kind === "close") return drop(sessionId).then(() => CLOSED)
    if (action.kind !== "open" && !held.has(sessionId))
      throw new ToolFailure('No page is open. Begin with {"action": "open", "url": "https://…"}.')
    const browser = browserOf(sessionId)
    clearTimeout(browser.idle)
    const turn = browser.last.then(() => acting(browser, action, caller, egress))
    browser.last = turn.catch(told).finally(() => {
      browser.idle = setTimeout(() => void drop(sessionId).catch(told), IDLE_MS)
      browser.idle.unref()
    })
    return turn
  }
  return {
    act: async (action, caller) => await act(action, caller),
    hostOf: (sessionId) => held.get(sessionId)?.host,
    async close() {
      await Promise.all([...held.keys()].map((sessionId) => drop(sessionId).catch(told)))
    },
  }
}

const CLOSED: BrowserView = { url: "", title: "", notes: ["The browser is closed."], network: [] }

/** Lets the browser out while the call runs, by the call's own way. */
async function acting(
  browser: Held,
  action: Exclude<Parameters<BrowserPort["act"]>[0], { kind: "close" }>,
  { network, sessionId, callId, signal }: WebCaller,
  egress: BrowserOptions["egress"],
): Promise<BrowserView> {
  const [{ acted }, { relay, page, isSandboxed }] = await Promise.all([import("./act.ts"), browser.opening])
  signal.throwIfAborted()
  const way = await egress.open(network, { sessionId, callId, purpose: "browser" })
  relay.to(way)
  try {
    const front = await page()
    const view = await acted(action, front, signal)
    browser.host = hostAt(view.url)
    const notes = action.kind === "open" && !isSandboxed ? [...view.notes, AS_ROOT] : view.notes
    return { ...view, notes, network: await way.close() }
  } finally {
    relay.to(undefined)
    await way.close()
  }
}

const AS_ROOT = "The browser runs without its own sandbox, because skein runs as root."

function hostAt(url: string): string | undefined {
  return /^https?:/.test(url) ? hostOf(new URL(url)) : undefined
}

/** Whoever waits for it is told. */
function told(): void {}
