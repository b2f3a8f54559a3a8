import { findFiles, ranked } from "@skein/fuzzy"
import { safeLine } from "../view/text/safe.ts"
import { admitted } from "./chips.ts"
import type { CommandEntry, PressContext } from "./context.ts"
import { replace } from "./edit.ts"
import type { ComposerState, Menu, MenuEntry } from "./state.ts"
import { pathAt, type Token, tokenAt } from "./token.ts"

/** The composer with the menu that its caret asks for, or none. After every key that typed or erased. */
export function withMenu(state: ComposerState, context: PressContext): ComposerState {
  const token = tokenAt(state.text, state.caret)
  if (token === undefined) return { ...state, menu: undefined, dismissedAt: undefined }
  if (state.dismissedAt === token.start) return { ...state, menu: undefined }
  return { ...state, menu: menuOf(state, token, context), dismissedAt: undefined }
}

/** A file is being named at the caret, whether any that is known is called so or not. */
export function isNamingFile({ text, caret }: ComposerState): boolean {
  return tokenAt(text, caret)?.kind === "file"
}

/** Tab where no menu is open: what stands at the caret, a path even without `@`. The only answer is taken at once. */
export function completed(state: ComposerState, context: PressContext): ComposerState {
  const known = tokenAt(state.text, state.caret)
  const token = known === undefined || known.kind === "shell" ? pathAt(state.text, state.caret) : known
  const menu = token === undefined ? undefined : menuOf(state, token, context)
  if (menu === undefined) return state
  const opened = { ...state, menu: { ...menu, selected: 0 }, dismissedAt: undefined }
  return menu.entries.length === 1 ? accepted(opened, context) : opened
}

/** Another entry of the menu, round its ends. */
export function selected(state: ComposerState, step: 1 | -1): ComposerState {
  const { menu } = state
  if (menu === undefined) return state
  const count = menu.entries.length
  const from = menu.selected === -1 && step === -1 ? 0 : menu.selected
  return { ...state, menu: { ...menu, selected: (from + step + count) % count } }
}

/** The selected entry in the text; after a folder, or a command that takes more, the menu goes on. */
export function accepted(state: ComposerState, context: PressContext): ComposerState {
  const { menu } = state
  const entry = menu?.entries[Math.max(0, menu.selected)]
  if (menu === undefined || entry === undefined) return { ...state, menu: undefined }
  const { chips, text } = admitted(state.chips, entry.text)
  const next = { ...replace({ ...state, menu: undefined }, { start: menu.start, end: menu.end }, text), chips }
  return entry.isWhole ? next : withMenu(next, context)
}

/** The menu is gone until something else is typed. */
export function dismissed(state: ComposerState): ComposerState {
  return { ...state, menu: undefined, dismissedAt: state.menu?.start }
}

/** More than are seen at once, so that a person can walk down. */
const ENTRIES_MAX = 24

function menuOf(state: ComposerState, token: Token, context: PressContext): Menu | undefined {
  const entries = entriesOf(state, token, context)
  if (entries.length === 0 || isDone(token, entries)) return undefined
  const { kind, start, end, query } = token
  const shown = entries.slice(0, ENTRIES_MAX)
  // Enter on a mere `/` runs nothing, on a shell line what was typed, and no command or argument that was not written.
  const isBare = query === "" && (kind === "command" || kind === "argument")
  const isAsked = kind !== "shell" && !isBare && entries[0]?.isBegun === true
  return {
    kind,
    start,
    end,
    query,
    entries: shown,
    selected: isAsked ? 0 : -1,
    more: entries.length - shown.length,
  }
}

function entriesOf(state: ComposerState, token: Token, context: PressContext): readonly MenuEntry[] {
  if (token.kind === "file") return fileEntries(token, context.files ?? [])
  if (token.kind === "shell") return shellEntries(state, token, context.prompts ?? [])
  const commands = (context.commands ?? []).filter(({ blocker }) => blocker === undefined)
  return token.kind === "command" ? commandEntries(token, commands) : argumentEntries(token, commands)
}

/** What is there already needs no menu that would take the Enter. */
function isDone(token: Token, [only, ...others]: readonly MenuEntry[]): boolean {
  return token.kind === "argument" && others.length === 0 && only?.label === token.query
}

function fileEntries(token: Token, files: readonly string[]): MenuEntry[] {
  const mark = token.isMention === true ? "@" : ""
  return findFiles(files, token.query, ENTRIES_MAX).map(({ path, match }) => {
    const isFolder = path.endsWith("/")
    const isQuoted = /\s/.test(path)
    const text = isQuoted ? `${mark}"${path}${isFolder ? "" : '" '}` : `${mark}${path}${isFolder ? "" : " "}`
    // Offsets are the path's: a name that has to be made visible shows no match.
    const label = safeLine(path)
    const positions = label === path ? match.positions : []
    return { label, positions, detail: "", text, isBegun: true, isWhole: !isFolder }
  })
}

/** By name or alias, those that begin so first; of two that fit alike the one with the shorter name. */
function commandEntries(token: Token, commands: readonly CommandEntry[]): MenuEntry[] {
  const found = ranked(token.query, commands, ({ name, aliases }) => [name, ...aliases].join(" "))
  const query = token.query.toLowerCase()
  const known = found.map(({ entry, match }) => {
    const isNamed = entry.name.startsWith(query)
    const isBegun = isNamed || entry.aliases.some((alias) => alias.startsWith(query))
    return { entry, match, isBegun, rank: Number(isNamed) + Number(isBegun) }
  })
  const fit = (a: (typeof known)[number], b: (typeof known)[number]) =>
    b.rank - a.rank || b.match.score - a.match.score || a.entry.name.length - b.entry.name.length
  return known
    .toSorted((a, b) => (query === "" ? 0 : fit(a, b)))
    .map(({ entry: { name, usage, summary }, match, isBegun }) => ({
      label: `/${name}`,
      positions: match.positions.filter((position) => position < name.length).map((position) => position + 1),
      usage: safeLine(usage),
      detail: safeLine(summary),
      text: usage === "" ? `/${name}` : `/${name} `,
      ...{ isBegun, isWhole: usage === "" },
    }))
}

function argumentEntries(token: Token, commands: readonly CommandEntry[]): MenuEntry[] {
  const command = commands.find(({ name, aliases }) => name === token.command || aliases.includes(token.command ?? ""))
  return ranked(token.query, command?.choices ?? [], ({ value }) => value).map(({ entry, match }) => ({
    label: safeLine(entry.value),
    positions: match.positions,
    detail: safeLine(entry.detail),
    text: entry.value,
    isBegun: entry.value.startsWith(token.query),
    isWhole: true,
  }))
}

/** Shell lines of before that begin so, newest first. */
function shellEntries(state: ComposerState, token: Token, prompts: readonly string[]): MenuEntry[] {
  const lines = [...state.history.filter(({ chips }) => chips.size === 0).map(({ text }) => text), ...prompts]
  const alike = lines.filter((line) => line.startsWith(token.query) && line !== token.query && !line.includes("\n"))
  return [...new Set(alike)].map((line) => ({
    label: safeLine(line),
    positions: Array.from(token.query, (_, position) => position),
    detail: "",
    text: line,
    isBegun: true,
    isWhole: true,
  }))
}
