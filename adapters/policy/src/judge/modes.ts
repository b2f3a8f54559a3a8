import type { Mode } from "@skein/protocol"
import type { Decision } from "../rules/order.ts"

/** Kinds of things a call can do that a mode has an opinion on. Confined, where nothing else is said. */
export type Kind =
  | "nothing"
  | "read_inside"
  | "read_outside"
  | "read_unknown"
  | "read_secret"
  | "read_store"
  | "write_inside"
  | "write_outside"
  | "write_later"
  | "look"
  | "run"
  | "reach"
  | "remove_inside"
  | "destroy"
  | "publish"
  | "escalate"
  | "unknown_command"
  | "unconfined"
  | "catastrophe"
  | "host_listed"
  | "host_later"
  | "host_unlisted"
  | "host_refused"
  | "delegate"
  | "remote_look"
  | "remote_unasked"
  | "remote_known"
  | "remote_new"
  | "unknown"

type Row = readonly [plan: Decision, ask: Decision, acceptEdits: Decision, auto: Decision, full: Decision]

/**
 * What each mode says to each kind. In `plan` the sandbox is read-only, so that a confined command changes nothing
 * whatever it is; what is known to be there for a change is refused before it runs.
 */
export const MODE_TABLE: Readonly<Record<Kind, Row>> = {
  nothing: ["allow", "allow", "allow", "allow", "allow"],
  read_inside: ["allow", "allow", "allow", "allow", "allow"],
  look: ["allow", "allow", "allow", "allow", "allow"],
  host_listed: ["allow", "allow", "allow", "allow", "allow"],
  host_later: ["allow", "allow", "allow", "allow", "allow"],
  write_inside: ["deny", "ask", "allow", "allow", "allow"],
  run: ["allow", "ask", "ask", "allow", "allow"],
  reach: ["ask", "ask", "ask", "allow", "allow"],
  remove_inside: ["deny", "ask", "ask", "allow", "allow"],
  read_outside: ["ask", "ask", "ask", "ask", "allow"],
  read_unknown: ["ask", "ask", "ask", "ask", "allow"],
  read_secret: ["ask", "ask", "ask", "ask", "allow"],
  host_unlisted: ["ask", "ask", "ask", "ask", "allow"],
  unknown_command: ["ask", "ask", "ask", "ask", "allow"],
  write_outside: ["deny", "ask", "ask", "ask", "allow"],
  write_later: ["deny", "ask", "ask", "ask", "allow"],
  destroy: ["deny", "ask", "ask", "ask", "allow"],
  publish: ["deny", "ask", "ask", "ask", "allow"],
  escalate: ["deny", "ask", "ask", "ask", "allow"],
  unconfined: ["deny", "ask", "ask", "ask", "allow"],
  delegate: ["deny", "ask", "ask", "ask", "allow"],
  // A server's own word that it changes nothing lets one yes cover what follows, and is worth nothing without.
  remote_look: ["allow", "allow", "allow", "allow", "allow"],
  // Of the program that leads the session: what it does is that program's own doing.
  remote_unasked: ["deny", "allow", "allow", "allow", "allow"],
  remote_known: ["deny", "ask", "ask", "allow", "allow"],
  remote_new: ["deny", "ask", "ask", "ask", "allow"],
  unknown: ["deny", "ask", "ask", "ask", "allow"],
  read_store: ["deny", "deny", "deny", "deny", "deny"],
  host_refused: ["deny", "deny", "deny", "deny", "deny"],
  catastrophe: ["deny", "deny", "deny", "deny", "deny"],
}

const COLUMNS: Readonly<Record<Mode, 0 | 1 | 2 | 3 | 4>> = { plan: 0, ask: 1, "accept-edits": 2, auto: 3, full: 4 }

export function byMode(mode: Mode, kind: Kind): Decision {
  return MODE_TABLE[kind][COLUMNS[mode]]
}

/** Sentences begin with these; what it is about follows. */
export const REASONS: Readonly<Record<Kind, string>> = {
  nothing: "it changes nothing",
  read_inside: "it reads in the workspace",
  read_outside: "it reads outside the workspace",
  read_unknown: "it reads a file that is only known when it runs, and that may lie anywhere",
  read_secret: "it reads a file that is made for secrets",
  read_store: "keys or passwords are kept there, and no mode opens that",
  write_inside: "it changes files in the workspace",
  write_outside: "it changes files outside the workspace",
  write_later: "something will run what is written there, without asking",
  look: "it only reads",
  run: "it runs a command, in the sandbox",
  reach: "it runs a command that wants the network, in the sandbox",
  remove_inside: "it removes files of the workspace, which undo brings back",
  destroy: "undo cannot give back what it takes away",
  publish: "it tells others",
  escalate: "it takes more rights, or stays",
  unknown_command: "what this command does is not known",
  unconfined: "it runs a command without a sandbox",
  catastrophe: "it destroys a machine or a disk, which no mode lets happen",
  host_listed: "the host is on the list",
  host_later: "its host is judged when it is reached",
  host_unlisted: "it uses the network",
  host_refused: "its host may not be reached",
  delegate: "it hands work to another agent",
  remote_look: "it is said to change nothing, and you approved it as it is",
  remote_unasked: "it is a tool of the program that leads this session",
  remote_known: "it is a server's tool, and what it does is the server's to say",
  remote_new: "it is a server's tool that you have not approved yet",
  unknown: "what it does is not known",
}

/** What is asked every time: no standing answer is offered. */
export const NEVER_ALWAYS: ReadonlySet<Kind> = new Set([
  "write_later",
  "read_secret",
  "destroy",
  "escalate",
  "delegate",
])

/** The place of a kind among all, from what cannot be mended to what changes nothing. */
export function graveness(kind: Kind): number {
  const place = WORST_FIRST.indexOf(kind)
  return place === -1 ? WORST_FIRST.length : place
}

const WORST_FIRST: readonly Kind[] = [
  ...(["catastrophe", "read_store", "host_refused", "destroy", "escalate", "write_later", "read_secret"] as const),
  ...([
    "publish",
    "write_outside",
    "unconfined",
    "delegate",
    "remote_new",
    "remote_known",
    "remote_unasked",
    "unknown",
    "unknown_command",
    "host_unlisted",
  ] as const),
  ...(["remove_inside", "read_unknown", "read_outside", "reach", "write_inside", "run"] as const),
]
