import type { Driven } from "@skein/term/driven"
import type { Scene } from "./scene.ts"
import { seated } from "./screen.ts"
import { Terminal } from "./terminal.ts"

/** A person in front of skein, whichever way it talks to them. */
export interface Person {
  /** All that was shown, once it fits. Throws with it when it does not come to that. */
  until(wanted: RegExp): Promise<string>
  /** Once it takes what is said. */
  ready(): Promise<string>
  /** A line, and Enter. */
  say(line: string): Promise<void>
  /** A question of yes and no, once it is there. */
  asked(): Promise<string>
  /** The key that answers, when the question could be read. */
  answer(key: "y" | "n"): Promise<void>
  /** The same key, before it could. */
  blurt(key: "y" | "n"): void
  /** By saying so. Gives all that was shown. */
  quit(): Promise<string>
  close(): Promise<void>
}

/** The two ways to sit down: on the screen, and a line at a time. What a person is told and asked holds for both. */
export const SEATS: Readonly<Record<string, (scene: Scene, args?: readonly string[]) => Person>> = {
  ...{ "the screen": onScreen },
  ...(Bun.which("tmux") === null ? {} : { "a line at a time": byLines }),
}

/** A question counts when it could be read: 400 milliseconds. */
const READING_MS = 600

export function onScreen(scene: Scene, args: readonly string[] = []): Person {
  const driven = seated(scene, { rows: 40, args })
  const seen = () => [...driven.scrollback(), ...driven.lines()].join("\n").trimEnd()
  const until = async (wanted: RegExp) => {
    await driven.until(() => wanted.test(seen()), `${wanted}`)
    return seen()
  }
  // Where it is typed, and below it what a person may do or where they are.
  const ready = () => until(/^› *\n {2}(\? keys|\S.* · .*)[^\n]*$(?![\s\S]*yes {3}n no)/m)
  return {
    until,
    ready,
    async say(line) {
      await typed(driven, line)
      driven.press("enter")
    },
    asked: () => until(/y yes {3}n no/),
    async answer(key) {
      await Bun.sleep(READING_MS)
      driven.press(key)
    },
    blurt: (key) => driven.press(key),
    async quit() {
      await typed(driven, "/quit")
      driven.press("enter")
      const code = await driven.exited
      await driven.waitStable(50)
      return `${seen()}\nexit ${code}`
    },
    close: () => driven.close(),
  }
}

/** As a person does: what is typed is seen before Enter is pressed. */
async function typed(driven: Driven, line: string): Promise<void> {
  if (line === "") return
  driven.type(line)
  await driven.waitFor(`› ${line}`)
}

export function byLines(scene: Scene, args: readonly string[] = []): Person {
  const terminal = new Terminal(scene, ["--screen-reader", ...args])
  return {
    until: (wanted) => terminal.until(wanted),
    ready: () => terminal.until(/›$/),
    async say(line) {
      terminal.type(line)
    },
    asked: () => terminal.until(/\? \[y\/n\]/),
    async answer(key) {
      await Bun.sleep(READING_MS)
      terminal.type(key)
    },
    blurt: (key) => terminal.type(key),
    async quit() {
      terminal.type("/quit")
      return terminal.until(/exit \d+$/)
    },
    async close() {
      terminal.close()
    },
  }
}
