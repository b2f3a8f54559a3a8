import { isWithin, type Rule, ruleText } from "@skein/protocol"
import { shortPath } from "../../view/text/path.ts"
import type { Asked, Pending } from "./pending.ts"

/** From where paths are told. */
export interface Vantage {
  /** The person's home folder, which is `~`. */
  readonly home: string | undefined
  /** The folder of the session that asks: what lies in it is told from there. */
  readonly cwd: string | undefined
}

/** `src/clock.ts` for what lies in the session's folder, `~/x` for what lies in the home, any other path as it is. */
export function placeText(path: string, { home, cwd }: Vantage): string {
  if (cwd === undefined || cwd === "/" || path === cwd || !isWithin(path, cwd)) return shortPath(path, home)
  const inside = path.slice(cwd.length + 1)
  // It would read as a path of the home, or as an absolute one.
  return inside.startsWith("~") || inside.startsWith("/") ? `./${inside}` : inside
}

/** A reason without what the question says above it: the very thing it is about, and the session's folder. */
export function reasonText(reason: string, { actions, cwd }: Asked): string {
  const about = actions.find(({ target }) => target !== "" && reason.endsWith(`: ${target}`))
  const rest = about === undefined ? reason : reason.slice(0, -`: ${about.target}`.length)
  if (cwd === undefined || cwd === "/") return rest
  return rest
    .split(" ")
    .map((word) => (word.startsWith(`${cwd}/`) ? word.slice(cwd.length + 1) : word))
    .join(" ")
}

/** What "always" would spare from now on: `write this file`, `git push *`, `reach github.com`. A rule that is none of these, as it is. */
export function alwaysText(always: Rule, { name, event }: Pending, vantage: Vantage): string {
  const { tool, command, path, host } = always
  const whole = ruleText(always)
  const isOnly = (part: string | undefined): part is string => part !== undefined && whole === `${tool}: ${part}`
  if (tool !== name) return whole
  if (isOnly(command)) return command
  if (isOnly(host)) return `reach ${host}`
  if (!isOnly(path)) return whole === `${tool}: everything it does` ? `everything ${tool} does` : whole
  const [action] = event.actions
  const isFile = event.actions.length === 1 && action?.target === path && WRITTEN.has(action.verb)
  // What is read may be a folder, and a rule reaches all that is in it.
  return isFile ? `${tool} this file` : `${tool} ${placeText(path, vantage)} or in it`
}

/** What is done to files alone. */
const WRITTEN: ReadonlySet<string> = new Set(["write", "create"])
