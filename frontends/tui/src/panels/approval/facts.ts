import { type FileChange, ruleText } from "@skein/protocol"
import { shortPath } from "../../view/text/path.ts"
import { safeLines } from "../../view/text/safe.ts"
import type { Asked, Pending } from "./pending.ts"
import { alwaysText, placeText, reasonText, type Vantage } from "./plainly.ts"

/** One thing that a person judges by: `runs`, `reaches`, `changes`, `asks`. */
export interface Fact {
  readonly label: string
  readonly text: string
  /** Said at the far end of its first row, where there is room; else it is a fact of its own. */
  readonly beside?: string | undefined
  /** What stands beside it may be left out where there is no room. */
  readonly isBesideSpare?: boolean | undefined
  readonly diff?: string | undefined
  /** It says that something of the turn is not to be trusted. */
  readonly isWarning?: boolean | undefined
}

/** Why it is asked: shown even where there is little room. */
export const ASKS = "asks"

/**
 * All that is asked, in the order in which it is judged. `short`: in plain words, each thing once, paths from the session's
 * folder or the home. `whole`: as it came.
 */
export function factsOf(pending: Pending, extent: "short" | "whole", home?: string): Fact[] {
  const { event, from } = pending
  const { actions, effects, cwd, always } = event
  const vantage = extent === "short" ? { home, cwd } : { home: undefined, cwd: undefined }
  const where = cwd === undefined ? undefined : `in ${shortPath(cwd, vantage.home)}`
  const hasRun = actions.some(({ verb }) => verb === "run")
  const isBesideSpare = extent === "short" && from === undefined && !hasRun
  return [
    ...(effects === undefined ? [] : [{ label: "tried", text: "in a throw-away copy, without network" }]),
    ...actions.map(({ verb, target, diff }, at) => ({
      ...labelled(verb, target, vantage),
      diff,
      beside: at === 0 ? where : undefined,
      isBesideSpare,
    })),
    ...(effects === undefined && hasRun ? [{ label: "changes", text: expectedChanges(event, vantage) }] : []),
    ...(effects === undefined ? [] : effectFacts(effects, vantage)),
    ...(always === undefined
      ? []
      : [{ label: ALWAYS, text: extent === "short" ? alwaysText(always, pending, vantage) : ruleText(always) }]),
    { label: ASKS, text: whyAsked(event, extent), isWarning: (event.taint ?? []).length > 0 },
  ].filter(({ text }) => text !== "")
}

/** What a lasting yes would spare: left out where its key says so. */
export const ALWAYS = "always"

function whyAsked(event: Asked, extent: "short" | "whole"): string {
  const { reasons } = event
  const told = extent === "short" ? reasons.map((reason) => reasonText(reason, event)) : reasons
  return [...new Set([...told, ...unsaidTaint(event)])].join(" · ")
}

const LABELS: Readonly<Record<string, string>> = {
  run: "runs",
  network: "reaches",
  write: "writes",
  create: "creates",
  restore: "restores",
  delete: "deletes",
  read: "reads",
  delegate: "delegates",
  keep: "keeps",
  plan: "plan",
}

/** Verbs whose target is a path. */
const PATHS: ReadonlySet<string> = new Set(["write", "create", "restore", "delete", "read"])

/** A verb that nobody here knows says itself. */
function labelled(verb: string, target: string, vantage: Vantage): { readonly label: string; readonly text: string } {
  const label = LABELS[verb]
  return label === undefined
    ? { label: "does", text: `${verb}: ${target}` }
    : { label, text: PATHS.has(verb) ? placeText(target, vantage) : target }
}

function expectedChanges({ options, writes }: Asked, vantage: Vantage): string {
  const named = (writes?.paths ?? []).map((path) => placeText(path, vantage)).join(", ")
  if (writes?.isAll === true) return named
  const unknown = `${named === "" ? "" : `${named}; what else is `}not known before it runs`
  return options.includes("preview") ? `${unknown}; t tries it in a copy` : unknown
}

function unsaidTaint({ taint = [], reasons }: Asked): string[] {
  return taint.filter((sentence) => !reasons.includes(sentence))
}

type Effects = NonNullable<Asked["effects"]>

function effectFacts({ changes, network, output, exitCode }: Effects, vantage: Vantage): Fact[] {
  const hosts = network.map(({ host, port, decision }) => `${host}:${port} ${decision}`)
  return [
    ...(changes.length === 0
      ? [{ label: "changes", text: "no file" }]
      : changes.map((change) => changeFact(change, vantage))),
    ...(hosts.length === 0 ? [] : [{ label: "reached", text: hosts.join(" · ") }]),
    ...(exitCode === undefined ? [] : [{ label: "exit", text: `${exitCode}` }]),
    ...(output.trim() === "" ? [] : [{ label: "said", text: output.trimEnd() }]),
  ]
}

/** Every file is named: what is not shown is not approved. */
function changeFact({ kind, path, diff }: FileChange, vantage: Vantage): Fact {
  return {
    label: KINDS[kind],
    text: placeText(path, vantage),
    beside: diff === undefined ? undefined : sizeOf(diff),
    diff,
  }
}

const KINDS: Readonly<Record<FileChange["kind"], string>> = { add: "adds", update: "changes", delete: "deletes" }

/** `+9 −4` */
function sizeOf(diff: string): string {
  const rows = diff.split("\n").filter((row) => !row.startsWith("+++") && !row.startsWith("---"))
  const count = (mark: string) => rows.filter((row) => row.startsWith(mark)).length
  return `+${count("+")} −${count("-")}`
}

/** Padding pushes what comes after it off the screen. */
export function withoutGaps(text: string): string[] {
  const rows = safeLines(text).map((row) => row.replace(/ {25,}/g, (run) => `⋯ ${run.length} spaces ⋯`))
  const last = rows.findLastIndex((row) => row.trim() !== "")
  return rows.slice(0, last + 1).filter((row, at) => row.trim() !== "" || (rows[at - 1] ?? "").trim() !== "")
}
