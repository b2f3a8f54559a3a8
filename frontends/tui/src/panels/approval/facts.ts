import { type EventOf, type FileChange, ruleText } from "@skein/protocol"
import { shortPath } from "../../view/text/path.ts"
import { safeLines } from "../../view/text/safe.ts"

export type Asked = EventOf<"approval.requested">

/** A question that waits, with the call it is about. */
export interface Pending {
  readonly event: Asked
  /** The tool's name and what it is about; of a question without a call, what it is about. */
  readonly name: string
  readonly title: string
  /** The session or agent that asks, when it is not the one on the screen. */
  readonly from?: string | undefined
}

/** One thing that a person judges by: `runs`, `reaches`, `changes`, `asks`. */
export interface Fact {
  readonly label: string
  readonly text: string
  /** Said at the far end of its first row, where there is room; else it is a fact of its own. */
  readonly beside?: string | undefined
  readonly diff?: string | undefined
  /** It says that something of the turn is not to be trusted. */
  readonly isWarning?: boolean | undefined
}

/** Why it is asked: shown even where there is little room. */
export const ASKS = "asks"

/** All that is asked, in the order in which it is judged. Texts are as they came, but for a home that is given: it is `~`. */
export function factsOf({ event }: Pending, home: string | undefined): Fact[] {
  const { actions, effects, cwd, reasons, always } = event
  const where = cwd === undefined ? undefined : `in ${shortPath(cwd, home)}`
  const hasRun = actions.some(({ verb }) => verb === "run")
  return [
    ...(effects === undefined ? [] : [{ label: "tried", text: "in a throw-away copy, without network" }]),
    ...actions.map(({ verb, target, diff }, at) => ({
      ...labelled(verb, target, home),
      diff,
      beside: at === 0 ? where : undefined,
    })),
    ...(effects === undefined && hasRun ? [{ label: "changes", text: expectedChanges(event, home) }] : []),
    ...(effects === undefined ? [] : effectFacts(effects, home)),
    ...(always === undefined ? [] : [{ label: "always", text: ruleText(always) }]),
    { label: ASKS, text: [...reasons, ...unsaidTaint(event)].join(" · "), isWarning: (event.taint ?? []).length > 0 },
  ].filter(({ text }) => text !== "")
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
function labelled(
  verb: string,
  target: string,
  home: string | undefined,
): { readonly label: string; readonly text: string } {
  const label = LABELS[verb]
  return label === undefined
    ? { label: "does", text: `${verb}: ${target}` }
    : { label, text: PATHS.has(verb) ? shortPath(target, home) : target }
}

/** Paths that a line names, from the folder on that it runs in. */
function expectedChanges({ options, writes, cwd }: Asked, home: string | undefined): string {
  const named = (writes?.paths ?? []).map((path) => nameIn(path, cwd, home)).join(", ")
  if (writes?.isAll === true) return named
  const unknown = `${named === "" ? "" : `${named}; what else is `}not known before it runs`
  return options.includes("preview") ? `${unknown}; t tries it in a copy` : unknown
}

function nameIn(path: string, cwd: string | undefined, home: string | undefined): string {
  return cwd !== undefined && path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : shortPath(path, home)
}

function unsaidTaint({ taint = [], reasons }: Asked): string[] {
  return taint.filter((sentence) => !reasons.includes(sentence))
}

type Effects = NonNullable<Asked["effects"]>

function effectFacts({ changes, network, output, exitCode }: Effects, home: string | undefined): Fact[] {
  const hosts = network.map(({ host, port, decision }) => `${host}:${port} ${decision}`)
  return [
    ...(changes.length === 0
      ? [{ label: "changes", text: "no file" }]
      : changes.map((change) => changeFact(change, home))),
    ...(hosts.length === 0 ? [] : [{ label: "reached", text: hosts.join(" · ") }]),
    ...(exitCode === undefined ? [] : [{ label: "exit", text: `${exitCode}` }]),
    ...(output.trim() === "" ? [] : [{ label: "said", text: output.trimEnd() }]),
  ]
}

/** Every file is named: what is not shown is not approved. */
function changeFact({ kind, path, diff }: FileChange, home: string | undefined): Fact {
  return {
    label: KINDS[kind],
    text: shortPath(path, home),
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
