import { expect } from "bun:test"
import { existsSync } from "node:fs"
import type { Day } from "./day.ts"
import type { Deed } from "./deed.ts"
import { LOOKS } from "./looks.ts"

const WORK: readonly Deed[] = [
  {
    name: "prompt",
    async act(day) {
      const number = await told(day)
      await day.sees(`Tale ${number} ends.`)
      await day.isIdle()
      day.heard(number)
    },
  },
  {
    name: "yes",
    async act(day) {
      const number = await asked(day, "write")
      day.keep("question")
      day.driven.press("y")
      await settled(day, number)
      expect(existsSync(day.talk.scene.path(`src/n-${number}.ts`))).toBe(true)
    },
  },
  {
    name: "no with a reason",
    async act(day) {
      const number = await asked(day, "write")
      day.driven.press("f")
      await day.driven.waitStable(100)
      await day.type(`not in src, ${number}`)
      day.keep("reason")
      day.driven.press("enter")
      await settled(day, number)
      expect(existsSync(day.talk.scene.path(`src/n-${number}.ts`))).toBe(false)
      expect(day.talk.server.conversations.at(-1)?.results.at(-1)?.text).toContain(`not in src, ${number}`)
    },
  },
  {
    name: "yes for the session",
    async act(day) {
      const number = day.next()
      await day.say(`run ${number}`)
      await day.sees(new RegExp(`y +once|That was ${number}:`))
      if (/y +once/.test(day.driven.text())) {
        await day.isAsked()
        day.driven.press("s")
      }
      await settled(day, number)
      expect(existsSync(day.talk.scene.path(`ran-${number}`))).toBe(true)
    },
  },
  {
    name: "steer",
    async act(day) {
      const number = await told(day)
      const steer = day.next()
      await day.say(`also ${steer}`)
      await day.sees(new RegExp(`next step +also ${steer}|Heard ${steer}`))
      day.keep("steered")
      await day.sees(`Heard ${steer}.`)
      await day.isIdle()
      day.heard(number)
    },
  },
  {
    name: "queue",
    async act(day) {
      const number = await told(day)
      const after = day.next()
      await day.say(`then ${after}`, "alt+enter")
      await day.sees(new RegExp(`queued +then ${after}|Heard ${after}`))
      day.keep("queued")
      await day.sees(`Heard ${after}.`)
      await day.isIdle()
      day.heard(number)
    },
  },
  {
    name: "stop",
    async act(day) {
      await told(day)
      day.driven.press("escape")
      await day.sees("Stopped")
      await day.isIdle()
    },
  },
  {
    name: "undo and redo",
    async act(day) {
      const number = await asked(day, "write")
      day.driven.press("y")
      await settled(day, number)
      const file = day.talk.scene.path(`src/n-${number}.ts`)
      await day.say("/undo")
      await confirmed(day)
      await day.driven.until(() => !existsSync(file), "the file undone")
      await day.isIdle()
      day.keep("undone")
      await day.say("/redo")
      await confirmed(day)
      await day.driven.until(() => existsSync(file), "the file redone")
      await day.isIdle()
    },
  },
  {
    name: "another model",
    async act(day) {
      await day.say("/models")
      await day.sees("type to filter")
      day.keep("models")
      const wanted = day.next() % 2 === 0 ? "haiku" : "sonnet"
      await day.type(wanted)
      await day.sees(`models  ${wanted}`)
      day.driven.press("enter")
      await day.gone("type to filter")
      await day.isIdle()
    },
  },
  {
    name: "two tabs",
    async act(day) {
      day.driven.press("f9")
      await day.sees(/2 new/)
      const number = day.next()
      await day.say(`also ${number}`)
      await day.sees(`Heard ${number}.`)
      await day.isIdle()
      day.keep("second-tab")
      day.driven.press("f7")
      await day.gone(`Heard ${number}.`)
      await day.isIdle()
      day.keep("first-tab")
      day.driven.press("f8")
      await day.sees(`Heard ${number}.`)
      await day.say("/tab close")
      await day.gone(`Heard ${number}.`)
      day.driven.press("f12")
      await day.isIdle()
    },
  },
  {
    name: "kill and resume",
    async act(day) {
      const number = await told(day)
      process.kill(day.driven.pid, "SIGKILL")
      await day.driven.exited
      await day.again(`tell me about ${number}`)
      day.keep("resumed")
    },
  },
  {
    name: "own command",
    async act(day) {
      const number = day.next()
      await day.say(`!!echo own $((${number} * 1000))`)
      await day.sees(`own ${number * 1000}`)
      await day.isIdle()
      day.stays(`own ${number * 1000}`)
    },
  },
]

export const DEEDS: readonly Deed[] = [...WORK, ...LOOKS]

/** Asks for a tale, and waits until some of it is there. */
async function told(day: Day): Promise<number> {
  const number = day.next()
  await day.say(`tell me about ${number}`)
  await day.sees(`Tale ${number} begins`)
  if (day.driven.text().includes("esc stop")) day.keep("working")
  return number
}

/** Has the model want something that is asked about. */
async function asked(day: Day, verb: string): Promise<number> {
  const number = day.next()
  await day.say(`${verb} ${number}`)
  await day.isAsked()
  return number
}

async function settled(day: Day, number: number): Promise<void> {
  await day.sees(`That was ${number}:`)
  await day.isIdle()
}

async function confirmed(day: Day): Promise<void> {
  await day.sees(/y yes/)
  await Bun.sleep(600)
  day.keep("confirm")
  day.driven.press("y")
}
