import { type CommandRisk, RUNS_ITS_INPUT, type SimpleCommand } from "@skein/core/ports"
import { optionsOf, readOptions } from "../know/options.ts"
import { patternFor } from "../pattern.ts"
import type { Seen } from "../run/seen.ts"
import { FED } from "../run/unwrap.ts"
import { WRAPPERS } from "../run/wrappers.ts"
import type { Redirect, Word } from "../syntax/nodes.ts"
import { isOperand } from "../syntax/words.ts"
import { classify } from "./classify.ts"
import { judgeCode } from "./code.ts"
import { influence, type LineState } from "./environment.ts"
import { hostIn } from "./hosts.ts"
import { absolute, dangerOf, isStream, type Places } from "./paths.ts"
import { sorted, type Verdict, verdict } from "./verdict.ts"

/** A command with everything that is known of it: its program, its redirections, its surroundings. */
export function judge(seen: Seen, line: LineState, places: Places): SimpleCommand {
  const base = baseOf(seen, line)
  const risks: CommandRisk[] = [...base.risks]
  const reasons: string[] = [base.reason]
  const powerful = [...(base.powerful ?? [])]
  const hosts = [...(base.hosts ?? [])]
  const writes: string[] = []
  const reads: string[] = []
  const add = (risk: CommandRisk, reason: string, power?: string) => {
    risks.push(risk)
    reasons.unshift(reason)
    if (power !== undefined) powerful.push(power)
  }
  const write = (word: Word, text: string, isRedirect = false) => {
    if (word.value === undefined) {
      const known = folderOf(word)
      if (known !== undefined) writes.push(absolute(known, seen.cwd))
      return isRedirect
        ? add("unknown", `It writes to a file that is only known when it runs: ${text}`, text)
        : undefined
    }
    if (isStream(word.value)) return undefined
    const path = absolute(word.value, seen.cwd)
    writes.push(path)
    const danger = dangerOf(path, places)
    if (danger !== undefined) add(danger[0], danger[1], path)
  }
  if (!base.risks.every((risk) => risk === "read")) powerful.push(...mayBeOptions(seen.words))
  for (const word of base.writes ?? []) write(word, word.text)
  let isBlind = seen.redirects.some(
    ({ kind, target }) =>
      (kind === "read" || kind === "both") && resolved(target, line, places) === undefined && isHidden(target, line),
  )
  for (const word of base.reads ?? []) {
    if (/^[<>]\(/.test(word.text)) continue
    const value = word.value ?? resolved(word, line, places)
    const isNear = word.text === FED.text && seen.input.kind === "other" && seen.input.isNear === true
    isBlind ||= value === undefined && !isNear && isHidden(word, line)
    // A pattern finds files in whatever folder it begins with.
    const path = value ?? folderOf(word) ?? (word.head.startsWith("/") ? "/" : undefined)
    if (path !== undefined && path !== "-") reads.push(absolute(path, seen.cwd))
  }
  for (const redirect of seen.redirects) redirected(redirect)

  function redirected({ kind, target, text }: Redirect): void {
    const network = /^\/dev\/(?:tcp|udp)\/([^/]*)\/?(.*)/.exec(target.value ?? target.head)
    if (network !== null && kind !== "text") {
      const host = hostIn(`tcp://${network[1]}:${network[2]}`)
      if (host !== undefined) hosts.push(host)
      return add("network", `It opens a connection: ${text}`, text)
    }
    if ((kind === "write" || kind === "both") && (target.value === undefined || !isStream(target.value))) {
      risks.push("write")
      reasons.push(`It writes ${target.text}`)
      powerful.push(text)
      write(target, text, true)
    }
    const source = kind === "read" || kind === "both" ? (target.value ?? resolved(target, line, places)) : undefined
    if (source !== undefined && !isStream(source)) reads.push(absolute(source, seen.cwd))
  }

  const assigns = [...influence(seen, line)]
  if (assigns.some((text) => line.influences(text)))
    add("unknown", `It runs with ${assigns.join(" ")}, which can change what it does`)
  const command = {
    argv: seen.words.map(({ value }) => value),
    text: seen.text,
    risks: sorted(risks),
    reason: reasonOf(reasons, base, risks),
    writes: [...new Set(writes)],
    reads: [...new Set(reads)],
    hosts: [...new Set(hosts)],
    assigns,
    cwd: seen.cwd,
    powerful: [...new Set(powerful)],
    ...(isBlind ? { readsUnknown: true } : {}),
  }
  const pattern = patternFor(command, base)
  return pattern === undefined ? command : { ...command, pattern }
}

/** A word with one variable whose value the line itself says, or that is the home: `$HOME/a`, `F=a; cat "$F"`. */
function resolved({ value, text, isSplit }: Word, { values }: LineState, { home }: Places): string | undefined {
  if (value !== undefined) return value
  const [, name = "", rest = ""] = /^"?\$(?:\{)?([A-Za-z_]\w*)\}?((?:\/[\w./@%+,=-]*)?)"?$/.exec(text) ?? []
  const known = values.get(name) ?? (name === "HOME" && !values.has("HOME") ? home : undefined)
  return known === undefined || (isSplit && /[\s*?[]/.test(known)) ? undefined : known + rest
}

/** Whether the file may lie anywhere: behind a variable, or a pattern that leads up or to the root. */
function isHidden({ value, text: written }: Word, { near }: LineState): boolean {
  if (value !== undefined || /^[<>]\(/.test(written)) return false
  const text = written.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, a, b) => (near.has(a ?? b) ? "" : whole))
  return /[$`]|^["']*~|^\(/.test(text) || /(?:^|[/,{])\.\.(?:[/,}]|$)|\{[^}]*\//.test(text.replace(/["'\\]/g, ""))
}

/** Options whose value stands in the next word, whatever it begins with. */
const VALUED = /^(?:-a?m|--message|--title|--body|-b)$/

/** Words that may turn out to be options when it runs: no prefix speaks for those. */
function mayBeOptions(words: readonly Word[]): readonly string[] {
  const isAfterOption = (at: number) => VALUED.test(words[at - 1]?.value ?? "") && words[at]?.isSplit === false
  return words.flatMap((word, at) =>
    at === 0 || isOperand(word) || word.value !== undefined || isAfterOption(at) ? [] : [word.text],
  )
}

/** The reason belongs to the worst that was found. */
function reasonOf(reasons: readonly string[], base: Verdict, risks: readonly CommandRisk[]): string {
  const worst = sorted(risks)[0]
  if (worst !== undefined && base.risks.includes(worst) && reasons.at(0) !== base.reason && worst !== "unknown")
    return base.reason
  const [first = base.reason] =
    base.risks.every((risk) => risk === "read") && reasons.length > 1
      ? reasons.filter((one) => one !== base.reason)
      : reasons
  return first
}

function baseOf(seen: Seen, line: LineState): Verdict {
  const name = seen.words[0]?.value
  if (seen.isPassedOn)
    return verdict(
      "read",
      name !== undefined && line.functions.has(name)
        ? `${name} is a function of this line`
        : `${name} only runs what it is given`,
      { reads: argumentFiles(seen.words) },
    )
  return fromInput(seen) ?? classify(seen.words)
}

/** Files that `xargs` itself reads: what it passes on to the command. */
function argumentFiles([program, ...rest]: Seen["words"]): readonly Word[] {
  if (program?.value !== "xargs") return []
  const { given } = readOptions(rest, optionsOf(WRAPPERS.xargs?.options ?? ""), { stopsAtOperand: true })
  return given.flatMap(({ name, value }) => (/^(?:-a|--arg-file)$/.test(name) ? (value ?? []) : []))
}

/** An interpreter without a program of its own runs what it reads. */
function fromInput({ words, input }: Seen): Verdict | undefined {
  const [program, ...rest] = words
  const name = program?.value
  if (name === undefined || !INTERPRETERS.test(name) || input.kind === "inherited") return undefined
  const isReading = rest.every(({ value }) => value === "-" || value === "-u" || value === "--input-type=module")
  if (!isReading) return undefined
  return { ...judgeCode(name, input.kind === "text" ? input.text : undefined), powerful: [RUNS_ITS_INPUT] }
}

const INTERPRETERS =
  /^(?:python[\d.]*|pypy3?|node|nodejs|bun|deno|perl|ruby|php|lua|Rscript|tclsh|fish|pwsh|psql|mysql|sqlite3)$/

/** The folder of a pattern, when that much is known. */
function folderOf(word: Word): string | undefined {
  const at = word.head.lastIndexOf("/")
  return at <= 0 ? undefined : word.head.slice(0, at)
}
