import type { CommandRisk, Effect, PolicyState, SimpleCommand } from "@skein/core/ports"
import { isWithin } from "@skein/protocol"
import { judgeHost } from "../hosts/judge-host.ts"
import { targetOf } from "../hosts/name.ts"
import { programOf } from "../rules/commands.ts"
import { literalLine } from "../rules/words.ts"
import { catastropheIn, catastropheOf } from "./catastrophe.ts"
import type { Kind } from "./modes.ts"
import type { Part } from "./part.ts"
import { isInside, isPlain, type Place, type Places } from "./places.ts"

type Execute = Extract<Effect, { kind: "execute" }>

export interface CommandFacts {
  readonly tool: string
  readonly state: PolicyState
  readonly places: Places
  readonly home: string | undefined
}

/** A command line as parts: each simple command, each file it names, each host; the line as a whole where it is unclear. */
export function commandParts(effect: Execute, facts: CommandFacts): readonly Part[] {
  const { command: line, reading } = effect
  const commands = reading?.commands ?? []
  const unclear =
    reading === undefined ? "nobody read it" : (reading.unclear ?? (commands.length === 0 ? "it is empty" : undefined))
  const isClear = unclear === undefined
  const doom = catastropheIn(line)
  const whole: Part = {
    subject: line,
    kinds: [
      ...(effect.isConfined ? [] : (["unconfined"] as const)),
      ...(isClear ? [] : (["unknown_command"] as const)),
    ],
    ...(unclear === undefined ? {} : { why: `the line is not wholly understood: ${unclear}` }),
    about: { kind: "line", line },
    always: { tool: facts.tool, command: literalLine(line) },
    ...(effect.isConfined ? {} : { sensitive: "has whatever network there is" }),
  }
  return [
    ...(doom === undefined ? [] : [{ ...whole, kinds: ["catastrophe"] as const, why: doom }]),
    ...(isClear ? [] : [whole, ...storeParts(line, line, facts)]),
    ...commands.flatMap((command) => partsOfOne(command, { ...facts, effect, isClear })),
  ]
}

interface OneFacts extends CommandFacts {
  readonly effect: Execute
  readonly isClear: boolean
}

function partsOfOne(command: SimpleCommand, facts: OneFacts): readonly Part[] {
  const { effect, places, home, tool } = facts
  const line = effect.command
  const place: Place = { roots: effect.roots ?? [], isConfinedCommand: effect.isConfined }
  const doom = catastropheOf(command, home)
  const kinds = kindsOf(command, effect, place)
  const own: Part = {
    subject: command.text,
    kinds: doom !== undefined ? ["catastrophe"] : kinds,
    why: doom ?? whyOf(command, facts),
    about: { kind: "command", command, line, isClear: facts.isClear },
    sensitive: sensitivityOf(command, effect),
    // Whoever read the line knows what is to be asked about every time.
    ...(command.pattern === undefined ? {} : { always: { tool, command: command.pattern } }),
  }
  const reads = command.reads.map(
    (path): Part => ({
      subject: path,
      kinds: [places.kindOfRead(path, place)],
      ...(isInside(path, place) ? {} : outsideWhy(places.kindOfRead(path, place))),
      about: { kind: "path", access: "read", path, line },
      always: { tool: "read", path },
    }),
  )
  const isRemoving = kinds.includes("remove_inside")
  const unknown: readonly Part[] =
    command.readsUnknown === true && effect.isConfined && command.risks.every((risk) => risk === "read")
      ? [{ subject: command.text, kinds: ["read_unknown"], about: own.about }]
      : []
  const writes = isRemoving ? [] : command.writes.map((path) => writePart(path, { tool, line, place, places }))
  const hidden = mayHide(command) ? storeParts([...command.argv, command.text].join(" "), line, facts) : []
  return [own, ...reads, ...unknown, ...hidden, ...writes, ...command.hosts.map((host) => hostPart(host, facts))]
}

/** What every program reads needs no more leave than the workspace; it does not lie there. */
function outsideWhy(kind: Kind): Pick<Part, "why"> {
  return kind === "read_inside" ? { why: "it reads what any command may read" } : {}
}

/** Where a file can be named without being among the files that a command names: in code, behind a variable. */
function mayHide({ argv, risks }: SimpleCommand): boolean {
  return argv.includes(undefined) || risks.includes("execute") || risks.includes("unknown")
}

function storeParts(text: string, line: string, { places }: CommandFacts): readonly Part[] {
  return places.storesIn(text).map((path) => ({
    subject: path,
    kinds: ["read_store"],
    about: { kind: "path", access: "read", path, line },
  }))
}

interface WriteFacts {
  readonly tool: string
  readonly line?: string | undefined
  readonly place: Place
  readonly places: Places
}

