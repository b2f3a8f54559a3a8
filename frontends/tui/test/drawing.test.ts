import { expect, test } from "bun:test"
import type { Terminal } from "@skein/term"
import { App } from "../src/app/app.ts"
import { Flow } from "../src/app/flow.ts"
import { noSystem } from "../src/index.ts"
import type { Panel } from "../src/panels/panel.ts"
import type { AnswerBlock } from "../src/transcript/block.ts"
import { Transcript } from "../src/transcript/transcript.ts"
import { lookOf, textsOf } from "./looks.ts"

const LOOK = lookOf(80)
const SIZE = { columns: 80, rows: 24 }

function seated(): App {
  const nothing = () => {}
  const terminal: Terminal = {
    ...{ size: SIZE, isCongested: false, write: nothing, onInput: nothing, onResize: nothing, raw: nothing },
    ...{ cooked: nothing, useModes: nothing, suspend: nothing, onStop: nothing, onContinue: nothing },
    ...{ onHangUp: nothing, onEnd: nothing, close: nothing, measure: () => false },
  }
  const folders = { cwd: "/srv/shop", home: "/srv", env: {}, version: "1.2.3" }
  const connect = () => Promise.reject(new Error("There is no engine here"))
  const options = { ...folders, terminal, system: noSystem, now: () => 0, screen: "inline", connect } as const
  const away = <T>(act: () => Promise<T>) => act()
  return new App(options, { size: SIZE, now: nothing, soon: nothing, redraw: nothing, suspend: async () => {}, away })
}

function finishedOf(app: App): readonly string[] {
  const drawn = app.draw()
  return drawn.extent === "inline" ? textsOf(drawn.finished) : []
}

test("a frame that cannot be drawn takes nothing of what is finished with it", () => {
  const app = seated()
  app.welcome = { version: "1.2.3", folder: "~/shop", settings: ["acme"] }
  app.tell("The plan was read.")
  const leave = { kind: "leave", intents: [] } as const
  const broken: Panel = {
    extent: "over",
    key: () => leave,
    view: () => {
      throw new Error("This cannot be drawn")
    },
  }
  app.front.open(broken)
  expect(() => app.draw()).toThrow("This cannot be drawn")
  app.input({ kind: "key", chord: "escape" })
  expect(finishedOf(app).join("\n")).toContain("The plan was read.")
  const drawn = app.draw()
  expect(finishedOf(app)).toEqual(drawn.extent === "inline" ? textsOf(drawn.finished) : [])
  expect(finishedOf(app).join("\n")).toContain("skein 1.2.3")
  if (drawn.extent === "inline") drawn.printed?.()
  expect(finishedOf(app)).toEqual([])
})

test("lines that are not printed are given again with those that follow them, each in its place", () => {
  const flow = new Flow({ isExpanded: false, isFocused: false })
  const transcript = new Transcript()
  const said = (text: string, isFinal: boolean): AnswerBlock => ({
    ...{ kind: "answer", id: "itm_1", isFinal, text, status: isFinal ? "complete" : "streaming" },
  })
  const given = () => textsOf(flow.advance(transcript, LOOK, undefined).finished).filter((line) => line !== "")
  transcript.add(said("One.\n\nTw", false))
  expect(given()).toEqual(["  One."])
  transcript.apply({
    ...{ type: "item.completed", v: 1, id: "evt_1", seq: 1, at: 0, sessionId: "ses_1", turnId: "trn_1", step: 1 },
    ...{ itemId: "itm_1", index: 0, kind: "agent_message", text: "One.\n\nTwo.\n\nThree.", status: "complete" },
  })
  expect(given()).toEqual(["  One.", "  Two.", "  Three."])
  expect(given()).toEqual(["  One.", "  Two.", "  Three."])
  flow.printed()
  expect(given()).toEqual([])
})
