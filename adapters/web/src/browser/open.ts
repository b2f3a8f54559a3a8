import { lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { ToolFailure } from "@skein/core/ports"
import type { BrowserContext, Page } from "playwright-core"
import { leader, type PackedLeader } from "./leader.ts"
import { type Relay, relay } from "./relay.ts"

/** A running browser of one session. */
export interface OpenBrowser {
  readonly relay: Relay
  readonly isSandboxed: boolean
  /** The page that is in front; opened when there is none. */
  page(): Promise<Page>
  close(): Promise<void>
}

const LAUNCH_MS = 30_000
const ACTION_MS = 6_000
const SIZE = { width: 1280, height: 800 }

/** What a browser does by itself beside its pages, and ways out that no proxy sees. */
const SWITCHES = [
  ...["--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  ...["--disable-domain-reliability", "--no-pings", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage"],
  "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
  // Names are looked up by the proxy, once, after they were decided about.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

export interface OpenOptions {
  readonly executablePath: string
  /** Folders where programs are, as in PATH. */
  readonly path: string
  /** Where its profile is made, and taken away again. Absolute. */
  readonly temporary: string
  readonly packed: PackedLeader
}

/** Starts a browser with an empty profile, whose only way out is the relay. Throws ToolFailure. */
export async function opened({ executablePath, path, temporary, packed }: OpenOptions): Promise<OpenBrowser> {
  const [{ chromium }, way] = await Promise.all([leader(packed), relay()])
  removeOrphans(temporary)
  const home = mkdtempSync(join(temporary, `${STEM}${process.pid}-`))
  // Chromium's own sandbox does not work for root.
  const isSandboxed = process.getuid?.() !== 0
  const remove = () => rmSync(home, { recursive: true, force: true, maxRetries: 3 })
  try {
    const context = await chromium.launchPersistentContext(join(home, "profile"), {
      ...{ executablePath, headless: true, chromiumSandbox: isSandboxed, args: SWITCHES, timeout: LAUNCH_MS },
      ...{ viewport: SIZE, acceptDownloads: false, serviceWorkers: "block", permissions: [] },
      proxy: { server: `http://127.0.0.1:${way.port}`, username: "skein", password: way.password },
      // Nothing of the person's environment: keys are in there.
      env: { HOME: home, TMPDIR: home, LANG: "C.UTF-8", PATH: path },
      ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    })
    context.setDefaultTimeout(ACTION_MS)
    return {
      relay: way,
      isSandboxed,
      page: () => frontPage(context),
      async close() {
        way.close()
        await context.close().finally(remove)
      },
    }
  } catch (cause) {
    way.close()
    remove()
    throw new ToolFailure(`The browser did not start (${executablePath}): ${firstLine(cause)}`, { cause })
  }
}

const STEM = "skein-browser-"

/** Profiles of skeins that were killed. Their browsers ended with them: the pipe that leads them was closed. */
function removeOrphans(temporary: string): void {
  for (const name of readdirSync(temporary)) {
    const pid = Number(/^skein-browser-(\d+)-/.exec(name)?.[1] ?? Number.NaN)
    const path = join(temporary, name)
    if (
      Number.isInteger(pid) &&
      !isAlive(pid) &&
      lstatSync(path, { throwIfNoEntry: false })?.uid === process.getuid?.()
    )
      rmSync(path, { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

/** A page that opened another stays behind it. */
async function frontPage(context: BrowserContext): Promise<Page> {
  return context.pages().at(-1) ?? (await context.newPage())
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause)
  return text.split("\n", 1)[0]?.slice(0, 300) ?? ""
}
