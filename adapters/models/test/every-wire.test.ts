import { describe, expect, test } from "bun:test"
import type { Message } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { blocksOf, chunksOf, type Folded, readAll, requestOf, targetOf, WIRE_NAMES } from "./asking.ts"
import { REPLIES } from "./replies.ts"
import { WIRES } from "./wires.ts"

for (const wire of WIRE_NAMES) {
  const target = targetOf(wire, { dialect: { reasoningField: "reasoning_content" } })
  const stream = REPLIES[wire]
  const whole = readAll(target, stream)

  describe(wire, () => {
    test("a reply with reasoning, text and two calls is read", () => {
      const plain = whole.items.map(({ type, text, name, isWhole }) => ({ type, text, name, isWhole }))

      expect(plain).toEqual([
        { type: "reasoning", text: "Look at both.", name: undefined, isWhole: true },
        { type: "text", text: 'Ünï 🧵 "q"\n', name: undefined, isWhole: true },
        { type: "call", text: plain[2]?.text ?? "", name: "read", isWhole: true },
        { type: "call", text: "{}", name: "list", isWhole: true },
      ])
      expect(JSON.parse(plain[2]?.text ?? "")).toEqual({ path: "aé" })
      expect(whole.stop).toBe("calls")
      expect(whole.usage).toMatchObject({ cacheRead: 90, output: 42 })
      expect((whole.usage.input ?? 0) + (whole.usage.cacheWrite ?? 0)).toBe(15)
    })

    test("a person's own header takes the place of ours, however it is written", () => {
      const keyName = { "anthropic-messages": "X-Api-Key", "google-gemini": "X-Goog-Api-Key" }[wire as string]
      const own = { [keyName ?? "Authorization"]: "mine", "X-Team": "a" }
      const { headers } = WIRES[wire].request(requestOf(), targetOf(wire, { dialect: { headers: own } }))

      expect(JSON.stringify(Object.fromEntries(new Headers(headers)))).not.toContain("sk-secret")
      expect(new Headers(headers).get(keyName ?? "authorization")).toBe("mine")
      expect(new Headers(headers).get("x-team")).toBe("a")
    })

    test("a text of blanks alone is not said", () => {
      const blank = { type: "text", text: "\n \n" } as const
      const messages: Message[] = [
        { role: "user", content: [{ type: "text", text: "go" }, blank] },
        { role: "assistant", content: [blank, { type: "call", callId: "c1", name: "read", input: {} }] },
        { role: "user", content: [{ type: "result", callId: "c1", name: "read", content: [blank], isError: false }] },
      ]
      const body = JSON.stringify(WIRES[wire].request(requestOf({ system: ["  "], messages }), target).body)

      expect(body).not.toMatch(/"(?:text|content|arguments|output|instructions)":"[\s\\n]*"/)
    })

    test("the same comes out of any pieces, with CRLF, and with keep-alives between", () => {
      expect(readAll(target, stream, 1)).toEqual(whole)
      for (let size = 2; size < 40; size++) expect(readAll(target, stream, size)).toEqual(whole)
      expect(readAll(target, stream.replaceAll("\n", "\r\n"), 7)).toEqual(whole)
      expect(readAll(target, stream.replaceAll("\n", "\r"), 5)).toEqual(whole)
      expect(readAll(target, `\uFEFF${stream.replaceAll("\n\n", "\n\n: keep-alive\n\nevent: ping\n\n")}`, 3)).toEqual(
        whole,
      )
    })

    test("data over several lines is read as one", () => {
      const spread = stream.replaceAll(/^data: \{/gm, "data: {\ndata:")

      expect(readAll(target, spread)).toEqual(whole)
    })

    test("cut at any byte it is whole or stream_cut, and no cut call is whole", () => {
      const bytes = new TextEncoder().encode(stream)
      const seen = new Set<string>()
      for (let cut = 0; cut < bytes.length; cut++) {
        const outcome = outcomeOf(() => readAll(target, bytes.subarray(0, cut)))
        if (typeof outcome !== "string") {
          // Only numbers may be missing: usage that would have come after the end.
          expect({ cut, items: outcome.items, stop: outcome.stop }).toEqual({
            cut,
            items: whole.items,
            stop: whole.stop,
          })
        }
        seen.add(typeof outcome === "string" ? outcome : "whole")
      }
      expect([...seen]).toEqual(["provider.stream_cut", "whole"])
    })

    test("events, fields and deltas nobody knows are passed over", () => {
      const strange = `event: new.thing\ndata: {"type":"new.thing","index":0,"delta":{"type":"odd","x":[1]}}\n\n${stream}`

      expect(readAll(target, strange)).toEqual(whole)
    })

    test("fields of the wrong type do no harm", () => {
      const broken = stream
        .replaceAll(/"(index|output_index)":(\d)/g, '"$1":"$2"')
        .replaceAll(/"(parts|choices)":\[/g, '"$1":null,"x":[')

      expect(outcomeOf(() => readAll(target, broken))).toBeDefined()
    })

    test("what comes after the stop is not read", () => {
      expect(readAll(target, `${stream}${stream}`).items.length).toBeGreaterThanOrEqual(whole.items.length)
      expect(chunksOf(target, `${stream}${stream}`).filter(({ type }) => type === "stop")).toHaveLength(1)
    })

    test("an event that is no JSON is an error that says so", () => {
      expect(() => readAll(target, "data: <html>\n\ndata: {}\n\n")).toThrow(
        "Example sent an event that is no JSON object, starting with: <html>",
      )
    })

    test("twenty turns go round: what the provider gave goes back in place, unchanged", () => {
      const messages: Message[] = []
      for (let turn = 0; turn < 20; turn++) {
        messages.push({ role: "user", content: [{ type: "text", text: `question ${turn}` }] })
        const blocks = blocksOf(whole, (position) => `cal_${turn}_${position}`)
        messages.push({ role: "assistant", content: blocks })
        messages.push({
          role: "user",
          content: blocks.flatMap((block) =>
            block.type === "call"
              ? [
                  {
                    type: "result" as const,
                    callId: block.callId,
                    name: block.name,
                    content: [{ type: "text" as const, text: "ok" }],
                    isError: false,
                  },
                ]
              : [],
          ),
        })
      }
      const { body } = WIRES[wire].request(requestOf({ messages }), target)
      const sent = JSON.stringify(body)

      for (let turn = 0; turn < 20; turn++) expect(sent).toContain(`question ${turn}`)
      expect(sent.split(OPAQUE[wire]).length - 1).toBe(20)
      expect(
        JSON.stringify(WIRES[wire].request(requestOf({ messages }), targetOf(wire, { modelId: "model-2" })).body),
      ).not.toContain(OPAQUE[wire])
      expect(
        JSON.stringify(WIRES[wire].request(requestOf({ messages: messages.slice(0, 30) }), target).body).length,
      ).toBeLessThan(sent.length)
    })

    test("the key is in one header and nowhere else", () => {
      const { path, headers, body } = WIRES[wire].request(requestOf(), target)

      expect(Object.values(headers).filter((value) => value.includes("sk-secret"))).toHaveLength(1)
      expect(path + JSON.stringify(body)).not.toContain("sk-secret")
    })
  })
}

/** What of the reply only the same model may see again. */
const OPAQUE = {
  "anthropic-messages": '"thinking":"Look at both.","signature":"sig-0"',
  "openai-responses": '"summary":[{"type":"summary_text","text":"Look at both."}],"encrypted_content":"enc-1"',
  "openai-chat": '"reasoning_content":"Look at both."',
  "google-gemini": '"args":{"path":"aé"}},"thoughtSignature":"sig-0"',
} as const

/** What came, or the code of the SkeinError; anything else thrown is a defect and fails the test. */
function outcomeOf(read: () => Folded): Folded | string {
  try {
    return read()
  } catch (error) {
    if (error instanceof SkeinError) return error.code
    throw error
  }
}
