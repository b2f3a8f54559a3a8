import { type Day, SIZE } from "./day.ts"
import type { Deed } from "./deed.ts"

/** What a person looks at, or does to the screen, with a line half typed. */
export const LOOKS: readonly Deed[] = [
  {
    name: "palette",
    keepsDraft: true,
    act: (day) => opened(day, "alt+x", /type to filter|enter choose|esc/, "theme"),
  },
  { name: "history search", keepsDraft: true, act: (day) => opened(day, "ctrl+r", /esc/, "tell") },
  {
    name: "viewer and search",
    keepsDraft: true,
    async act(day) {
      day.driven.press("f3")
      await day.sees(/esc/)
      await day.driven.waitStable(100)
      day.keep("viewer")
      day.driven.type("/")
      await day.type("about")
      day.driven.press("enter")
      await day.driven.waitStable(100)
      day.keep("found")
      await leftPanel(day)
    },
  },
  { name: "review", keepsDraft: true, act: (day) => opened(day, "f4", /esc|nothing/i) },
  { name: "files", keepsDraft: true, act: (day) => opened(day, "f5", /esc/) },
  { name: "tools", keepsDraft: true, act: (day) => opened(day, "f6", /esc|nothing/i) },
  {
    name: "copy",
    keepsDraft: true,
    async act(day) {
      day.driven.press("alt+w")
      await day.sees(/Copied|no answer|Nothing/i)
      day.keep("copied")
    },
  },
  {
    name: "resize",
    keepsDraft: true,
    async act(day) {
      for (const size of [{ columns: 50, rows: 14 }, { columns: 130, rows: 40 }, SIZE]) {
        day.driven.resize(size)
        await day.driven.waitStable(200)
        await day.isIdle()
        day.keep(`${size.columns}x${size.rows}`)
      }
    },
  },
  {
    name: "stopped and gone on",
    keepsDraft: true,
    async act(day) {
      process.kill(day.driven.pid, "SIGTSTP")
      await Bun.sleep(300)
      day.keep("suspended")
      process.kill(day.driven.pid, "SIGCONT")
      await day.driven.waitStable(100)
      await day.isIdle()
    },
  },
  {
    name: "whole screen",
    keepsDraft: true,
    async act(day) {
      day.driven.press("f12")
      await day.driven.waitStable(150)
      day.keep("whole")
      day.driven.press("f12")
      await day.driven.waitStable(150)
      await day.isIdle()
    },
  },
  {
    name: "theme",
    async act(day) {
      await day.say("/theme")
      await day.sees(/type to filter|enter/)
      await day.driven.waitStable(80)
      day.driven.press("down")
      await day.driven.waitStable(80)
      day.keep("themes")
      day.driven.press("enter")
      await day.isIdle()
    },
  },
  { name: "what each key does", act: (day) => opened(day, "?", /esc/) },
  {
    name: "long paste",
    async act(day) {
      day.driven.paste(Array.from({ length: 40 }, (_, at) => `pasted row ${at}`).join("\n"))
      await day.sees(/\[[^\]]*40 lines[^\]]*\]|\[.*pasted.*\]/i)
      day.keep("chip")
      day.driven.press("ctrl+u")
      await day.isIdle()
    },
  },
  ...["/context", "/cost", "/status"].map(
    (command): Deed => ({
      name: command,
      async act(day) {
        await day.say(command)
        await day.gone(`› ${command}`)
        await day.driven.waitStable(150)
        day.keep(command)
        await leftPanel(day)
      },
    }),
  ),
]

/** Opens something, types into it, and leaves it by Escape. */
async function opened(day: Day, key: string, wanted: RegExp, typed = ""): Promise<void> {
  day.driven.press(key)
  await day.sees(wanted)
  await day.driven.waitStable(100)
  if (typed !== "") await day.type(typed)
  await day.driven.waitStable(80)
  day.keep(`open ${key}`)
  await leftPanel(day)
}

/** Escape takes one back, if need be by way of a page before. */
async function leftPanel(day: Day): Promise<void> {
  const isOpen = () =>
    day.driven
      .text()
      .split("\n")
      .slice(-3)
      .some((row) => /\besc\b/.test(row))
  for (let times = 0; isOpen() && times < 4; times++) {
    day.driven.press("escape")
    await day.driven.waitStable(100)
  }
  await day.isIdle()
}
