import { type BrowserAction, type BrowserView, ToolFailure } from "@skein/core/ports"
import type { Locator, Page } from "playwright-core"
import { addressOf } from "../request/address.ts"

const GOTO_MS = 30_000
/** For what a page loads after it is there; many never rest. */
const QUIET_MS = 1_500
const TEXT_CHARS_MAX = 30_000
const SCRIPT_MS = 10_000

type Seen = Omit<BrowserView, "network">

/** Does one thing on a page, and tells what is to be seen then. Throws ToolFailure for what the page does not have. */
export async function acted(
  action: Exclude<BrowserAction, { kind: "close" }>,
  page: Page,
  signal: AbortSignal,
): Promise<Seen> {
  try {
    return await done(action, page, signal)
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof ToolFailure) throw cause
    throw new ToolFailure(failureOf(action, cause), { cause })
  }
}

async function done(action: Exclude<BrowserAction, { kind: "close" }>, page: Page, signal: AbortSignal): Promise<Seen> {
  switch (action.kind) {
    case "open": {
      const response = await page.goto(addressOf(action.url).href, {
        waitUntil: "domcontentloaded",
        timeout: GOTO_MS,
        signal,
      })
      const status = response?.status() ?? 200
      return await seen(page, status >= 400 ? [`The server answered ${status} ${response?.statusText() ?? ""}.`] : [])
    }
    case "click":
      await part(page, action.target).click({ signal })
      return await seen(page)
    case "type": {
      const field = part(page, action.target)
      await field.fill(action.text, { signal })
      if (action.isSubmitted) await field.press("Enter", { signal })
      return await seen(page)
    }
    case "press":
      await page.keyboard.press(action.key)
      return await seen(page)
    case "back":
      await page.goBack({ waitUntil: "domcontentloaded", timeout: GOTO_MS, signal })
      return await seen(page)
    case "text":
      return await seen(page)
    case "screenshot": {
      const image = await page.screenshot({ type: "jpeg", quality: 80, fullPage: action.isWholePage, signal })
      return { ...(await where(page)), image: new Uint8Array(image), notes: [] }
    }
    case "eval":
      return { ...(await where(page)), text: bounded(await scriptValue(page, action.script)), notes: [] }
  }
}

/** `e12` as the newest text of the page marks it, else a CSS selector, or `text=Sign in`. */
function part(page: Page, target: string): Locator {
  return page.locator(/^(?:f\d+)?e\d+$/.test(target) ? `aria-ref=${target}` : target).first()
}

async function seen(page: Page, notes: readonly string[] = []): Promise<Seen> {
  await page.waitForLoadState("networkidle", { timeout: QUIET_MS }).catch(stillLoading)
  const text = await page.ariaSnapshot({ mode: "ai" })
  return { ...(await where(page)), text: bounded(text), notes }
}

async function where(page: Page) {
  return { url: page.url(), title: (await page.title()).slice(0, 300) }
}

/** A page that goes on loading is shown as it is. */
function stillLoading(): void {}

async function scriptValue(page: Page, script: string): Promise<string> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new ToolFailure(`The script did not end within ${SCRIPT_MS / 1000} s.`)),
    SCRIPT_MS,
  )
  try {
    const value: unknown = await Promise.race([page.evaluate(script), late.promise])
    return value === undefined ? "undefined" : JSON.stringify(value, undefined, 1)
  } finally {
    clearTimeout(timer)
  }
}

function bounded(text: string): string {
  const clean = text.toWellFormed()
  return clean.length > TEXT_CHARS_MAX
    ? `${clean.slice(0, TEXT_CHARS_MAX)}\n(${clean.length - TEXT_CHARS_MAX} more characters)`
    : clean
}

const COLOURS = /\u001b\[[0-9;]*m/g

function failureOf(action: BrowserAction, cause: unknown): string {
  const said = (cause instanceof Error ? cause.message : String(cause)).replace(COLOURS, "")
  const first =
    said
      .split("\n", 1)[0]
      ?.replace(/^\w+\.\w+: /, "")
      .slice(0, 300) ?? ""
  if (/ERR_TUNNEL_CONNECTION_FAILED|ERR_PROXY|ERR_NO_SUPPORTED_PROXIES/.test(said))
    return `The page was not reached: its host is not allowed, or does not answer (${first}).`
  if ("target" in action && /Timeout/.test(said))
    return `There is no ${JSON.stringify(action.target)} to ${action.kind} on the page. Use {"action": "text"} to see its parts and their marks.`
  return `The browser could not ${action.kind}: ${first}`
}