export function writePart(path: string, { tool, line, place, places }: WriteFacts): Part {
  const { kind, why } = places.kindOfWrite(path, place)
  return {
    subject: path,
    kinds: [kind],
    ...(why === undefined ? {} : { why: `it writes ${path}: ${why}` }),
    about: { kind: "path", access: "write", path, ...(line === undefined ? {} : { line }) },
    ...(kind === "write_outside" || kind === "write_later" ? { sensitive: "writes outside the workspace" } : {}),
    always: { tool: line === undefined ? tool : "write", path },
  }
}

/** A host that a command names is judged when it is reached; only one that a rule denies stops the command before. */
function hostPart(host: string, { state, tool, effect }: OneFacts): Part {
  const target = targetOf(host)
  const verdict = target === undefined ? undefined : judgeHost(target, tool, state)
  const about = { kind: "host", host, line: effect.command } as const
  if (verdict?.decision === "allow") return { subject: host, kinds: ["host_listed"], why: verdict.reasons[0], about }
  const isDenied = verdict?.decision === "deny" && verdict.rule !== undefined
  return { subject: host, kinds: ["host_later"], why: isDenied ? verdict.reasons[0] : undefined, about }
}

const KINDS: Readonly<Record<CommandRisk, Kind>> = {
  read: "look",
  write: "write_inside",
  execute: "run",
  network: "reach",
  publish: "publish",
  destroy: "destroy",
  escalate: "escalate",
  unknown: "unknown_command",
}

function kindsOf(command: SimpleCommand, effect: Execute, place: Place): readonly Kind[] {
  const kinds = command.risks.map((risk) =>
    risk === "destroy" && isUndone(command, place) ? "remove_inside" : KINDS[risk],
  )
  // Only what is known to look is let be without a question; an option or a variable more and it is run like the rest.
  const isMore = command.powerful.length > 0 || command.assigns.length > 0
  const all = isMore ? [...kinds, "run" as const] : kinds
  // A command that writes, nobody knows where: it is held to the workspace by the sandbox alone.
  const isBlind = command.risks.includes("write") && command.writes.length === 0
  const placed = isBlind ? [...all, "run" as const] : all
  // Reading a line wrongly costs nothing where the kernel holds it to looking, and everything where nothing does.
  return effect.isConfined ? placed : [...placed, "unconfined"]
}

/** Programs whose removals a checkpoint brings back, because they only take files away that it has seen. */
const REMOVERS = new Set([
  "rm",
  "rmdir",
  "unlink",
  "mv",
  "cp",
  "truncate",
  "find",
  "tee",
  "sed",
  "ln",
  "install",
  "rsync",
])

/** Undo brings back what it takes away: files below a root, all of them known by name; not a root itself, not git's own. */
function isUndone(command: SimpleCommand, { roots = [], isConfinedCommand }: Place): boolean {
  const { argv, writes, risks } = command
  if (
    isConfinedCommand !== true ||
    command.isBeyondUndo === true ||
    writes.length === 0 ||
    !REMOVERS.has(programOf(argv[0] ?? ""))
  )
    return false
  if (risks.some((risk) => risk !== "destroy" && risk !== "write" && risk !== "read")) return false
  return argv.every((word) => word !== undefined) && writes.every((path) => isBelowRoot(path, roots))
}

function isBelowRoot(path: string, roots: readonly string[]): boolean {
  if (!isPlain(path)) return false
  const plain = path.replace(/\/\.?$/, "")
  const root = roots.find((candidate) => plain !== candidate && isWithin(plain, candidate))
  if (root === undefined || roots.some((other) => isWithin(other, plain))) return false
  const parts = plain.slice(root.length).toLowerCase().split("/").filter(Boolean)
  // `*` of a root is the root; `.*` and the like would take git's own.
  return !parts.some((part, at) => part === ".git" || /^\.[^/]*[*?[{]/.test(part) || (at === 0 && /^[*?[{]/.test(part)))
}

function whyOf(command: SimpleCommand, { effect, tool, state }: OneFacts): string {
  if (!effect.isConfined) return `${command.reason}, without a sandbox`
  // A yes to the command does not open these: whoever is asked is told before.
  const closed = command.hosts.flatMap((host) => {
    const target = targetOf(host)
    const verdict = target && judgeHost(target, tool, state)
    return verdict?.decision === "deny" && verdict.rule === undefined ? verdict.reasons : []
  })
  return [command.reason, ...closed].join("; ")
}

function sensitivityOf({ risks }: SimpleCommand, effect: Execute): string | undefined {
  if (risks.includes("publish")) return "tells others"
  // What only reads and writes files carries nothing away by itself.
  const isQuiet = risks.every((risk) => risk === "read" || risk === "write")
  return effect.isConfined || isQuiet ? undefined : "has whatever network there is"
}
