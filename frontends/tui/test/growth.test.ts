import { expect, test } from "bun:test"
import type { FileChange, Item, ToolCall } from "@skein/protocol"
import { fullFrame } from "../src/app/full/full-frame.ts"
import type { FullView } from "../src/app/full/full-view.ts"
import type { SessionLink } from "../src/app/session-link.ts"
import { Tabs } from "../src/app/tabs.ts"
import type { CallBlock } from "../src/transcript/block.ts"
import { fullViewOf } from "./long-session.ts"
import { lookOf, textsOf } from "./looks.ts"

/** Changes that count how often somebody reads what they are. */
class Edits {
  reads = 0

  of(call: number): ToolCall {
    const count = () => this.reads++
    const change: FileChange = {
      ...{ path: `src/${call % 40}.ts`, kind: "update", before: "a", after: "b" },
      get diff() {
        count()
        return `--- a\n+++ b\n@@ -1,20 +1,20 @@\n-was ${call}\n+is ${call}\n${" same\n".repeat(20)}`
      },
    }
    return {
      ...{ kind: "tool_call", callId: `cal_${call}`, itemId: `itm_${call}`, name: "edit", title: change.path },
      ...{ toolKind: "edit", locations: [], state: "success", turnId: "trn_1", step: 1, index: 0 },
      result: { forModel: [], changes: [change], durationMs: 3, isElided: false },
    }
  }
}

function frameOf(full: FullView, link: SessionLink): readonly string[] {
  const blocks = full.blocks(link)
  const sidebar = full.sidebar(new Tabs())
  const sides = { tabs: [], place: 0, tabKeys: "", sidebar }
  const parts = { ...sides, blocks, scroller: full.scroller, below: () => ({ lines: [] }) }
  return textsOf(fullFrame(parts, lookOf(120), 40).lines)
}

// A frame of 10,000 turns with the sidebar, as each key makes one: 0.4 to 1.1 ms; it was 42 ms with every diff split in each.
test("the sidebar reads the diff of a change once, however many frames show it and however long the session is", async () => {
  const edits = new Edits()
  const items: readonly Item[] = Array.from({ length: 10_000 }, (_, call) => edits.of(call))
  const { full, link } = await fullViewOf(items)
  expect(frameOf(full, link).join("\n")).toContain("src/39.ts")
  const first = edits.reads
  const from = performance.now()
  for (let frame = 0; frame < 50; frame++) frameOf(full, link)
  if (process.env.SKEIN_SOAK === "1") console.log(`${((performance.now() - from) / 50).toFixed(2)} ms a frame`)
  expect(edits.reads).toBe(first)
})

test("what happens while the whole screen is used joins the sums once, and is still there to be printed", async () => {
  const { full, link } = await fullViewOf([new Edits().of(0)])
  const change = { path: "src/0.ts", kind: "update", before: "a", after: "b", diff: "+one\n+two\n" } as const
  const call: CallBlock = {
    ...{ kind: "call", isFinal: true, id: "cal_a", callId: "cal_a", name: "edit", title: "src/0.ts", toolKind: "edit" },
    ...{ state: "success", isUntrusted: false, changes: [change] },
  }
  link.transcript.add(call)
  expect(frameOf(full, link).join("\n")).toContain("+3")
  expect(frameOf(full, link).join("\n")).toContain("+3")
  expect(link.transcript.open).toHaveLength(0)
  expect(link.transcript.take().map(({ id }) => id)).toEqual(["cal_a"])
})

test("what was heard before the whole screen was taken is there once, notices and compactions too", async () => {
  const notice = { kind: "notice", level: "info", text: "The plan was read." } as const
  const compaction = { kind: "compaction", tokensBefore: 9_000, tokensAfter: 900 } as const
  const items: readonly Item[] = [
    { ...notice, text: "Long before.", eventId: "evt_1" },
    { ...compaction, imagesElided: false, eventId: "evt_2" },
    { ...notice, eventId: "evt_3" },
  ]
  const heard = [
    { ...compaction, id: "evt_2", isFinal: true },
    { ...notice, id: "evt_3", isFinal: true },
  ]
  const { full, link } = await fullViewOf(items, heard)
  const blocks = full.blocks(link)
  const ids = Array.from({ length: blocks.length }, (_, at) => blocks.at(at)?.id)
  expect(ids).toEqual(["evt_1", "evt_2", "evt_3"])
  expect(frameOf(full, link).filter((line) => line.includes("The plan was read."))).toHaveLength(1)
})
