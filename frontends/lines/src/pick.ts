import { keysOf } from "./keys.ts"

/** A terminal that shows nothing by itself and gives every key as it is pressed. */
export interface PickTerminal {
  readonly columns: number
  readonly rows: number
  read(): Promise<string>
  write(text: string): void
}

export interface PickOptions {
  readonly title: string
  /** What can be found by typing, an entry each: all words that are typed must be in it, in either case. */
  readonly found: readonly string[]
  /** An entry as one line without control characters, at most so many columns wide. */
  readonly line: (at: number, columns: number) => string
  readonly terminal: PickTerminal
}

/** The place of the entry that a person chose; undefined when they left without one. */
export async function pick({ title, found, line, terminal }: PickOptions): Promise<number | undefined> {
  const haystacks = found.map((text) => text.toLowerCase())
  let state: State = { query: "", shown: haystacks.map((_, at) => at), selected: 0 }
  let height = 0
  const draw = (lines: readonly string[]) => {
    const back = height > 0 ? `\u001b[${height}A` : ""
    terminal.write(`${back}\r${lines.map((text) => `${text}\u001b[K\r\n`).join("")}\u001b[J`)
    height = lines.length
  }
  terminal.write(HIDE_CURSOR)
  try {
    for (;;) {
      draw(frame(title, state, line, terminal))
      for (const key of await nextKeys(terminal)) {
        if (key.kind === "leave") return undefined
        const chosen = state.shown[state.selected]
        if (key.kind === "enter" && chosen !== undefined) return chosen
        state = after(key, state, haystacks, rowsShown(terminal))
      }
    }
  } finally {
    // Line by line: some terminals keep what is cleared at once from their first row on.
    draw(Array.from({ length: height }, () => ""))
    terminal.write(`\u001b[${height}A${SHOW_CURSOR}`)
  }
}

const HIDE_CURSOR = "\u001b[?25l"
const SHOW_CURSOR = "\u001b[?25h"

interface State {
  readonly query: string
  /** Places of the entries that fit the query. */
  readonly shown: readonly number[]
  /** Which of those is marked. */
  readonly selected: number
}

/** How long the rest of a key's bytes may take: an escape alone is the key of that name. */
const REST_OF_KEY_MS = 50

async function nextKeys(terminal: PickTerminal) {
  let bytes = await terminal.read()
  if (bytes.endsWith("\u001b")) {
    const { promise: late, resolve } = Promise.withResolvers<string>()
    const timer = setTimeout(resolve, REST_OF_KEY_MS, "")
    bytes += await Promise.race([terminal.read(), late])
    clearTimeout(timer)
  }
  return keysOf(bytes)
}

function after(
  key: ReturnType<typeof keysOf>[number],
  state: State,
  haystacks: readonly string[],
  page: number,
): State {
  const last = Math.max(state.shown.length - 1, 0)
  const to = (selected: number) => ({ ...state, selected: Math.min(Math.max(selected, 0), last) })
  switch (key.kind) {
    case "up":
      return to(state.selected - 1)
    case "down":
      return to(state.selected + 1)
    case "page_up":
      return to(state.selected - page)
    case "page_down":
      return to(state.selected + page)
    case "first":
      return to(0)
    case "last":
      return to(last)
    case "text":
      return searched(state.query + key.text, haystacks)
    case "erase":
      return searched([...state.query].slice(0, -1).join(""), haystacks)
    case "clear":
      return searched("", haystacks)
    default:
      return state
  }
}

function searched(query: string, haystacks: readonly string[]): State {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")
  const shown = haystacks.flatMap((text, at) => (words.every((word) => text.includes(word)) ? [at] : []))
  return { query, shown, selected: 0 }
}

const ROWS_MAX = 15
/** Title, search and the line the cursor rests on. */
const ROWS_BESIDE = 3

function rowsShown({ rows }: PickTerminal): number {
  return Math.max(Math.min(rows - ROWS_BESIDE, ROWS_MAX), 1)
}

function frame(title: string, state: State, line: PickOptions["line"], terminal: PickTerminal): string[] {
  const height = rowsShown(terminal)
  const top = Math.max(Math.min(state.selected - Math.floor(height / 2), state.shown.length - height), 0)
  // The last column stays free: some terminals wrap as soon as it is written.
  const columns = Math.max(terminal.columns - 1, 8)
  const rows = state.shown.slice(top, top + height).map((place, at) => {
    const mark = top + at === state.selected ? "› " : "  "
    return mark + line(place, columns - 2)
  })
  const count = state.shown.length === 0 ? "none fits" : `${state.selected + 1} of ${state.shown.length}`
  const keys = "type to search · ↑ ↓ · Enter takes it · Esc leaves"
  return [
    [`${title} (${count})  ${keys}`, `${title} (${count})`, title].find((text) => Bun.stringWidth(text) <= columns) ??
      "",
    `/ ${[...state.query].slice(-(columns - 2)).join("")}`,
    ...rows,
  ]
}
